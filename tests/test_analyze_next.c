/* analyze/next.h: the ranking of now, by the formulas of several kernels. */
#include "test.h"

#include "analyze/next.h"
#include "base/mem.h"

enum { RAM_KB = 4000000, SWAP_KB = 400000 }; /* 1100000 pages: 1100 for each of oom_score_adj */

static struct process
process(int64_t pid, const char *name, int64_t rss_kb, int64_t adj)
{
	return (struct process){ .pid = pid,
		.ppid = 1,
		.uid = 0,
		.threads = 1,
		.comm = str_from(name),
		.cgroup = STR("/a/b"),
		.vm_kb = rss_kb,
		.rss_kb = rss_kb,
		.swap_kb = 40,
		.pte_kb = 80,
		.pmd_kb = UNKNOWN,
		.hugetlb_kb = 0,
		.oom_score_adj = adj,
		.oom_score = UNKNOWN,
		.has_memory = true };
}

static void
make(struct machine *m, const char *release, struct process *v, size_t n)
{
	machine_init(m);
	m->release = str_from(release);
	m->page_size = 4096;
	m->memory.total_kb = RAM_KB;
	m->memory.swap_total_kb = SWAP_KB;
	m->processes.v = v;
	m->processes.n = n;
}

static const struct next_effect *
effect(const struct next *n, const char *id)
{
	for (size_t i = 0; i < n->neffects; i++) {
		if (str_eq_z(str_from(id), n->effects[i].id))
			return &n->effects[i];
	}
	return NULL;
}

static void
what_cannot_be_computed_is_refused(void **state)
{
	struct process v[] = { process(5, "a", 400, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "2.6.18-1", v, 1); /* CPU time counted then */
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), -1);
	next_done(&n);
	make(&m, "nonsense", v, 1);
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), -1);
	next_done(&n);
	make(&m, "6.1.0", v, 1);
	m.memory.total_kb = UNKNOWN;
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), -1);
	next_done(&n);
	make(&m, "6.1.0", v, 1);
	m.page_size = UNKNOWN;
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), -1);
	next_done(&n);
	make(&m, "6.1.0", v, 1);
	assert_int_equal(next_make(&m, STR("/none"), NULL, &n, &err), -1);
	next_done(&n);
}

static void
nobody(void **state)
{
	struct process v[] = { process(1, "init", 400, 0), process(5, "a", 400, -1000) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "6.1.0", v, 0);
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_null(n.first);
	assert_true(str_has(n.says, STR("panic")));
	next_done(&n);
	make(&m, "6.1.0", v, 2);
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_null(n.first);
	assert_int_equal(n.n, 2);
	assert_string_equal(n.v[0].score.why_not, "global init");
	assert_string_equal(n.v[1].score.why_not, "oom_score_adj -1000");
	next_done(&n);
}

