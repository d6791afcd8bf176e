/* rows: text, JSON and CSV of lists. */
#include "report/list.h"

#include "base/escape.h"
#include "report/csv.h"
#include "report/instant.h"
#include "report/json.h"
#include "report/words.h"

#include <string.h>

enum { HOST_WIDTH = 14, SCOPE_WIDTH = 8, NAME_WIDTH = 24, TEXT_TIME = 25 };

enum cell_type { CELL_TEXT, CELL_INT, CELL_TIME, CELL_TRI };

/* What JSON and CSV say of a row, in this order. */
static const struct cell {
	const char *key;
	enum cell_type type;
	size_t at;
} cells[] = {
	{ "id", CELL_TEXT, offsetof(struct list_row, id) },
	{ "kind", CELL_TEXT, offsetof(struct list_row, kind) },
	{ "time", CELL_TIME, offsetof(struct list_row, real_us) },
	{ "monotonic_us", CELL_INT, offsetof(struct list_row, mono_us) },
	{ "host", CELL_TEXT, offsetof(struct list_row, host) },
	{ "boot_id", CELL_TEXT, offsetof(struct list_row, boot_id) },
	{ "constraint", CELL_TEXT, offsetof(struct list_row, constraint) },
	{ "outcome", CELL_TEXT, offsetof(struct list_row, outcome) },
	{ "completeness", CELL_TEXT, offsetof(struct list_row, completeness) },
	{ "cgroup", CELL_TEXT, offsetof(struct list_row, cgroup) },
	{ "trigger", CELL_TEXT, offsetof(struct list_row, trigger) },
	{ "victim", CELL_TEXT, offsetof(struct list_row, victim) },
	{ "victim_pid", CELL_INT, offsetof(struct list_row, victim_pid) },
	{ "victim_anon_kb", CELL_INT, offsetof(struct list_row, victim_anon_kb) },
	{ "victims", CELL_INT, offsetof(struct list_row, victims) },
	{ "events", CELL_INT, offsetof(struct list_row, events) },
	{ "last_time", CELL_TIME, offsetof(struct list_row, last_us) },
	{ "agrees", CELL_TRI, offsetof(struct list_row, agrees) },
	{ "decided_by", CELL_TEXT, offsetof(struct list_row, decided_by) },
	{ "says", CELL_TEXT, offsetof(struct list_row, says) },
};

static const void *
cell_of(const struct list_row *row, const struct cell *c)
{
	return (const char *)row + c->at;
}

static void
put_padded(FILE *out, struct str s, const char *unknown, int width)
{
	int n;

	if (s.p == NULL)
		s = str_from(unknown);
	str_put_escaped(out, s);
	n = width_of(s);
	fprintf(out, "%*s ", n < width ? width - n : 0, "");
}

static void
text_begin(struct list_report *rep)
{
	(void)rep;
}

static void
put_time(struct list_report *rep, const struct list_row *row)
{
	struct instant_text when;

	if (instant_human(rep->opts, row->real_us, &when))
		fprintf(rep->out, "%-*s ", TEXT_TIME, when.s);
	else if (known(row->mono_us) && row->mono_us >= 0)
		fprintf(
		    rep->out, "%*s after boot ", TEXT_TIME - 11, duration_human(row->mono_us).s);
	else
		fprintf(rep->out, "%-*s ", TEXT_TIME, "at an unknown time");
}

static void
text_row(struct list_report *rep, const struct list_row *row)
{
	FILE *out = rep->out;

	put_padded(out, row->id, "?", 16);
	put_time(rep, row);
	put_padded(out, row->host, "-", HOST_WIDTH);
	put_padded(out, row->constraint, "?", SCOPE_WIDTH);
	if (row->victim.p != NULL || known(row->victim_pid))
		put_tag(out, row->victim, row->victim_pid, NAME_WIDTH);
	else
		put_padded(out, row->outcome, "?", NAME_WIDTH - 1);
	fprintf(out, " %10s", known(row->victim_anon_kb) ? words_kb(row->victim_anon_kb).s : "");
	if (row->victims > 1)
		fprintf(out, "  and %s",
		    words_count(row->victims - 1, "other victim", "other victims").s);
	if (row->events > 1)
		fprintf(out, "  in %s", words_count(row->events, "event", "events").s);
	if (row->agrees == TRI_NO)
		fputs("  NOT the kernel's own choice", out);
	putc('\n', out);
	rep->shown++;
}

static void
text_end(struct list_report *rep)
{
	if (rep->shown == 0)
		fputs("No such event is in the store.\n", rep->out);
}

static void
json_begin_list(struct list_report *rep)
{
	fprintf(rep->out, "{\"schema\":\"oomwhy.list/1\",\"of\":\"%s\",\"rows\":[",
	    rep->incidents ? "incidents" : "events");
}

static json_t *
json_cell(const void *from, enum cell_type type, struct arena *mem)
{
	enum tri t;

	switch (type) {
	case CELL_TEXT:
		return json_text(mem, *(const struct str *)from);
	case CELL_INT:
		return json_int(*(const int64_t *)from);
	case CELL_TIME:
		return json_time(*(const int64_t *)from);
	case CELL_TRI:
		t = *(const enum tri *)from;
		return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
	}
	return NULL;
}

static void
json_row(struct list_report *rep, const struct list_row *row)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);

	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		json_put(&o, cells[i].key, json_cell(cell_of(row, &cells[i]), cells[i].type, &mem));
	fputs(rep->shown++ == 0 ? "\n" : ",\n", rep->out);
	if (o.o == NULL || json_dumpf(o.o, rep->out, JSON_COMPACT) != 0)
		rep->failed = true;
	json_decref(o.o);
	arena_done(&mem);
}

static void
json_end(struct list_report *rep)
{
	fputs("]}\n", rep->out);
}

static void
csv_begin(struct list_report *rep)
{
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		fprintf(rep->out, "%s%s", i == 0 ? "" : ",", cells[i].key);
	fputs("\r\n", rep->out);
}

static void
csv_cell(FILE *out, const void *from, enum cell_type type)
{
	struct instant_text when;
	enum tri t;

	switch (type) {
	case CELL_TEXT:
		if (((const struct str *)from)->p != NULL)
			csv_put(out, *(const struct str *)from);
		break;
	case CELL_INT:
		if (known(*(const int64_t *)from))
			fprintf(out, "%lld", (long long)*(const int64_t *)from);
		break;
	case CELL_TIME:
		if (instant_rfc3339(*(const int64_t *)from, &when))
			fputs(when.s, out);
		break;
	case CELL_TRI:
		t = *(const enum tri *)from;
		fputs(t == TRI_YES ? "true" : t == TRI_NO ? "false" : "", out);
		break;
	}
}

static void
csv_row(struct list_report *rep, const struct list_row *row)
{
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		if (i > 0)
			putc(',', rep->out);
		csv_cell(rep->out, cell_of(row, &cells[i]), cells[i].type);
	}
	fputs("\r\n", rep->out);
	rep->shown++;
}

static void
csv_end(struct list_report *rep)
{
	(void)rep;
}

static const struct list_format formats[] = {
	{ "text", text_begin, text_row, text_end },
	{ "json", json_begin_list, json_row, json_end },
	{ "csv", csv_begin, csv_row, csv_end },
};

const struct list_format *
list_format_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}
