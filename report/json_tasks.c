/*
 * The task array, written straight to the stream: it is most of the output,
 * and building it in memory by jansson first costs 35 times as much.  A test
 * has jansson read back every byte of it.
 */
#include "report/json.h"

#include "base/escape.h"

#include <string.h>

/* clang-format off */
static const struct json_field task_fields[] = {
	{ "pid",		offsetof(struct task, pid) },
	{ "tgid",		offsetof(struct task, tgid) },
	{ "uid",		offsetof(struct task, uid) },
	{ "total_vm_pages",	offsetof(struct task, total_vm_pages) },
	{ "rss_pages",		offsetof(struct task, rss_pages) },
	{ "rss_anon_pages",	offsetof(struct task, rss_anon_pages) },
	{ "rss_file_pages",	offsetof(struct task, rss_file_pages) },
	{ "rss_shmem_pages",	offsetof(struct task, rss_shmem_pages) },
	{ "nr_ptes",		offsetof(struct task, nr_ptes) },
	{ "nr_pmds",		offsetof(struct task, nr_pmds) },
	{ "pgtables_bytes",	offsetof(struct task, pgtables_bytes) },
	{ "swapents",		offsetof(struct task, swapents_pages) },
	{ "cpu",		offsetof(struct task, cpu) },
	{ "oom_adj",		offsetof(struct task, oom_adj) },
	{ "oom_score_adj",	offsetof(struct task, oom_score_adj) },
	{ "line",		offsetof(struct task, line) },
};
/* clang-format on */

enum { ROW_MAX = 1024, NUMBER_MAX = 20 };

/* One row under construction.  Our own keys and numbers always fit; text goes past it. */
struct row {
	char buf[ROW_MAX];
	size_t n;
};

static void
row_text(struct row *row, const char *z)
{
	size_t n = strlen(z);

	if (n <= sizeof(row->buf) - row->n) {
		memcpy(row->buf + row->n, z, n);
		row->n += n;
	}
}

static void
row_int(struct row *row, int64_t v)
{
	char digits[NUMBER_MAX + 1];
	char *p = digits + NUMBER_MAX;
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

	if (!known(v)) {
		row_text(row, "null");
		return;
	}
	*p = '\0';
	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (v < 0)
		row_text(row, "-");
	row_text(row, p);
}

static void
row_key(struct row *row, const char *key)
{
	row_text(row, row->buf[row->n - 1] == '{' ? "\"" : ",\"");
	row_text(row, key);
	row_text(row, "\":");
}

static void
row_flush(struct row *row, FILE *out)
{
	fwrite(row->buf, 1, row->n, out);
	row->n = 0;
}

/* Text that needs no escape but JSON's own: a quote.  Backslashes are never plain. */
static void
put_plain(FILE *out, struct str s)
{
	size_t quote;

	while (str_chr(s, '"', &quote)) {
		fwrite(s.p, 1, quote, out);
		fputs("\\\"", out);
		s = str_from_at(s, quote + 1);
	}
	fwrite(s.p, 1, s.n, out);
}

static void
put_json_text(FILE *out, struct str s)
{
	if (s.p == NULL) {
		fputs("null", out);
		return;
	}
	putc('"', out);
	while (s.n > 0) {
		size_t plain = escape_plain(s);

		put_plain(out, str_head(s, plain));
		s = str_from_at(s, plain);
		if (s.n == 0)
			break;
		fprintf(out, "\\\\x%02x", (unsigned char)*s.p);
		s = str_from_at(s, 1);
	}
	putc('"', out);
}

static const char *
eligible_name(const struct score *s)
{
	return s == NULL ? "null" : s->eligible ? "true" : "false";
}

static void
put_task(FILE *out, const struct task *t, const struct score *s)
{
	struct row row;

	row.n = 0;
	row_text(&row, "{");
	for (size_t i = 0; i < ARRAY_LEN(task_fields); i++) {
		row_key(&row, task_fields[i].key);
		row_int(
		    &row, *(const int64_t *)(const void *)((const char *)t + task_fields[i].at));
	}
	row_key(&row, "badness");
	row_int(&row, s == NULL ? UNKNOWN : s->badness);
	row_key(&row, "rank");
	row_int(&row, s == NULL ? UNKNOWN : s->rank);
	row_key(&row, "eligible");
	row_text(&row, eligible_name(s));
	row_key(&row, "comm");
	row_flush(&row, out);
	put_json_text(out, t->comm);
	fputs(",\"why_not\":", out);
	put_json_text(out, str_from(s == NULL ? NULL : s->why_not));
	putc('}', out);
}

void
json_write_tasks(FILE *out, const struct finding *f)
{
	const struct task_table *table = &f->event->tasks;
	const struct score *scores = f->verdict == NULL ? NULL : f->verdict->scores;

	if (!table->seen && table->n == 0) {
		fputs("null", out);
		return;
	}
	putc('[', out);
	for (size_t i = 0; i < table->n; i++) {
		if (i > 0)
			putc(',', out);
		put_task(out, &table->v[i], scores == NULL ? NULL : &scores[i]);
	}
	putc(']', out);
}
