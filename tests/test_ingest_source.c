/* Sources: what cannot be opened, what is hardly a log, and lines at their limits. */
#include "tests/test.h"

#include "base/mem.h"
#include "ingest/lines.h"
#include "ingest/source.h"
#include "tests/memory_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
test_cannot_open(void **state)
{
	struct source_opts odd = memory_log_opts;
	struct err err = { "" };
	(void)state;

	assert_null(source_open("/nonexistent/log", &memory_log_opts, &err));
	assert_string_equal(err.msg, "/nonexistent/log: No such file or directory");
	assert_null(source_open("/", &memory_log_opts, &err));
	assert_string_equal(err.msg, "/: Is a directory");
	odd.kind = "nonsense";
	assert_null(source_open("/dev/null", &odd, &err));
	assert_non_null(strstr(err.msg, "'nonsense'"));
	source_close(NULL);
}

static void
test_hardly_a_log(void **state)
{
	static const char nuls[100000];
	size_t n;
	struct source_stats st = memory_log_read("", 0, NULL, &n);
	(void)state;

	assert_int_equal(st.lines, 0);
	assert_int_equal(st.records, 0);
	assert_false(known(st.first_us));
	assert_string_equal(st.format, "text");
	st = memory_log_read(nuls, sizeof(nuls), NULL, &n);
	assert_int_equal(st.records, 0);
	assert_int_equal(st.bytes, sizeof(nuls));
	assert_int_equal(st.lines, 1);
	st = memory_log_read("x", 1, NULL, &n);
	assert_int_equal(st.records, 1);
	assert_int_equal(st.lines, 1);
	assert_int_equal(n, 1);
	st = memory_log_read("\n\n", 2, NULL, &n);
	assert_int_equal(st.lines, 2);
	assert_int_equal(st.records, 2);
}

static void
test_cut_encodings(void **state)
{
	size_t n;
	struct source_stats st = memory_log_read("\xff\xfe", 2, NULL, &n);
	(void)state;

	assert_int_equal(st.records, 0);
	/* half a unit, half a pair: U+FFFD for each */
	memory_log_read("\xff\xfe"
			"a\0b\0c",
	    7, NULL, &n);
	assert_int_equal(n, 2 + 3);
	memory_log_read("\xff\xfe"
			"a\0\x3d\xd8",
	    6, NULL, &n);
	assert_int_equal(n, 1 + 3);
	memory_log_read("\xfe\xff"
			"\0a\xdc\0\0b",
	    8, NULL, &n);
	assert_int_equal(n, 1 + 3 + 1);
	memory_log_read("\xef\xbb", 2, NULL, &n);
	assert_int_equal(n, 2);
}

static void
test_long_lines(void **state)
{
	static char data[3 * LINES_BLOCK];
	size_t n;
	struct source_stats st;
	(void)state;

	memset(data, 'x', sizeof(data));
	st = memory_log_read(data, sizeof(data), NULL, &n);
	assert_int_equal(st.records, 1);
	assert_int_equal(st.long_lines, 1);
	assert_int_equal(st.lines, 1);
	assert_int_equal(n, LINES_MAX);
	/* exactly at the limit is whole */
	data[LINES_MAX] = '\n';
	data[2 * LINES_MAX + 2] = '\n';
	st = memory_log_read(data, 2 * LINES_MAX + 3, NULL, &n);
	assert_int_equal(st.lines, 2);
	assert_int_equal(st.records, 2);
	assert_int_equal(st.long_lines, 1);
	assert_int_equal(n, LINES_MAX);
	/* the line after a long one is whole */
	data[sizeof(data) - 5] = '\n';
	st = memory_log_read(data, sizeof(data), NULL, &n);
	assert_int_equal(st.lines, 4);
	assert_int_equal(n, 4);
}

/* A hit is found wherever the blocks end, and its line is numbered right. */
static void
test_wanted_lines(void **state)
{
	static char data[2 * LINES_BLOCK + 4096];
	const struct str literal = STR("Out of memory"), stamp = STR("[    1.000000] ");
	struct scan *wanted = scan_new(&literal, 1);
	struct err err;
	struct record r;
	(void)state;

	for (size_t at = LINES_BLOCK - 64; at < LINES_BLOCK + 4096 + 64; at += 4096 / 64) {
		struct memory_log m;
		struct source *src;
		int64_t line = 1;
		bool hit = false;

		memset(data, 'x', sizeof(data));
		for (size_t i = 99; i < sizeof(data); i += 100)
			data[i] = '\n';
		data[0] = '[';
		memcpy(data, stamp.p, stamp.n); /* a style to settle on */
		memcpy(data + at / 100 * 100 + 20, literal.p, literal.n);
		line += (int64_t)(at / 100);
		m = memory_log(data, sizeof(data));
		src = memory_log_open(&m);
		while (source_next(src, wanted, &r, &err) == SOURCE_RECORD) {
			if (str_has(r.text, literal)) {
				assert_int_equal(r.line, line);
				hit = true;
			}
		}
		assert_true(hit);
		assert_int_equal(source_stats(src).lines, (sizeof(data) + 99) / 100);
		assert_int_equal(source_stats(src).bytes, sizeof(data));
		source_close(src);
		close(m.fd);
	}
	scan_free(wanted);
}

