/* Years that were not printed, hours that come twice, and the calendar below them. */
#include "tests/test.h"

#include "ingest/clock.h"

#include <stdlib.h>
#include <time.h>

enum { US = 1000000 };

/* 2026-11-22T23:46:40Z */
static const struct source_opts now = {
	.year = UNKNOWN, .now_us = 1795391200000000, .zone = "UTC"
};

static struct stamp
stamp(int year, int month, int day, int hour, int minute)
{
	return (struct stamp){
		.kind = STAMP_CIVIL, .at = { year, month, day, hour, minute, 0 }, .error_us = 500000
	};
}

/* Seconds since 1970, or UNKNOWN. */
static int64_t
tell(struct clock *c, struct stamp st, int64_t mono_us)
{
	struct record r = { .mono_us = mono_us, .real_us = UNKNOWN };

	clock_tell(c, &st, &r);
	return known(r.real_us) ? r.real_us / US : UNKNOWN;
}

static int64_t
utc(int year, int month, int day, int hour, int minute)
{
	struct civil c = { year, month, day, hour, minute, 0 };

	return civil_seconds(&c);
}

static void
test_nonsense(void **state)
{
	struct clock c;
	struct stamp delta = { .kind = STAMP_DELTA, .us = 5 };
	(void)state;

	clock_init(&c, &now, NULL, UNKNOWN);
	assert_false(known(tell(&c, stamp(0, 0, 10, 0, 0), UNKNOWN)));
	assert_false(known(tell(&c, stamp(2026, 2, 29, 0, 0), UNKNOWN)));
	assert_false(known(tell(&c, stamp(2026, 4, 31, 0, 0), UNKNOWN)));
	assert_false(known(tell(&c, delta, UNKNOWN)));
	assert_false(known(tell(&c, (struct stamp){ .kind = STAMP_UNIX, .us = INT64_MAX }, 0)));
	/* and none of it is remembered */
	assert_int_equal(tell(&c, stamp(2026, 2, 28, 1, 2), UNKNOWN), utc(2026, 2, 28, 1, 2));
}

static void
test_year(void **state)
{
	struct source_opts given = now;
	struct clock c;
	(void)state;

	/* the latest that is not after the file */
	clock_init(&c, &now, "/var/log/syslog", utc(2024, 3, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 3, 1, 0, 0), UNKNOWN), utc(2024, 3, 1, 0, 0));
	clock_init(&c, &now, "/var/log/syslog", utc(2024, 3, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 3, 3, 0, 0), UNKNOWN), utc(2023, 3, 3, 0, 0));
	/* no file: now */
	clock_init(&c, &now, "-", UNKNOWN);
	assert_int_equal(tell(&c, stamp(0, 12, 1, 0, 0), UNKNOWN), utc(2025, 12, 1, 0, 0));
	/* a date in the name is better than the file's own */
	clock_init(&c, &now, "logs/messages-20190405.gz", utc(2024, 3, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 4, 4, 0, 0), UNKNOWN), utc(2019, 4, 4, 0, 0));
	clock_init(&c, &now, "messages-20199905", utc(2024, 3, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 2, 4, 0, 0), UNKNOWN), utc(2024, 2, 4, 0, 0));
	/* the user knows best */
	given.year = 2010;
	clock_init(&c, &given, "messages-20190405", utc(2024, 3, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 4, 6, 0, 0), UNKNOWN), utc(2010, 4, 6, 0, 0));
}

static void
test_year_goes_on(void **state)
{
	struct source_opts given = now;
	struct clock c;
	(void)state;

	given.year = 2019;
	clock_init(&c, &given, NULL, UNKNOWN);
	assert_int_equal(tell(&c, stamp(0, 12, 31, 23, 59), UNKNOWN), utc(2019, 12, 31, 23, 59));
	assert_int_equal(tell(&c, stamp(0, 1, 1, 0, 0), UNKNOWN), utc(2020, 1, 1, 0, 0));
	/* a line out of order, and back */
	assert_int_equal(tell(&c, stamp(0, 12, 31, 23, 59), UNKNOWN), utc(2019, 12, 31, 23, 59));
	assert_int_equal(tell(&c, stamp(0, 1, 1, 0, 1), UNKNOWN), utc(2020, 1, 1, 0, 1));
	assert_int_equal(tell(&c, stamp(0, 2, 29, 0, 0), UNKNOWN), utc(2020, 2, 29, 0, 0));
	/* a few days back is no new year */
	assert_int_equal(tell(&c, stamp(0, 2, 20, 0, 0), UNKNOWN), utc(2020, 2, 20, 0, 0));

	/* Feb 29 is in a leap year */
	clock_init(&c, &now, NULL, utc(2026, 6, 1, 0, 0) * US);
	assert_int_equal(tell(&c, stamp(0, 2, 29, 0, 0), UNKNOWN), utc(2024, 2, 29, 0, 0));
	/* a stamp with a year tells those without */
	clock_init(&c, &now, NULL, utc(2026, 6, 1, 0, 0) * US);
	tell(&c, stamp(2015, 5, 1, 0, 0), UNKNOWN);
	assert_int_equal(tell(&c, stamp(0, 5, 2, 0, 0), UNKNOWN), utc(2015, 5, 2, 0, 0));
}

