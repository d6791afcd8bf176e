/* The pstore among what is read: where this machine has it, and its parts as one log. */
#ifndef OOMWHY_INGEST_EXPAND_PSTORE_H
#define OOMWHY_INGEST_EXPAND_PSTORE_H

#include "ingest/expand.h"

#include <stdbool.h>

/* "pstore:" of this machine, "pstore:DIR" of another one. */
bool pstore_is_named(const char *arg);
/* The directories that are meant; NULL: no more.  Not all need exist. */
const char *pstore_directory(const char *arg, size_t i);

/* Files of one directory that are parts of dumps become one set, where the first of them stands.
 * 0, or -1 and *err: no memory. */
int join_parts(struct source_list *, struct err *);

#endif
