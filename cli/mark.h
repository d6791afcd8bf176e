/*
 * What an export or a report of some name has told already, so that the next one tells the rest.
 *
 * The mark is the number of a change, not a time.  It moves after the output is out: what fails
 * or is killed before that is told again, and nothing is missed.  A file that is replaced as a
 * whole is told exactly once: that it is about to be renamed is noted first, and the next run
 * finds out whether it was.  What went to a pipe can be asked of nobody.
 */
#ifndef OOMWHY_CLI_MARK_H
#define OOMWHY_CLI_MARK_H

#include "cli/output.h"
#include "store/store.h"

struct mark {
	struct store *st;
	char name[80];
	int64_t last; /* the number that was told last; 0: nothing yet */
};

/* kind: "export"; name: the user's.  0, or -1 and *err. */
int mark_begin(struct mark *, struct store *, const char *kind, const char *name, struct err *);
/* Everything up to this number is written to the output: give it out, and remember. */
int mark_commit(struct mark *, struct output *, int64_t upto, struct err *);
/* The same of a part of what goes to standard output. */
int mark_move(struct mark *, struct output *, int64_t upto, struct err *);

#endif
