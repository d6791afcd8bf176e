/*
 * Numbers and texts in a row, written to be read back by a program: " 12 ? 3:abc".  The
 * reader believes nothing: each number has its bounds, each text its length.
 */
#ifndef OOMWHY_BASE_WORDS_H
#define OOMWHY_BASE_WORDS_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdio.h>

struct words {
	FILE *f; /* NULL: no memory */
	char *text;
	size_t size;
};

void words_begin(struct words *);
void words_int(struct words *, int64_t); /* UNKNOWN too */
void words_text(struct words *, struct str);
/* All of it, in the arena; STR_NONE: no memory. */
struct str words_end(struct words *, struct arena *);

/* Take one off the front.  false: it is not there, or beyond its bounds. */
bool words_eat_int(struct str *, int64_t min, int64_t max, int64_t *ret);
bool words_eat_any(struct str *, int64_t *ret); /* any number, or UNKNOWN */
bool words_eat_text(struct str *, size_t max, struct str *ret);

#endif
