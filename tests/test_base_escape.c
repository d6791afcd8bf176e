#include "tests/test.h"

#include "base/escape.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Both writers must give `want`, and undoing it must give `in` again. */
static void
check(struct str in, const char *want)
{
	struct arena a = { 0 };
	char *text = NULL, undone[256];
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct str copy = escape_dup(&a, in);

	assert_non_null(f);
	str_put_escaped(f, in);
	fclose(f);
	assert_str(((struct str){ text, n }), want);
	assert_str(copy, want);
	assert_int_equal(copy.p[copy.n], '\0');
	assert_true(copy.n < sizeof(undone));
	n = escape_undo(copy, undone);
	assert_true(str_eq((struct str){ undone, n }, in));
	free(text);
	arena_done(&a);
}

static void
escapes_what_could_do_harm(void **state)
{
	(void)state;
	check(STR("\x1b[31mred\x1b[m"), "\\x1b[31mred\\x1b[m");
	check(STR("a\0b\tc\nd\re\x7f"), "a\\x00b\\x09c\\x0ad\\x0de\\x7f");
	check(STR("a\\x41"), "a\\x5cx41");
	check(STR("\xc2\x80 \xc2\x9b \xc2\x9f"), "\\xc2\\x80 \\xc2\\x9b \\xc2\\x9f");
	check(STR("\xe2\x80\xae"
		  "txt"),
	    "\\xe2\\x80\\xaetxt");
	check(STR("\xe2\x81\xa6 \xe2\x81\xa9"), "\\xe2\\x81\\xa6 \\xe2\\x81\\xa9");
	check(STR("\xe2\x80\xa8\xe2\x80\x8f\xd8\x9c"), "\\xe2\\x80\\xa8\\xe2\\x80\\x8f\\xd8\\x9c");
}

static void
escapes_what_is_not_utf8(void **state)
{
	(void)state;
	check(STR("\x80\xbf"), "\\x80\\xbf");
	check(STR("\xc0\xaf"), "\\xc0\\xaf");			/* overlong '/' */
	check(STR("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");		/* again */
	check(STR("\xed\xa0\x80"), "\\xed\\xa0\\x80");		/* surrogate */
	check(STR("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
	check(STR("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80");
	check(STR("\xc3"), "\\xc3"); /* cut */
	check(STR("\xe2\x82"), "\\xe2\\x82");
	check(STR("\xf0\x9f\x98"), "\\xf0\\x9f\\x98");
	check(STR("\xc3(\xff"), "\\xc3(\\xff");
}

static void
keeps_text(void **state)
{
	(void)state;
	check(STR(""), "");
	check(STR("(sd-pam) <script>\"'&"), "(sd-pam) <script>\"'&");
	check(STR("\xc2\xa0\xc3\xa9\xe2\x82\xac\xed\x9f\xbf\xee\x80\x80"),
	    "\xc2\xa0\xc3\xa9\xe2\x82\xac\xed\x9f\xbf\xee\x80\x80");
	check(STR("\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"), "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf");
}

static void
keeps_the_unknown_unknown(void **state)
{
	struct arena a = { 0 };
	(void)state;

	assert_null(escape_dup(&a, STR_NONE).p);
	assert_non_null(escape_dup(&a, STR("")).p);
	str_put_escaped(stderr, STR_NONE);
	assert_int_equal(escape_undo(STR_NONE, NULL), 0);
	arena_done(&a);
	mem_fail_after(0);
	assert_null(escape_dup(&a, STR("x")).p);
	mem_fail_after(-1);
	arena_done(&a);
}

/* In place, as a reader of /dev/kmsg does it. */
static void
check_undo(const char *in, struct str want)
{
	char text[64];
	size_t n = strlen(in);

	memcpy(text, in, n);
	n = escape_undo((struct str){ text, n }, text);
	assert_true(str_eq((struct str){ text, n }, want));
}

static void
undoes_only_whole_escapes(void **state)
{
	(void)state;
	check_undo("\\", STR("\\"));
	check_undo("\\x", STR("\\x"));
	check_undo("\\x4", STR("\\x4"));
	check_undo("\\x4g\\X41\\n", STR("\\x4g\\X41\\n"));
	check_undo("\\x0x41", STR("\\x0x41"));
	check_undo("\\\\x41", STR("\\A"));
	check_undo("a\\x5cx41b", STR("a\\x41b"));
	check_undo("\\x00\\xFf\\x0a.", STR("\0\xff\n."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_what_could_do_harm),
		cmocka_unit_test(escapes_what_is_not_utf8),
		cmocka_unit_test(keeps_text),
		cmocka_unit_test(keeps_the_unknown_unknown),
		cmocka_unit_test(undoes_only_whole_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
