/* analyze/whatif.h: the choice under other circumstances, by the formulas of several kernels. */
#include "tests/whatif_event.h"

#include "base/mem.h"

static void
what_cannot_be_replayed_is_refused(void **state)
{
	struct event *ev = make_event(NULL, CONSTRAINT_NONE);
	struct whatif w;

	(void)state;
	kill_row(ev, 7)->comm = STR("x");
	w = ask(ev, &nothing);
	assert_non_null(w.refused);
	whatif_done(&w);
	event_free(ev);
	ev = make_lamp("2.6.18-1", T1);
	kill_row(ev, 106);
	w = ask(ev, &nothing);
	assert_non_null(w.refused);
	assert_int_equal(w.now.n, 0);
	whatif_done(&w);
	event_free(ev);
}

static void
who_is_not_there_cannot_be_changed(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif_who who = named("nobody");
	struct whatif_adj adj = { numbered(999), 5 };
	struct whatif_ask a = nothing;
	struct whatif w;
	struct err err;

	(void)state;
	kill_row(ev, 106);
	a.gone = &who;
	a.ngone = 1;
	assert_int_equal(whatif_make(&w, ev, judge(ev), NULL, &a, &err), -1);
	assert_string_equal(err.msg, "no process 'nobody' is in the report's list");
	whatif_done(&w);
	a = nothing;
	a.adj = &adj;
	a.nadj = 1;
	assert_int_equal(whatif_make(&w, ev, judge(ev), NULL, &a, &err), -1);
	whatif_done(&w);
	event_free(ev);
}

/* 83143 / 1000 = 83 pages for each; mysqld has 23251 = 23197 + 54, apache2 3677 = 3660 + 17. */
static void
as_it_was(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif w;

	(void)state;
	kill_row(ev, 106);
	w = ask(ev, &nothing);
	assert_null(w.refused);
	assert_false(w.changed);
	assert_int_equal(first_pid(&w), 106);
	assert_int_equal(w.now.n, 3); /* sshd has -1000 */
	assert_int_equal(w.now.v[0].badness, 23251);
	assert_int_equal(w.now.margin, 23251 - 3677);
	assert_int_equal(w.now.sure, TRI_YES);
	assert_int_equal(w.nspares, 1);
	/* 23251 - 236 * 83 = 3663 is less than 3677; with 235 it is 3746. */
	assert_int_equal(w.spares[0].adj, -236);
	assert_int_equal(ev->tasks.v[w.spares[0].then].pid, 165);
	whatif_done(&w);
	/* The event is as it was. */
	assert_int_equal(ev->tasks.n, 4);
	assert_int_equal(judge(ev)->expected.pid, 106);
	event_free(ev);
}

static void
another_adj(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);

	(void)state;
	kill_row(ev, 106);
	assert_int_equal(first_with(ev, named("mysqld"), -235), 106);
	assert_int_equal(first_with(ev, named("mysqld"), -236), 165);
	assert_int_equal(first_with(ev, numbered(154), 237), 106); /* 3413 + 237 * 83 = 23084 */
	assert_int_equal(first_with(ev, numbered(154), 240), 154);
	assert_int_equal(first_with(ev, named("apache2"), 240), 165); /* both */
	/* -1000 may be taken away; sshd has 910 pages. */
	assert_int_equal(first_with(ev, named("sshd"), 0), 106);
	assert_int_equal(first_with(ev, named("sshd"), 1000), 105);
	event_free(ev);
}

