#include "tests/analyze_event.h"

#include "analyze/badness.h"

/* The formula of a release, with these totalpages. */
static struct formula
formula_of(const char *kernel, int64_t total)
{
	struct event *ev = make_event(kernel, CONSTRAINT_NONE);
	struct formula f = { era_of(ev).era, total, 4096, true };

	event_free(ev);
	assert_non_null(f.era);
	return f;
}

static struct ranking
ranking_of(struct event *ev, const struct formula *f)
{
	struct ranking r = { 0 };

	assert_int_equal(ranking_make(&ev->mem, ev, f, NULL, &r), 0);
	return r;
}

enum { TOTAL = 2486271 }; /* RAM - reserved 1961984 + swap 524287 */

/* rss 1200000 + nr_ptes 2400 + swap 100000, of root and of another. */
static void
one_task_in_every_era(void **state)
{
	static const struct {
		const char *kernel;
		int64_t root, other, root_score, other_score;
	} cases[] = {
		{ "3.2.0", 493, 523, 493, 523 },
		{ "2.6.39", 493, 523, 493, 523 },
		{ "3.8.0", 1227820, 1302400, 493, 523 },
		{ "3.14.0", 1263328, 1302400, 508, 523 },
		{ "4.14.0", 1263328, 1302400, 508, 523 },
		{ "4.15.0", 1263328, 1302400, 508, 523 },
		{ "4.19.0", 1302400, 1302400, 523, 523 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct formula f = formula_of(cases[i].kernel, TOTAL);
		int64_t root = badness_of(&f, 1302400, 0, true);
		int64_t other = badness_of(&f, 1302400, 0, false);

		assert_int_equal(root, cases[i].root);
		assert_int_equal(other, cases[i].other);
		assert_int_equal(badness_printed(&f, root), cases[i].root_score);
		assert_int_equal(badness_printed(&f, other), cases[i].other_score);
	}
}

/* What the table of each era prints of it. */
static void
memory_is_what_the_era_counts(void **state)
{
	static const struct {
		const char *kernel;
		enum table columns;
		int64_t tables, memory;
	} cases[] = {
		{ "3.2.0", T2, 0, 1200000 },
		{ "3.8.0", T3, 2400, 1302400 },
		{ "4.4.0", T4, 2400, 1302400 },
		{ "4.15.0", T5, 9830400, 1302400 },
		{ "6.8.0", T7, 9830400 + 4095, 1302400 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct formula f = formula_of(cases[i].kernel, TOTAL);
		struct event *ev = make_event(cases[i].kernel, CONSTRAINT_NONE);
		struct task *t = add_row(ev, cases[i].columns,
		    (struct row){ 9, 0, 1200000, cases[i].tables, 100000, 0, "java" });

		assert_int_equal(badness_memory(&f, t), cases[i].memory);
		event_free(ev);
	}
}

/* T2 prints neither page tables nor swap: 1200000 * 1000 / T = 482, root 452 <= 493. */
static void
a_table_that_hides_gives_less(void **state)
{
	struct formula f = formula_of("3.2.0", TOTAL);

	(void)state;
	assert_int_equal(badness_of(&f, 1200000, 0, true), 452);
	assert_int_equal(badness_of(&f, 1200000, 0, false), 482);
}

/*
 * 2200000 * 1000 is -2094967296 in an int.  Divided by an unsigned long it is
 * 7419442237638, which is 2033717446 in an int: 1000 at most.
 */
static void
products_wrapped_before_3_2(void **state)
{
	struct formula wraps = formula_of("3.1.3", TOTAL), mended = formula_of("3.2.0", TOTAL);

	(void)state;
	assert_int_equal(badness_of(&wraps, 1302400, 0, false), 523);
	assert_int_equal(badness_of(&wraps, 2200000, 0, false), 1000);
	assert_int_equal(badness_of(&mended, 2200000, 0, false), 884);
	/* 2147484 * 1000 is -2147483296, over T -229169757 in an int: 1 at least. */
	wraps.total = 1550000;
	assert_int_equal(badness_of(&wraps, 2147484, 0, false), 1);
}

/* A real log of 6.11: stress-ng-vm beside sh and the protected stress-ng. */
static void
a_real_log_of_6_11(void **state)
{
	struct formula f = formula_of("6.11.0-rc1+", 2029656);
	struct event *ev = make_event("6.11.0-rc1+", CONSTRAINT_NONE);
	struct ranking r;

	(void)state;
	add_row(ev, T7, (struct row){ 77, 0, 289, 49152, 0, 0, "sh" });
	add_row(ev, T7, (struct row){ 115, 0, 5000, 90000, 0, -1000, "stress-ng" });
	add_row(ev, T7, (struct row){ 116, 0, 1995298, 16052224, 0, 1000, "stress-ng-vm" });
	r = ranking_of(ev, &f);
	assert_int_equal(r.nranked, 2);
	assert_int_equal(r.order[0], 2);
	assert_int_equal(r.scores[2].memory_pages, 1999217);
	assert_int_equal(r.scores[2].pgtable_pages, 3919);
	assert_int_equal(r.scores[2].adj_pages, 2029000);
	assert_int_equal(r.scores[2].badness, 4028217);
	assert_int_equal(r.scores[2].rank, 1);
	assert_int_equal(r.scores[0].badness, 301);
	assert_false(r.scores[1].eligible);
	assert_string_equal(r.scores[1].why_not, "oom_score_adj -1000");
	assert_int_equal(r.scores[1].rank, UNKNOWN);
	assert_int_equal(badness_printed(&f, 4028217), 1984);
	assert_false(r.any_total);
	assert_false(r.hides);
	event_free(ev);
}

/* A memcg of 50 MiB: more than totalpages is legal, shared pages are charged elsewhere. */
static void
a_real_memcg(void **state)
{
	struct formula f = formula_of("6.1.0", 12800);
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);

	(void)state;
	add_row(ev, T7, (struct row){ 483880, 1000, 14530, 180224, 0, 0, "node" });
	assert_int_equal(ranking_of(ev, &f).scores[0].badness, 14574);
	event_free(ev);
}

static void
pages_of_other_sizes(void **state)
{
	struct formula f = formula_of("6.1.0", 12800);
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct task *t = add_row(ev, T6, (struct row){ 9, 1, 100, 163840, 7, 0, "a" });

	(void)state;
	f.page_size = 16384;
	assert_int_equal(badness_memory(&f, t), 100 + 10 + 7);
	f.page_size = 65536;
	assert_int_equal(badness_memory(&f, t), 100 + 2 + 7);
	f.page_size = UNKNOWN;
	assert_int_equal(badness_memory(&f, t), 107);
	assert_true(ranking_of(ev, &f).hides);
	event_free(ev);
}

/* Up to 5.8 an eligible task has 1 at least, so that heavily negative ones are equal. */
static void
negative_badness_was_cut_until_5_9(void **state)
{
	struct formula cut = formula_of("5.8.1", 1000000), whole = formula_of("5.9.0", 1000000);

	(void)state;
	assert_int_equal(badness_of(&cut, 100, -500, false), 1);
	assert_int_equal(badness_of(&whole, 100, -500, false), 100 - 500000);
	assert_int_equal(badness_of(&cut, 0, 0, false), 1);
	assert_int_equal(badness_of(&whole, 0, 0, false), 0);
}

/* T / 1000 is divided first. */
static void
adj_is_of_whole_thousandths(void **state)
{
	struct formula f = formula_of("6.1.0", 83143);

	(void)state;
	assert_int_equal(badness_of(&f, 10, 1, false), 10 + 83);
	f.total = 999;
	assert_int_equal(badness_of(&f, 10, 1000, false), 10);
	/* No kernel holds more than 1000. */
	f.total = 83143;
	assert_int_equal(badness_of(&f, 10, INT64_MAX, false), 10 + 83000);
}

static void
ties_by_era(void **state)
{
	static const struct {
		const char *kernel;
		enum table columns;
		size_t winner;
	} cases[] = {
		{ "3.2.0", T2, 0 },
		{ "3.10.0", T3, 0 },
		{ "4.4.0", T4, 0 },
		{ "4.7.4", T4, 2 },
		{ "4.8.15", T4, 2 },
		{ "4.9.0", T4, 0 },
		{ "4.19.40", T6, 0 },
		{ "5.2.1", T6, 0 },
		{ "5.3.1", T6, 2 },
		{ "5.10.0", T6, 2 },
		{ "7.3.0", T7, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct formula f = formula_of(cases[i].kernel, 1000000);
		struct event *ev = make_event(cases[i].kernel, CONSTRAINT_NONE);
		struct ranking r;

		for (int64_t pid = 10; pid < 13; pid++)
			add_row(
			    ev, cases[i].columns, (struct row){ pid, 1, 5000, 0, 0, 0, "same" });
		r = ranking_of(ev, &f);
		assert_int_equal(r.order[0], cases[i].winner);
		assert_int_equal(r.order[1], 1);
		event_free(ev);
	}
}

static void
an_empty_table_has_no_order(void **state)
{
	struct formula f = formula_of("6.1.0", 1000);
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);

	(void)state;
	assert_int_equal(ranking_of(ev, &f).nranked, 0);
	event_free(ev);
}

static void
all_may_be_exempt(void **state)
{
	struct formula f = formula_of("6.1.0", 1000);
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct ranking r;

	(void)state;
	add_row(ev, T6, (struct row){ 9, 0, 100, 0, 0, -1000, "sshd" });
	add_row(ev, T6, (struct row){ 1, 0, 100, 0, 0, 0, "systemd" });
	r = ranking_of(ev, &f);
	assert_int_equal(r.nranked, 0);
	assert_int_equal(r.neligible, 0);
	assert_string_equal(r.scores[1].why_not, "global init");
	event_free(ev);
}

/* Numbers of anyone's choosing stick at the ends of the range; no sum wraps. */
static void
hostile_numbers_do_not_overflow(void **state)
{
	static const char *const kernels[] = { "2.6.36", "2.6.39", "3.2.0", "3.5.0", "3.14.0",
		"4.4.0", "4.19.0", "6.1.0", "7.3.0" };
	static const int64_t values[] = { INT64_MAX, INT64_MAX - 1, INT64_MIN + 1, UNKNOWN, 0, -1,
		INT64_C(1) << 33 };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kernels); k++) {
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			struct formula f = formula_of(kernels[k], i % 2 == 0 ? INT64_MAX : 1);
			struct event *ev = make_event(kernels[k], CONSTRAINT_NONE);
			struct ranking r;

			add_row(ev, T4, (struct row){ 9, 0, values[i], 1, 1, 1000, "a" });
			add_row(ev, T7, (struct row){ 10, 0, 1, values[i], 1, -999, "b" });
			add_row(ev, T7, (struct row){ 11, 1, 1, 1, values[i], 5, "c" });
			add_row(ev, T7, (struct row){ 12, 1, 1, 1, 1, values[i], "d" });
			r = ranking_of(ev, &f);
			assert_true(r.nranked <= 4);
			event_free(ev);
		}
	}
}

