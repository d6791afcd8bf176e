/*
 * The n-th allocation fails, for every n: reading, parsing, judging and
 * rendering a real log must then end in an error, never in a crash, a leak
 * (the asan preset sees those) or an event that is not whole.
 */
#include "test.h"

#include "base/mem.h"
#include "ingest/source.h"
#include "parse/parser.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct report report;
	size_t events;
	size_t lines;
};

static int
take(void *ctx, struct event *ev, struct err *err)
{
	struct run *run = ctx;
	struct finding f = { .event = ev, .verdict = verdict_of(ev) };

	run->events++;
	run->lines += ev->nlines;
	f.ledgers = ledgers_of(ev);
	f.services = services_of(ev, f.ledgers, NULL);
	f.diagnoses = diagnoses_of(ev, f.verdict, f.ledgers);
	if (f.verdict == NULL || f.ledgers == NULL || f.services == NULL || f.diagnoses == NULL) {
		event_free(ev);
		return err_no_memory(err);
	}
	for (size_t i = 0; renderer_at(i) != NULL; i++)
		renderer_at(i)->event(&run->report, &f);
	event_free(ev);
	return run->report.failed ? err_no_memory(err) : 0;
}

static int
read_all(struct source *src, struct parser *p, struct err *err)
{
	struct record rec;
	enum source_status st;

	while ((st = source_next(src, NULL, &rec, err)) == SOURCE_RECORD) {
		if (parser_feed(p, &rec, err) != 0)
			return -1;
	}
	return st == SOURCE_ERROR ? -1 : parser_end(p, err);
}

static int
run_once(const char *path, struct run *run, struct err *err)
{
	struct source_opts opts = { .year = UNKNOWN, .now_us = 0, .zone = "UTC" };
	struct parser *p = parser_new(take, run, err);
	struct source *src = p == NULL ? NULL : source_open(path, &opts, err);
	int rc = src == NULL ? -1 : read_all(src, p, err);

	source_close(src);
	parser_free(p);
	return rc;
}

static void
fail_each(const char *path)
{
	struct run whole = { .events = 0 };
	struct err err = { "" };
	long n;
	int rc = -1;

	whole.report.out = fopen("/dev/null", "w");
	assert_int_equal(run_once(path, &whole, &err), 0);
	assert_true(whole.events > 0);
	for (n = 0; rc != 0; n++) {
		struct run run = { .report.out = whole.report.out };

		assert_true(n < 1000 * 1000);
		err.msg[0] = '\0';
		mem_fail_after(n);
		rc = run_once(path, &run, &err);
		mem_fail_after(-1);
		if (rc != 0)
			assert_true(strlen(err.msg) > 0);
		else
			assert_int_equal(run.lines, whole.lines);
	}
	assert_true(n > 10);
	fclose(whole.report.out);
}

static void
a_whole_report(void **state)
{
	(void)state;
	fail_each(FIXTURES "/lab/6.1.0-56-cloud-amd64/memcg-group/kmsg.raw");
}

static void
names_with_newlines_and_split_records(void **state)
{
	(void)state;
	fail_each(FIXTURES "/lab/6.1.0-56-cloud-amd64/memcg-longpath/dmesg.txt");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_report),
		cmocka_unit_test(names_with_newlines_and_split_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
