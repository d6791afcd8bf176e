#include "tests/analyze_event.h"

#include "analyze/badness.h"

/* A victim that has not let go of its memory yet is in the next table, but not chosen again. */
static void
the_already_killed_are_passed_over(void **state)
{
	struct history h = { .n = 0 };
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct formula f = { era_of(ev).era, 1000000, 4096, true };
	struct ranking r = { 0 };

	(void)state;
	add_row(ev, T6, (struct row){ 9, 1, 500, 0, 0, 0, "a" });
	add_row(ev, T6, (struct row){ 10, 1, 700, 0, 0, 0, "b" });
	ev->mono_us = 1000;
	kill_row(ev, 10)->mono_us = 1000;
	history_add(&h, ev);
	ev->nvictims = 0;
	ev->mono_us = 2000;
	assert_int_equal(ranking_make(&ev->mem, ev, &f, &h, &r), 0);
	assert_string_equal(r.scores[1].why_not, "already killed earlier in this boot");
	assert_int_equal(r.order[0], 0);
	/* The pid again, but of another size: another process. */
	ev->tasks.v[1].total_vm_pages++;
	assert_int_equal(ranking_make(&ev->mem, ev, &f, &h, &r), 0);
	assert_int_equal(r.order[0], 1);
	/* Or much later. */
	ev->tasks.v[1].total_vm_pages--;
	ev->mono_us = INT64_C(3600) * 1000000;
	assert_int_equal(ranking_make(&ev->mem, ev, &f, &h, &r), 0);
	assert_int_equal(r.order[0], 1);
	event_free(ev);
}

static void
history_forgets_the_oldest(void **state)
{
	struct history h = { .n = 0 };
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct task *first;

	(void)state;
	first = add_row(ev, T6, (struct row){ 10, 1, 700, 0, 0, 0, "b" });
	ev->mono_us = 1000;
	kill_row(ev, 10)->mono_us = 1000;
	history_add(&h, ev);
	ev->victims[0].pid = 11;
	for (int i = 0; i < HISTORY_MAX - 1; i++)
		history_add(&h, ev);
	assert_true(history_has(&h, ev, first, 4096));
	history_add(&h, ev);
	assert_false(history_has(&h, ev, first, 4096));
	assert_false(history_has(NULL, ev, first, 4096));
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_already_killed_are_passed_over),
		cmocka_unit_test(history_forgets_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
