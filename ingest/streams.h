/* The files of a log, one after the other, as the plain streams that are packed into them. */
#ifndef OOMWHY_INGEST_STREAMS_H
#define OOMWHY_INGEST_STREAMS_H

#include "ingest/layers.h"
#include "ingest/source.h"

struct streams {
	const char *const *paths; /* of a rotated log, not opened yet: from next_path on; */
	size_t npaths, next_path; /* 0: one file, which is open already */
	const char *where;	  /* the file in hand */
	struct layers *layers;	  /* of it; NULL: none is open */
	char *path;		  /* "where:member"; NULL: of the file itself */
	const struct source_opts *opts;

	/* Of the stream in hand. */
	int64_t at; /* bytes that were given */
	bool broken;
	struct err why; /* it is broken */

	int64_t passed, unread; /* members */
	const char *packing;	/* of the file that was read last; NULL: none was */
};

/* Owns the input if it succeeds.  0, or -1 and *err: no memory. */
int streams_open(struct streams *, struct input *, struct err *);
/* To the next stream.  1; 0: the end; -1 and *err: something cannot be read, and the call after
 * this one goes on behind it. */
int streams_next(struct streams *, struct layers_stream *ret, struct err *);
const char *streams_label(const struct streams *); /* good until streams_next() */
/* lines_read.  A stream that breaks ends there: what came before is read like any other. */
ssize_t streams_read(void *streams, char *to, size_t n, struct err *);
int64_t streams_hole(void *streams); /* layers_hole() */
void streams_done(struct streams *);

#endif
