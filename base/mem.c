#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

static long fail_after = -1;

static int
must_fail(void)
{
	if (fail_after < 0)
		return 0;
	if (fail_after == 0)
		return 1;
	fail_after--;
	return 0;
}

void
mem_fail_after(long n)
{
	fail_after = n;
}

void *
mem_alloc(size_t n)
{
	return must_fail() ? NULL : malloc(n);
}

void *
mem_grow(void *p, size_t n)
{
	return must_fail() ? NULL : realloc(p, n);
}

void
mem_free(void *p)
{
	free(p);
}

void *
mem_room(void *block, size_t n, size_t *ret_cap, size_t element)
{
	size_t cap = *ret_cap;
	void *more;

	if (n < cap)
		return block;
	cap = cap < 8 ? 16 : cap * 2;
	if (cap > SIZE_MAX / 2 / element || (more = mem_grow(block, cap * element)) == NULL)
		return NULL;
	*ret_cap = cap;
	return more;
}
