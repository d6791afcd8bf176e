/* The witness: what it takes, and that its text comes back as it was. */
#include "test.h"

#include "base/mem.h"
#include "system/witness.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
text_of(const struct witness *w)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	witness_write(f, w);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void
what_is_no_witness(void **state)
{
	static const char *const bad[] = { "", "oomwhy-witness 2\n", "x",
		"oomwhy-witness 1\noom_kill\n", "oomwhy-witness 1\noom_kill x\n",
		"oomwhy-witness 1\noom_kill 99999999999999999999\n",
		"oomwhy-witness 1\nsurvivor 1 2 3\n", "oomwhy-witness 1\nsurvivor 1 2 3\tcomm\n",
		"oomwhy-witness 1\nsurvivor 1 2 x\ta\tb\n",
		"oomwhy-witness 1\nsurvivor 1 2 3\t0123456789012345678901234567890123456789\tb\n" };
	struct witness w;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(witness_parse(str_from(bad[i]), &w));
	assert_true(witness_parse(STR("oomwhy-witness 1\nof_a_later_version 5\n"), &w));
	assert_false(known(w.oom_kills));
	assert_int_equal(w.n, 0);
}

static void
too_many_survivors_are_no_witness(void **state)
{
	char text[4096] = "oomwhy-witness 1\n";
	struct witness w;
	(void)state;

	for (int i = 0; i <= WITNESS_SURVIVORS; i++)
		strncat(text, "survivor 1 2 3\ta\tb\n", sizeof(text) - strlen(text) - 1);
	assert_false(witness_parse(str_from(text), &w));
}

static void
nothing_is_known_of_nothing(void **state)
{
	struct tree t;
	struct witness w;
	(void)state;

	tree_make(&t);
	witness_take(&t.root, &w);
	assert_true(known(w.real_us));
	assert_false(known(w.oom_kills));
	assert_false(known(w.processes));
	assert_false(known(w.sysctls.panic_on_oom));
	assert_int_equal(w.n, 0);
	tree_remove(&t);
}

static void
the_largest_are_kept_and_come_back(void **state)
{
	struct witness w, again;
	struct tree t;
	char *text, *second;
	(void)state;

	tree_make(&t);
	for (int i = 1; i <= 40; i++)
		tree_process(&t, i, "worker", 1000 * (i % 20 + 1), 0, i);
	tree_process(&t, 50, "a\tb\\n \x1b[31m", 900000, 0, -5);
	tree_put(&t, "proc/50/cgroup", "0::/x y\tz\n");
	tree_put(&t, "proc/60/statm", "9999999 9999999 0\n"); /* gone before it was named */
	tree_put(&t, "proc/vmstat", "nr_free_pages 1\noom_kill 3\n");
	tree_put(&t, "proc/sys/vm/panic_on_oom", "0\n");
	tree_put(&t, "proc/pressure/memory", "some avg10=1.50 avg60=0.25 avg300=0.00 total=77\n");
	mem_fail_after(0); /* it asks for no memory */
	witness_take(&t.root, &w);
	mem_fail_after(-1);
	assert_int_equal(w.processes, 42);
	assert_int_equal(w.n, WITNESS_SURVIVORS - 1);
	assert_int_equal(w.survivors[0].pid, 50);
	assert_int_equal(w.survivors[0].oom_score_adj, -5);
	for (size_t i = 1; i < w.n; i++)
		assert_true(w.survivors[i - 1].rss_kb >= w.survivors[i].rss_kb);
	assert_int_equal(w.oom_kills, 3);
	assert_int_equal(w.sysctls.panic_on_oom, 0);
	assert_int_equal(w.pressure.some10, 150);
	text = text_of(&w);
	assert_true(witness_parse(str_from(text), &again));
	second = text_of(&again);
	assert_string_equal(text, second);
	assert_int_equal(again.survivors[0].comm_n, w.survivors[0].comm_n);
	assert_memory_equal(again.survivors[0].comm, w.survivors[0].comm, w.survivors[0].comm_n);
	assert_memory_equal(again.survivors[0].cgroup, "/x y\tz", 6);
	free(text);
	free(second);
	tree_remove(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_witness),
		cmocka_unit_test(too_many_survivors_are_no_witness),
		cmocka_unit_test(nothing_is_known_of_nothing),
		cmocka_unit_test(the_largest_are_kept_and_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