static void
the_arithmetic_of_today(void **state)
{
	struct process v[] = { process(1, "init", 2000000, 0), process(2, "kthreadd", 0, 0),
		process(5, "small", 4000, 2), process(6, "big", 12000, 0), process(7, "dead", 0, 0),
		process(8, "hidden", 0, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	v[1].kernel_thread = true;
	v[1].has_memory = v[4].has_memory = v[5].has_memory = false;
	v[4].rss_kb = v[5].rss_kb = UNKNOWN;
	v[5].unreadable = true;
	v[3].oom_score = 668; /* (1000 + 3030 * 1000 / 1100000) * 2 / 3 */
	make(&m, "6.1.0-56-amd64", v, ARRAY_LEN(v));
	m.processes.unreadable = 1;
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_int_equal(n.total, 1100000);
	assert_int_equal(n.n, 5);
	assert_int_equal(n.nranked, 2);
	assert_int_equal(n.first->p->pid, 5);
	assert_int_equal(n.first->score.badness, 1000 + 10 + 20 + 2 * 1100);
	assert_int_equal(n.second->p->pid, 6);
	assert_int_equal(n.second->score.badness, 3000 + 10 + 20);
	assert_int_equal(n.margin_pages, 200);
	assert_int_equal(n.spare_adj, 1);
	assert_int_equal(n.spared_for->p->pid, 6);
	assert_int_equal(n.agree, 1);
	assert_int_equal(n.differ, 0);
	assert_non_null(effect(&n, "unreadable"));
	assert_null(effect(&n, "panic-on-oom"));
	next_done(&n);
}

/* The kernel's own 0 tells what /proc does not: a vfork child, a victim that is reaped. */
static void
a_score_of_nothing_is_believed(void **state)
{
	struct process v[] = { process(5, "child", 40000, 0), process(6, "other", 4000, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	v[0].oom_score = 0;
	v[1].oom_score = 666;
	make(&m, "6.1.0", v, 2);
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_int_equal(n.first->p->pid, 6);
	assert_null(n.second);
	assert_non_null(n.v[1].score.why_not);
	assert_int_equal(n.nranked, 1);
	assert_int_equal(n.agree, 2);
	next_done(&n);
}

/* oom_score was badness in thousandths before 5.9, and not below 1 page's worth. */
static void
scores_of_older_kernels(void **state)
{
	struct process v[] = { process(5, "a", 40000, 100), process(6, "b", 400, -500) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "5.4.0-42-generic", v, 2);
	v[0].oom_score = 109; /* (10030 + 110000) * 1000 / 1100000 */
	v[1].oom_score = 0;
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_int_equal(n.agree, 2);
	assert_int_equal(n.nranked, 2);
	assert_int_equal(n.v[1].score.badness, 1);
	next_done(&n);
	make(&m, "4.9.0", v, 2);
	v[0].admin = true; /* 3 % off the memory, until 4.16 */
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_int_equal(n.first->score.badness, 10030 - 10030 * 3 / 100 + 110000);
	next_done(&n);
}

static void
equals_are_told(void **state)
{
	struct process v[] = { process(5, "a", 400, 0), process(6, "a", 400, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "6.1.0", v, 2);
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_int_equal(n.first->p->pid, 6); /* since 5.3 the later one */
	assert_int_equal(n.margin_pages, 0);
	assert_true(str_has(n.says, STR("same badness")));
	next_done(&n);
}

static int64_t
all_share(int64_t pid, int64_t other)
{
	assert_int_equal(pid, 6);
	return other == 5;
}

static void
who_shares_its_memory_is_no_runner_up(void **state)
{
	struct process v[] = { process(5, "a", 4000, 0), process(6, "a", 4000, 0),
		process(7, "b", 400, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "6.1.0", v, 3);
	assert_int_equal(next_make(&m, STR_NONE, all_share, &n, &err), 0);
	assert_int_equal(n.first->p->pid, 6);
	assert_int_equal(n.second->p->pid, 7);
	assert_int_equal(n.margin_pages, 900);
	assert_int_equal(n.sharers, 1);
	assert_non_null(effect(&n, "shares-memory"));
	next_done(&n);
}

static void
within_a_cgroup(void **state)
{
	struct process v[] = { process(5, "out", 400000, 0), process(6, "in", 4000, 9),
		process(7, "in2", 4400, 0) };
	struct group g[] = { { .path = STR("/"), .limit_kb = INT64_MAX },
		{ .path = STR("/a"),
		    .usage_kb = 8000,
		    .limit_kb = 40000,
		    .swap_limit_kb = 4000,
		    .memsw_limit_kb = UNKNOWN,
		    .swappiness = UNKNOWN,
		    .kill_group = 1,
		    .kill_disabled = UNKNOWN } };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	v[0].cgroup = STR("/ab");
	make(&m, "6.1.0", v, 3);
	m.groups = (struct groups){ .version = GROUPS_V2, .v = g, .n = 2 };
	m.sysctls.swappiness = 60;
	m.sysctls.panic_on_oom = 1;
	m.sysctls.oom_kill_allocating_task = 1;
	assert_int_equal(next_make(&m, STR("/a"), NULL, &n, &err), 0);
	assert_int_equal(n.total, 11000);
	assert_int_equal(n.n, 2);
	assert_int_equal(n.first->p->pid, 7); /* 1130; the other 1030 + 9 * 11 */
	assert_non_null(effect(&n, "oom-group"));
	assert_null(effect(&n, "panic-on-oom"));
	assert_null(effect(&n, "allocating-task"));
	next_done(&n);
	m.sysctls.swappiness = 0;
	m.sysctls.panic_on_oom = 2;
	g[1].limit_kb = INT64_MAX;
	assert_int_equal(next_make(&m, STR("/a"), NULL, &n, &err), 0);
	assert_non_null(effect(&n, "no-limit"));
	assert_non_null(effect(&n, "panic-on-oom"));
	next_done(&n);
}

static void
what_changes_the_outcome_is_said(void **state)
{
	struct process v[] = { process(5, "earlyoom", 400, 0), process(6, "a", 4000, 0) };
	struct machine m;
	struct next n;
	struct err err;
	(void)state;

	make(&m, "6.1.0", v, 2);
	m.sysctls.panic_on_oom = 1;
	m.sysctls.oom_kill_allocating_task = 1;
	m.processes.hidepid = 2;
	assert_int_equal(next_make(&m, STR_NONE, NULL, &n, &err), 0);
	assert_non_null(effect(&n, "panic-on-oom"));
	assert_non_null(effect(&n, "allocating-task"));
	assert_non_null(effect(&n, "user-space-killer"));
	assert_non_null(effect(&n, "hidepid"));
	next_done(&n);
}

static void
no_memory_is_an_error(void **state)
{
	struct process v[] = { process(5, "a", 400, 0), process(6, "b", 800, 0) };
	struct machine m;
	struct err err;
	int rc = -1;
	(void)state;

	make(&m, "6.1.0", v, 2);
	for (long i = 0; i < 100 && rc != 0; i++) {
		struct next n;

		mem_fail_after(i);
		rc = next_make(&m, STR_NONE, NULL, &n, &err);
		mem_fail_after(-1);
		next_done(&n);
	}
	assert_int_equal(rc, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_computed_is_refused),
		cmocka_unit_test(nobody),
		cmocka_unit_test(the_arithmetic_of_today),
		cmocka_unit_test(a_score_of_nothing_is_believed),
		cmocka_unit_test(scores_of_older_kernels),
		cmocka_unit_test(equals_are_told),
		cmocka_unit_test(who_shares_its_memory_is_no_runner_up),
		cmocka_unit_test(within_a_cgroup),
		cmocka_unit_test(what_changes_the_outcome_is_said),
		cmocka_unit_test(no_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
