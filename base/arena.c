#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct arena_chunk {
	struct arena_chunk *prev;
	size_t size, used;
	alignas(max_align_t) char data[];
};

enum { CHUNK_MIN = 8 * 1024, CHUNK_MAX = 256 * 1024 };

/* Chunks double, so that a bare kill line is small and a long table is quick. */
static struct arena_chunk *
chunk_new(struct arena *a, size_t n)
{
	size_t size = a->last == NULL ? CHUNK_MIN : a->last->size * 2;
	struct arena_chunk *c;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < n)
		size = n;
	if ((c = mem_alloc(sizeof(*c) + size)) == NULL)
		return NULL;
	*c = (struct arena_chunk){ .prev = a->last, .size = size };
	a->last = c;
	a->total += sizeof(*c) + size;
	return c;
}

void *
arena_raw(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->last;

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if ((c == NULL || c->size - c->used < n) && (c = chunk_new(a, n)) == NULL)
		return NULL;
	c->used += n;
	return c->data + c->used - n;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	void *p = arena_raw(a, n);

	return p == NULL ? NULL : memset(p, 0, n);
}

struct str
arena_dup(struct arena *a, struct str s)
{
	char *p;

	if (s.p == NULL || (p = arena_raw(a, s.n + 1)) == NULL)
		return STR_NONE;
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){ p, s.n };
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = arena_raw(a, (size_t)n + 1)) == NULL)
		return STR_NONE;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){ p, (size_t)n };
}

void *
arena_room(struct arena *a, void *block, size_t n, size_t *ret_cap, size_t element)
{
	size_t cap = *ret_cap;
	void *more;

	if (n < cap)
		return block;
	cap = cap < 8 ? 8 : cap * 2;
	if (cap > SIZE_MAX / 2 / element || (more = arena_raw(a, cap * element)) == NULL)
		return NULL;
	if (n > 0)
		memcpy(more, block, n * element);
	*ret_cap = cap;
	return more;
}

void
arena_done(struct arena *a)
{
	while (a->last != NULL) {
		struct arena_chunk *prev = a->last->prev;

		mem_free(a->last);
		a->last = prev;
	}
	a->total = 0;
}
