/*
 * Every folder of fixtures/prefix/ is a test: the records of its input.log must be those of
 * expect.records, one a line.  UPDATE_GOLDEN=1 writes the answers instead; review them with
 * git diff.
 */
#include "tests/test.h"

#include "base/escape.h"
#include "ingest/source.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STYLES = 128, PATH_SIZE = 512 };

static void
put_text(FILE *out, struct str s)
{
	if (s.p == NULL)
		fputc('?', out);
	else
		str_put_escaped(out, s);
	fputc(' ', out);
}

static void
put_number(FILE *out, int64_t v)
{
	if (known(v))
		fprintf(out, "%" PRId64 " ", v);
	else
		fputs("? ", out);
}

static void
put_record(FILE *out, const struct record *r)
{
	static const char *const sources[] = { "none", "record", "year", "boot" };

	fprintf(out, "%" PRId64 " ", r->line);
	put_text(out, r->host);
	put_text(out, r->ident);
	put_text(out, r->caller);
	fprintf(out, "%d.%d ", r->facility, r->level);
	put_number(out, r->mono_us);
	put_number(out, r->real_us);
	put_number(out, r->real_error_us);
	fprintf(out, "%s boot%u %s", sources[r->real_source], r->boot,
	    r->kernel_known ? "kernel" : "text");
	if (r->boot_id.p != NULL) {
		fputs(" id=", out);
		str_put_escaped(out, r->boot_id);
	}
	if (known(r->seq))
		fprintf(out, " seq=%" PRId64, r->seq);
	if (r->lost_before > 0)
		fprintf(out, " lost=%" PRId64, r->lost_before);
	fprintf(out, "%s%s%s%s | ", r->bare ? " bare" : "", r->fragment ? " fragment" : "",
	    r->new_boot ? " new-boot" : "", r->truncated ? " cut" : "");
	str_put_escaped(out, r->text);
	fputc('\n', out);
}

/* All records of a file, and what was said of the whole.  The caller frees. */
static char *
records_of(const char *path)
{
	struct source_opts opts = { .year = 2026, .now_us = 1795400000000000, .zone = "UTC" };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct err err = { "" };
	struct source *src = source_open(path, &opts, &err);
	enum source_status st;
	struct source_stats stats;
	struct record r;

	if (src == NULL)
		fail_msg("%s", err.msg);
	while ((st = source_next(src, NULL, &r, &err)) == SOURCE_RECORD)
		put_record(out, &r);
	assert_int_equal(st, SOURCE_END);
	stats = source_stats(src);
	fprintf(out, "= %s lines=%" PRId64 " records=%" PRId64 " bad=%" PRId64 "\n", stats.format,
	    stats.lines, stats.records, stats.bad_entries);
	source_close(src);
	fclose(out);
	return text;
}

static char *
slurp(const char *path)
{
	char *text = NULL;
	size_t n = 0;
	FILE *in = fopen(path, "r");
	FILE *out = open_memstream(&text, &n);

	for (int c; in != NULL && (c = fgetc(in)) != EOF;)
		fputc(c, out);
	if (in != NULL)
		fclose(in);
	fclose(out);
	return text;
}

static void
test_style(void **state)
{
	char in[PATH_SIZE], want[PATH_SIZE];
	char *got, *old;
	FILE *out;

	snprintf(in, sizeof(in), FIXTURES "/prefix/%s/input.log", (const char *)*state);
	snprintf(want, sizeof(want), FIXTURES "/prefix/%s/expect.records", (const char *)*state);
	got = records_of(in);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		out = fopen(want, "w");
		assert_non_null(out);
		fputs(got, out);
		fclose(out);
	}
	old = slurp(want);
	assert_string_equal(got, old);
	free(got);
	free(old);
}

/* Lines that hold nothing wanted may be passed over: what is given is given the same. */
static void
test_wanted(void **state)
{
	const struct str literals[] = { STR("Out of memory"), STR("invoked oom-killer") };
	struct scan *wanted = scan_new(literals, ARRAY_LEN(literals));
	struct source_opts opts = { .year = 2026, .now_us = 1795400000000000, .zone = "UTC" };
	char in[PATH_SIZE], *all, *line = NULL;
	size_t n = 0;
	struct err err;
	struct record r;
	struct source *src;

	snprintf(in, sizeof(in), FIXTURES "/prefix/%s/input.log", (const char *)*state);
	all = records_of(in);
	src = source_open(in, &opts, &err);
	assert_non_null(src);
	while (source_next(src, wanted, &r, &err) == SOURCE_RECORD) {
		FILE *out = open_memstream(&line, &n);

		/* What only the lines before can tell is not asked for. */
		put_text(out, r.text);
		fclose(out);
		if (strlen(line) > 1)
			line[strlen(line) - 1] = '\0';
		assert_non_null(strstr(all, line));
		free(line);
	}
	source_close(src);
	scan_free(wanted);
	free(all);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int
main(void)
{
	struct CMUnitTest tests[2 * MAX_STYLES];
	size_t n = 0;
	struct dirent *entry;
	DIR *dir = opendir(FIXTURES "/prefix");
	int failed;

	while (dir != NULL && (entry = readdir(dir)) != NULL && n + 2 <= 2 * (size_t)MAX_STYLES) {
		char *name;

		if (strchr(entry->d_name, '.') != NULL)
			continue; /* not a style's folder */
		name = strdup(entry->d_name);
		tests[n++] = (struct CMUnitTest){ name, test_style, NULL, NULL, name };
		tests[n++] = (struct CMUnitTest){ name, test_wanted, NULL, NULL, name };
	}
	if (dir == NULL || n == 0) {
		fputs("no fixtures\n", stderr);
		return 1;
	}
	closedir(dir);
	qsort(tests, n, sizeof(tests[0]), by_name);
	failed = _cmocka_run_group_tests("prefix", tests, n, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		if (tests[i].test_func == test_style)
			free((char *)tests[i].name);
	}
	return failed;
}
