#include "tests/test.h"

#include "analyze/trend.h"

#define MINUTE (60 * INT64_C(1000000))
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define BEGIN (INT64_C(1800000000) * 1000000)

enum { MANY = 64 };

static struct trend_point points[MANY];

/* Kill i of what is said by the arguments; its hour is that of UTC. */
static void
set(size_t i, int64_t after_us, int64_t size_kb)
{
	int64_t us = BEGIN + after_us;

	points[i] = (struct trend_point){ us, size_kb, (int)(us / HOUR % 24) };
}

static struct trend
trend(size_t n)
{
	struct arena mem = { 0 };
	struct trend t;

	assert_true(trend_of(&mem, points, n, n - 1, &t));
	arena_done(&mem);
	return t;
}

static void
one_point_says_nothing(void **state)
{
	struct trend t;

	(void)state;
	set(0, 0, 1000);
	t = trend(1);
	assert_int_equal(t.kills, 1);
	assert_int_equal(t.number, 1);
	assert_int_equal(t.day, 1);
	assert_int_equal(t.period_us, UNKNOWN);
	assert_int_equal(t.hour, UNKNOWN);
	assert_int_equal(t.in_hour, UNKNOWN);
	assert_int_equal(t.size, TREND_SIZE_UNKNOWN);
	assert_null(trend_size_name(t.size));
}

static void
a_loop(void **state)
{
	struct trend t;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		set(i, (int64_t)i * 4 * HOUR + (int64_t)(i % 3) * 10 * MINUTE,
		    2000000 + (int64_t)i * 1000);
	t = trend(9);
	assert_int_equal(t.period_gaps, 8);
	assert_in_range(t.period_us, 4 * HOUR - 20 * MINUTE, 4 * HOUR + 20 * MINUTE);
	assert_int_equal(t.size, TREND_SIZE_STEADY);
	assert_in_range(t.growth_kb_hour, 450000, 550000);
	assert_int_equal(t.growth_kb_day, UNKNOWN);
	assert_int_equal(t.hour, UNKNOWN); /* at all hours */
	assert_int_equal(t.day, 6);
}

/* What is irregular further back does not hide the loop of now, nor does a storm within it. */
static void
the_loop_of_now(void **state)
{
	static const int64_t at[] = { 0, 1, 30, 33, 90, 102, 114, 126, 138 };
	struct trend t;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		set(n++, at[i] * HOUR, UNKNOWN);
		set(n++, at[i] * HOUR + 3000000, UNKNOWN);
	}
	t = trend(n);
	assert_int_equal(t.period_gaps, 4);
	assert_int_equal(t.period_us, 12 * HOUR);
	assert_int_equal(t.size, TREND_SIZE_UNKNOWN);
	assert_int_equal(trend(2).period_us, UNKNOWN);
	assert_int_equal(trend(8).period_us, UNKNOWN);
}

static void
two_gaps_are_no_loop(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++)
		set(i, (int64_t)i * HOUR, 1);
	assert_int_equal(trend(3).period_us, UNKNOWN);
	set(3, 3 * HOUR, 1);
	assert_int_equal(trend(4).period_us, HOUR);
	set(3, 3 * HOUR + 30 * MINUTE, 1); /* half as long again */
	assert_int_equal(trend(4).period_us, UNKNOWN);
}

static void
the_same_hour(void **state)
{
	static const int64_t days[] = { 0, 2, 3, 7, 11, 12, 20 };
	struct trend t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		set(i, days[i] * DAY + (int64_t)i * 5 * MINUTE, 1000 * (int64_t)(i * i % 7));
	t = trend(ARRAY_LEN(days));
	assert_int_equal(t.hour, BEGIN / HOUR % 24);
	assert_int_equal(t.in_hour, 7);
	assert_int_equal(t.size, TREND_SIZE_VARIES);
	assert_int_equal(trend(5).hour, UNKNOWN); /* too few */
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		set(i, days[i] * DAY + (int64_t)i * 5 * HOUR, 1);
	assert_int_equal(trend(ARRAY_LEN(days)).hour, UNKNOWN);
}

static void
growth(void **state)
{
	struct trend t;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		set(i, (int64_t)(i * i) * DAY, 1000000 + (int64_t)(i * i) * 50000);
	t = trend(5);
	assert_int_equal(t.size, TREND_SIZE_GROWS);
	assert_in_range(t.growth_kb_day, 49990, 50010);
	assert_string_equal(trend_size_name(t.size), "grows");
	for (size_t i = 0; i < 5; i++)
		points[i].size_kb = 2000000 - points[i].size_kb;
	t = trend(5);
	assert_int_equal(t.size, TREND_SIZE_SHRINKS);
	assert_in_range(-t.growth_kb_day, 49990, 50010);
}

/* Times of a store that others wrote. */
static void
hostile_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		points[i] = (struct trend_point){ i < MANY / 2 ? INT64_MIN + 1 : INT64_MAX,
			i % 2 ? INT64_MAX : INT64_MIN + 1, (int)i * 1000 };
	assert_int_equal(trend(MANY).kills, MANY);
	for (size_t i = 0; i < MANY; i++)
		points[i] = (struct trend_point){ 0, 0, -1 };
	assert_int_equal(trend(MANY).period_us, UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_point_says_nothing),
		cmocka_unit_test(a_loop),
		cmocka_unit_test(the_loop_of_now),
		cmocka_unit_test(two_gaps_are_no_loop),
		cmocka_unit_test(the_same_hour),
		cmocka_unit_test(growth),
		cmocka_unit_test(hostile_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
