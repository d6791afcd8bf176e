/*
 * Entries that stand in two files, of which one is a copy of the other.  libsystemd gives them
 * once, of the files that it reads.
 */
#ifndef OOMWHY_INGEST_JOURNAL_TWINS_H
#define OOMWHY_INGEST_JOURNAL_TWINS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Entries of one microsecond: at boot all that the kernel said before journald came. */
enum { TWINS_MAX = 4096 };

struct twins {
	uint64_t real_us;
	size_t n;
	struct {
		uint64_t hash;
		size_t origin;
		bool met; /* its twin was */
	} v[TWINS_MAX];
};

struct twins *twins_new(struct err *); /* mem_free() frees it; NULL: no memory */
/* Whether the same text of the same time came from another origin, and that one's twin not yet.
 * Times come in their order. */
bool twins_meet(struct twins *, uint64_t real_us, struct str text, size_t origin);

#endif