/* 8591352380 kB of address space is more than 32 bits hold; badness does not look at it. */
static void
negative_counts_are_no_numbers(void **state)
{
	struct formula f = formula_of("6.1.0", 1000000);
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct ranking r;

	(void)state;
	add_row(ev, T6, (struct row){ 9, 1, -5, 0, 0, 0, "a" });
	add_row(ev, T6, (struct row){ 10, 1, 7, 0, 0, 0, "b" });
	r = ranking_of(ev, &f);
	assert_int_equal(r.scores[0].badness, UNKNOWN);
	assert_true(r.scores[0].eligible);
	assert_int_equal(r.nranked, 1);
	assert_int_equal(r.order[0], 1);
	event_free(ev);
}

static void
totals_unknown_leave_those_without_adj(void **state)
{
	struct formula f = formula_of("6.1.0", UNKNOWN);
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);
	struct ranking r;

	(void)state;
	add_row(ev, T6, (struct row){ 9, 1, 500, 0, 0, 0, "a" });
	add_row(ev, T6, (struct row){ 10, 1, 700, 0, 0, 0, "b" });
	r = ranking_of(ev, &f);
	assert_true(r.any_total);
	assert_int_equal(r.scores[1].badness, 700);
	assert_int_equal(r.order[0], 1);
	ev->tasks.v[1].oom_score_adj = -300;
	r = ranking_of(ev, &f);
	assert_false(r.any_total);
	assert_int_equal(r.scores[1].badness, UNKNOWN);
	assert_int_equal(r.scores[1].adj_pages, UNKNOWN);
	event_free(ev);
}

