/*
 * Which fact of an event is in which column.  CREATE, INSERT and SELECT are all made of
 * these rows, so that a column cannot be in one of them and missing from another.
 * Private to store/.
 */
#ifndef OOMWHY_STORE_COLUMNS_H
#define OOMWHY_STORE_COLUMNS_H

#include "model/event.h"

#include <stddef.h>

enum column_type {
	COLUMN_INT,  /* int64_t; UNKNOWN is NULL */
	COLUMN_LINE, /* the same, counted from the event's first line: small, and true of any copy
		      */
	COLUMN_TEXT, /* struct str; STR_NONE is NULL */
	COLUMN_WORD, /* const char *; NULL is NULL */
	COLUMN_BOOL,
	COLUMN_NUMBER, /* unsigned */
	COLUMN_SIZE,   /* size_t */
	COLUMN_NAME,   /* an enum, by its name: numbers of enums change */
	COLUMN_ID,     /* char[17] */
};

struct column {
	const char *name;
	enum column_type type;
	size_t at;		     /* offset in the row's struct */
	const char *(*name_of)(int); /* COLUMN_NAME; NULL: no such value, or it has no name */
};

/* An array of an event, and the table its elements are rows of. */
struct list {
	const char *table;
	const struct column *columns;
	size_t ncolumns;
	size_t element;
	size_t v, n, cap; /* offsets in struct event */
};

extern const struct column event_columns[];
extern const size_t event_ncolumns;

enum { LIST_VICTIMS = 0, LIST_AFTERMATH = 8, LISTS = 10 };
extern const struct list lists[LISTS];

#endif
