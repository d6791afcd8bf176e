/*
 * The kinds of sources.  The file name is the registration: ingest/source_text.c
 * defines source_text.  The kind that bids highest for what was named opens it.
 */
#ifndef OOMWHY_INGEST_KIND_H
#define OOMWHY_INGEST_KIND_H

#include "ingest/input.h"
#include "ingest/source.h"

struct source_kind {
	const char *name; /* for --source */
	/* How sure this kind is of an input that begins so; 0: not mine. */
	int (*bid)(const char *where, struct str head);
	/* Owns the input if it succeeds. */
	struct source *(*open)(struct input *, const struct source_opts *, struct err *);
	enum source_status (*next)(
	    struct source *, const struct scan *wanted, struct record *ret, struct err *);
	struct source_stats (*stats)(const struct source *);
	bool (*place)(
	    const struct source *, struct arena *, struct log_place *ret); /* NULL: none */
	void (*close)(struct source *);
	/* What is not a file to be read as bytes, or NULL: asked before anything is opened. */
	bool (*is_place)(const char *where);
	struct source *(*open_place)(const char *where, const struct source_opts *, struct err *);
	/* Of a place that can be followed, or NULL. */
	int (*fd)(const struct source *);
	int (*position)(const struct source *, char *to, size_t n);
};

/* The first member of what a kind's open() returns. */
struct source {
	const struct source_kind *kind;
};

/* Of a source in another one: what was read in it, too. */
void source_stats_add(struct source_stats *sum, const struct source_stats *);

extern const struct source_kind source_archive;

#endif
