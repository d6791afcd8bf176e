/* analyze/whatif.h: limits, totalpages that are not known, what was lacking, and why not. */
#include "tests/whatif_event.h"

static struct event *
make_cgroup(int64_t swap_kb)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);

	ev->cgroup.oom_memcg = STR("/job");
	ev->cgroup.memory = (struct cgroup_usage){ 400000, 400000, 5, 3 }; /* 100000 pages */
	ev->memory.swap_total_kb = swap_kb;
	ev->trigger.order = 0;
	add_row(ev, T6, (struct row){ 5, 1, 60000, 0, 0, 0, "large" });
	add_row(ev, T6, (struct row){ 6, 1, 30000, 0, 0, 100, "small" });
	kill_row(ev, 5);
	return ev;
}

static void
the_limit_scales(void **state)
{
	struct event *ev = make_cgroup(0);
	struct whatif_ask a = nothing;
	struct whatif w = ask(ev, &a);

	(void)state;
	assert_int_equal(first_pid(&w), 5); /* small has 30000 + 100 * 100 */
	assert_string_equal(w.need.id, "limit");
	assert_int_equal(w.need.least_kb, 4);
	assert_int_equal(w.need.helped, TRI_UNKNOWN);
	assert_int_equal(w.need.freed_kb, 240000);
	whatif_done(&w);
	a.limit_kb = 400000 * 4; /* 400 pages for each: small has 70000 */
	w = ask(ev, &a);
	assert_int_equal(first_pid(&w), 6);
	assert_int_equal(w.need.helped, TRI_YES);
	whatif_done(&w);
	a.limit_kb = 399999;
	w = ask(ev, &a);
	assert_int_equal(first_pid(&w), 5);
	assert_int_equal(w.need.helped, TRI_NO);
	whatif_done(&w);
	a = nothing;
	a.ram_kb = 1 << 30; /* is not what was reached */
	w = ask(ev, &a);
	assert_int_equal(w.now.total, w.was.total);
	assert_int_equal(w.need.helped, TRI_NO);
	assert_int_equal(w.nnotes, 2);
	whatif_done(&w);
	a = nothing;
	a.swap_kb = 400000 * 3; /* counts with the limit */
	w = ask(ev, &a);
	assert_int_equal(w.now.total, 400000);
	assert_int_equal(first_pid(&w), 6);
	whatif_done(&w);
	event_free(ev);
}

/* Without the machine's swap the total may be anything from the limit on. */
static void
what_is_not_known_is_a_range(void **state)
{
	struct event *ev = make_cgroup(UNKNOWN);
	struct whatif w = ask(ev, &nothing);

	(void)state;
	assert_int_equal(w.now.total, 100000);
	assert_int_equal(w.now.total_max, UNKNOWN);
	assert_int_equal(w.now.sure, TRI_NO);
	assert_int_equal(ev->tasks.v[w.now.other].pid, 6);
	assert_true(w.nnotes > 0);
	whatif_done(&w);
	ev->tasks.v[1].oom_score_adj = 0; /* now nothing hangs on it, until one is asked for */
	w = ask(ev, &nothing);
	assert_int_equal(w.now.sure, TRI_YES);
	assert_int_equal(w.spares[0].adj, -300); /* 100 for each at least */
	whatif_done(&w);
	event_free(ev);
	/* And where nothing at all is known of it, no number is made up. */
	ev = make_event("6.1.0", CONSTRAINT_NONE);
	add_row(ev, T6, (struct row){ 5, 1, 60000, 0, 0, 0, "large" });
	add_row(ev, T6, (struct row){ 6, 1, 30000, 0, 0, 0, "small" });
	kill_row(ev, 5);
	w = ask(ev, &nothing);
	assert_int_equal(first_pid(&w), 5);
	assert_int_equal(w.spares[0].adj, UNKNOWN);
	assert_null(w.need.id);
	whatif_done(&w);
	assert_why(ev, numbered(6), "lower-badness", "cannot be told");
	event_free(ev);
}

static void
more_ram_scales_too(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif_ask a = nothing;
	struct whatif w;

	(void)state;
	kill_row(ev, 106);
	a.ram_kb = (90000 + 50000) * 4;
	w = ask(ev, &a);
	assert_int_equal(w.now.total, 83143 + 50000);
	assert_int_equal(w.was.total, 83143);
	assert_int_equal(first_pid(&w), 106);
	whatif_done(&w);
	a = nothing;
	a.swap_kb = 4000;
	w = ask(ev, &a);
	assert_int_equal(w.now.total, 83143 + 1000);
	whatif_done(&w);
	event_free(ev);
}

static struct event *
make_zones(const char *gfp_mask, int64_t order)
{
	struct event *ev = make_lamp("6.1.0", T6);
	static const struct {
		const char *name;
		int64_t free, min;
	} zones[] = { { "DMA", 400, 600 }, { "DMA32", 1000, 3000 }, { "Normal", 500, 5000 } };

	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		add_zone(ev, 0, 100000, 100000);
		ev->memory.zones[i].name = str_from(zones[i].name);
		ev->memory.zones[i].free_kb = zones[i].free;
		ev->memory.zones[i].min_kb = zones[i].min;
	}
	ev->trigger.gfp_mask = str_from(gfp_mask);
	ev->trigger.order = order;
	kill_row(ev, 106);
	return ev;
}

