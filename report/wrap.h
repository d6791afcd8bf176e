/*
 * A stream that breaks lines at blanks.  What is written to it must be escaped
 * already: it looks for nothing but blanks and newlines.
 */
#ifndef OOMWHY_REPORT_WRAP_H
#define OOMWHY_REPORT_WRAP_H

#include <stdio.h>

/* A word longer than the buffer is written in parts, still as one. */
struct wrap {
	FILE *out;
	int indent;  /* of every line */
	int columns; /* of the widest line */
	int at;	     /* columns used in this line; 0: nothing yet */
	int blanks;  /* since the last word: a name may hold several */
	char word[512];
	size_t n;
};

/* columns: 0 is what reads well.  NULL: no memory.  *w must live until fclose(), which ends the
 * last line. */
FILE *wrap_open(struct wrap *w, FILE *out, int indent, int columns);

#endif
