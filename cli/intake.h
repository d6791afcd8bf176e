/*
 * One log after another into the store: what is known of a file is not read again, what has
 * grown is read on, and how far it was read is kept with the events.
 */
#ifndef OOMWHY_CLI_INTAKE_H
#define OOMWHY_CLI_INTAKE_H

#include "cli/options.h"
#include "ingest/expand.h"
#include "store/store.h"

/* Events between commits: what a kill of ours can cost to read again. */
enum { INTAKE_AT_ONCE = 256, INTAKE_OPEN = 64 };

struct intake {
	struct store *st;
	const struct options *opts;
	int64_t found, fresh, completed, unchanged_files, files;
	int uncommitted;
	bool live; /* a pipe: who knows when more will come, and others want to write */
	bool writing, partly, any_read;
	/* Of the file in hand: those that were open at its end.  The parser holds no more. */
	int64_t open[INTAKE_OPEN];
	size_t nopen;
};

int intake_begin(struct intake *, struct err *);
int intake_commit(struct intake *, struct err *);
/*
 * The files of a rotated log, or a single one.  Where none of them is known they are read as
 * one: a report that was cut by the rotation is whole.
 */
int intake_set(struct intake *, const struct source_set *, struct err *);
/* "-" is standard input.  A file that cannot be read is noted; -1 is for what stops all. */
int intake_file(struct intake *, const char *path, struct err *);

#endif
