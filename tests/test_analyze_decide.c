#include "tests/analyze_event.h"

static void
nothing_known_is_not_judged(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	const struct verdict *v = judge(ev);

	(void)state;
	assert_decided(v, "unfinished", TRI_UNKNOWN);
	assert_null(v->era);
	assert_null(v->scores);
	assert_false(v->expected.known);
	assert_int_equal(v->spare_adj, UNKNOWN);
	event_free(ev);
}

static void
a_bare_kill_line_cannot_be_checked(void **state)
{
	struct event *ev = make_event(NULL, CONSTRAINT_NONE);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 7)->comm = STR("x");
	ev->completeness = COMPLETE_KILL_ONLY;
	v = judge(ev);
	assert_decided(v, "kill-only", TRI_UNKNOWN);
	assert_says(v, "only the kill line is in the log");
	ev->completeness = COMPLETE_NO_TASK_TABLE;
	assert_decided(judge(ev), "no-table", TRI_UNKNOWN);
	event_free(ev);
}

static void
the_asker_dies_if_so_set(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 165)->message = STR("Out of memory (oom_kill_allocating_task)");
	ev->allocating_task = true;
	v = judge(ev);
	assert_decided(v, "allocating-task", TRI_YES);
	assert_says(v, "By badness it would have been mysqld (pid 106).");
	assert_int_equal(v->expected.pid, 106);
	assert_int_equal(v->spare_adj, UNKNOWN);
	/* Also without a table. */
	ev->tasks.n = 0;
	assert_decided(judge(ev), "allocating-task", TRI_YES);
	event_free(ev);
}

/* "Kill process 6344 (sh) score 0 or sacrifice child": who asked lives on. */
static void
a_child_dies_for_the_asker(void **state)
{
	struct event *ev = make_lamp("3.10.0", T6);
	const struct verdict *v;

	(void)state;
	kill_row(ev, 165)->role = ROLE_CHILD;
	ev->allocating_task = true;
	ev->chosen.comm = STR("asker");
	ev->chosen.pid = 9;
	v = judge(ev);
	assert_decided(v, "allocating-task", TRI_YES);
	assert_says(v, "was killed in place of asker (pid 9), its parent, which asked for memory");
	event_free(ev);
}

