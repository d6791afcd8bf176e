#include "tests/report_event.h"

#include "base/mem.h"

static void
add(struct incident_list *list, struct event *ev, unsigned source)
{
	assert_int_equal(incident_add(list, (struct finding){ .event = ev }, source), 0);
}

static struct event *
at(int64_t pid, int64_t seconds, const char *host)
{
	struct event *ev = make_kill("x", pid, seconds * 1000000);

	ev->host = str_from(host);
	return ev;
}

static void
a_minute_parts_them(void **state)
{
	struct incident_list list = { 0 };

	(void)state;
	add(&list, at(1, 10, NULL), 0);
	add(&list, at(2, 69, NULL), 0);	 /* 59 s after the one before */
	add(&list, at(3, 128, NULL), 0); /* as long as they follow each other */
	add(&list, at(4, 188, NULL), 0); /* 60 s: another one */
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].n, 3);
	assert_int_equal(list.v[1].events, 1);
	incident_list_done(&list);
}

static void
hosts_and_boots_are_apart(void **state)
{
	struct incident_list list = { 0 };
	struct event *later;

	(void)state;
	add(&list, at(1, 10, "a"), 0);
	add(&list, at(2, 10, "b"), 0);
	add(&list, at(3, 10, NULL), 0);
	add(&list, at(4, 11, "a"), 0);
	later = at(5, 11, "a");
	later->boot = 1;
	add(&list, later, 0);
	add(&list, at(6, 12, NULL), 1); /* another file, perhaps another machine */
	assert_int_equal(list.n, 5);
	assert_int_equal(list.v[0].n, 2);
	incident_list_done(&list);
}

/* Nothing tells events without stamps apart. */
static void
no_stamps(void **state)
{
	struct incident_list list = { 0 };

	(void)state;
	add(&list, make_kill("x", 1, UNKNOWN), 0);
	add(&list, make_kill("x", 2, UNKNOWN), 0);
	add(&list, make_kill("x", 3, 5), 0);
	assert_int_equal(list.n, 2);
	incident_list_done(&list);
}

static void
only_the_newest_stay(void **state)
{
	struct incident_list list = { 0 };

	(void)state;
	for (int64_t i = 0; i < 20; i++)
		add(&list, at(i, i * 100, NULL), 0);
	assert_int_equal(list.n, 5);
	assert_int_equal(list.incidents, 20);
	assert_int_equal(event_victim(list.v[0].v[0].event)->pid, 15);
	incident_list_done(&list);
}

/* Files may be named in any order. */
static void
newest_by_the_clock(void **state)
{
	struct incident_list list = { 0 };

	(void)state;
	for (int64_t i = 10; i-- > 0;) {
		struct event *ev = make_kill("x", i, UNKNOWN);

		ev->real_us = i * 1000000000;
		add(&list, ev, (unsigned)i);
	}
	assert_int_equal(event_victim(list.v[4].v[0].event)->pid, 9);
	assert_int_equal(event_victim(list.v[0].v[0].event)->pid, 5);
	incident_list_done(&list);
}

static void
a_storm_is_bounded(void **state)
{
	struct incident_list list = { 0 };

	(void)state;
	for (int64_t i = 0; i < 3 * INCIDENT_EVENTS_MAX; i++)
		add(&list, at(i, 1, NULL), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].n, INCIDENT_EVENTS_MAX);
	assert_int_equal(list.v[0].events, 3 * INCIDENT_EVENTS_MAX);
	assert_int_equal(event_victim(list.v[0].v[0].event)->pid, 0);
	incident_list_done(&list);
}

/* dmesg and syslog of one machine: one event, which knows of both, in the fuller copy. */
static void
copies_are_one(void **state)
{
	struct incident_list list = { 0 };
	struct event *poor = at(1, 10, NULL), *full = at(1, 10, NULL);
	struct event_source one = { STR("a"), 1, 2 }, two = { STR("b"), 3, 4 };

	(void)state;
	poor->sources = &one;
	poor->nsources = poor->sources_cap = 1;
	full->sources = &two;
	full->nsources = full->sources_cap = 1;
	full->completeness = COMPLETE_FULL;
	add(&list, poor, 0);
	add(&list, full, 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].events, 1);
	assert_ptr_equal(list.v[0].v[0].event, full);
	assert_int_equal(full->nsources, 2);
	assert_str(full->sources[1].path, "a");
	incident_list_done(&list);
}

static void
no_memory(void **state)
{
	(void)state;
	for (long n = 0; n < 4; n++) {
		struct incident_list list = { 0 };
		struct event *ev = at(1, 10, NULL);
		int rc;

		mem_fail_after(n);
		rc = incident_add(&list, (struct finding){ .event = ev }, 0);
		mem_fail_after(-1);
		assert_int_equal(list.n, rc == 0 ? 1 : 0);
		incident_list_done(&list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minute_parts_them),
		cmocka_unit_test(hosts_and_boots_are_apart),
		cmocka_unit_test(no_stamps),
		cmocka_unit_test(only_the_newest_stay),
		cmocka_unit_test(newest_by_the_clock),
		cmocka_unit_test(a_storm_is_bounded),
		cmocka_unit_test(copies_are_one),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
