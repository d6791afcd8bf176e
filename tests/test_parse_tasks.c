/* The task table of every era, from its own header. */
#include "test.h"

#include "feed.h"

#include <stdio.h>

static struct fed
table(const char *header, const char *row)
{
	char text[1024];

	snprintf(text, sizeof(text),
	    "[1.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
	    "oom_score_adj=0\n"
	    "[1.000001] %s\n[1.000002] %s\n[1.000003] Killed process 1 (a)\n",
	    header, row);
	return feed(text);
}

static void
rows_that_are_none(void **state)
{
	static const char *const rows[] = {
		"[  12]",
		"[  12] x",
		"[] 1 2 3 4 5 6 7 8 a",
		"[  12] 0 12 99999999999999999999 4 5 6 7 a",
		"[  12] 0 12 3",
		"[12.5] 0 12 1 2 3 4 5 a",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fed f =
		    table("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
			  "oom_score_adj name",
			rows[i]);

		assert_int_equal(f.n, 1);
		assert_int_equal(f.v[0]->tasks.n, 0);
		fed_free(&f);
	}
}

static void
era_tables(void **state)
{
	struct fed f;
	const struct task *t;

	(void)state;
	f = table("[ pid ]   uid  tgid total_vm      rss cpu oom_adj name",
	    "[ 1234]    48  1234    53756      836   1      -3 httpd");
	t = &f.v[0]->tasks.v[0];
	assert_int_equal(t->rss_pages, 836);
	assert_int_equal(t->cpu, 1);
	assert_int_equal(t->oom_adj, -3);
	assert_int_equal(t->oom_score_adj, UNKNOWN);
	assert_int_equal(t->swapents_pages, UNKNOWN);
	fed_free(&f);

	f = table("[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name",
	    "[23447]     0 23447    16565       31   4     -17         -1000 sshd");
	t = &f.v[0]->tasks.v[0];
	assert_int_equal(t->oom_adj, -17);
	assert_int_equal(t->oom_score_adj, -1000);
	fed_free(&f);

	f = table(
	    "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
	    "[ 1381]     0  1381   530382     5191      34       4     5489             0 gun "
	    "powder");
	t = &f.v[0]->tasks.v[0];
	assert_int_equal(t->nr_ptes, 34);
	assert_int_equal(t->nr_pmds, 4);
	assert_int_equal(t->swapents_pages, 5489);
	assert_str(t->comm, "gun powder");
	fed_free(&f);

	f = table(
	    "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes "
	    "swapents oom_score_adj name",
	    "[    116]     0   116  2628942  1995298  1995157      141         0 16052224        0 "
	    "      "
	    "   1000 stress-ng-vm");
	t = &f.v[0]->tasks.v[0];
	assert_int_equal(t->rss_anon_pages, 1995157);
	assert_int_equal(t->rss_shmem_pages, 0);
	assert_int_equal(t->pgtables_bytes, 16052224);
	assert_int_equal(t->oom_score_adj, 1000);
	fed_free(&f);
}

static void
a_column_nobody_has_seen_shifts_nothing(void **state)
{
	struct fed f =
	    table("[  pid  ]   uid  tgid total_vm      rss new_thing pgtables_bytes swapents "
		  "oom_score_adj name",
		"[7] 1 2 3 4 555 4096 6 -7 x");
	const struct task *t = &f.v[0]->tasks.v[0];

	(void)state;
	assert_int_equal(t->rss_pages, 4);
	assert_int_equal(t->pgtables_bytes, 4096);
	assert_int_equal(t->swapents_pages, 6);
	assert_int_equal(t->oom_score_adj, -7);
	fed_free(&f);
}

static void
names_are_the_rest_of_the_line(void **state)
{
	static const char *const names[] = { "", " ", "a  b ", "[ 1] b", "0", "-1 2 3",
		"x,pid=1,uid=0" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char row[128];
		struct fed f;

		snprintf(row, sizeof(row),
		    "[    116]     0   116  26  19 4096        0          0 %s", names[i]);
		f = table(
		    "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj "
		    "name",
		    row);
		assert_int_equal(f.v[0]->tasks.n, 1);
		assert_str(f.v[0]->tasks.v[0].comm, names[i]);
		fed_free(&f);
	}
}

static void
wide_numbers_do_not_overflow(void **state)
{
	struct fed f = table(
	    "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
	    "[    120]   110   120 9223372036854775807    60804   761856        0             0 x");

	(void)state;
	assert_int_equal(f.v[0]->tasks.v[0].total_vm_pages, INT64_MAX);
	fed_free(&f);
}

static void
a_table_without_its_header(void **state)
{
	struct fed f =
	    feed("[1.000001] [    116]     0   116  26  19 1 2 3 4096        0          0 new\n"
		 "[1.000002] [    117]     0   117  26  19 1 2 3 8192        0          0 b\n"
		 "[1.000003] Out of memory: Killed process 117 (b) total-vm:104kB, "
		 "anon-rss:1kB, file-rss:1kB, shmem-rss:1kB\n");

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0]->tasks.n, 2);
	assert_int_equal(f.v[0]->tasks.v[1].pgtables_bytes, 8192);
	assert_int_equal(f.v[0]->completeness, COMPLETE_CUT_HEAD);
	assert_int_equal(f.v[0]->page_size, 4096);
	fed_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_are_none),
		cmocka_unit_test(era_tables),
		cmocka_unit_test(a_column_nobody_has_seen_shifts_nothing),
		cmocka_unit_test(names_are_the_rest_of_the_line),
		cmocka_unit_test(wide_numbers_do_not_overflow),
		cmocka_unit_test(a_table_without_its_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
