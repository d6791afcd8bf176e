/* Each decoder on a small text: cut at every byte, every byte wrong, and without memory. */
#include "tests/test.h"

#include "base/mem.h"
#include "ingest/unpack.h"

enum { MAX_SAMPLE = 128 };

static const struct str plain = { "one line\nand another, another, another\n", 39 };

#define BYTES(lit)                                                                                 \
	{                                                                                          \
		"" lit, sizeof(lit) - 1                                                            \
	} /* in a static table */

/* clang-format off */
static const struct sample {
	enum unpack_kind kind;
	struct str packed;
} samples[] = {
	{ UNPACK_GZIP, BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\xcf\x4b\x55\xc8\xc9"
	"\xcc\x4b\xe5\x4a\xcc\x4b\x51\x48\xcc\xcb\x2f\xc9\x48\x2d\xd2\xc1"
	"\x60\x70\x01\x00\x64\x72\x1c\xb3\x27\x00\x00\x00") },
	{ UNPACK_XZ, BYTES("\xfd\x37\x7a\x58\x5a\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01"
	"\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\x26\x00\x1c\x5d\x00\x37"
	"\x9b\x88\xce\x76\x9a\x9d\xdc\x15\x35\x8a\x69\x00\x1c\xac\x47\x4e"
	"\x9b\xef\x6f\xd5\xae\x89\xd0\xd2\xfe\x9f\x20\x00\x64\x72\x1c\xb3"
	"\x00\x01\x34\x27\xb7\xf3\xa6\x3e\x90\x42\x99\x0d\x01\x00\x00\x00"
	"\x00\x01\x59\x5a") },
	{ UNPACK_ZSTD, BYTES("\x28\xb5\x2f\xfd\x04\x58\xe5\x00\x00\xb0\x6f\x6e\x65\x20\x6c\x69"
	"\x6e\x65\x0a\x61\x6e\x64\x20\x61\x6e\x6f\x74\x68\x65\x72\x2c\x0a"
	"\x01\x00\x39\x17\x26\x84\x85\xc1\xb5") },
	{ UNPACK_LZ4, BYTES("\x04\x22\x4d\x18\x64\x40\xa7\x1f\x00\x00\x00\xf9\x06\x6f\x6e\x65"
	"\x20\x6c\x69\x6e\x65\x0a\x61\x6e\x64\x20\x61\x6e\x6f\x74\x68\x65"
	"\x72\x2c\x09\x00\x50\x74\x68\x65\x72\x0a\x00\x00\x00\x00\x4c\xf6"
	"\xcb\xa0") },
	{ UNPACK_BZIP2, BYTES("\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x7f\x4a\x45\x4a\x00\x00"
	"\x0e\xd1\x80\x00\x10\x40\x04\x26\x65\x94\x00\x20\x00\x31\x00\xd0"
	"\x01\x1e\xa8\xda\x46\x98\x91\x69\xb8\xee\xca\x0a\x24\xc2\xd5\x5e"
	"\x6c\x99\x28\x47\xc5\xdc\x91\x4e\x14\x24\x1f\xd2\x91\x52\x80") },
};
/* clang-format on */

/* Bytes, and how many are given at once; where they end: an end, or an error. */
struct bytes {
	struct str left;
	size_t at_once;
	bool breaks;
};

static ssize_t
give(void *ctx, char *to, size_t n, struct err *err)
{
	struct bytes *b = ctx;

	if (n > b->at_once)
		n = b->at_once;
	if (n > b->left.n)
		n = b->left.n;
	if (n == 0)
		return b->breaks ? err_set(err, "the disk broke") : 0;
	memcpy(to, b->left.p, n);
	b->left = str_from_at(b->left, n);
	return (ssize_t)n;
}

struct got {
	char text[4 * MAX_SAMPLE];
	size_t n;
	struct err err; /* "": it came to its end */
};

/* Read to its end, some bytes at once. */
static struct got
unpack_all(enum unpack_kind kind, struct bytes from, size_t at_once)
{
	struct got got = { .n = 0 };
	struct unpack_member m;
	struct unpack *u = unpack_new(kind, give, &from, &got.err);
	struct err again = { "" };
	ssize_t n = 1;

	if (u == NULL)
		return got;
	assert_int_equal(unpack_next(u, &m, &got.err), 1);
	assert_int_equal(m.name.n, 0);
	while (n > 0) {
		size_t room = sizeof(got.text) - got.n;

		assert_true(room > 0);
		n = unpack_read(u, got.text + got.n, room < at_once ? room : at_once, &got.err);
		got.n += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(n < 0, got.err.msg[0] != '\0');
	assert_int_equal(unpack_read(u, got.text, 1, &again), n); /* it stays so */
	assert_string_equal(again.msg, got.err.msg);
	assert_int_equal(unpack_next(u, &m, &got.err), 0);
	unpack_free(u);
	return got;
}

static void
must_be(const struct sample *s, struct got got, struct str want, const char *said)
{
	if (!str_eq((struct str){ got.text, got.n }, want))
		fail_msg("%s: %zu bytes, not %zu", unpack_name(s->kind), got.n, want.n);
	if (said == NULL)
		assert_string_equal(got.err.msg, "");
	else if (!str_has(str_from(got.err.msg), str_from(said)))
		fail_msg("%s: '%s', not '%s'", unpack_name(s->kind), got.err.msg, said);
}

static void
cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		size_t before = 0;

		for (size_t n = 0; n < s->packed.n; n++) {
			struct bytes piece = { str_head(s->packed, n), SIZE_MAX, false };
			struct got got = unpack_all(s->kind, piece, SIZE_MAX);

			assert_true(got.n >= before);
			before = got.n;
			must_be(s, got, str_head(plain, got.n), "cut off");
			piece.breaks = true;
			must_be(s, unpack_all(s->kind, piece, 1), str_head(plain, got.n),
			    "the disk broke");
		}
		/* What is missing is no more than the sum and the end. */
		assert_int_equal(before, plain.n);
	}
}

