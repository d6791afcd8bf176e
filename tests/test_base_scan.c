#include "tests/test.h"

#include "base/mem.h"
#include "base/scan_impl.h"

#include <stdlib.h>
#include <string.h>

/* What scan_find() promises, in the plainest words. */
static size_t
find_plainly(const struct str *lits, size_t n, struct scan_text t, size_t *newlines)
{
	for (size_t at = t.from; at < t.n; at++) {
		for (size_t i = 0; i < n; i++)
			if (str_starts((struct str){ t.p + at, t.n - at }, lits[i]))
				return at;
		*newlines += t.p[at] == '\n';
	}
	return t.n;
}

/* Both engines against the plain one, on a copy that ends where the text ends: the
 * address sanitizer sees every byte read beyond it. */
static void
check(const struct str *lits, size_t n, const char *text, size_t len, size_t from)
{
	struct scan *s = scan_new(lits, n);
	char *copy = malloc(len > 0 ? len : 1);
	scan_engine *engines[] = { scan_portable, scan_vector() };

	assert_non_null(s);
	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, text, len);
	for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
		struct scan_text t = { copy, len, from };
		size_t want_lines = 7, lines = 7;
		size_t want = find_plainly(lits, n, t, &want_lines);

		if (engines[i] == NULL)
			continue;
		s->engine = engines[i];
		assert_int_equal(scan_find(s, copy, len, from, &lines), want);
		assert_int_equal(lines, want_lines);
	}
	free(copy);
	scan_free(s);
}

static void
refuses_what_it_cannot_seek(void **state)
{
	char text[SCAN_LEN_MAX + 1];
	struct str many[SCAN_LITERALS + 1];
	(void)state;

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = STR("abcd");
	assert_null(scan_new(many, ARRAY_LEN(many)));
	assert_null(scan_new(&STR("abc"), 1));
	assert_null(scan_new(&STR_NONE, 1));
	assert_null(scan_new(&(struct str){ text, sizeof(text) }, 1));
	mem_fail_after(0);
	assert_null(scan_new(many, 1));
	mem_fail_after(-1);
	scan_free(NULL);
}

static void
finds_nothing_in_nothing(void **state)
{
	struct str lits[] = { STR("Out of memory") };
	(void)state;

	check(lits, 1, "", 0, 0);
	check(lits, 0, "Out of memory\n", 14, 0);
	check(lits, 1, "Out of memor", 12, 0);
	check(lits, 1, "ut of memory", 12, 0);
	check(lits, 1, "Out of memory", 13, 1);
	check(lits, 1, "Out of memory", 13, 13);
}

/* The literal at every place of buffers of every length around a step's. */
static void
finds_at_every_place(void **state)
{
	struct str lits[] = { STR("oom-kill:constraint"), STR("Mem-Info:"), STR("mark_victim"),
		STR("\n e e\n e e e e~~~~ e") };
	char text[300];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(lits); i++) {
		for (size_t len = 120; len < 212; len += 7) {
			for (size_t at = 0; at <= len; at++) {
				struct str lit = str_head(lits[i], len - at);

				memset(text, '\n', sizeof(text));
				memcpy(text + at, lit.p, lit.n);
				check(lits, ARRAY_LEN(lits), text, len, 0);
				check(lits, ARRAY_LEN(lits), text, len, at > 40 ? 40 : at);
			}
		}
	}
}

/* The window of the first literal, "~~~~", stands after all of the second; the third and
 * the fourth share theirs, and so do the fourth and the fifth. */
static void
gives_the_first_of_overlapping(void **state)
{
	struct str lits[] = { STR("e QJQJ e e e e e e e e e e e e e e e e ~~~~"), STR("QJQJ"),
		STR("ee QZQZ e"), STR("QZQZ"), STR("e QZQZ") };
	struct str backwards[ARRAY_LEN(lits)];
	char text[200];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(lits); i++)
		backwards[i] = lits[ARRAY_LEN(lits) - 1 - i];
	for (size_t i = 0; i < ARRAY_LEN(lits); i++) {
		for (size_t at = 0; at + lits[i].n <= 150; at++) {
			memset(text, 'e', sizeof(text));
			memcpy(text + at, lits[i].p, lits[i].n);
			for (size_t from = 0; from < 5; from++) {
				check(lits, ARRAY_LEN(lits), text, sizeof(text), at + from);
				check(backwards, ARRAY_LEN(lits), text, 150, at + from);
			}
			check(lits, ARRAY_LEN(lits), text, sizeof(text), 0);
		}
	}
}

static void
finds_any_bytes(void **state)
{
	struct str lits[] = { STR("\xff\xfe\x80\x81\x00"), STR("\n\n\n\n"), STR("\0\0\0\0") };
	char text[256];
	(void)state;

	memset(text, 0xff, sizeof(text));
	check(lits, ARRAY_LEN(lits), text, sizeof(text), 0);
	memcpy(text + 99, lits[0].p, lits[0].n);
	check(lits, ARRAY_LEN(lits), text, sizeof(text), 0);
	memcpy(text + 70, lits[1].p, lits[1].n);
	check(lits, ARRAY_LEN(lits), text, sizeof(text), 0);
}

static unsigned
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33);
}

/* Few different bytes, so that windows, literals and near misses abound. */
static void
agrees_on_random_text(void **state)
{
	static const char alphabet[] = "abO\n";
	char text[2000], words[40 * 8];
	struct str lits[40];
	uint64_t seed = 1;
	(void)state;

	for (int round = 0; round < 400; round++) {
		size_t n = next_random(&seed) % ARRAY_LEN(lits), len = 0;

		for (size_t i = 0; i < sizeof(words); i++)
			words[i] = alphabet[next_random(&seed) % 4];
		for (size_t i = 0; i < n; i++)
			lits[i] = (struct str){ words + i * 8, 4 + next_random(&seed) % 5 };
		while (len < next_random(&seed) % sizeof(text))
			text[len++] = alphabet[next_random(&seed) % 4];
		for (size_t from = 0; from < len; from += 1 + next_random(&seed) % 97)
			check(lits, n, text, len, from);
	}
}

/* A byte of the vector's counters must not overflow. */
static void
counts_many_newlines(void **state)
{
	static char text[100000];
	struct str lits[] = { STR("Killed process") };
	(void)state;

	memset(text, '\n', sizeof(text));
	check(lits, 1, text, sizeof(text), 3);
	memcpy(text + 99900, lits[0].p, lits[0].n);
	check(lits, 1, text, sizeof(text), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_it_cannot_seek),
		cmocka_unit_test(finds_nothing_in_nothing),
		cmocka_unit_test(finds_at_every_place),
		cmocka_unit_test(gives_the_first_of_overlapping),
		cmocka_unit_test(finds_any_bytes),
		cmocka_unit_test(agrees_on_random_text),
		cmocka_unit_test(counts_many_newlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
