#include "cli/when.h"

#include "base/str.h"

#include <time.h>

enum { US = 1000000 };

/* clang-format off */
static const struct {
	const char *unit;
	int64_t seconds;
} units[] = {
	{ "s", 1 }, { "sec", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 },
	{ "d", 86400 }, { "w", 604800 },
};

/* Days that have a name, counted from today. */
static const struct {
	const char *name;
	int day;
} days[] = { { "today", 0 }, { "yesterday", -1 }, { "tomorrow", 1 } };
/* clang-format on */

static bool
duration(struct str s, int64_t *ret)
{
	int64_t n;

	if (s.n == 0 || !str_is_digit(*s.p) || !str_eat_i64(&s, &n))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (str_eq(s, str_from(units[i].unit)))
			return !__builtin_mul_overflow(n, units[i].seconds * (int64_t)US, ret);
	}
	return false;
}

bool
when_duration(const char *text, int64_t *ret_us)
{
	return duration(str_trim(str_from(text)), ret_us);
}

static bool
ago(struct str s, int64_t now_us, int64_t *ret)
{
	int64_t us;

	return str_eat_chr(&s, '-') && duration(s, &us) && !__builtin_sub_overflow(now_us, us, ret);
}

/* Midnight and the like: the calendar of the zone that counts. */
static int64_t
from_civil(struct tm *tm, bool utc)
{
	tm->tm_isdst = -1;
	return (int64_t)(utc ? timegm(tm) : mktime(tm)) * US;
}

static bool
named_day(struct str s, int64_t now_us, bool utc, int64_t *ret)
{
	time_t now = (time_t)(now_us / US);
	struct tm tm;

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		if (!str_eq(s, str_from(days[i].name)))
			continue;
		if ((utc ? gmtime_r(&now, &tm) : localtime_r(&now, &tm)) == NULL)
			return false;
		tm.tm_mday += days[i].day;
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		*ret = from_civil(&tm, utc);
		return true;
	}
	return false;
}

static bool
eat_date(struct str *s, struct tm *tm)
{
	int64_t year, month, day;

	if (!str_eat_digits(s, 4, &year) || !str_eat_chr(s, '-') || !str_eat_digits(s, 2, &month) ||
	    !str_eat_chr(s, '-') || !str_eat_digits(s, 2, &day))
		return false;
	tm->tm_year = (int)year - 1900;
	tm->tm_mon = (int)month - 1;
	tm->tm_mday = (int)day;
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
eat_clock(struct str *s, struct tm *tm)
{
	int64_t hour, minute, second = 0;

	if (!str_eat_digits(s, 2, &hour) || !str_eat_chr(s, ':') || !str_eat_digits(s, 2, &minute))
		return false;
	if (str_eat_chr(s, ':') && !str_eat_digits(s, 2, &second))
		return false;
	tm->tm_hour = (int)hour;
	tm->tm_min = (int)minute;
	tm->tm_sec = (int)second;
	return hour < 24 && minute < 60 && second <= 60;
}

/* ".123456": digits after the sixth are dropped. */
static bool
eat_fraction(struct str *s, int64_t *ret_us)
{
	int64_t scale = US;

	*ret_us = 0;
	if (!str_eat_chr(s, '.'))
		return true;
	if (s->n == 0 || !str_is_digit(*s->p))
		return false;
	for (; s->n > 0 && str_is_digit(*s->p); *s = str_from_at(*s, 1)) {
		scale /= 10;
		*ret_us += (*s->p - '0') * scale;
	}
	return true;
}

/* "Z", "+02:00", "+0200"; nothing is not an offset. */
static bool
eat_offset(struct str *s, int64_t *ret_seconds)
{
	int64_t sign = 1, hours, minutes;

	*ret_seconds = 0;
	if (str_eat_chr(s, 'Z') || str_eat_chr(s, 'z'))
		return true;
	if (str_eat_chr(s, '-'))
		sign = -1;
	else if (!str_eat_chr(s, '+'))
		return false;
	if (!str_eat_digits(s, 2, &hours))
		return false;
	str_eat_chr(s, ':');
	if (!str_eat_digits(s, 2, &minutes))
		return false;
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool
calendar(struct str s, bool utc, int64_t *ret)
{
	struct tm tm = { 0 };
	int64_t fraction = 0, offset;

	if (!eat_date(&s, &tm))
		return false;
	if (s.n > 0 && (str_eat_chr(&s, 'T') || str_eat_chr(&s, 't') || str_eat_chr(&s, ' ')) &&
	    (!eat_clock(&s, &tm) || !eat_fraction(&s, &fraction)))
		return false;
	str_eat_blanks(&s);
	if (eat_offset(&s, &offset))
		*ret = from_civil(&tm, true) - offset * US + fraction;
	else
		*ret = from_civil(&tm, utc) + fraction;
	return s.n == 0;
}

int
when_parse(const char *text, int64_t now_us, bool utc, int64_t *ret_us, struct err *err)
{
	struct str s = str_trim(str_from(text));

	if (str_eq(s, STR("now"))) {
		*ret_us = now_us;
		return 0;
	}
	if (ago(s, now_us, ret_us) || named_day(s, now_us, utc, ret_us) || calendar(s, utc, ret_us))
		return 0;
	return err_set(err,
	    "'%s' is no time; give one as 2026-11-22, '2026-11-22 14:30', "
	    "2026-11-22T14:30:00Z, today, yesterday or -2d",
	    text);
}
