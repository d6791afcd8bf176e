/*
 * A shared library that is loaded when the first of its functions is needed: who reads plain
 * logs pays nothing for those that unpack.
 */
#ifndef OOMWHY_INGEST_LIBRARY_H
#define OOMWHY_INGEST_LIBRARY_H

#include "base/err.h"

#include <stddef.h>

/*
 * What is called of a library is a list CALLS(F) of its functions:
 *
 *	struct calls { CALLS(LIBRARY_MEMBER) };
 *	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
 */
#define LIBRARY_MEMBER(f) __typeof__(f) *(f);
#define LIBRARY_ROW(f) { #f, offsetof(struct calls, f) },

struct library_call {
	const char *name;
	size_t at; /* of the pointer, in the struct of them */
};

struct library {
	const char *need;	/* "a file in xz": for the message */
	const char *sonames[2]; /* systems differ: the first that is there; may end with NULL */
	const struct library_call *calls;
	size_t ncalls;
};

/* It stays once it is there: the next file may need it too.  -1 and *err. */
int library_load(const struct library *, void *ret_calls, struct err *);

#endif