static void
every_byte_wrong(void **state)
{
	char packed[MAX_SAMPLE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		size_t ended = 0;

		for (size_t at = 0; at < s->packed.n; at++) {
			struct got got;

			memcpy(packed, s->packed.p, s->packed.n);
			packed[at] = (char)(packed[at] ^ 0x10);
			got = unpack_all(
			    s->kind, (struct bytes){ { packed, s->packed.n }, 7, false }, 5);
			ended += got.err.msg[0] == '\0';
			if (got.err.msg[0] == '\0') /* the sum is of all that was given */
				assert_int_equal(got.n, plain.n);
		}
		assert_true(ended < s->packed.n / 4);
	}
}

static void
the_last_byte_wrong(void **state)
{
	char packed[MAX_SAMPLE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		struct bytes from = { { packed, s->packed.n }, SIZE_MAX, false };

		memcpy(packed, s->packed.p, s->packed.n);
		packed[s->packed.n - (s->kind == UNPACK_BZIP2 ? 3 : 1)] ^= 0x20;
		must_be(s, unpack_all(s->kind, from, SIZE_MAX), plain, unpack_name(s->kind));
	}
}

static void
in_pieces(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 5, 16, SIZE_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];

		for (size_t in = 0; in < ARRAY_LEN(sizes); in++) {
			for (size_t out = 0; out < ARRAY_LEN(sizes); out++) {
				struct bytes from = { s->packed, sizes[in], false };

				must_be(s, unpack_all(s->kind, from, sizes[out]), plain, NULL);
			}
		}
	}
}

/* One stream, `between`, and the stream again. */
static struct got
unpack_two(const struct sample *s, struct str between, bool second)
{
	char packed[4 * MAX_SAMPLE];
	struct str parts[] = { s->packed, between, second ? s->packed : STR("") };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		assert_true(parts[i].n <= sizeof(packed) - n);
		if (parts[i].n > 0)
			memcpy(packed + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	return unpack_all(s->kind, (struct bytes){ { packed, n }, 11, false }, SIZE_MAX);
}

static void
one_after_the_other(void **state)
{
	static const struct str nuls = { "\0\0\0\0\0\0\0\0", 8 };
	static const struct str skipped = { "\x51\x2a\x4d\x18\3\0\0\0abc", 11 };
	char two[2 * MAX_SAMPLE];
	struct str twice = { two, 2 * plain.n };

	(void)state;
	memcpy(two, plain.p, plain.n);
	memcpy(two + plain.n, plain.p, plain.n);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		bool skips = s->kind == UNPACK_ZSTD || s->kind == UNPACK_LZ4;

		must_be(s, unpack_two(s, STR(""), true), twice, NULL);
		must_be(s, unpack_two(s, nuls, true), twice, NULL);
		must_be(s, unpack_two(s, nuls, false), plain, NULL);
		must_be(s, unpack_two(s, STR("\n"), false), plain, "behind its end");
		must_be(s, unpack_two(s, STR("\n"), true), plain, "behind its end");
		must_be(s, unpack_two(s, skipped, true), skips ? twice : plain,
		    skips ? NULL : "behind its end");
	}
}

static void
kinds_told_by_their_bytes(void **state)
{
	char head[MAX_SAMPLE] = "\x50\x2a\x4d\x18\1\0\0\0x";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		bool skips = s->kind == UNPACK_ZSTD || s->kind == UNPACK_LZ4;

		assert_int_equal(unpack_sniff(s->packed), s->kind);
		assert_int_equal(unpack_sniff(str_head(s->packed, 1)), UNPACK_NONE);
		assert_false(unpack_has_members(s->kind));
		memcpy(head + 9, s->packed.p, s->packed.n);
		assert_int_equal(unpack_sniff((struct str){ head, 9 + s->packed.n }),
		    skips ? s->kind : UNPACK_ZSTD);
	}
	/* One that claims to be larger than what is in sight. */
	assert_int_equal(unpack_sniff(STR("\x5f\x2a\x4d\x18\xff\xff\xff\xff")), UNPACK_ZSTD);
	assert_int_equal(unpack_sniff(STR("\x5f\x2a\x4d\x18\xff\xff\xff")), UNPACK_NONE);
}

static void
no_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		struct got got = { .n = 0 };
		long n = 0;

		for (; got.n < plain.n; n++) {
			assert_true(n < 100);
			mem_fail_after(n);
			got = unpack_all(
			    s->kind, (struct bytes){ s->packed, SIZE_MAX, false }, SIZE_MAX);
			mem_fail_after(-1);
			if (got.n < plain.n)
				assert_true(str_has(str_from(got.err.msg), STR("out of memory")));
		}
		assert_true(n >= 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(every_byte_wrong),
		cmocka_unit_test(the_last_byte_wrong),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(kinds_told_by_their_bytes),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
