/* What is said of a report when it is whole: its scope, and what it does not tell. */
#include "test.h"

#include "feed.h"

#include <stdio.h>

#define HEAD "a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n"
#define KILL(pid, comm)                                                                            \
	"Out of memory: Killed process " #pid " (" comm                                            \
	") total-vm:8kB, anon-rss:4kB, file-rss:0kB, "                                             \
	"shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"
#define TABLE                                                                                      \
	"[1.000001] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "              \
	"oom_score_adj name\n"
#define SHARERS "whether processes with the victim's numbers shared its memory"

static bool
is_missing(const struct event *ev, const char *what)
{
	for (size_t i = 0; i < ev->nmissing; i++) {
		if (str_eq_z(ev->missing[i], what))
			return true;
	}
	return false;
}

static void
who_may_share_the_victims_memory_is_noted(void **state)
{
	static const struct {
		const char *row, *named;
		bool noted;
	} cases[] = {
		{ "[1.000003] [    6]     0     6       20       10     4096        0 0 y\n", "",
		    true },
		{ "[1.000003] [    6]     0     6       20       11     4096        0 0 y\n", "",
		    false },
		{ "[1.000003] [    6]     0     6       20       10     8192        0 0 y\n", "",
		    false },
		{ "[1.000003] [    7]     0     5       20       10     4096        0 0 y\n", "",
		    false }, /* a thread */
		{ "[1.000003] [    6]     0     6       20       10     4096        0 0 y\n",
		    "[1.000005] Kill process 6 (y) sharing same memory\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[2048];
		struct fed f;

		snprintf(text, sizeof(text),
		    "[1.000000] " HEAD TABLE
		    "[1.000002] [    5]     0     5       20       10     4096        0 0 x\n"
		    "%s[1.000004] " KILL(5, "x") "%s",
		    cases[i].row, cases[i].named);
		f = feed(text);
		assert_int_equal(f.n, 1);
		if (is_missing(f.v[0], SHARERS) != cases[i].noted)
			fail_msg("case %zu", i);
		fed_free(&f);
	}
}

/* out_of_memory(memcg) @2.6.34 prints the machine's Mem-Info before it panics. */
static void
a_memcg_panic_is_of_its_cgroup(void **state)
{
	struct fed f = feed("[1.000000] " HEAD "[1.000001] Mem-Info:\n"
			    "[1.000002] 262138 pages RAM\n"
			    "[1.000003] Kernel panic - not syncing: out of memory(memcg). "
			    "panic_on_oom is selected.\n");

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0]->outcome, OUTCOME_PANIC);
	assert_int_equal(f.v[0]->constraint, CONSTRAINT_MEMCG);
	fed_free(&f);
}

/* 2.6.18 says so in the killed line only. */
static void
a_kill_line_names_the_constraint(void **state)
{
	static const struct {
		const char *message;
		enum constraint constraint;
	} cases[] = {
		{ "Out of memory", CONSTRAINT_UNKNOWN },
		{ "No available memory (MPOL_BIND)", CONSTRAINT_MEMORY_POLICY },
		{ "No available memory in cpuset", CONSTRAINT_CPUSET },
		{ "Memory cgroup out of memory", CONSTRAINT_MEMCG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[128];
		struct fed f;

		snprintf(
		    text, sizeof(text), "[1.000000] %s: Killed process 5 (x).\n", cases[i].message);
		f = feed(text);
		assert_int_equal(f.n, 1);
		assert_int_equal(f.v[0]->constraint, cases[i].constraint);
		fed_free(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_share_the_victims_memory_is_noted),
		cmocka_unit_test(a_memcg_panic_is_of_its_cgroup),
		cmocka_unit_test(a_kill_line_names_the_constraint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
