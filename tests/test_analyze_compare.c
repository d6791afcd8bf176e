/* analyze/compare.h: two events side by side. */
#include "tests/analyze_event.h"

#include "analyze/compare.h"
#include "base/mem.h"

static struct compare_side
side(struct event *ev)
{
	const struct ledgers *l = ledgers_of(ev);

	assert_non_null(l);
	return (struct compare_side){ ev, judge(ev), l, services_of(ev, l, NULL) };
}

static struct compare
compare(struct event *a, struct event *b)
{
	struct compare_side sa = side(a), sb = side(b);
	struct compare c;

	assert_int_equal(compare_make(&c, &sa, &sb), 0);
	return c;
}

static const struct compare_row *
row(const struct compare *c, enum compare_part part, const char *name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->rows[i].part == part && str_eq_z(c->rows[i].name, name))
			return &c->rows[i];
	}
	return NULL;
}

static void
nothing_known_is_nothing_compared(void **state)
{
	struct event *a = event_new(EVENT_KERNEL_OOM), *b = event_new(EVENT_KERNEL_OOM);
	struct compare c;

	(void)state;
	a->id[0] = 'a';
	b->id[0] = 'b';
	c = compare(a, b);
	assert_false(c.same_event);
	assert_false(c.memory_is_comparable);
	assert_int_equal(c.apart_us, UNKNOWN);
	assert_null(row(&c, COMPARE_LIMITS, "swap"));
	assert_null(row(&c, COMPARE_EVENT, "kernel"));
	assert_null(c.grew);
	assert_true(str_has(c.says, STR("cannot be told")));
	compare_done(&c);
	event_free(a);
	event_free(b);
}

static void
an_event_is_itself(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct compare c;

	(void)state;
	kill_row(ev, 106);
	c = compare(ev, ev);
	assert_true(c.same_event);
	for (size_t i = 0; i < c.n; i++)
		assert_false(c.rows[i].differs);
	compare_done(&c);
	event_free(ev);
}

static void
what_grew_is_named(void **state)
{
	struct event *a = make_lamp("6.1.0", T6), *b = make_lamp("6.1.0", T6);
	const struct compare_row *r;
	struct compare c;

	(void)state;
	a->id[0] = 'a';
	b->id[0] = 'b';
	a->real_us = 1000000;
	b->real_us = 4000000;
	kill_row(a, 106);
	kill_row(b, 106);
	b->tasks.v[1].rss_pages += 1000;
	b->tasks.v[2].comm = STR("newcomer");
	b->memory.swap_total_kb = 2048;
	b->tasks.v[1].oom_score_adj = -300;
	a->memory.swap_free_kb = 5;
	c = compare(a, b);
	assert_int_equal(c.apart_us, 3000000);
	assert_non_null(c.grew);
	assert_str(c.grew->name, "newcomer");
	assert_int_equal(c.grew->processes[0], 0);
	assert_int_equal(c.grew->number[0], 0);
	assert_non_null(c.shrank);
	assert_str(c.shrank->name, "Apache");
	assert_int_equal(c.shrank->processes[0], 2);
	assert_int_equal(c.shrank->processes[1], 1);
	r = row(&c, COMPARE_SERVICES, "MySQL");
	assert_non_null(r);
	assert_int_equal(r->delta, 4000);
	r = row(&c, COMPARE_LIMITS, "swap");
	assert_int_equal(r->delta, 2048);
	assert_true(r->differs);
	assert_int_equal(row(&c, COMPARE_EVENT, "oom_score_adj of MySQL")->delta, -300);
	/* Only one log tells it. */
	r = row(&c, COMPARE_LIMITS, "free swap");
	assert_int_equal(r->number[0], 5);
	assert_int_equal(r->delta, UNKNOWN);
	assert_false(r->differs);
	assert_true(str_has(c.says, STR("newcomer held")));
	assert_true(str_has(c.says, STR("(none, then ")));
	compare_done(&c);
	/* With holes in a list, who is not in it is not known to have been away. */
	a->tasks.bad_rows = 1;
	c = compare(a, b);
	assert_int_equal(row(&c, COMPARE_SERVICES, "newcomer")->number[0], UNKNOWN);
	assert_int_equal(row(&c, COMPARE_SERVICES, "newcomer")->delta, UNKNOWN);
	compare_done(&c);
	event_free(a);
	event_free(b);
}

static void
zones_and_limits(void **state)
{
	struct event *a = make_event("6.1.0", CONSTRAINT_MEMCG);
	struct event *b = make_event("6.1.0", CONSTRAINT_MEMCG);
	struct compare c;

	(void)state;
	a->cgroup.memory = (struct cgroup_usage){ 1000, 1000, 1, 1 };
	b->cgroup.memory = (struct cgroup_usage){ 1500, INT64_MAX, 1, 1 };
	add_zone(a, 0, 4000, 4000);
	add_zone(b, 1, 4000, 5000);
	add_zone(b, 0, 4000, 4500);
	a->memory.zones[0].name = STR("Normal");
	b->memory.zones[0].name = b->memory.zones[1].name = STR("Normal");
	c = compare(a, b);
	assert_int_equal(row(&c, COMPARE_LIMITS, "used of it")->delta, 500);
	/* No limit is no number. */
	assert_int_equal(row(&c, COMPARE_LIMITS, "limit of the cgroup")->delta, UNKNOWN);
	assert_int_equal(row(&c, COMPARE_ZONES, "node 0 Normal, managed")->delta, 500);
	assert_null(row(&c, COMPARE_ZONES, "node 1 Normal, managed"));
	compare_done(&c);
	event_free(a);
	event_free(b);
}

static void
without_memory_it_is_an_error(void **state)
{
	struct event *a = make_lamp("6.1.0", T6), *b = make_equals("6.1.0", T6, CONSTRAINT_NONE);
	struct compare_side sa = side(a), sb = side(b);
	int rc = -1;

	(void)state;
	for (long n = 0; rc != 0; n++) {
		struct compare c;

		assert_true(n < 1000);
		mem_fail_after(n);
		rc = compare_make(&c, &sa, &sb);
		mem_fail_after(-1);
		compare_done(&c);
	}
	event_free(a);
	event_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_is_nothing_compared),
		cmocka_unit_test(an_event_is_itself),
		cmocka_unit_test(what_grew_is_named),
		cmocka_unit_test(zones_and_limits),
		cmocka_unit_test(without_memory_it_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
