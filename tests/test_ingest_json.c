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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted_arrays),
		cmocka_unit_test(test_big_objects),
		cmocka_unit_test(test_lines_of_bad_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
