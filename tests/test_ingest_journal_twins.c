/* Entries that several files hold are told once, and what is said twice is told twice. */
#include "tests/test.h"

#include "ingest/journal_twins.h"

#include <stdio.h>

static bool
meet(struct twins *t, uint64_t us, const char *text, size_t origin)
{
	struct twin e = { .real_us = us, .mono_us = 5, .text = str_from(text) };

	return twins_meet(t, &e, origin);
}

static void
alone(void **state)
{
	struct err err;
	struct twins *t = twins_new(&err);

	(void)state;
	twins_free(NULL);
	for (int i = 0; i < 10; i++)
		assert_false(meet(t, 0, "x", 1));
	assert_false(meet(t, 0, "", 1));
	assert_false(meet(t, UINT64_MAX, "x", 1));
	twins_free(t);
}

static void
copies(void **state)
{
	struct err err;
	struct twins *t = twins_new(&err);

	(void)state;
	for (uint64_t us = 1; us < 4; us++) {
		/* Twice by the first; the others have one or both of it, in any order. */
		assert_false(meet(t, us, "x", 0));
		assert_true(meet(t, us, "x", 7));
		assert_false(meet(t, us, "x", 0));
		for (size_t origin = 1; origin < 7; origin++)
			assert_true(meet(t, us, "x", origin));
		assert_true(meet(t, us, "x", 7));
		/* One more than any before. */
		assert_false(meet(t, us, "x", 7));
		assert_false(meet(t, us, "y", 7));
		assert_true(meet(t, us, "y", 0));
	}
	twins_free(t);
}

/* Two hosts may say the same in the same microsecond. */
static void
hosts(void **state)
{
	struct twin a = { .real_us = 9, .mono_us = 5, .boot_id = { 1 }, .text = STR("x") }, b = a;
	struct err err;
	struct twins *t = twins_new(&err);

	(void)state;
	b.boot_id[15] = 1;
	assert_false(twins_meet(t, &a, 1));
	assert_false(twins_meet(t, &b, 2));
	b = a;
	b.mono_us = 6;
	assert_false(twins_meet(t, &b, 2));
	b = a;
	assert_true(twins_meet(t, &b, 2));
	twins_free(t);
}

/* More than there is room for: told, if twice. */
static void
crowd(void **state)
{
	struct err err;
	struct twins *t = twins_new(&err);
	size_t told = 0, twins = 0;
	char text[32];

	(void)state;
	for (size_t origin = 0; origin < 2; origin++) {
		for (int i = 0; i < 200000; i++) {
			snprintf(text, sizeof(text), "%d", i);
			*(meet(t, 1, text, origin) ? &twins : &told) += 1;
		}
	}
	assert_in_range(told, 200000, 400000);
	assert_int_equal(told + twins, 400000);
	assert_false(meet(t, 2, "0", 0));
	assert_true(meet(t, 2, "0", 1));
	twins_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone),
		cmocka_unit_test(copies),
		cmocka_unit_test(hosts),
		cmocka_unit_test(crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
