/* What a hostile archive can cost: each limit, reached. */
#include "tests/test.h"

#include "base/mem.h"
#include "ingest/layers.h"
#include "tests/memory_log.h"

#include <stdio.h>
#include <unistd.h>
#include <zstd.h>

enum { BOMB = 8 << 20, TAR_BLOCK = 512 };

static const struct layers_limits wide = {
	.members = 1000, .archives = 4, .layers = 12, .free = INT64_C(1) << 40, .ratio = 1000
};

struct opened {
	struct memory_log file;
	struct layers *layers;
	struct layers_stream stream;
	struct err err;
};

static struct opened
open_layers(const void *data, size_t n, const struct layers_limits *limits)
{
	struct opened o = { .file = memory_log(data, n), .err = { "" } };
	struct input *in = input_open(o.file.path, NULL, &o.err);

	assert_non_null(in);
	o.layers = layers_new(in, limits, &o.err);
	assert_non_null(o.layers);
	return o;
}

static void
close_layers(struct opened *o)
{
	layers_free(o->layers);
	close(o->file.fd);
}

/* All of the stream: its bytes; how it ended stands in o->err. */
static int64_t
read_stream(struct opened *o)
{
	static char block[1 << 16];
	int64_t sum = 0;
	ssize_t got;

	o->err.msg[0] = '\0';
	while ((got = layers_read(o->layers, block, sizeof(block), &o->err)) > 0)
		sum += got;
	assert_int_equal(got < 0, o->err.msg[0] != '\0');
	return sum;
}

/* In one frame; the caller's to free. */
static struct str
pack(const char *data, size_t n)
{
	size_t room = ZSTD_compressBound(n);
	char *packed = mem_alloc(room);

	assert_non_null(packed);
	n = ZSTD_compress(packed, room, data, n, 3);
	assert_false(ZSTD_isError(n));
	return (struct str){ packed, n };
}

static void
fill_with_lines(char *to, size_t n)
{
	static const char line[] = "Jan  1 00:00:00 host kernel: x invoked oom-killer: order=0\n";

	for (size_t i = 0; i < n; i++)
		to[i] = line[i % (sizeof(line) - 1)];
}

static void
bombs(void **state)
{
	struct layers_limits limits = wide;
	char *data = mem_alloc(BOMB);

	(void)state;
	assert_non_null(data);
	memset(data, 0, BOMB);
	limits.free = 1 << 20, limits.ratio = 100;
	for (int lines = 0; lines < 2; lines++) {
		struct str packed;
		struct opened o;
		int64_t got;

		if (lines)
			fill_with_lines(data, BOMB);
		packed = pack(data, BOMB);
		assert_true((int64_t)packed.n * 100 + limits.free < BOMB);
		o = open_layers(packed.p, packed.n, &limits);
		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
		got = read_stream(&o);
		assert_true(got >= limits.free && got < (int64_t)packed.n * 100 + (2 << 20));
		assert_string_equal(
		    o.err.msg, "the rest is not read: it unpacks to more times its size than 100");
		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 0);
		close_layers(&o);

		/* The same is read where so much is free. */
		o = open_layers(packed.p, packed.n, &wide);
		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
		assert_int_equal(read_stream(&o), BOMB);
		assert_string_equal(o.err.msg, "");
		close_layers(&o);
		mem_free((char *)packed.p);
	}
	mem_free(data);
}

/* A bomb in a bomb: each layer counts, to the bytes of the file. */
static void
bomb_in_layers(void **state)
{
	struct layers_limits limits = wide;
	char *data = mem_alloc(BOMB);
	struct str inner, outer;
	struct opened o;

	(void)state;
	assert_non_null(data);
	memset(data, 'x', BOMB);
	limits.free = 1 << 20, limits.ratio = 1000;
	inner = pack(data, BOMB);
	outer = pack(inner.p, inner.n);
	assert_true((int64_t)outer.n * 1000 + limits.free < BOMB);
	o = open_layers(outer.p, outer.n, &limits);
	assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
	assert_true(read_stream(&o) < BOMB);
	assert_true(str_has(str_from(o.err.msg), STR("than 1000")));
	close_layers(&o);
	mem_free((char *)inner.p);
	mem_free((char *)outer.p);
	mem_free(data);
}

