/*
 * What the two engines of base/scan.h share.  Only base/ and its tests include
 * this.
 *
 * Every literal is looked for by its window: the four bytes of it that are
 * rarest in log text.  A text position where a window may stand is a candidate;
 * the literals with that window are then compared in full.
 */
#ifndef OOMWHY_BASE_SCAN_IMPL_H
#define OOMWHY_BASE_SCAN_IMPL_H

#include "base/scan.h"

#include <stdint.h>
#include <string.h>

enum {
	SCAN_WINDOW = 4,  /* bytes */
	SCAN_BUCKETS = 8, /* one bit each in a byte */
	SCAN_LITERALS = 64,
	SCAN_LEN_MAX = 64, /* bytes of a literal */
};

struct scan_literal {
	struct str text;
	size_t at;	 /* of the window in the text */
	uint32_t window; /* the bytes there */
	unsigned bucket;
};

/* The text being searched, as scan_find() was given it. */
struct scan_text {
	const char *p;
	size_t n, from;
};

typedef size_t scan_engine(const struct scan *, struct scan_text, size_t *newlines);

struct scan {
	scan_engine *engine;
	struct scan_literal literals[SCAN_LITERALS]; /* sorted by bucket */
	size_t nliterals;
	size_t reach;			       /* the greatest .at */
	size_t bucket_begin[SCAN_BUCKETS + 1]; /* into literals */
	/* Bit b of low[i][c & 15] & high[i][c >> 4]: byte c may be the i-th of a window of bucket
	 * b. */
	unsigned char low[SCAN_WINDOW][16], high[SCAN_WINDOW][16];
	uint64_t windows[65536 / 64]; /* a bit for each hash of a window */
};

static inline uint32_t
scan_window(const char *p)
{
	uint32_t window;

	memcpy(&window, p, sizeof(window));
	return window;
}

/* Where the earliest literal begins whose window stands at `at` and whose bucket's bit is
 * set; t.n: none.  at + SCAN_WINDOW <= t.n. */
size_t scan_verify(const struct scan *, struct scan_text t, size_t at, unsigned buckets);

/*
 * Where the earliest literal begins whose window stands at `at` or later, if that
 * is before `best`; else `best`.  A later window may belong to an earlier literal:
 * this is also how an engine settles a first hit.
 */
size_t scan_walk(const struct scan *, struct scan_text t, size_t at, size_t best);

size_t scan_newlines(const char *p, size_t n);

/* The engine that runs anywhere, and the faster one of this machine (NULL: none). */
size_t scan_portable(const struct scan *, struct scan_text, size_t *newlines);
scan_engine *scan_vector(void);

#endif