static void
test_offset(void **state)
{
	struct stamp st = stamp(2026, 7, 1, 12, 0);
	struct clock c;
	(void)state;

	clock_init(&c, &now, NULL, UNKNOWN);
	st.has_offset = true;
	st.offset_s = -5 * 3600;
	assert_int_equal(tell(&c, st, UNKNOWN), utc(2026, 7, 1, 17, 0));
	/* the same second in another zone is another time */
	st.offset_s = 3600;
	assert_int_equal(tell(&c, st, UNKNOWN), utc(2026, 7, 1, 11, 0));
	st.has_offset = false;
	assert_int_equal(tell(&c, st, UNKNOWN), utc(2026, 7, 1, 12, 0));
}

/* Berlin, 2026-10-25: after 02:59:59 summer time comes 02:00:00 winter time. */
static void
test_hour_comes_twice(void **state)
{
	struct source_opts berlin = now;
	struct clock c;
	(void)state;

	berlin.zone = "CET-1CEST,M3.5.0,M10.5.0/3";
	setenv("TZ", berlin.zone, 1);
	tzset();
	clock_init(&c, &berlin, NULL, UNKNOWN);
	assert_int_equal(tell(&c, stamp(2026, 7, 1, 12, 0), UNKNOWN), utc(2026, 7, 1, 10, 0));
	assert_int_equal(tell(&c, stamp(2026, 1, 1, 12, 0), UNKNOWN), utc(2026, 1, 1, 11, 0));
	/* in spring 02:30 does not exist, and is not refused */
	assert_true(known(tell(&c, stamp(2026, 3, 29, 2, 30), UNKNOWN)));

	/* the kernel's clock tells */
	clock_init(&c, &berlin, NULL, UNKNOWN);
	assert_int_equal(tell(&c, stamp(0, 10, 25, 1, 50), 1000 * US), utc(2026, 10, 24, 23, 50));
	assert_int_equal(tell(&c, stamp(0, 10, 25, 2, 50), 4600LL * US), utc(2026, 10, 25, 0, 50));
	assert_int_equal(tell(&c, stamp(0, 10, 25, 2, 50), 8200LL * US), utc(2026, 10, 25, 1, 50));
	assert_int_equal(tell(&c, stamp(0, 10, 25, 3, 0), 8800LL * US), utc(2026, 10, 25, 2, 0));
	/* without it, time goes forward */
	clock_init(&c, &berlin, NULL, UNKNOWN);
	assert_int_equal(tell(&c, stamp(0, 10, 25, 2, 50), UNKNOWN), utc(2026, 10, 25, 0, 50));
	assert_int_equal(tell(&c, stamp(0, 10, 25, 2, 10), UNKNOWN), utc(2026, 10, 25, 1, 10));
	unsetenv("TZ");
	tzset();
}

static void
test_calendar(void **state)
{
	(void)state;
	assert_int_equal(civil_days(1970, 1, 1), 0);
	assert_int_equal(civil_days(2000, 3, 1), 11017);
	assert_int_equal(civil_days(1, 1, 1), -719162);
	for (int64_t day = -800000; day < 3000000; day += 37) {
		struct civil c = civil_of(day * 86400 + 3661);

		assert_int_equal(civil_days(c.year, c.month, c.day), day);
		assert_int_equal(civil_seconds(&c), day * 86400 + 3661);
	}
	assert_int_equal(civil_month(STR("Dez")), 12);
	assert_int_equal(civil_month(STR("13月")), 0);
	assert_int_equal(civil_month(STR("")), 0);
}

static void
test_rfc3339(void **state)
{
	static const char *const bad[] = { "", "2026-11-22", "2026-13-22T00:00:00",
		"2026-02-30T00:00:00", "2026-11-22T24:00:00", "2026-11-22x00:00:00",
		"20261-1-22T00:00:00" };
	struct civil_stamp c;
	struct str s;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		s = str_from(bad[i]);
		assert_false(civil_eat_rfc3339(&s, &c));
		assert_ptr_equal(s.p, bad[i]);
	}
	s = STR("2026-11-22T23:35:09.137965+0530 x");
	assert_true(civil_eat_rfc3339(&s, &c));
	assert_str(s, " x");
	assert_int_equal(c.us, 137965);
	assert_int_equal(c.offset_s, 19800);
	s = STR("2026-11-22 23:35:09,5-08");
	assert_true(civil_eat_rfc3339(&s, &c) && c.comma && s.n == 0);
	assert_int_equal(c.us, 500000);
	assert_int_equal(c.offset_s, -8 * 3600);
	s = STR("2026-11-22T23:35:60.123456789Z");
	assert_true(civil_eat_rfc3339(&s, &c) && s.n == 0);
	assert_int_equal(c.us, 123456);
	s = STR("2026-11-22T23:35:09+1:00");
	assert_true(civil_eat_rfc3339(&s, &c));
	assert_false(c.has_offset);
	assert_str(s, "+1:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_year),
		cmocka_unit_test(test_year_goes_on),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_hour_comes_twice),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_rfc3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
