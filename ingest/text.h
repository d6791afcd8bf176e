/*
 * Any stream of bytes as records: lines, prefixes, entries, time and boots put
 * together.  Where the bytes come from is the caller's business.
 */
#ifndef OOMWHY_INGEST_TEXT_H
#define OOMWHY_INGEST_TEXT_H

#include "ingest/lines.h"
#include "ingest/source.h"

struct text;

/* A stream of bytes and what is known of it. */
struct text_input {
	lines_read *read;
	void *ctx;
	const char *where; /* as the user named it */
	const char *name;  /* of the file, where that differs (a member of an archive); or NULL */
	int64_t mtime_us;  /* UNKNOWN: none */
	struct log_place place; /* of the first byte; zero: the beginning */
};

struct text *text_new(struct text_input, const struct source_opts *, struct err *);
/*
 * Go on with the next file of the same log, when text_next() gave SOURCE_END: hosts and boots
 * stay known.  -1 and *err: no memory, and only text_free() is left.
 */
int text_go_on(struct text *, struct text_input, const struct source_opts *, struct err *);
void text_free(struct text *); /* NULL is fine; does not close the input */
enum source_status text_next(
    struct text *, const struct scan *wanted, struct record *ret, struct err *);
struct source_stats text_stats(const struct text *);
bool text_place(const struct text *, struct arena *, struct log_place *ret); /* source_place() */

#endif