static void
packed_many_times(void **state)
{
	struct layers_limits limits = wide;
	struct str data = pack("text\n", 5);

	(void)state;
	limits.layers = 3;
	for (unsigned n = 1; n <= 4; n++) {
		struct opened o = open_layers(data.p, data.n, &limits);
		struct str next = pack(data.p, data.n);

		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), n <= 3 ? 1 : -1);
		if (n <= 3)
			assert_int_equal(read_stream(&o), 5);
		else
			assert_string_equal(o.err.msg, "not read: packed more than 3 times");
		close_layers(&o);
		mem_free((char *)data.p);
		data = next;
	}
	mem_free((char *)data.p);
}

/* tar.h(0posix): a header and a block for each file of five bytes. */
static size_t
make_tar(char *to, unsigned members)
{
	for (unsigned i = 0; i < members; i++) {
		char *h = to + (size_t)i * 2 * TAR_BLOCK;
		unsigned sum = 0;

		memset(h, 0, 2 * TAR_BLOCK);
		snprintf(h, 100, "file%u", i);
		memcpy(h + 100, "0000644", 8);
		memcpy(h + 124, "00000000005", 12);
		memset(h + 148, ' ', 8);
		h[156] = '0';
		for (size_t k = 0; k < TAR_BLOCK; k++)
			sum += (unsigned char)h[k];
		snprintf(h + 148, 8, "%06o", sum);
		memcpy(h + TAR_BLOCK, "text\n", 5);
	}
	memset(to + (size_t)members * 2 * TAR_BLOCK, 0, 2 * TAR_BLOCK);
	return (size_t)(members + 1) * 2 * TAR_BLOCK;
}

static void
many_members(void **state)
{
	static char tar[16 * TAR_BLOCK];
	struct layers_limits limits = wide;
	size_t n = make_tar(tar, 5);

	(void)state;
	for (limits.members = 3; limits.members <= 5; limits.members++) {
		struct opened o = open_layers(tar, n, &limits);
		int got;

		for (int64_t i = 0; i < limits.members; i++) {
			assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
			assert_int_equal(read_stream(&o), 5);
			assert_string_equal(o.err.msg, "");
		}
		got = layers_next(o.layers, &o.stream, &o.err);
		assert_int_equal(got, limits.members < 5 ? -1 : 0);
		if (got < 0)
			assert_true(str_has(str_from(o.err.msg), STR("more members than")));
		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 0);
		assert_int_equal(layers_stats(o.layers).members, limits.members);
		close_layers(&o);
	}
}

/* Every byte in front of the cut is given, also where the cut is in the layer below. */
static void
cut_member(void **state)
{
	static char tar[16 * TAR_BLOCK];
	size_t n = make_tar(tar, 3), at = 2 * TAR_BLOCK + TAR_BLOCK;

	(void)state;
	for (size_t cut = at - 1; cut <= at + 5; cut++) {
		struct opened o = open_layers(tar, cut, &wide);

		assert_true(cut < n);
		assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
		assert_int_equal(read_stream(&o), 5);
		if (cut < at) {
			assert_int_equal(layers_next(o.layers, &o.stream, &o.err), -1);
		} else {
			assert_int_equal(layers_next(o.layers, &o.stream, &o.err), 1);
			assert_str(o.stream.name, "file1");
			assert_int_equal(read_stream(&o), cut - at);
			assert_true(str_starts(str_from(o.err.msg), STR("tar: ")));
		}
		close_layers(&o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bombs),
		cmocka_unit_test(bomb_in_layers),
		cmocka_unit_test(packed_many_times),
		cmocka_unit_test(many_members),
		cmocka_unit_test(cut_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
