/*
 * Whatever is packed into what, taken apart down to streams of plain bytes: a log in a .gz in
 * a tar in an .xz.  Nothing is written anywhere; how much is read is bounded.
 */
#ifndef OOMWHY_INGEST_LAYERS_H
#define OOMWHY_INGEST_LAYERS_H

#include "ingest/input.h"
#include "ingest/member.h"
#include "ingest/unpack.h"

/* What a hostile archive can cost. */
struct layers_limits {
	int64_t members;	   /* of all archives in one */
	unsigned archives, layers; /* inside each other */
	int64_t free;		   /* unpacked bytes for which nothing is asked */
	int64_t ratio;		   /* of those after them, to the packed bytes */
};

/* The bytes of a plain stream are read by layers_read(). */
struct layers_stream {
	struct str name;  /* "dir/inner.tar:dir/file"; STR_NONE: the file itself */
	struct str inner; /* "dir/file": in the innermost archive */
	struct str head;  /* the first bytes */
	int64_t mtime_us;
	enum member_kind kind;
};

struct layers_stats {
	int64_t members;  /* met */
	int64_t passed;	  /* of them, told by their names to be no logs */
	int64_t unpacked; /* bytes, of all layers */
};

struct layers;

/* Owns the input if it succeeds.  NULL: no memory, and *err. */
struct layers *layers_new(struct input *, const struct layers_limits *, struct err *);
/* The next plain stream: 1; 0: no more; -1 and *err: something in it cannot be read, and the
 * call after this one goes on behind it. */
int layers_next(struct layers *, struct layers_stream *ret, struct err *);
/* lines_read.  Of a stream that breaks, all that came before is given first. */
ssize_t layers_read(void *layers, char *to, size_t n, struct err *);
/* Of a sparse file, bytes of the hole for which the one NUL stands that was read last; 0: none. */
int64_t layers_hole(const struct layers *);
/* The kind of the outermost packing. */
enum unpack_kind layers_packing(const struct layers *);
struct layers_stats layers_stats(const struct layers *);
void layers_free(struct layers *); /* closes the input; NULL is fine */

#endif
