#include "tests/test.h"

#include <string.h>

/* A failed str_eat*() changes neither the slice nor the value. */
static void
numbers_refuse_what_is_none(void **state)
{
	static const char *const none[] = { "", "-", "+1", " 1", "x", "--1", "-x" };
	int64_t i = 77;
	uint64_t u = 77;
	(void)state;

	for (size_t k = 0; k < ARRAY_LEN(none); k++) {
		struct str s = str_from(none[k]);

		assert_false(str_eat_i64(&s, &i));
		assert_false(str_eat_u64(&s, &u));
		assert_false(str_eat_digits(&s, 1, &i));
		assert_str(s, none[k]);
	}
	assert_int_equal(i, 77);
	assert_int_equal(u, 77);
}

static void
numbers_stop_at_their_limits(void **state)
{
	struct str most = STR("18446744073709551615 "), over = STR("18446744073709551616");
	struct str least = STR("-9223372036854775807"), under = STR("-9223372036854775808");
	struct str hex = STR("0xffffffffffffffff"), hex_over = STR("10000000000000000");
	int64_t i;
	uint64_t u;
	(void)state;

	assert_false(str_eat_u64(&over, &u));
	assert_true(str_eat_u64(&most, &u));
	assert_true(u == UINT64_MAX);
	assert_str(most, " ");
	/* INT64_MIN is UNKNOWN: no log may say it. */
	assert_false(str_eat_i64(&under, &i));
	assert_str(under, "-9223372036854775808");
	assert_true(str_eat_i64(&least, &i));
	assert_true(i == -INT64_MAX);
	assert_false(str_eat_hex(&hex_over, &u));
	assert_true(str_eat_hex(&hex, &u));
	assert_true(u == UINT64_MAX);
}

static void
hex_needs_a_digit(void **state)
{
	struct str none = STR("xyz"), bare = STR("0x"), upper = STR("0XAbz"), zero = STR("0xg");
	uint64_t u;
	(void)state;

	assert_false(str_eat_hex(&none, &u));
	assert_true(str_eat_hex(&bare, &u)); /* a zero, and an x after it */
	assert_int_equal(u, 0);
	assert_str(bare, "x");
	assert_true(str_eat_hex(&upper, &u));
	assert_int_equal(u, 0xab);
	assert_str(upper, "z");
	assert_false(str_eat_hex(&zero, &u));
	assert_str(zero, "0xg");
}

static void
digits_are_counted(void **state)
{
	struct str s = STR("20261123"), few = STR("12"), none = STR("12");
	int64_t year, month;
	(void)state;

	assert_false(str_eat_digits(&few, 3, &year));
	assert_false(str_eat_digits(&none, 0, &year));
	assert_false(str_eat_digits(&none, 19, &year));
	assert_true(str_eat_digits(&s, 4, &year) && str_eat_digits(&s, 2, &month));
	assert_int_equal(year, 2026);
	assert_int_equal(month, 11);
	assert_str(s, "23");
}

static void
searches_know_the_empty(void **state)
{
	size_t at = 99;
	struct str s = STR("abcabc"), head;
	(void)state;

	assert_false(str_find(STR_NONE, STR(""), &at));
	assert_false(str_find(STR("ab"), STR("abc"), &at));
	assert_false(str_rfind(s, STR(""), &at));
	assert_false(str_chr(STR_NONE, 'a', &at));
	assert_false(str_cut(&s, STR("x"), &head));
	assert_int_equal(at, 99);
	assert_str(s, "abcabc");
	assert_true(str_find(s, STR("bc"), &at));
	assert_int_equal(at, 1);
	assert_true(str_rfind(s, STR("bc"), &at));
	assert_int_equal(at, 4);
	assert_true(str_rfind(s, s, &at));
	assert_int_equal(at, 0);
	assert_true(str_chr(s, 'c', &at));
	assert_int_equal(at, 2);
	assert_true(str_has(s, STR("cab")));
	assert_true(str_cut(&s, STR("ca"), &head));
	assert_str(head, "ab");
	assert_str(s, "bc");
}

static void
compares_by_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR_NONE, STR("")));
	assert_false(str_eq(STR("a"), STR("ab")));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
	assert_int_equal(str_cmp(STR_NONE, STR("")), 0);
	assert_true(str_starts(STR("ab"), STR("")));
	assert_false(str_starts(STR("ab"), STR("abc")));
	assert_true(str_ends(STR("ab"), STR("b")));
	assert_false(str_ends(STR("b"), STR("ab")));
}

static void
slices_stay_inside(void **state)
{
	struct str s = STR("abc");
	(void)state;

	assert_str(str_from_at(s, 2), "c");
	assert_str(str_from_at(s, 4), "");
	assert_null(str_from_at(STR_NONE, 1).p);
	assert_str(str_head(s, 9), "abc");
	assert_str(str_head(s, 1), "a");
	assert_null(str_from(NULL).p);
	assert_str(str_trim(STR(" \t\r\na b\n")), "a b");
	assert_str(str_trim(STR(" \n ")), "");
	assert_str(str_trim_end(STR(" a \r\n")), " a");
}

static void
eats_or_leaves(void **state)
{
	struct str s = STR("pid: 12,\tx"), word = STR_NONE;
	int64_t n;
	(void)state;

	assert_false(str_eat(&s, STR("pid:  ")));
	assert_false(str_eat_chr(&s, 'i'));
	assert_true(str_eat(&s, STR("pid:")) && str_eat_blanks(&s) && str_eat_i64(&s, &n) &&
		    str_eat_chr(&s, ',') && str_eat_blanks(&s) && str_eat_word(&s, &word));
	assert_int_equal(n, 12);
	assert_str(word, "x");
	assert_int_equal(s.n, 0);
	assert_false(str_eat_word(&s, &word));
	assert_false(str_eat_chr(&s, '\0'));
	assert_true(str_eat_blanks(&s));
	s = STR(" x");
	assert_false(str_eat_word(&s, &word));
}

static void
lines_end_with_the_text(void **state)
{
	struct str s = STR("a\n\nb\r\nc"), line;
	static const char *const want[] = { "a", "", "b\r", "c" };
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_true(str_cut_line(&s, &line));
		assert_str(line, want[i]);
	}
	assert_false(str_cut_line(&s, &line));
	s = STR("a\n");
	assert_true(str_cut_line(&s, &line));
	assert_false(str_cut_line(&s, &line));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_refuse_what_is_none),
		cmocka_unit_test(numbers_stop_at_their_limits),
		cmocka_unit_test(hex_needs_a_digit),
		cmocka_unit_test(digits_are_counted),
		cmocka_unit_test(searches_know_the_empty),
		cmocka_unit_test(compares_by_bytes),
		cmocka_unit_test(slices_stay_inside),
		cmocka_unit_test(eats_or_leaves),
		cmocka_unit_test(lines_end_with_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
