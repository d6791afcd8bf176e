/* base/mem.h, base/arena.h and base/err.h: what everything else stands on. */
#include "tests/test.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdalign.h>
#include <string.h>

static void
allocations_fail_on_demand(void **state)
{
	void *p, *q;
	(void)state;

	mem_fail_after(1);
	p = mem_alloc(10);
	assert_non_null(p);
	assert_null(mem_alloc(10));
	assert_null(mem_grow(p, 20)); /* p is still ours */
	mem_fail_after(-1);
	q = mem_grow(p, 20);
	assert_non_null(q);
	mem_free(q);
	mem_free(NULL);
}

static void
rooms_grow_or_stay(void **state)
{
	size_t cap = 0, full = SIZE_MAX / 8;
	int *v = NULL, *more;
	(void)state;

	for (int i = 0; i < 100; i++) {
		v = mem_room(v, (size_t)i, &cap, sizeof(*v));
		assert_non_null(v);
		v[i] = i;
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(v[i], i);
	assert_true(cap >= 100 && cap < 256);
	more = mem_room(v, cap - 1, &cap, sizeof(*v));
	assert_ptr_equal(more, v);
	mem_fail_after(0);
	full = cap;
	assert_null(mem_room(v, cap, &cap, sizeof(*v)));
	assert_int_equal(cap, full);
	mem_fail_after(-1);
	full = SIZE_MAX / 8;
	assert_null(mem_room(v, full, &full, sizeof(*v))); /* would overflow */
	mem_free(v);
}

static void
an_arena_refuses_the_absurd(void **state)
{
	struct arena a = { 0 };
	(void)state;

	assert_null(arena_raw(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 8));
	mem_fail_after(0);
	assert_null(arena_alloc(&a, 1));
	assert_null(arena_dup(&a, STR("x")).p);
	assert_null(arena_printf(&a, "%d", 1).p);
	mem_fail_after(-1);
	assert_int_equal(a.total, 0);
	arena_done(&a);
}

static void
an_arena_keeps_what_it_gave(void **state)
{
	static const size_t sizes[] = { 1, 15, 16, 17, 4000, 9000, 70000, 300000, 3 };
	unsigned char *p[ARRAY_LEN(sizes)];
	struct arena a = { 0 };
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		p[i] = arena_alloc(&a, sizes[i]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(p[i][k], 0);
		memset(p[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		assert_int_equal(p[i][0], i + 1);
		assert_int_equal(p[i][sizes[i] - 1], i + 1);
	}
	assert_true(a.total >= 300000);
	arena_done(&a);
	assert_int_equal(a.total, 0);
	arena_done(&a);
}

static void
an_arena_keeps_text(void **state)
{
	struct arena a = { 0 };
	struct str s;
	char long_text[20000];
	(void)state;

	assert_null(arena_dup(&a, STR_NONE).p);
	s = arena_dup(&a, STR(""));
	assert_non_null(s.p);
	assert_int_equal(s.p[s.n], '\0');
	memset(long_text, 'x', sizeof(long_text));
	s = arena_dup(&a, (struct str){ long_text, sizeof(long_text) });
	assert_int_equal(s.n, sizeof(long_text));
	assert_int_equal(s.p[s.n], '\0');
	assert_str(arena_printf(&a, "%s-%d", "a", 7), "a-7");
	assert_str(arena_printf(&a, "%s", ""), "");
	arena_done(&a);
}

static void
an_arena_grows_arrays(void **state)
{
	struct arena a = { 0 };
	size_t cap = 0;
	int64_t *v = NULL;
	(void)state;

	for (int i = 0; i < 5000; i++) {
		v = arena_room(&a, v, (size_t)i, &cap, sizeof(*v));
		assert_non_null(v);
		v[i] = i;
	}
	for (int i = 0; i < 5000; i++)
		assert_int_equal(v[i], i);
	cap = SIZE_MAX / 4;
	assert_null(arena_room(&a, v, cap, &cap, sizeof(*v)));
	arena_done(&a);
}

static void
errors_are_cut_not_overrun(void **state)
{
	struct err err = { "" };
	char long_text[2 * sizeof(err.msg)];
	(void)state;

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_int_equal(err_set(&err, "%s", long_text), -1);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	assert_int_equal(err_prefix(&err, "%s", long_text), -1);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
	assert_int_equal(err_no_memory(&err), -1);
	assert_int_equal(err_prefix(&err, "%s:%d", "a.log", 3), -1);
	assert_string_equal(err.msg, "a.log:3: out of memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_fail_on_demand),
		cmocka_unit_test(rooms_grow_or_stay),
		cmocka_unit_test(an_arena_refuses_the_absurd),
		cmocka_unit_test(an_arena_keeps_what_it_gave),
		cmocka_unit_test(an_arena_keeps_text),
		cmocka_unit_test(an_arena_grows_arrays),
		cmocka_unit_test(errors_are_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