static void
a_zone_lacks_what_its_mark_asks_for(void **state)
{
	struct event *ev = make_zones("0x100cca", 0);
	struct whatif_ask a = nothing;
	struct whatif w = ask(ev, &a);

	(void)state;
	assert_string_equal(w.need.id, "zone");
	assert_int_equal(w.need.least_kb, 5000 + 4 - 500);
	whatif_done(&w);
	a.ram_kb = 90000 * 4 + 4504;
	w = ask(ev, &a);
	assert_int_equal(w.need.helped, TRI_YES);
	whatif_done(&w);
	a.ram_kb -= 4;
	w = ask(ev, &a);
	assert_int_equal(w.need.helped, TRI_NO);
	whatif_done(&w);
	/* A zone that had enough would have served it. */
	ev->memory.zones[1].free_kb = 9000;
	w = ask(ev, &nothing);
	assert_string_equal(w.need.id, "room");
	assert_int_equal(w.need.least_kb, UNKNOWN);
	whatif_done(&w);
	ev->trigger.order = 4;
	w = ask(ev, &nothing);
	assert_string_equal(w.need.id, "fragmented");
	whatif_done(&w);
	event_free(ev);
	/* GFP_DMA32: no RAM that is added is there. */
	ev = make_zones("0xcc4", 0);
	a.ram_kb = 1 << 30;
	w = ask(ev, &a);
	assert_string_equal(w.need.id, "zone");
	assert_int_equal(w.need.least_kb, 3000 + 4 - 1000);
	assert_int_equal(w.need.helped, TRI_NO);
	whatif_done(&w);
	ev->reason = REASON_SYSRQ;
	w = ask(ev, &a);
	assert_string_equal(w.need.id, "sysrq");
	whatif_done(&w);
	event_free(ev);
}

static void
why_not(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	kill_row(ev, 106);
	ev->trigger.comm = STR("pool-1-thread");
	add_row(ev, T6, (struct row){ 1, 0, 500, 0, 0, 0, "systemd" });
	assert_why(ev, named("mysqld"), "first", "is the one");
	/* 236 * 83 = 19588 is more than the 19574 that it lacks. */
	assert_why(ev, numbered(165), "lower-badness", "an oom_score_adj of 236 or more");
	assert_why(ev, named("sshd"), "protected", "With 0 its badness would be 910 pages");
	assert_why(ev, named("systemd"), "global-init", "never chosen");
	assert_why(ev, named("kworker/0:1"), "kernel-thread", "thread of the kernel");
	assert_why(ev, named("pool-1-thread"), "thread", "one of its threads");
	assert_why(ev, named("nobody"), "not-in-table", "is not in the list");
	assert_why(ev, numbered(4711), "not-in-table", "Process 4711 ");
	ev->tasks.bad_rows = 1;
	assert_why(ev, named("nobody"), "rows-missing", "rows of the list are missing");
	ev->tasks.bad_rows = 0;
	ev->constraint = CONSTRAINT_MEMCG;
	assert_why(ev, named("nobody"), "outside-cgroup", "only they could be chosen");
	ev->constraint = CONSTRAINT_CPUSET;
	assert_why(ev, named("nobody"), "outside-nodes", "only they could be chosen");
	event_free(ev);
}

static void
why_not_one_of_equals(void **state)
{
	struct event *ev = make_equals("6.1.0", T6, CONSTRAINT_NONE);
	struct whatif_who who = named("same");
	struct whatif_ask a = nothing;
	struct whatif w;

	(void)state;
	kill_row(ev, 12);
	assert_why(ev, numbered(10), "tie", "where the later one is taken");
	a.why_not = &who;
	a.nwhy_not = 1;
	w = ask(ev, &a);
	assert_int_equal(w.why[0].n, 3);
	assert_int_equal(w.why[0].v[0].rank, 1);
	assert_int_equal(w.why[0].v[1].lift_adj, 1);
	whatif_done(&w);
	event_free(ev);
}

static void
the_asker_dies_whatever_is_set(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif_who who = numbered(165);
	struct whatif_ask a = nothing;
	struct whatif w;

	(void)state;
	ev->trigger.pid = 165;
	kill_row(ev, 165)->message = STR("Out of memory (oom_kill_allocating_task)");
	ev->allocating_task = true;
	assert_int_equal(first_with(ev, named("mysqld"), 1000), 165);
	assert_int_equal(first_with(ev, numbered(165), -999), 165);
	assert_int_equal(first_with(ev, numbered(165), -1000), 106);
	assert_why(ev, named("mysqld"), "asker-dies", "whatever the badness");
	/* Without it another would have asked. */
	a.gone = &who;
	a.ngone = 1;
	w = ask(ev, &a);
	assert_int_equal(first_pid(&w), UNKNOWN);
	assert_int_equal(w.nspares, 0);
	assert_true(str_has(w.says, STR("another asks for memory")));
	whatif_done(&w);
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_limit_scales),
		cmocka_unit_test(what_is_not_known_is_a_range),
		cmocka_unit_test(more_ram_scales_too),
		cmocka_unit_test(a_zone_lacks_what_its_mark_asks_for),
		cmocka_unit_test(why_not),
		cmocka_unit_test(why_not_one_of_equals),
		cmocka_unit_test(the_asker_dies_whatever_is_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
