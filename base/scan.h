/*
 * Finds the next place in a buffer where any of a few literals stands, and
 * counts newlines on the way, in one pass at memory speed.
 *
 * For a reader of blocks: read() to an address that is a multiple of 64.  Off by
 * the 16 bytes that malloc() adds, the kernel's copy alone takes five times as
 * long on some processors, more than the search does.
 */
#ifndef OOMWHY_BASE_SCAN_H
#define OOMWHY_BASE_SCAN_H

#include "base/str.h"

#include <stddef.h>

struct scan; /* opaque, immutable after scan_new: may be shared */

/* Literals of 4 to 64 bytes, at most 64 of them; their bytes must outlive the scan.
 * NULL: no memory, or a literal out of bounds. */
struct scan *scan_new(const struct str *literals, size_t n);
void scan_free(struct scan *); /* NULL is fine */

/*
 * Search buf[from..n) for the first literal.  Returns its offset, or n if there
 * is none that lies wholly inside.  *newlines is increased by the number of
 * '\n' in buf[from..result).
 */
size_t scan_find(const struct scan *, const char *buf, size_t n, size_t from, size_t *newlines);

#endif