/* Passing lines over loses neither the year nor the boot nor the span of time. */
static void
test_wanted_times(void **state)
{
	const struct str literal = STR("Out of memory");
	struct scan *wanted = scan_new(&literal, 1);
	struct source_opts years = memory_log_opts;
	char *data = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&data, &n);
	struct memory_log m;
	struct source *src;
	struct err err;
	struct record r, last = { .line = 0 };
	(void)state;

	for (int month = 0; month < 15; month++) {
		static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

		for (int i = 0; i < 20000; i++)
			fprintf(out,
			    "%.3s %2d 10:00:00 vm kernel: [%5d.000000] nothing of note here\n",
			    names + month % 12 * 3, 1 + i * 28 / 20000,
			    1000 + (month % 4) * 20000 + i);
	}
	fputs(
	    "Mar 28 11:00:00 vm kernel: [99999.000000] Out of memory: Killed process 1 (x)\n", out);
	fclose(out);
	years.year = 2020;
	m = memory_log(data, n);
	src = source_open(m.path, &years, &err);
	assert_non_null(src);
	while (source_next(src, wanted, &r, &err) == SOURCE_RECORD)
		last = r;
	assert_int_equal(last.line, 15 * 20000 + 1);
	assert_int_equal(last.real_us / 1000000, 1616929200); /* 2021-03-28T11:00:00Z */
	assert_int_equal(last.boot, 3);
	assert_int_equal(source_stats(src).first_us / 1000000, 1577872800);
	assert_int_equal(source_stats(src).last_us, last.real_us);
	assert_int_equal(source_stats(src).records, 15 * 20000 + 1);
	source_close(src);
	close(m.fd);
	free(data);
	scan_free(wanted);
}

static void
test_overflows(void **state)
{
	static const char data[] = "[99999999999999999999.999999] a\n"
				   "<99999999999999999999>b\n"
				   "6,99999999999999999999,1,-;c\n"
				   "6,1,99999999999999999999,-;d\n"
				   "Nov 99999999999999999999 10:00:00 vm kernel: e\n"
				   "6,1,2,-,ncfrag=9223372036854775807/9223372036854775807;f\n"
				   "6,9223372036854775807,9223372036854775807,-;g\n"
				   "6,9223372036854775807,9223372036854775806,-;g\n"
				   "6,0,0,-;h\n"
				   "9999999999999.000000 h kernel: i\n"
				   "99999999999.000000 h kernel: j\n"
				   "{\"msg\":\"k\",\"time\":1e308,\"pri\":9223372036854775807}\n"
				   "{\"log\":\"l\",\"time\":1e15}\n"
				   "{\"__REALTIME_TIMESTAMP\":\"9223372036854775807\"}\n"
				   "{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":[-1,1000,\"x\"]}\n";
	size_t n;
	struct source_stats st = memory_log_read(data, sizeof(data) - 1, NULL, &n);
	(void)state;

	assert_int_equal(st.lines, 15);
}

/* Every allocation fails once: an error, never a crash, a leak or a wrong end. */
static void
test_no_memory(void **state)
{
	static const char data[] = "[    1.000000] text\n{\"log\":\"x\\n\"}\n"
				   "{\"MESSAGE\":[1,2]}\n6,1,2,-,ncfrag=0/9;some\n"
				   "__CURSOR=x\nMESSAGE=y\n\n";
	struct memory_log m = memory_log(data, sizeof(data) - 1);
	(void)state;

	for (long i = 0; i < 40; i++) {
		struct err err = { "" };
		struct source *src;
		struct record r;
		enum source_status st = SOURCE_RECORD;

		mem_fail_after(i);
		src = source_open(m.path, &memory_log_opts, &err);
		while (src != NULL && st == SOURCE_RECORD)
			st = source_next(src, NULL, &r, &err);
		mem_fail_after(-1);
		if (src == NULL || st == SOURCE_ERROR)
			assert_string_equal(err.msg, "out of memory");
		source_close(src);
	}
	close(m.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cannot_open),
		cmocka_unit_test(test_hardly_a_log),
		cmocka_unit_test(test_cut_encodings),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_wanted_lines),
		cmocka_unit_test(test_wanted_times),
		cmocka_unit_test(test_overflows),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
