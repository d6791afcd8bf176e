/* JSON: objects that are too big, cut, or hold what no search finds. */
#include "tests/test.h"

#include "tests/memory_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A message that is an array of numbers holds no literal, and may hold a kill. */
static void
test_wanted_arrays(void **state)
{
	static const char data[] = "{\"MESSAGE\":\"quiet\",\"_TRANSPORT\":\"kernel\"}\n"
				   "{\"MESSAGE\":\"quiet\",\"_TRANSPORT\":\"kernel\"}\n"
				   "{\"_TRANSPORT\":\"kernel\",\"MESSAGE\" : [79,117,116,27]}\n"
				   "{\"MESSAGE\":\"quiet\",\"_TRANSPORT\":\"kernel\"}\n";
	const struct str literal = STR("Out of memory");
	struct scan *wanted = scan_new(&literal, 1);
	struct memory_log m = memory_log(data, sizeof(data) - 1);
	struct source *src = memory_log_open(&m);
	struct err err;
	struct record r;
	int found = 0;
	(void)state;

	while (source_next(src, wanted, &r, &err) == SOURCE_RECORD)
		found += r.line == 3 && str_eq(r.text, STR("Out\033"));
	assert_int_equal(found, 1);
	source_close(src);
	close(m.fd);
	scan_free(wanted);
}

/* An output of 300 KB in one string; an object that would not end. */
static void
test_big_objects(void **state)
{
	char *data = NULL;
	size_t n = 0, last;
	FILE *out = open_memstream(&data, &n);
	struct source_stats st;
	(void)state;

	fputs("{\"Output\":\"", out);
	for (int i = 0; i < 5000; i++)
		fprintf(out, "[%5d.000000] a line of a console, escaped\\r\\n", i);
	fputs("\"}\n[ 9999.000000] after it\n", out);
	fclose(out);
	st = memory_log_read(data, n, NULL, &last);
	assert_int_equal(st.records, 5001);
	assert_int_equal(st.lines, 2);
	assert_int_equal(st.last_mono_us, 9999000000);
	free(data);

	out = open_memstream(&data, &n);
	fputs("{\"log\":\"", out);
	for (int i = 0; i < 600000; i++)
		fputs("0123456789", out);
	fputs("\"}\n[ 9999.000000] after it\n", out);
	fclose(out);
	st = memory_log_read(data, n, NULL, &last);
	assert_int_equal(st.bad_entries, 1);
	assert_int_equal(st.records, 1);
	assert_int_equal(last, 8);
	free(data);
}

/* A NUL makes pieces of a line; lines of what is not JSON after all are numbered right. */
static void
test_lines_of_bad_json(void **state)
{
	static const char data[] = "{ \"a\":\n\0 1\0 2\0 3\0\n\"b\": \"no end\n[    1.000000] x\n";
	struct memory_log m = memory_log(data, sizeof(data) - 1);
	struct source *src = memory_log_open(&m);
	struct err err;
	struct record r;
	int64_t line = 0;
	(void)state;

	while (source_next(src, NULL, &r, &err) == SOURCE_RECORD) {
		assert_true(r.line >= line);
		line = r.line;
	}
	assert_int_equal(line, 4);
	assert_int_equal(source_stats(src).bad_entries, 1);
	source_close(src);
	close(m.fd);
}

/* One entry of docker's json-file: n bytes of c, then `end`. */
static void
put_docker(FILE *out, char c, size_t n, const char *end, const char *stream)
{
	fputs("{\"log\":\"", out);
	for (size_t i = 0; i < n; i++)
		putc(c, out);
	fprintf(out, "%s\",\"stream\":\"%s\",\"time\":\"2026-11-22T23:35:09Z\"}\n", end, stream);
}

/* A line over 16 KiB is in several entries; those of the other stream come in between. */
static void
test_pieces_of_docker(void **state)
{
	const size_t lengths[] = { 3, 16384 + 5, 7, 7, 16384 };
	char *data = NULL;
	size_t n = 0, i = 0;
	FILE *out = open_memstream(&data, &n);
	struct memory_log m;
	struct source *src;
	struct err err;
	struct record r;
	(void)state;

	put_docker(out, 'a', 16384, "", "stdout");
	put_docker(out, 'e', 3, "\\n", "stderr");
	put_docker(out, 'a', 5, "\\n", "stdout");
	/* Whoever strips newlines has whole lines all the same. */
	put_docker(out, 'b', 7, "", "stdout");
	put_docker(out, 'c', 7, "", "stdout");
	put_docker(out, 'd', 16384, "", "stdout"); /* the log ends in the middle of it */
	fclose(out);
	m = memory_log(data, n);
	src = memory_log_open(&m);
	for (; source_next(src, NULL, &r, &err) == SOURCE_RECORD; i++) {
		assert_true(i < ARRAY_LEN(lengths));
		assert_int_equal(r.text.n, lengths[i]);
		assert_true(known(r.real_us));
	}
	assert_int_equal(i, ARRAY_LEN(lengths));
	source_close(src);
	close(m.fd);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted_arrays),
		cmocka_unit_test(test_big_objects),
		cmocka_unit_test(test_lines_of_bad_json),
		cmocka_unit_test(test_pieces_of_docker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
