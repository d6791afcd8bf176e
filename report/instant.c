#include "report/instant.h"

enum { US = 1000000, MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* Rounded towards the past, so that the fraction is never negative. */
static int64_t
floor_second(int64_t us)
{
	return us / US - (us % US < 0);
}

static bool
utc(int64_t second, struct tm *ret)
{
	time_t t = (time_t)second;

	return (int64_t)t == second && gmtime_r(&t, ret) != NULL;
}

static bool
in_calendar(const struct tm *tm)
{
	return tm->tm_year >= -1900 && tm->tm_year <= 9999 - 1900;
}

bool
instant_rfc3339(int64_t us, struct instant_text *ret)
{
	struct tm tm;

	if (!known(us) || !utc(floor_second(us), &tm) || !in_calendar(&tm))
		return false;
	snprintf(ret->s, sizeof(ret->s), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)(us - floor_second(us) * US));
	return true;
}

bool
instant_human(const struct report_opts *opts, int64_t us, struct instant_text *ret)
{
	struct tm tm;
	bool local = opts->local != NULL;
	int64_t second;

	if (!known(us))
		return false;
	second = floor_second(us);
	if (!(local ? opts->local(second, &tm) : utc(second, &tm)) || !in_calendar(&tm))
		return false;
	return strftime(ret->s, sizeof(ret->s),
		   local ? "%Y-%m-%d %H:%M:%S %z" : "%Y-%m-%d %H:%M:%S UTC", &tm) > 0;
}

struct instant_text
duration_human(int64_t us)
{
	struct instant_text t;
	int64_t s = us / US;

	if (s < MINUTE)
		snprintf(t.s, sizeof(t.s), "%lld.%03d s", (long long)s, (int)(us % US / 1000));
	else if (s < HOUR)
		snprintf(t.s, sizeof(t.s), "%lld min %lld s", (long long)(s / MINUTE),
		    (long long)(s % MINUTE));
	else if (s < DAY)
		snprintf(t.s, sizeof(t.s), "%lld h %lld min", (long long)(s / HOUR),
		    (long long)(s % HOUR / MINUTE));
	else
		snprintf(t.s, sizeof(t.s), "%lld %s %lld h", (long long)(s / DAY),
		    s < (int64_t)2 * DAY ? "day" : "days", (long long)(s % DAY / HOUR));
	return t;
}