static void
sysrq_chooses_as_always(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	ev->reason = REASON_SYSRQ;
	kill_row(ev, 106);
	v = judge(ev);
	assert_decided(v, "sysrq", TRI_YES);
	assert_says(v, "SysRq-f. mysqld (pid 106) had the highest badness");
	ev->nvictims = 0;
	kill_row(ev, 165);
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
a_group_dies_whole(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	ev->group_kill = true;
	kill_row(ev, 106);
	kill_row(ev, 165)->role = ROLE_GROUP;
	v = judge(ev);
	assert_decided(v, "oom-group", TRI_YES);
	assert_says(v, "so 1 more of that cgroup died with it");
	event_free(ev);
}

static void
a_child_dies_for_its_parent(void **state)
{
	struct event *ev = make_lamp("4.9.0-13-amd64", T4);
	const struct verdict *v;

	(void)state;
	for (size_t i = 0; i < ev->tasks.n; i++)
		ev->tasks.v[i].nr_ptes = 54;
	choose(ev, 106, "mysqld", 279);
	kill_row(ev, 165)->role = ROLE_CHILD;
	v = judge(ev);
	assert_decided(v, "child-sacrificed", TRI_YES);
	assert_true(v->chosen.known);
	assert_int_equal(v->chosen.pid, 106);
	assert_int_equal(v->chosen.badness, 23251);
	assert_int_equal(v->score_printed, 279);
	assert_int_equal(v->score_recomputed, 279);
	assert_false(v->score_is_lower_bound);
	assert_says(v, "a child in place of the chosen one: apache2 (pid 165).");
	/* The parent must have been the highest. */
	choose(ev, 154, "apache2", 40);
	assert_decided(judge(ev), "unexplained", TRI_NO);
	event_free(ev);
}

static void
nobody_may_be_left_to_kill(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	ev->outcome = OUTCOME_NO_KILLABLE;
	assert_decided(judge(ev), "no-kill", TRI_UNKNOWN);
	for (size_t i = 0; i < ev->tasks.n; i++)
		ev->tasks.v[i].oom_score_adj = -1000;
	assert_decided(judge(ev), "no-kill", TRI_YES);
	assert_false(judge(ev)->expected.known);
	event_free(ev);
}

static void
a_panic_may_be_a_setting(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	ev->outcome = OUTCOME_PANIC;
	ev->outcome_text = STR("Kernel panic - not syncing: Out of memory: compulsory "
			       "panic_on_oom is enabled");
	v = judge(ev);
	assert_decided(v, "no-kill", TRI_YES);
	assert_int_equal(v->expected.pid, 106);
	ev->outcome_text = STR("Kernel panic - not syncing: System is deadlocked on memory");
	assert_decided(judge(ev), "no-kill", TRI_UNKNOWN);
	event_free(ev);
}

static void
a_cut_report_says_who_it_would_be(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v = judge(ev);

	(void)state;
	assert_decided(v, "unfinished", TRI_UNKNOWN);
	assert_says(v, "by the table it would be mysqld (pid 106)");
	event_free(ev);
}

static void
old_kernels_cannot_be_recomputed(void **state)
{
	struct event *ev = make_global("2.6.32-5-amd64", 90000, 0, 0);

	(void)state;
	add_row(ev, T1, (struct row){ 9, 1, 400, 0, 0, 0, "a" });
	kill_row(ev, 9);
	assert_decided(judge(ev), "not-recomputable", TRI_UNKNOWN);
	assert_null(judge(ev)->scores);
	ev->victims[0].message = STR("No available memory (MPOL_BIND)");
	assert_decided(judge(ev), "constraint-current", TRI_YES);
	ev->victims[0].message = STR_NONE;
	ev->constraint = CONSTRAINT_MEMORY_POLICY; /* as the chosen line said */
	assert_decided(judge(ev), "constraint-current", TRI_YES);
	/* With a cpuset line it is 2.6.29 or newer, where a cpuset is only part of the score. */
	ev->constraint = CONSTRAINT_CPUSET;
	ev->cgroup.cpuset = STR("web");
	assert_decided(judge(ev), "not-recomputable", TRI_UNKNOWN);
	event_free(ev);
}

static void
user_space_kills_are_not_judged(void **state)
{
	struct event *ev = event_new(EVENT_USERSPACE_KILL);
	const struct verdict *v;

	(void)state;
	ev->killer = STR("earlyoom");
	kill_row(ev, 5)->comm = STR("chrome");
	v = judge(ev);
	assert_decided(v, "userspace", TRI_UNKNOWN);
	assert_says(v, "chrome (pid 5) was killed by earlyoom");
	event_free(ev);
}

/* "oom-kill:constraint=...,task=mysqld,pid=106" is the last line of the log. */
static void
the_choice_may_be_all_that_is_said(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	const struct verdict *v;

	(void)state;
	ev->summary.pid = 106;
	ev->summary.task = STR("mysqld");
	v = judge(ev);
	assert_decided(v, "badness", TRI_YES);
	ev->tasks.n = 0;
	assert_decided(judge(ev), "no-table", TRI_UNKNOWN);
	assert_says(judge(ev), "mysqld (pid 106) was chosen");
	event_free(ev);
}

static void
who_is_already_exiting_is_not_killed(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	ev->outcome = OUTCOME_NONE;
	choose(ev, 106, "mysqld", UNKNOWN);
	assert_decided(judge(ev), "no-kill", TRI_UNKNOWN);
	assert_says(judge(ev), "mysqld (pid 106) was chosen, but was already exiting");
	assert_int_equal(judge(ev)->chosen.pid, 106);
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_is_not_judged),
		cmocka_unit_test(a_bare_kill_line_cannot_be_checked),
		cmocka_unit_test(the_asker_dies_if_so_set),
		cmocka_unit_test(a_child_dies_for_the_asker),
		cmocka_unit_test(sysrq_chooses_as_always),
		cmocka_unit_test(a_group_dies_whole),
		cmocka_unit_test(a_child_dies_for_its_parent),
		cmocka_unit_test(nobody_may_be_left_to_kill),
		cmocka_unit_test(a_panic_may_be_a_setting),
		cmocka_unit_test(a_cut_report_says_who_it_would_be),
		cmocka_unit_test(old_kernels_cannot_be_recomputed),
		cmocka_unit_test(user_space_kills_are_not_judged),
		cmocka_unit_test(the_choice_may_be_all_that_is_said),
		cmocka_unit_test(who_is_already_exiting_is_not_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