static void
oom_adj_was_a_power(void **state)
{
	struct task t = { .oom_score_adj = UNKNOWN, .oom_adj = 15 };

	(void)state;
	assert_int_equal(adj_of(&t), 1000);
	t.oom_adj = -17;
	assert_int_equal(adj_of(&t), -1000);
	t.oom_adj = 5;
	assert_int_equal(adj_of(&t), 294);
	t.oom_adj = UNKNOWN;
	assert_int_equal(adj_of(&t), UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_numbers_do_not_overflow),
		cmocka_unit_test(negative_counts_are_no_numbers),
		cmocka_unit_test(an_empty_table_has_no_order),
		cmocka_unit_test(all_may_be_exempt),
		cmocka_unit_test(one_task_in_every_era),
		cmocka_unit_test(memory_is_what_the_era_counts),
		cmocka_unit_test(a_table_that_hides_gives_less),
		cmocka_unit_test(products_wrapped_before_3_2),
		cmocka_unit_test(a_real_log_of_6_11),
		cmocka_unit_test(a_real_memcg),
		cmocka_unit_test(pages_of_other_sizes),
		cmocka_unit_test(negative_badness_was_cut_until_5_9),
		cmocka_unit_test(adj_is_of_whole_thousandths),
		cmocka_unit_test(ties_by_era),
		cmocka_unit_test(totals_unknown_leave_those_without_adj),
		cmocka_unit_test(oom_adj_was_a_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
