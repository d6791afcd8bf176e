/*
 * Memory with one owner and one free.  Everything an event points at lives in
 * the event's arena, so freeing an event is arena_done().
 */
#ifndef OOMWHY_BASE_ARENA_H
#define OOMWHY_BASE_ARENA_H

#include "base/str.h"

#include <stddef.h>

struct arena_chunk;

/* Zero-initialise; arena_done() on a zeroed arena is safe. */
struct arena {
	struct arena_chunk *last;
	size_t total; /* bytes asked from the system */
};

void *arena_alloc(struct arena *, size_t); /* zeroed; NULL: no memory */
void *arena_raw(struct arena *, size_t);   /* not zeroed */
/* The one place a slice is kept.  Unknown stays unknown; on failure .p is NULL. */
struct str arena_dup(struct arena *, struct str);
struct str arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Make room for one more element in an array kept in the arena (see mem_room).
 * The old block is left to the arena. */
void *arena_room(struct arena *, void *block, size_t n, size_t *ret_cap, size_t element);
void arena_done(struct arena *);

#endif
