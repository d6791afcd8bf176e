/*
 * What the user named as a list of logs: directories are walked, and the files of a log that
 * was rotated, found or named, stand together in the order in which they were written, and so
 * do the parts of a dump of the pstore.  "pstore:" is that of this machine.
 */
#ifndef OOMWHY_INGEST_EXPAND_H
#define OOMWHY_INGEST_EXPAND_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum set_kind {
	SET_FILE,
	SET_ROTATED, /* the files of a rotated log */
	SET_PSTORE,  /* parts of what the kernel saved when it died */
};

/* What is read as one. */
struct source_set {
	enum set_kind kind;
	const char **paths; /* the oldest first */
	size_t n;
	const char *failed; /* why paths[0], a directory, cannot be read; NULL: it is no such */
};

struct source_list {
	struct source_set *v; /* where the first file of each was named */
	size_t n;
	int64_t passed; /* files of directories that hold no text */
	struct arena mem;
};

/*
 * Links in a directory are not followed: what they point at is read where it is, or is
 * outside.  0, or -1 and *err: no memory.  source_list_done() in any case.
 */
int source_list_make(struct source_list *, char *const *args, size_t nargs, struct err *);
void source_list_done(struct source_list *);

#endif
