/*
 * One source that is followed.  Two parsers read it: the eager one hands an event on as soon as
 * its kill was told and the source is quiet, the patient one when no late line (the reaper's,
 * seconds later) can reach it any more.  The store makes one event of both.
 */
#ifndef OOMWHY_CLI_CAPTURE_H
#define OOMWHY_CLI_CAPTURE_H

#include "cli/backlog.h"
#include "cli/bystander.h"
#include "parse/parser.h"

struct capture {
	struct source *src;
	struct backlog *backlog;
	struct bystander *bystander; /* NULL: nobody is there */
	struct parser *eager, *patient;
	struct scan *anchors;
	struct backlog_mark mark;
	int64_t since_us; /* when the patient parser began to wait; UNKNOWN: it does not */
	int64_t quiet_us; /* when the last record came */
	int64_t now_us;	  /* of the reading that goes on */
	bool live;	  /* what is read now was written just now */
	bool ended;	  /* the source will say nothing more */
};

/* The bystander looks round at each event that happens while it is followed; NULL: nobody does. */
int capture_open(struct capture *, const char *where, const struct source_opts *, struct backlog *,
    struct bystander *, struct err *);
/* Read what there is, and no more than the backlog can take.  now_us: a clock that only runs. */
int capture_read(struct capture *, int64_t now_us, struct err *);
/* When to come back without new records; UNKNOWN: never. */
int64_t capture_deadline(const struct capture *);
/* What is waited for no longer. */
int capture_settle(struct capture *, int64_t now_us, struct err *);
/* End here: what is open is handed on as it is. */
int capture_end(struct capture *, struct err *);
void capture_close(struct capture *);

#endif
