/*
 * What the kills of one program on one host have in common: how many there were, whether they
 * come back after the same time, at the same hour, at the same size, or grow.
 *
 * Nothing is said on few points: the least numbers are named here.
 */
#ifndef OOMWHY_ANALYZE_TREND_H
#define OOMWHY_ANALYZE_TREND_H

#include "base/arena.h"

enum {
	TREND_POINTS_MAX = 1000,   /* the newest are looked at */
	TREND_SAME_SECONDS = 60,   /* closer ones are one incident */
	TREND_LOOP_GAPS = 3,	   /* at least so many times between kills... */
	TREND_LOOP_GAPS_MAX = 16,  /* ...and at most so many are compared */
	TREND_LOOP_PERCENT = 20,   /* each no further than so from their median */
	TREND_LOOP_DAYS = 8,	   /* a longer period is none */
	TREND_HOUR_KILLS = 6,	   /* kills on... */
	TREND_HOUR_DAYS = 4,	   /* ...so many days, of which... */
	TREND_HOUR_PERCENT = 70,   /* ...so many fall within two hours of the day */
	TREND_SIZES = 4,	   /* sizes that are known */
	TREND_STEADY_PERCENT = 10, /* from the smallest to the largest, of the median */
	TREND_GROWTH_PERCENT = 20, /* the same, of a line that fits... */
	TREND_FIT_PERCENT = 80,	   /* ...so well: its coefficient of determination */
};

struct trend_point {
	int64_t real_us;
	int64_t size_kb; /* of the victim's own memory; UNKNOWN */
	int hour;	 /* of the day where people read it, 0 to 23; -1: not known */
};

enum trend_size {
	TREND_SIZE_UNKNOWN, /* too few */
	TREND_SIZE_STEADY,
	TREND_SIZE_GROWS,
	TREND_SIZE_SHRINKS,
	TREND_SIZE_VARIES,
};

struct trend {
	int64_t kills, number; /* all; this one, from 1 */
	bool more;	       /* older ones were not looked at */
	int64_t first_us, last_us;
	int64_t day, week;     /* kills in the 24 h, in the 7 days up to this one and with it */
	int64_t period_us;     /* they come back after this time; UNKNOWN: not regularly */
	int64_t period_gaps;   /* so many times in a row */
	int64_t hour, in_hour; /* most of them from this hour on for two; UNKNOWN: no such */
	enum trend_size size;
	int64_t size_min_kb, size_max_kb;
	int64_t growth_kb_day;	/* from kill to kill; UNKNOWN where it neither grows nor shrinks */
	int64_t growth_kb_hour; /* of a loop: from start to kill; UNKNOWN */
};

/* points: oldest first; `at`: the one it is about.  false: no memory. */
bool trend_of(
    struct arena *, const struct trend_point *points, size_t n, size_t at, struct trend *ret);
const char *trend_size_name(enum trend_size); /* NULL for unknown */

#endif
