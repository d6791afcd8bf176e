/*
 * What the kernel saved of its buffer when it died.  A dump is cut in parts, part 1 the
 * newest: a report goes on from the end of part 2 to the beginning of part 1.
 */
#ifndef OOMWHY_INGEST_PSTORE_H
#define OOMWHY_INGEST_PSTORE_H

#include "ingest/entry.h"

#include <stdbool.h>
#include <stdint.h>

/* "Panic#2 Part1" */
struct pstore_head {
	int64_t dump, part;
};

/* false: the line does not begin a part. */
bool pstore_head(struct str line, struct pstore_head *ret);
/* "====1700000000.123456-D", which ramoops puts before a dump. */
bool pstore_is_mark(struct str line);
/* As for qsort(): dumps as they were made, the parts of one from the oldest text on.
 * Whoever is given several files puts them in this order. */
int pstore_compare(const struct pstore_head *, const struct pstore_head *);

struct pstore;

/*
 * All parts of a file whose first line is `first`, read to its end or to ENTRY_MAX bytes.
 * NULL: no memory or not readable, and *err.
 */
struct pstore *pstore_read(struct lines *, struct line first, struct err *);
/* The next part in order, without its head, and the number of its first line. */
bool pstore_next(struct pstore *, struct str *ret_text, int64_t *ret_line);
void pstore_free(struct pstore *); /* NULL is fine */

#endif
