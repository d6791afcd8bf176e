#include "tests/analyze_event.h"

static void
who_is_far_below_is_not_explained(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 165);
	v = judge(ev);
	assert_decided(v, "unexplained", TRI_NO);
	assert_int_equal(v->expected.pid, 106);
	assert_says(v, "nothing that it does show explains the choice");
	event_free(ev);
}

static void
an_exempt_victim_is_not_explained(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 105);
	v = judge(ev);
	assert_decided(v, "unexplained", TRI_NO);
	assert_says(v, "oom_score_adj -1000");
	event_free(ev);
}

/* Before 5.3 a memcg was not scanned in the order of the table. */
static void
of_equals_in_an_old_memcg_any_may_die(void **state)
{
	struct event *ev = make_equals("4.4.0", T4, CONSTRAINT_MEMCG);

	(void)state;
	kill_row(ev, 11);
	assert_decided(judge(ev), "tie", TRI_YES);
	ev->constraint = CONSTRAINT_NONE;
	/* The three are alike to the last number: each but the first may be a vfork child. */
	ev->tasks.v[0].total_vm_pages += 99;
	assert_decided(judge(ev), "table-moved", TRI_YES);
	event_free(ev);
}

static void
of_equals_the_era_decides(void **state)
{
	struct event *ev = make_equals("6.1.0", T6, CONSTRAINT_NONE);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 12);
	v = judge(ev);
	assert_decided(v, "tie", TRI_YES);
	assert_says(v, "so had 2 others; of equals this kernel takes the last");
	assert_int_equal(v->margin_pages, 0);
	assert_int_equal(v->spare_adj, -1);
	event_free(ev);

	ev = make_equals("4.4.0", T4, CONSTRAINT_NONE);
	kill_row(ev, 10);
	assert_decided(judge(ev), "tie", TRI_YES);
	event_free(ev);
}

