/* What a hostile archive can cost: each limit, and what just fits. */
#include "tests/test.h"

#include "ingest/layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 32 };

static const struct layers_limits wide = { 1000, 8, 16, INT64_MAX, 1000 };

/* A file made by a command that writes it to standard output. */
static struct input *
made_by(const char *command, char path[static PATH_SIZE])
{
	char all[512];
	int fd;
	struct err err;
	struct input *in;

	snprintf(path, PATH_SIZE, "/tmp/oomwhy-layers-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	snprintf(all, sizeof(all), "(%s) >%s", command, path);
	assert_int_equal(system(all), 0); /* NOLINT: our own words */
	in = input_open(path, NULL, &err);
	unlink(path);
	assert_non_null(in);
	return in;
}

struct told {
	int64_t bytes;
	int streams, errors;
	struct err err; /* the last */
};

/* All that there is, as a source would read it. */
static struct told
read_all(const char *command, struct layers_limits limits)
{
	struct told t = { .bytes = 0 };
	char path[PATH_SIZE]; /* the input's name */
	struct layers *l = layers_new(made_by(command, path), &limits, &t.err);
	struct layers_stream s;
	char block[8192];
	ssize_t n;
	int got;

	assert_non_null(l);
	while ((got = layers_next(l, &s, &t.err)) != 0 && t.errors < 1000) {
		t.errors += got < 0;
		t.streams += got > 0;
		while (got > 0 && (n = layers_read(l, block, sizeof(block), &t.err)) != 0) {
			if (n < 0) {
				t.errors++;
				break;
			}
			t.bytes += n;
		}
	}
	layers_free(l);
	return t;
}

static void
ratio(void **state)
{
	static const char zeros[] = "head -c 3000000 /dev/zero | gzip -9";
	struct layers_limits narrow = wide;
	struct told t = read_all(zeros, wide);

	(void)state;
	assert_int_equal(t.bytes, 3000000);
	assert_int_equal(t.errors, 0);
	narrow.free = 1000000;
	narrow.ratio = 100; /* it is about 1000 */
	t = read_all(zeros, narrow);
	assert_true(t.errors > 0 && t.bytes >= 1000000 && t.bytes < 2000000);
	assert_non_null(strstr(t.err.msg, "more times its size than 100"));
	narrow.free = 3000000; /* so much is always given */
	assert_int_equal(read_all(zeros, narrow).errors, 0);
}

static void
members(void **state)
{
	static const char many[] =
	    "d=$(mktemp -d) && cd $d && for i in 1 2 3 4 5 6 7 8 9; do echo x >$i.log; done && "
	    "tar -cf - *.log; rm -rf $d";
	struct layers_limits narrow = wide;
	struct told t = read_all(many, wide);

	(void)state;
	assert_int_equal(t.streams, 9);
	narrow.members = 9;
	assert_int_equal(read_all(many, narrow).errors, 0);
	narrow.members = 5;
	t = read_all(many, narrow);
	assert_true(t.errors > 0 && t.streams <= 5);
}

static void
depth(void **state)
{
	static const char deep[] = "echo x | gzip | gzip | gzip | gzip";
	struct layers_limits narrow = wide;
	struct told t = read_all(deep, wide);

	(void)state;
	assert_int_equal(t.bytes, 2);
	narrow.layers = 2;
	t = read_all(deep, narrow);
	assert_true(t.errors > 0);
	assert_int_equal(t.bytes, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ratio),
		cmocka_unit_test(members),
		cmocka_unit_test(depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
