/* Events that were caught and are not in the store yet: it may be locked, its disk full. */
#ifndef OOMWHY_CLI_BACKLOG_H
#define OOMWHY_CLI_BACKLOG_H

#include "cli/hook.h"
#include "cli/options.h"
#include "ingest/source.h"
#include "store/store.h"

enum { BACKLOG_EVENTS = 64, BACKLOG_BYTES = 64 << 20 };

struct backlog {
	struct event *first, *last;
	size_t n, bytes;
};

/* How far a source may be forgotten once the backlog is stored. */
struct backlog_mark {
	const char *where;
	char position[SOURCE_POSITION]; /* "": none to keep */
	struct gap gap;			/* lost 0: none since the last time */
};

void backlog_add(struct backlog *, struct event *); /* takes it */
bool backlog_full(const struct backlog *);
/*
 * All of it and the marks in one transaction, or nothing.  Programs are run for events that
 * are new.  -1 and *err: keep it and come back.
 */
int backlog_store(struct backlog *, struct store *, const struct options *, struct backlog_mark *,
    size_t nmarks, struct hooks *, struct err *);
void backlog_done(struct backlog *);

#endif
