#include "tests/analyze_event.h"

#include "analyze/era.h"

static void
garbage_is_no_release(void **state)
{
	static const char *const texts[] = { "", "x", "-5.10", "linux", ".5", "5.",
		"99999999999999999999", "#1 SMP" };
	int64_t build;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(release_parse(str_from(texts[i]), &build), 0);
	assert_int_equal(release_parse(STR_NONE, &build), 0);
	/* Absurd parts do not run into each other. */
	assert_int_equal(release_parse(STR("5.4000000.7"), &build), RELEASE(5, 999, 7));
}

static void
releases_are_read(void **state)
{
	int64_t build;

	(void)state;
	assert_int_equal(release_parse(STR("5.10.0-44-amd64"), &build), RELEASE(5, 10, 0));
	assert_int_equal(build, 44);
	assert_int_equal(release_parse(STR("6.11.0-rc1+"), &build), RELEASE(6, 11, 0));
	assert_int_equal(build, UNKNOWN);
	assert_int_equal(release_parse(STR("5.4"), &build), RELEASE(5, 4, 0));
	assert_int_equal(release_parse(STR("2.6.32.69"), &build), RELEASE(2, 6, 32));
	assert_int_equal(build, UNKNOWN);
}

static const char *
era_by_release(const char *kernel)
{
	struct event *ev = make_event(kernel, CONSTRAINT_NONE);
	struct era_match m = era_of(ev);

	event_free(ev);
	assert_true(m.era == NULL || m.by_release);
	return m.era == NULL ? "none" : m.era->name;
}

