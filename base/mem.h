/*
 * Every allocation of the program goes through these three, so that a test can
 * make the n-th one fail and see that nothing leaks, crashes or lies.
 */
#ifndef OOMWHY_BASE_MEM_H
#define OOMWHY_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t);	/* not zeroed; NULL: no memory */
void *mem_grow(void *, size_t); /* realloc; on failure the old block stays */
void mem_free(void *);		/* NULL is fine */

/* Make room for one more element: doubles *ret_cap when n == *ret_cap.
 * Returns the block to use from now on, or NULL with the old one untouched. */
void *mem_room(void *block, size_t n, size_t *ret_cap, size_t element);

/* Tests only: the allocation numbered n from now on (0: the next) fails, and
 * so do all after it; n < 0 turns it off. */
void mem_fail_after(long n);

#endif
