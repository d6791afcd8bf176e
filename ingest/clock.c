#include "ingest/clock.h"

#include <string.h>
#include <time.h>

enum { US = 1000000, HOUR_S = 3600, DAY_S = 86400 };

static bool
is_utc(const char *zone)
{
	return zone != NULL &&
	       (strcmp(zone, "UTC") == 0 || strcmp(zone, "UTC0") == 0 || strcmp(zone, "GMT") == 0);
}

/* "messages-20260101.gz", "syslog.20260101": rotated on that day. */
static bool
date_in_name(const char *name, int64_t *ret_us)
{
	struct str s = str_from(name), date;
	size_t slash;
	bool found = false;

	if (str_rfind(s, STR("/"), &slash))
		s = str_from_at(s, slash + 1);
	for (; s.n >= 9; s = str_from_at(s, 1)) {
		struct civil c = { .hour = 0 };
		int64_t year, month, day;

		date = str_from_at(s, 1);
		if ((*s.p != '-' && *s.p != '.' && *s.p != '_') ||
		    !str_eat_digits(&date, 4, &year) || !str_eat_digits(&date, 2, &month) ||
		    !str_eat_digits(&date, 2, &day) || (date.n > 0 && str_is_digit(*date.p)))
			continue;
		c.year = (int)year, c.month = (int)month, c.day = (int)day;
		if (year < 1990 || !civil_valid(&c))
			continue;
		*ret_us = civil_seconds(&c) * US;
		found = true;
	}
	return found;
}

void
clock_init(struct clock *c, const struct source_opts *opts, const char *name, int64_t mtime_us)
{
	int64_t written = known(mtime_us) ? mtime_us : opts->now_us;

	*c = (struct clock){ .utc = is_utc(opts->zone),
		.real_us = UNKNOWN,
		.mono_us = UNKNOWN,
		.hour.hour = INT64_MIN };
	date_in_name(name, &written);
	c->latest_us = written + (int64_t)DAY_S * US;
	c->year = civil_of(c->latest_us / US).year;
	if (known(opts->year)) {
		c->year = (int)opts->year;
		c->year_given = true;
	}
}

/*
 * The year of a stamp without one: time goes forward, so December before January is a new
 * year, and January before December a line out of order.  The first stamp has the latest
 * year that does not put it after the file was written.
 */
static void
infer_year(struct clock *c, struct civil *at)
{
	int64_t s;

	at->year = c->year;
	if (c->month != 0) {
		at->year += c->month - at->month > 6;
		at->year -= at->month - c->month > 6;
	}
	if (!c->year_given) {
		s = civil_days(at->year, at->month, at->day) * DAY_S;
		if (s > c->latest_us / US)
			at->year--;
	}
	while (at->month == 2 && at->day == 29 && !civil_is_leap(at->year))
		at->year--;
}

static int64_t
ask_libc(const struct civil *at, int is_dst)
{
	struct tm tm = { .tm_year = at->year - 1900,
		.tm_mon = at->month - 1,
		.tm_mday = at->day,
		.tm_hour = at->hour,
		.tm_isdst = is_dst };
	time_t t = mktime(&tm);

	/* Asked for the clock that did not go, mktime() moves the hour. */
	if (t == -1 || tm.tm_hour != at->hour)
		return UNKNOWN;
	return civil_days(at->year, at->month, at->day) * DAY_S + at->hour * HOUR_S - (int64_t)t;
}

static void
learn_hour(struct clock *c, const struct civil *at, int64_t hour)
{
	struct civil begin = *at;
	int64_t summer, winter, any;

	begin.minute = begin.second = 0;
	summer = ask_libc(&begin, 1), winter = ask_libc(&begin, 0), any = ask_libc(&begin, -1);
	c->hour.hour = hour;
	c->hour.first_s = known(summer) ? summer : known(winter) ? winter : known(any) ? any : 0;
	c->hour.second_s = known(winter) ? winter : c->hour.first_s;
}

/* The hour comes twice: the kernel's stamps tell which it is, or at least time that goes on. */
static int64_t
choose_offset(const struct clock *c, int64_t local_s, int64_t mono_us)
{
	int64_t first = (local_s - c->hour.first_s) * US,
		second = (local_s - c->hour.second_s) * US;
	int64_t expected;

	if (!known(c->real_us))
		return c->hour.first_s;
	if (known(mono_us) && known(c->mono_us) && mono_us >= c->mono_us) {
		expected = c->real_us + (mono_us - c->mono_us);
		return expected - first > second - expected ? c->hour.second_s : c->hour.first_s;
	}
	return first + 60 * (int64_t)US < c->real_us ? c->hour.second_s : c->hour.first_s;
}

/* Seconds since 1970 of a civil time that is valid. */
static int64_t
convert(struct clock *c, const struct civil *at, const struct stamp *st, int64_t mono_us)
{
	int64_t local = civil_seconds(at), hour = local / HOUR_S;

	c->last_good = true;
	if (st->has_offset)
		return local - st->offset_s;
	if (c->utc)
		return local;
	if (c->hour.hour != hour)
		learn_hour(c, at, hour);
	if (c->hour.first_s == c->hour.second_s)
		return local - c->hour.first_s;
	c->last_good = false; /* the same second may be another one next time */
	return local - choose_offset(c, local, mono_us);
}

static bool
same_second(const struct clock *c, const struct stamp *st)
{
	return c->last_good && st->at.second == c->last.second && st->at.minute == c->last.minute &&
	       st->at.hour == c->last.hour && st->at.day == c->last.day &&
	       st->at.month == c->last.month && st->at.year == c->last.year &&
	       st->has_offset == c->last_has_offset && st->offset_s == c->last_offset_s;
}

static bool
tell_civil(struct clock *c, const struct stamp *st, struct record *ret)
{
	struct civil at = st->at;

	if (!same_second(c, st)) {
		if (at.month == 0)
			return false;
		if (at.year == 0)
			infer_year(c, &at);
		else
			c->year_given = true;
		if (!civil_valid(&at))
			return false;
		c->last_s = convert(c, &at, st, ret->mono_us);
		c->year = at.year, c->month = at.month;
		c->last = st->at;
		c->last_has_offset = st->has_offset, c->last_offset_s = st->offset_s;
	}
	ret->real_us = c->last_s * US + st->us;
	ret->real_source = st->at.year == 0  ? TIME_INFERRED_YEAR
			   : st->boot_offset ? TIME_BOOT_OFFSET
					     : TIME_RECORD;
	return true;
}

void
clock_tell(struct clock *c, const struct stamp *st, struct record *ret)
{
	switch (st->kind) {
	case STAMP_NONE:
		return;
	case STAMP_UNIX:
		ret->real_us = st->us;
		ret->real_source = TIME_RECORD;
		break;
	case STAMP_DELTA:
		if (!known(c->real_us))
			return;
		ret->real_us = c->real_us + st->us;
		ret->real_source = TIME_INFERRED_YEAR;
		break;
	case STAMP_CIVIL:
		if (!tell_civil(c, st, ret))
			return;
		break;
	}
	if (ret->real_us > PREFIX_MAX_US || ret->real_us < -PREFIX_MAX_US) {
		ret->real_us = UNKNOWN;
		ret->real_source = TIME_NONE;
		return;
	}
	ret->real_error_us = st->error_us;
	c->real_us = ret->real_us;
	c->mono_us = ret->mono_us;
}