static void
every_release_has_its_era(void **state)
{
	static const struct {
		const char *kernel, *era;
	} cases[] = {
		{ "1.2.13", "none" },
		{ "2.4.32", "2.4" },
		{ "2.4.21-47.ELsmp", "2.4" },
		{ "2.6.9-89.EL", "2.6.9" },
		{ "2.6.11", "2.6.11" },
		{ "2.6.12", "2.6.11" },
		{ "2.6.18", "2.6.18" },
		{ "2.6.18-398.el5", "2.6.20" },
		{ "2.6.24", "2.6.20" },
		{ "2.6.31.3", "2.6.26" },
		{ "2.6.32-5-amd64", "2.6.32" },
		{ "2.6.32-504.el6.x86_64", "3.2" },
		{ "2.6.32-042stab123.9", "3.2" },
		{ "2.6.35.3", "2.6.32" },
		{ "2.6.38", "2.6.36" },
		{ "2.6.39", "2.6.39" },
		{ "3.1.3", "2.6.39" },
		{ "3.2.0-4-amd64", "3.2" },
		{ "3.4.113", "3.2" },
		{ "3.5.0", "3.5" },
		{ "3.8.13", "3.5" },
		{ "3.10.0", "3.5" },
		{ "3.10.99", "3.14" },
		{ "3.10.0-1160.el7.x86_64", "3.14" },
		{ "3.11.0", "3.5" },
		{ "3.12.24", "3.14" },
		{ "3.13.10", "3.14" },
		{ "3.16.0-4-amd64", "3.14" },
		{ "4.4.11", "4.0" },
		{ "4.7.4", "4.7" },
		{ "4.8.15", "4.7" },
		{ "4.9.0-13-amd64", "4.9" },
		{ "4.14.74", "4.9" },
		{ "4.16.13", "4.15" },
		{ "4.18.0-25-generic", "4.17" },
		{ "4.18.0-80.el8.x86_64", "4.17" },
		{ "4.18.0-147.5.1.el8_1.x86_64", "5.2" },
		{ "4.18.0-193.el8.x86_64", "5.2" },
		{ "4.18.0-240.el8.x86_64", "5.3" },
		{ "4.18.0-305.el8.x86_64", "5.3" },
		{ "4.18.0-348.el8.x86_64", "5.9" },
		{ "4.18.0-553.el8_10.x86_64", "5.9" },
		{ "4.20.0", "4.17" },
		{ "5.1.0", "4.17" },
		{ "5.2.1", "5.2" },
		{ "5.3.18-lp152.19-default", "5.3" },
		{ "5.8.1", "5.4" },
		{ "5.9.0", "5.9" },
		{ "5.14.0-70.el9.x86_64", "5.9" },
		{ "6.19.0", "5.9" },
		{ "7.0.1", "5.9" },
		{ "7.3.0", "7.1" },
		{ "9.9.9", "7.1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(era_by_release(cases[i].kernel), cases[i].era);
}

static void
a_release_of_tomorrow_is_said_to_be_one(void **state)
{
	struct event *ev = make_event("8.0.0", CONSTRAINT_NONE);

	(void)state;
	assert_true(era_of(ev).newer_than_table);
	ev->kernel = STR("7.3.9");
	assert_false(era_of(ev).newer_than_table);
	event_free(ev);
}

/* Without a release, the columns of the table leave only some eras. */
static void
columns_tell_the_era(void **state)
{
	static const struct {
		enum table columns;
		const char *oldest, *newest;
	} cases[] = {
		{ T1, "2.6.26", "2.6.32" },
		{ T2, "2.6.36", "3.5" },
		{ T3, "3.5", "3.14" },
		{ T4, "4.0", "4.9" },
		{ T5, "4.15", "5.3" },
		{ T6, "4.17", "7.1" },
		{ T7, "5.9", "7.1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct event *ev = make_event(NULL, CONSTRAINT_NONE);
		struct era_match m;

		add_row(ev, cases[i].columns, (struct row){ .pid = 5, .comm = "a" });
		m = era_of(ev);
		assert_non_null(m.era);
		assert_false(m.by_release);
		assert_string_equal(m.oldest->name, cases[i].oldest);
		assert_string_equal(m.newest->name, cases[i].newest);
		event_free(ev);
	}
}

static void
kill_lines_tell_more(void **state)
{
	struct event *ev = make_event(NULL, CONSTRAINT_NONE);
	struct victim *v;

	(void)state;
	add_row(ev, T6, (struct row){ .pid = 5, .comm = "a" });
	choose(ev, 5, "a", 300);
	assert_string_equal(era_of(ev).newest->name, "4.17");
	ev->chosen = (struct chosen){ UNKNOWN, STR_NONE, UNKNOWN, UNKNOWN };
	v = kill_row(ev, 5);
	assert_string_equal(era_of(ev).oldest->name, "5.2");
	v->pgtables_kb = 44;
	assert_string_equal(era_of(ev).oldest->name, "5.4");
	event_free(ev);
}

static void
nothing_tells_nothing(void **state)
{
	struct event *ev = make_event(NULL, CONSTRAINT_UNKNOWN);

	(void)state;
	kill_row(ev, 5);
	assert_null(era_of(ev).era);
	event_free(ev);
}

/* A vendor's 4.19 that prints what 5.4 prints has 5.4's code, whatever it is called. */
static void
lines_outweigh_the_number(void **state)
{
	struct event *ev = make_event("4.19.90-25.ky10", CONSTRAINT_NONE);

	(void)state;
	add_row(ev, T6, (struct row){ .pid = 5, .comm = "a" });
	kill_row(ev, 5)->pgtables_kb = 44;
	assert_string_equal(era_of(ev).era->name, "5.4");
	event_free(ev);
}

/* The 3 % came to stable series before 3.14; in which patch level is known only roughly. */
static void
stable_series_may_be_either(void **state)
{
	static const char *const kernels[] = { "3.10.28", "3.12.23", "3.13.9",
		"3.13.0-57-generic" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kernels); i++) {
		struct event *ev = make_event(kernels[i], CONSTRAINT_NONE);
		struct era_match m = era_of(ev);

		assert_string_equal(m.oldest->name, "3.5");
		assert_string_equal(m.newest->name, "3.14");
		assert_true(m.by_release);
		event_free(ev);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_is_no_release),
		cmocka_unit_test(releases_are_read),
		cmocka_unit_test(every_release_has_its_era),
		cmocka_unit_test(a_release_of_tomorrow_is_said_to_be_one),
		cmocka_unit_test(columns_tell_the_era),
		cmocka_unit_test(kill_lines_tell_more),
		cmocka_unit_test(nothing_tells_nothing),
		cmocka_unit_test(lines_outweigh_the_number),
		cmocka_unit_test(stable_series_may_be_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
