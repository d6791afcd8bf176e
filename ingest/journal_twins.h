/*
 * Entries that stand in several files, which are copies of each other.  libsystemd gives them
 * once, of the files that it reads.
 */
#ifndef OOMWHY_INGEST_JOURNAL_TWINS_H
#define OOMWHY_INGEST_JOURNAL_TWINS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* What copies of an entry have in common. */
struct twin {
	uint64_t real_us, mono_us;
	unsigned char boot_id[16];
	struct str text;
};

struct twins;

struct twins *twins_new(struct err *); /* NULL: no memory */
void twins_free(struct twins *);       /* NULL is fine */
/*
 * Whether another origin gave this entry already: what one says n times in a microsecond is told n
 * times, however many copies say it.  Times come in their order.  Of more in one microsecond
 * than there is room for, some are told twice.
 */
bool twins_meet(struct twins *, const struct twin *, size_t origin);

#endif