static void
a_vfork_child_is_passed_over(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct task *child;
	const struct verdict *v;

	(void)state;
	child = add_row(ev, T6, (struct row){ 170, 33, 23197, 221184, 0, 0, "mysqld" });
	child->total_vm_pages = ev->tasks.v[1].total_vm_pages;
	kill_row(ev, 106);
	v = judge(ev);
	assert_decided(v, "vfork-or-dying", TRI_YES);
	assert_says(v, "vfork child");
	/* So the choice is the kernel's, and what would have changed it is known. */
	assert_int_equal(v->expected.pid, 106);
	assert_int_equal(v->runner_up.pid, 165);
	assert_int_equal(v->spare_adj, -236);
	assert_false(v->scores[4].eligible);
	assert_int_equal(v->scores[1].rank, 1);
	/* Nearly: one page more is a memory of its own. */
	child->total_vm_pages++;
	assert_decided(judge(ev), "table-moved", TRI_YES);
	child->rss_pages += 5000;
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
a_table_moves_a_little(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct victim *v;

	(void)state;
	ev->tasks.v[3].rss_pages = 23197 + 100;
	v = kill_row(ev, 106);
	assert_decided(judge(ev), "table-moved", TRI_YES);
	ev->tasks.v[3].rss_pages = 23197 + 4000;
	assert_decided(judge(ev), "unexplained", TRI_NO);
	/* The kill line shows that the victim itself moved by as much. */
	v->anon_rss_kb += 4000 * 4;
	assert_decided(judge(ev), "table-moved", TRI_YES);
	event_free(ev);
}

static void
hidden_memory_may_lift_the_victim(void **state)
{
	struct event *ev = make_hidden(1200000); /* 482 of 1000, without the bonus */

	(void)state;
	assert_decided(judge(ev), "hidden-memory", TRI_YES);
	event_free(ev);
	/* 522 > 493: no hidden memory of the victim's is above that. */
	ev = make_hidden(1300000);
	assert_decided(judge(ev), "unexplained", TRI_NO);
	/* The printed score is not in the log: it may have been any. */
	ev->chosen = (struct chosen){ UNKNOWN, STR_NONE, UNKNOWN, UNKNOWN };
	assert_decided(judge(ev), "hidden-memory", TRI_UNKNOWN);
	event_free(ev);
}

/* A container's root has no CAP_SYS_ADMIN and so no 3 %. */
static void
root_without_the_bonus(void **state)
{
	struct event *ev = make_global("4.4.0", 2000000, 0, 0);
	const struct verdict *v;

	(void)state;
	add_row(ev, T4, (struct row){ 50, 0, 1000000, 0, 0, 0, "java" });
	add_row(ev, T4, (struct row){ 60, 7, 985000, 0, 0, 0, "other" });
	choose(ev, 50, "java", 500);
	kill_row(ev, 50);
	v = judge(ev);
	assert_decided(v, "root-bonus", TRI_YES);
	assert_int_equal(v->score_recomputed, 500);
	ev->tasks.v[1].rss_pages = 1020000;
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
a_row_may_be_missing(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct victim *v;

	(void)state;
	v = kill_row(ev, 999);
	v->comm = STR("gone");
	assert_decided(judge(ev), "missing-row", TRI_UNKNOWN);
	v->anon_rss_kb = 30000 * 4;
	v->file_rss_kb = v->shmem_rss_kb = 0;
	v->pgtables_kb = 40;
	v->oom_score_adj = 0;
	assert_decided(judge(ev), "missing-row", TRI_YES);
	v->anon_rss_kb = 3000 * 4;
	assert_decided(judge(ev), "missing-row", TRI_UNKNOWN);
	event_free(ev);
}

/* A dead leader's row has a thread's pid; its summary line has the process's. */
static void
a_thread_stands_for_its_process(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	ev->tasks.v[1].pid = 143;
	kill_row(ev, 143)->pid = 106;
	assert_decided(judge(ev), "badness", TRI_YES);
	event_free(ev);
}

/* Without totalpages an oom_score_adj weighs anything. */
static void
totals_may_be_what_decides(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	ev->memory.ram_pages = UNKNOWN;
	kill_row(ev, 106);
	assert_decided(judge(ev), "badness", TRI_YES);
	assert_int_equal(judge(ev)->totalpages, UNKNOWN);
	ev->tasks.v[2].oom_score_adj = 100;
	assert_decided(judge(ev), "totalpages", TRI_UNKNOWN);
	/* Enough in memory and adj both. */
	ev->tasks.v[1].oom_score_adj = 200;
	assert_decided(judge(ev), "badness", TRI_YES);
	event_free(ev);
}

/* A memcg whose swap is not in the log: 12800 pages or more. */
static void
a_lower_bound_leaves_room(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);

	(void)state;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.swap.limit_kb = 51200;
	add_row(ev, T6, (struct row){ 9, 1, 9000, 0, 0, 0, "big" });
	add_row(ev, T6, (struct row){ 10, 1, 4000, 0, 0, 300, "small" });
	kill_row(ev, 10);
	/* 4000 + 300 * 12 = 7600 < 9000, but 4000 + 300 * 25 = 11500. */
	assert_decided(judge(ev), "totalpages", TRI_YES);
	ev->cgroup.swap.limit_kb = 0;
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
a_fork_may_have_been_protected(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	add_row(ev, T6, (struct row){ 200, 0, 90000, 40960, 0, 0, "sshd" });
	kill_row(ev, 106);
	assert_decided(judge(ev), "fork-adj", TRI_UNKNOWN);
	ev->tasks.v[4].comm = STR("bash");
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
swapoff_may_be_the_reason(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	add_row(ev, T6, (struct row){ 200, 0, 90, 40960, 0, 0, "swapoff" });
	kill_row(ev, 200);
	assert_decided(judge(ev), "oom-origin", TRI_UNKNOWN);
	ev->tasks.v[4].comm = ev->victims[0].comm = STR("swapon");
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
rows_without_numbers_are_no_ground(void **state)
{
	struct event *ev = make_global("6.1.0", 90000, 0, 0);

	(void)state;
	add_row(ev, T6, (struct row){ 9, 1, 5, 0, 0, 0, "a" });
	kill_row(ev, 9);
	ev->tasks.v[0].rss_pages = UNKNOWN;
	assert_decided(judge(ev), "no-table", TRI_UNKNOWN);
	event_free(ev);
}

/* Up to 5.8, all that oom_score_adj takes below 1 are equal: but from which total on? */
static void
equal_adj_may_still_need_the_total(void **state)
{
	struct event *ev = make_event("4.19.0", CONSTRAINT_MEMCG);

	(void)state;
	add_row(ev, T6, (struct row){ 5740, 0, 1, 32768, 0, -998, "pause" });
	add_row(ev, T6, (struct row){ 58406, 1, 3967322, 37101568, 0, -998, "data_sim" });
	kill_row(ev, 5740);
	assert_decided(judge(ev), "totalpages", TRI_UNKNOWN);
	ev->cgroup.memory.limit_kb = 4000000 * 4;
	ev->cgroup.swap.limit_kb = 0;
	assert_decided(judge(ev), "tie", TRI_YES);
	ev->cgroup.memory.limit_kb = 1000000 * 4;
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_far_below_is_not_explained),
		cmocka_unit_test(an_exempt_victim_is_not_explained),
		cmocka_unit_test(of_equals_in_an_old_memcg_any_may_die),
		cmocka_unit_test(of_equals_the_era_decides),
		cmocka_unit_test(a_vfork_child_is_passed_over),
		cmocka_unit_test(a_table_moves_a_little),
		cmocka_unit_test(hidden_memory_may_lift_the_victim),
		cmocka_unit_test(root_without_the_bonus),
		cmocka_unit_test(a_row_may_be_missing),
		cmocka_unit_test(a_thread_stands_for_its_process),
		cmocka_unit_test(totals_may_be_what_decides),
		cmocka_unit_test(a_lower_bound_leaves_room),
		cmocka_unit_test(a_fork_may_have_been_protected),
		cmocka_unit_test(swapoff_may_be_the_reason),
		cmocka_unit_test(rows_without_numbers_are_no_ground),
		cmocka_unit_test(equal_adj_may_still_need_the_total),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
