/*
 * Which boot of its host a record is of.  Nothing in a text log says so but the
 * kernel's clock, which falls back, and its first words.
 */
#ifndef OOMWHY_INGEST_BOOTS_H
#define OOMWHY_INGEST_BOOTS_H

#include "base/err.h"
#include "base/words.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

struct boots_host; /* one of a bounded number */

enum { BOOTS_KEPT = 32 };

struct boots {
	struct boots_host *hosts;
	struct boots_host *last; /* of the record before, whose host was this one: */
	char name[64];
	size_t nname;
	uint64_t clock;		     /* of use, to reuse the oldest */
	unsigned separators;	     /* "-- Boot", "-- Reboot --" met so far */
	uint16_t places[BOOTS_KEPT]; /* where the first hosts are */
	size_t nplaces;		     /* more than BOOTS_KEPT: of some, it is not known */
};

int boots_init(struct boots *, struct err *);
void boots_done(struct boots *);
void boots_separator(struct boots *);
/* Set boot and new_boot of a record whose other fields are known. */
void boots_tell(struct boots *, struct record *);
/* All of it written down (false: it is too much), and taken off the front. */
bool boots_keep(const struct boots *, struct words *to);
bool boots_restore(struct boots *, struct str *from);

#endif