/* The same in every era that can be computed, each by its own formula. */
static void
every_era_spares_by_its_own_number(void **state)
{
	static const struct {
		const char *kernel;
		enum table columns;
		int64_t tables;
		int64_t adj; /* that spares mysqld */
	} eras[] = {
		{ "3.12.0", T3, 0, -236 },
		{ "4.4.0", T4, 0, -236 },
		{ "4.15.0", T5, 0, -236 },
		{ "5.4.0", T6, 0, -236 },
		{ "6.8.0", T7, 0, -236 },
		{ "7.1.0", T7, 0, -236 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(eras); i++) {
		struct event *ev = make_global(eras[i].kernel, 90000, 90000 - 83143, 0);
		struct whatif w;

		/* Before 3.18 the zones tell what is managed. */
		add_zone(ev, 0, 90000 * 4, 83143 * 4);
		add_row(ev, eras[i].columns, (struct row){ 106, 33, 23197, 0, 0, 0, "mysqld" });
		add_row(ev, eras[i].columns, (struct row){ 165, 33, 3660, 0, 0, 0, "apache2" });
		kill_row(ev, 106);
		w = ask(ev, &nothing);
		assert_null(w.refused);
		assert_int_equal(w.spares[0].adj, eras[i].adj);
		assert_int_equal(first_with(ev, numbered(106), w.spares[0].adj), 165);
		assert_int_equal(first_with(ev, numbered(106), w.spares[0].adj + 1), 106);
		whatif_done(&w);
		event_free(ev);
	}
}

static void
thousandths_are_scaled(void **state)
{
	struct event *ev = make_hidden(1000000);
	struct whatif w;

	(void)state;
	w = ask(ev, &nothing);
	assert_null(w.refused);
	assert_false(w.in_pages);
	assert_true(w.nnotes >= 2); /* what is not shown; a child may die */
	assert_true(known(w.spares[0].adj));
	assert_int_equal(first_with(ev, numbered(50), w.spares[0].adj), 60);
	assert_int_equal(first_with(ev, numbered(50), w.spares[0].adj + 1), 50);
	whatif_done(&w);
	event_free(ev);
}

static void
larger_pages_are_fewer(void **state)
{
	struct event *ev = make_global("6.1.0", 6000, 0, 0);
	struct whatif w;

	(void)state;
	ev->page_size = 65536;
	add_row(ev, T6, (struct row){ 5, 1, 3000, 655360, 0, 0, "large" });
	add_row(ev, T6, (struct row){ 6, 1, 1000, 0, 0, 0, "small" });
	kill_row(ev, 5);
	w = ask(ev, &nothing);
	assert_int_equal(w.now.v[0].badness, 3010);
	assert_int_equal(w.spares[0].adj, -335); /* 3010 - 335 * 6 = 1000: the later of equals */
	assert_int_equal(w.need.request_kb, 64);
	whatif_done(&w);
	event_free(ev);
}

static void
who_is_gone_frees_the_place(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif_who gone[] = { named("mysqld"), numbered(165) };
	struct whatif_ask a = nothing;
	struct whatif w;

	(void)state;
	kill_row(ev, 106);
	a.gone = gone;
	a.ngone = 2;
	w = ask(ev, &a);
	assert_true(w.changed);
	assert_int_equal(first_pid(&w), 154);
	assert_int_equal(w.now.n, 1);
	assert_int_equal(w.spares[0].adj, -1000);
	assert_false(w.spares[0].has_then);
	whatif_done(&w);
	event_free(ev);
}

/* A service sets the oom_score_adj of all its processes. */
static void
all_of_a_name_are_spared_together(void **state)
{
	struct event *ev = make_equals("6.1.0", T6, CONSTRAINT_NONE);
	struct whatif w;

	(void)state;
	add_row(ev, T6, (struct row){ 20, 1, 1000, 0, 0, 0, "small" });
	kill_row(ev, 12);
	w = ask(ev, &nothing);
	assert_int_equal(first_pid(&w), 12);
	assert_int_equal(w.nspares, 2);
	assert_int_equal(w.spares[0].adj, -1);
	assert_int_equal(w.spares[1].n, 3);
	/* 5000 - 45 * 90 = 950; 44 leaves 1040. */
	assert_int_equal(w.spares[1].adj, -45);
	assert_int_equal(ev->tasks.v[w.spares[1].then].pid, 20);
	assert_int_equal(first_with(ev, named("same"), -45), 20);
	assert_int_equal(first_with(ev, named("same"), -44), 12);
	whatif_done(&w);
	event_free(ev);
}

static void
a_root_without_its_powers_stays_so(void **state)
{
	struct event *ev = make_global("4.9.0", 90000, 0, 0);
	struct whatif w;

	(void)state;
	add_row(ev, T4, (struct row){ 5, 0, 40000, 0, 0, 0, "contained" });
	add_row(ev, T4, (struct row){ 6, 7, 39500, 0, 0, 0, "other" });
	kill_row(ev, 5);
	assert_decided(judge(ev), "root-bonus", TRI_YES);
	w = ask(ev, &nothing);
	assert_int_equal(first_pid(&w), 5);
	assert_int_equal(w.now.margin, 500);
	whatif_done(&w);
	event_free(ev);
}

/* The n-th allocation fails: an error, and nothing is left behind. */
static void
without_memory_it_is_an_error(void **state)
{
	struct event *ev = make_lamp("6.1.0", T6);
	struct whatif_adj adj = { named("mysqld"), -500 };
	struct whatif_who who = named("apache2");
	struct whatif_ask a = nothing;
	const struct verdict *v;
	int rc = -1;

	(void)state;
	kill_row(ev, 106);
	v = judge(ev);
	a.adj = &adj;
	a.why_not = &who;
	a.nadj = a.nwhy_not = 1;
	for (long n = 0; rc != 0; n++) {
		struct whatif w;
		struct err err = { "" };

		assert_true(n < 1000);
		mem_fail_after(n);
		rc = whatif_make(&w, ev, v, NULL, &a, &err);
		mem_fail_after(-1);
		if (rc != 0)
			assert_string_not_equal(err.msg, "");
		whatif_done(&w);
	}
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_replayed_is_refused),
		cmocka_unit_test(who_is_not_there_cannot_be_changed),
		cmocka_unit_test(as_it_was),
		cmocka_unit_test(another_adj),
		cmocka_unit_test(every_era_spares_by_its_own_number),
		cmocka_unit_test(thousandths_are_scaled),
		cmocka_unit_test(larger_pages_are_fewer),
		cmocka_unit_test(who_is_gone_frees_the_place),
		cmocka_unit_test(all_of_a_name_are_spared_together),
		cmocka_unit_test(a_root_without_its_powers_stays_so),
		cmocka_unit_test(without_memory_it_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
