/*
 * Wall-clock stamps as microseconds since 1970: years that were not printed,
 * local time, the hour that comes twice in autumn.  Local time is the process's: TZ is
 * for cli/ to set, once; only UTC is known without libc.
 */
#ifndef OOMWHY_INGEST_CLOCK_H
#define OOMWHY_INGEST_CLOCK_H

#include "ingest/prefix.h"
#include "ingest/source.h"

#include <stdbool.h>

/* What local time is ahead of UTC in one hour of the calendar; two answers in autumn. */
struct clock_hour {
	int64_t hour; /* since 1970, local; INT64_MIN: none yet */
	int64_t first_s, second_s;
};

struct clock {
	bool utc;		  /* local time is UTC: libc need not be asked */
	bool year_given;	  /* by the user, or by a stamp that had one */
	int year, month;	  /* of the stamp before; month 0: none yet */
	int64_t latest_us;	  /* no line is later: when the file was written, and a day */
	int64_t real_us, mono_us; /* of the stamp before */
	struct clock_hour hour;

	struct civil last; /* the second converted last, and what it gave */
	int last_offset_s;
	bool last_has_offset, last_good;
	int64_t last_s;
};

/* name: of the file, for the date of "messages-20260101"; may be NULL. */
void clock_init(struct clock *, const struct source_opts *, const char *name, int64_t mtime_us);

/* The stamp as real_us, real_error_us and real_source of *ret; mono_us of *ret is known by
 * now, or UNKNOWN.  A stamp that makes no sense gives unknown time. */
void clock_tell(struct clock *, const struct stamp *, struct record *ret);

#endif
