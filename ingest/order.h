/*
 * The files of one log that was rotated, told by their names, in the order in which they were
 * written.  Pure.
 */
#ifndef OOMWHY_INGEST_ORDER_H
#define OOMWHY_INGEST_ORDER_H

#include "base/str.h"

#include <stdbool.h>

enum order_suffix {
	SUFFIX_DATE,   /* messages-20260101, oldest first; before all that are numbered */
	SUFFIX_NUMBER, /* messages.2, the highest first */
	SUFFIX_NONE,   /* messages: written to now, or not rotated at all */
};

struct order_name {
	struct str dir;	 /* with its slash; of the path given */
	struct str stem; /* "messages" */
	struct str ext;	 /* ".log" of messages-20260101.log; STR("") else */
	enum order_suffix suffix;
	int64_t rank; /* of dates and numbers: in the order written */
};

struct order_name order_name_of(struct str path);
/* As for qsort(): by directory, then by log, then as written. */
int order_compare(const struct order_name *, const struct order_name *);
/* Both are of one log. */
bool order_same_log(const struct order_name *, const struct order_name *);

#endif
