/*
 * Blocks of bytes as lines of bounded length, or only the lines that hold one
 * of a set of literals.  Nothing is copied but what stands across two blocks.
 *
 * A NUL ends a piece of a line: records of /dev/kmsg are separated by them, and
 * a crash leaves holes of them.
 */
#ifndef OOMWHY_INGEST_LINES_H
#define OOMWHY_INGEST_LINES_H

#include "base/err.h"
#include "base/scan.h"
#include "ingest/decode.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LINES_BLOCK = 1 << 20,
	LINES_MAX = 64 << 10, /* bytes of a line */
};

enum lines_status {
	LINES_ERROR = -1,
	LINES_END = 0,
	LINES_LINE = 1,
	LINES_PASSED = 2, /* a stretch without a wanted literal; its last line is given */
};

/* As read(2), but 0 only at the end and -1 with *err. */
typedef ssize_t lines_read(void *ctx, char *to, size_t n, struct err *);

struct line {
	struct str text; /* without newline and carriage returns; good until the next call */
	int64_t number;	 /* from 1 */
	bool cut;	 /* longer than LINES_MAX; lines_rest() has the rest */
};

/* Zero-initialised by lines_init(), released by lines_done(). */
struct lines {
	lines_read *read;
	void *ctx;
	char *mem;
	char *block;	   /* where reads go; what is left of the block before stands in front */
	char *begin, *end; /* not given yet */
	char *raw;	   /* of another encoding; NULL for UTF-8 */
	struct decoder decoder;
	bool started, eof;
	bool in_rest;	       /* the rest of a line that was cut */
	bool in_pieces;	       /* a NUL ended the last piece, no newline was seen yet */
	bool has_nul, has_esc; /* in begin..end */
	bool is_utf8;	       /* known before the first byte was read */
	char last;	       /* byte read */
	size_t unfinished;     /* bytes of the last line, where it is short and has no newline */
	int64_t newlines, bytes, cuts;
	int64_t filled; /* times that what was given moved or went */
};

int lines_init(struct lines *, lines_read *, void *ctx, struct err *);
void lines_done(struct lines *);

enum lines_status lines_next(struct lines *, struct line *ret, struct err *);
/* Go on to the next line that holds a literal, which lines_next() will give (LINES_LINE), or
 * over a stretch that has none (LINES_PASSED). */
enum lines_status lines_skip(
    struct lines *, const struct scan *wanted, struct line *ret, struct err *);
/* More of a line that was cut, LINES_END when there is none. */
enum lines_status lines_rest(struct lines *, struct str *ret, struct err *);
/* Take n bytes of whatever kind, and keep the first of them. */
enum lines_status lines_raw(struct lines *, uint64_t n, char *keep, size_t keep_n, struct err *);

int64_t lines_count(const struct lines *);
/* Where the next line begins, in bytes since the first that was read; UNKNOWN: inside of one,
 * or the bytes were of another encoding. */
int64_t lines_offset(const struct lines *);
/* The same at the end: where a line begins that may still be written to. */
int64_t lines_end(const struct lines *);

#endif
