/* Where an answer goes: standard output, or a file that is replaced as a whole. */
#ifndef OOMWHY_CLI_OUTPUT_H
#define OOMWHY_CLI_OUTPUT_H

#include "base/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct output {
	FILE *f;
	char target[PATH_MAX], tmp[PATH_MAX]; /* empty: written in place */
};

/* path NULL: standard output.  0, or -1 and *err. */
int output_open(struct output *, const char *path, struct err *);
/* All is well: flush to disk and rename.  -1 and *err; the old file is then untouched. */
int output_commit(struct output *, struct err *);
/* The two halves of it: all of it on the disk, closed; under its name. */
int output_settle(struct output *, struct err *);
int output_publish(struct output *, struct err *);
/* Something failed: leave no trace. */
void output_discard(struct output *);

#endif
