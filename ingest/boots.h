/*
 * Which boot of its host a record is of.  Nothing in a text log says so but the
 * kernel's clock, which falls back, and its first words.
 */
#ifndef OOMWHY_INGEST_BOOTS_H
#define OOMWHY_INGEST_BOOTS_H

#include "base/err.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

struct boots_host; /* one of a bounded number */

struct boots {
	struct boots_host *hosts;
	struct boots_host *last; /* of the record before, whose host was this one: */
	char name[64];
	size_t nname;
	uint64_t clock;	     /* of use, to reuse the oldest */
	unsigned separators; /* "-- Boot", "-- Reboot --" met so far */
};

int boots_init(struct boots *, struct err *);
void boots_done(struct boots *);
void boots_separator(struct boots *);
/* Set boot and new_boot of a record whose other fields are known. */
void boots_tell(struct boots *, struct record *);

#endif
