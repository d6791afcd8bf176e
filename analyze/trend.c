#include "analyze/trend.h"

#include "analyze/arith.h"

#include <stdlib.h>

#define SECOND_US INT64_C(1000000)
#define HOUR_US (3600 * SECOND_US)
#define DAY_US (24 * HOUR_US)

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts v, which is not empty. */
static int64_t
median(int64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

static bool
within(int64_t v, int64_t middle, int64_t percent)
{
	return distance(v, middle) <= scaled(middle, percent, 100);
}

static void
count_days(const struct trend_point *p, size_t at, struct trend *ret)
{
	for (size_t i = 0; i <= at; i++) {
		int64_t ago = minus(p[at].real_us, p[i].real_us);

		ret->day += ago < DAY_US;
		ret->week += ago < 7 * DAY_US;
	}
}

/* The first kill of the incident that i belongs to. */
static size_t
incident_begin(const struct trend_point *p, size_t i)
{
	while (i > 0 && minus(p[i].real_us, p[i - 1].real_us) < TREND_SAME_SECONDS * SECOND_US)
		i--;
	return i;
}

/* The times from incident to incident, the last one first; at most TREND_LOOP_GAPS_MAX. */
static size_t
gaps_before(const struct trend_point *p, size_t at, int64_t gaps[static TREND_LOOP_GAPS_MAX])
{
	size_t n = 0;

	for (size_t i = incident_begin(p, at); i > 0 && n < TREND_LOOP_GAPS_MAX;) {
		size_t before = incident_begin(p, i - 1);

		gaps[n++] = minus(p[i].real_us, p[before].real_us);
		i = before;
	}
	return n;
}

/* As many of the last gaps as are alike. */
static void
find_loop(const struct trend_point *p, size_t at, struct trend *ret)
{
	int64_t gaps[TREND_LOOP_GAPS_MAX], sorted[TREND_LOOP_GAPS_MAX];
	size_t n = gaps_before(p, at, gaps);

	for (; n >= TREND_LOOP_GAPS; n--) {
		int64_t middle;
		size_t alike = 0;

		for (size_t i = 0; i < n; i++)
			sorted[i] = gaps[i];
		middle = median(sorted, n);
		while (alike < n && within(gaps[alike], middle, TREND_LOOP_PERCENT))
			alike++;
		if (alike == n && middle <= TREND_LOOP_DAYS * DAY_US) {
			ret->period_us = middle;
			ret->period_gaps = (int64_t)n;
			return;
		}
	}
}

static void
find_hour(const struct trend_point *p, size_t n, struct trend *ret)
{
	int64_t in[24] = { 0 }, best = 0, kills = 0, days = 0, day = INT64_MIN;

	if (known(ret->period_us) && ret->period_us < DAY_US / 2)
		return; /* it comes at all hours */
	for (size_t i = 0; i < n; i++) {
		if (p[i].hour < 0 || p[i].hour > 23)
			continue;
		in[p[i].hour]++;
		kills++;
		days += p[i].real_us / DAY_US != day;
		day = p[i].real_us / DAY_US;
	}
	for (int h = 0; h < 24; h++) {
		int64_t two = in[h] + in[(h + 1) % 24], most_of = in[best] + in[(best + 1) % 24];

		if (two > most_of || (two == most_of && in[best] == 0))
			best = h;
	}
	ret->in_hour = in[best] + in[(best + 1) % 24];
	if (kills >= TREND_HOUR_KILLS && days >= TREND_HOUR_DAYS &&
	    ret->in_hour * 100 >= kills * TREND_HOUR_PERCENT)
		ret->hour = best;
}

/* The line through the sizes with the least squares: how steep, and how well it fits (0 to 1). */
static double
fit_line(const struct trend_point *p, size_t n, double *ret_kb_per_us)
{
	double mean_t = 0, mean_s = 0, tt = 0, ts = 0, ss = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		if (!known(p[i].size_kb))
			continue;
		k++;
		mean_t += ((double)minus(p[i].real_us, p[0].real_us) - mean_t) / k;
		mean_s += ((double)p[i].size_kb - mean_s) / k;
	}
	for (size_t i = 0; i < n; i++) {
		double t = (double)minus(p[i].real_us, p[0].real_us) - mean_t;
		double s = (double)p[i].size_kb - mean_s;

		if (!known(p[i].size_kb))
			continue;
		tt += t * t;
		ts += t * s;
		ss += s * s;
	}
	*ret_kb_per_us = tt > 0 ? ts / tt : 0;
	return tt > 0 && ss > 0 ? ts * ts / (tt * ss) : 0;
}

static enum trend_size
judge_sizes(const struct trend_point *p, size_t n, int64_t middle, struct trend *ret)
{
	int64_t span = minus(p[n - 1].real_us, p[0].real_us);
	double steep, fit = fit_line(p, n, &steep), change = steep * (double)span;

	if (minus(ret->size_max_kb, ret->size_min_kb) <= scaled(middle, TREND_STEADY_PERCENT, 100))
		return TREND_SIZE_STEADY;
	if (fit * 100 < TREND_FIT_PERCENT ||
	    (change < 0 ? -change : change) * 100 < (double)middle * TREND_GROWTH_PERCENT)
		return TREND_SIZE_VARIES;
	ret->growth_kb_day = (int64_t)(steep * (double)DAY_US);
	return steep > 0 ? TREND_SIZE_GROWS : TREND_SIZE_SHRINKS;
}

static bool
find_sizes(struct arena *mem, const struct trend_point *p, size_t n, struct trend *ret)
{
	int64_t *sizes = arena_raw(mem, n * sizeof(*sizes)), middle;
	size_t k = 0;

	if (sizes == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (known(p[i].size_kb) && p[i].size_kb >= 0)
			sizes[k++] = p[i].size_kb;
	}
	if (k < TREND_SIZES)
		return true;
	middle = median(sizes, k);
	ret->size_min_kb = sizes[0];
	ret->size_max_kb = sizes[k - 1];
	ret->size = judge_sizes(p, n, middle, ret);
	/* Each time from little to as much, in the same time. */
	if (known(ret->period_us) && ret->size == TREND_SIZE_STEADY)
		ret->growth_kb_hour = scaled(middle, HOUR_US, ret->period_us);
	return true;
}

bool
trend_of(struct arena *mem, const struct trend_point *p, size_t n, size_t at, struct trend *ret)
{
	*ret = (struct trend){ .kills = (int64_t)n,
		.number = (int64_t)at + 1,
		.first_us = p[0].real_us,
		.last_us = p[n - 1].real_us,
		.period_us = UNKNOWN,
		.period_gaps = UNKNOWN,
		.hour = UNKNOWN,
		.in_hour = UNKNOWN,
		.size_min_kb = UNKNOWN,
		.size_max_kb = UNKNOWN,
		.growth_kb_day = UNKNOWN,
		.growth_kb_hour = UNKNOWN };
	count_days(p, at, ret);
	find_loop(p, at, ret);
	find_hour(p, n, ret);
	if (!known(ret->hour))
		ret->in_hour = UNKNOWN;
	return find_sizes(mem, p, n, ret);
}

const char *
trend_size_name(enum trend_size size)
{
	static const char *const names[] = { NULL, "steady", "grows", "shrinks", "varies" };

	return names[size];
}
