#include "ingest/text_internal.h"

#include "base/mem.h"

struct text *
text_new(struct text_input in, const struct source_opts *opts, struct err *err)
{
	struct text *t = mem_alloc(sizeof(*t));

	if (t == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*t = (struct text){ .path = str_from(in.where),
		.expected_seq = UNKNOWN,
		.last_seq = UNKNOWN,
		.last_seq_mono_us = UNKNOWN,
		.stats = { .first_us = UNKNOWN,
		    .last_us = UNKNOWN,
		    .first_mono_us = UNKNOWN,
		    .last_mono_us = UNKNOWN } };
	t->line_at = UNKNOWN;
	clock_init(&t->clock, opts, in.name != NULL ? in.name : in.where, in.mtime_us);
	if (lines_init(&t->lines, in.read, in.ctx, err) == 0 && boots_init(&t->boots, err) == 0 &&
	    (t->json = entry_json_new(err)) != NULL &&
	    (t->fields = entry_fields_new(err)) != NULL) {
		t->plain = mem_alloc(LINES_MAX);
		t->undone = mem_alloc(LINES_MAX);
		if (t->plain == NULL || t->undone == NULL)
			err_no_memory(err);
		else if (in.place.offset == 0 || text_begin_at(t, &in.place))
			return t;
		else
			err_set(err, "%s: cannot go on where it was left", in.where);
	}
	text_free(t);
	return NULL;
}

int
text_go_on(struct text *t, struct text_input in, const struct source_opts *opts, struct err *err)
{
	t->files_bytes += t->lines.bytes;
	t->files_lines += lines_count(&t->lines);
	t->files_cuts += t->lines.cuts;
	lines_done(&t->lines);
	t->path = str_from(in.where);
	t->column = 0;
	t->settled = t->in_order = t->in_json = t->more_json = false;
	t->unsettled = 0;
	t->record_style = NULL;
	t->held.text = STR_NONE;
	clock_init(&t->clock, opts, in.name != NULL ? in.name : in.where, in.mtime_us);
	return lines_init(&t->lines, in.read, in.ctx, err);
}

void
text_free(struct text *t)
{
	if (t == NULL)
		return;
	lines_done(&t->lines);
	boots_done(&t->boots);
	entry_json_free(t->json);
	entry_fields_free(t->fields);
	frags_free(t->frags);
	pstore_free(t->pstore);
	mem_free(t->partial.p);
	mem_free(t->plain);
	mem_free(t->undone);
	mem_free(t);
}

/* Show the line to the readers of entries that may know it. */
static enum entry_status
offer(struct text *t, const struct line *line, const struct scan *wanted, struct entry *ret,
    struct err *err)
{
	struct str s = line->text;
	enum entry_status st;
	char first, last;

	if (entry_json_open(t->json))
		return entry_json_line(t->json, &t->lines, *line, wanted, ret, err);
	if (entry_fields_open(t->fields)) {
		st = entry_fields_is_export(t->fields)
			 ? entry_export_line(t->fields, &t->lines, *line, ret, err)
			 : entry_verbose_line(t->fields, *line, ret, err);
		if (st != ENTRY_OTHER)
			return st;
	}
	if (s.n == 0)
		return ENTRY_OTHER;
	first = *s.p, last = s.p[s.n - 1];
	if (first == ' ' && str_eat_blanks(&s) && s.n > 0)
		first = *s.p;
	if (first == '{' || first == '\036' || (first == 'd' && str_starts_z(s, "data: {")))
		return entry_json_line(t->json, &t->lines, *line, wanted, ret, err);
	if (first == '_')
		return entry_export_line(t->fields, &t->lines, *line, ret, err);
	if (last == ']' && first != '[')
		return entry_verbose_line(t->fields, *line, ret, err);
	return ENTRY_OTHER;
}

/* true: *ret is a record; else the lines of the entry are pending, or it was nothing. */
static bool
take_entry(struct text *t, struct entry *e, struct record *ret)
{
	struct line line = { .number = e->line, .text = e->raw };

	t->settled = true;
	t->in_json = true;
	t->shown = e->raw;
	if (e->lines) {
		t->entry = (struct pending_lines){ e->prefix.text, *e };
		return false;
	}
	if (e->prefix.rest == REST_KERNEL)
		prefix_take_kernel(&e->prefix);
	text_record(t, e->format, &e->prefix, &line, ret);
	return true;
}

/* 1: *ret is a record, 0: go on, -1 and *err. */
static int
take_line(struct text *t, const struct line *line, const struct scan *wanted, struct record *ret,
    struct err *err)
{
	struct entry e;

	/* json-sse ends every entry with an empty line. */
	if (t->in_json && line->text.n == 0 && !entry_fields_open(t->fields) &&
	    !entry_json_open(t->json))
		return 0;
	switch (offer(t, line, wanted, &e, err)) {
	case ENTRY_ERROR:
		return -1;
	case ENTRY_MORE:
		t->in_json = true;
		return 0;
	case ENTRY_BEFORE:
		t->held = *line;
		return take_entry(t, &e, ret);
	case ENTRY_READY:
		t->more_json = entry_json_open(t->json);
		return take_entry(t, &e, ret);
	case ENTRY_OTHER:
		break;
	}
	return text_line(t, line, NULL, ret);
}

static bool
may_skip(const struct text *t)
{
	return t->settled && !t->in_order && !t->in_json && t->held.text.p == NULL &&
	       t->partial.n == 0 && !entry_json_open(t->json) && !entry_fields_open(t->fields);
}

/* Pass over what holds nothing wanted.  The status is that of lines_next(). */
static enum lines_status
skip(struct text *t, const struct scan *wanted, struct err *err)
{
	for (;;) {
		struct line passed;
		int64_t before = t->lines.newlines;
		enum lines_status st = lines_skip(&t->lines, wanted, &passed, err);

		t->stats.records += t->lines.newlines - before;
		if (t->lines.newlines != before)
			t->column = 0;
		if (st != LINES_PASSED)
			return st;
		text_sample(t, &passed);
	}
}

/* The next part of a file of the pstore, as lines of this one. */
static bool
next_part(struct text *t)
{
	struct entry e = { .is_physical = true, .last = INT64_MAX };
	struct str text;

	if (t->pstore == NULL || !pstore_next(t->pstore, &text, &e.line))
		return false;
	t->entry = (struct pending_lines){ text, e };
	return true;
}

/* Is this the first line of a file of the pstore?  0, or -1 and *err. */
static int
begin_pstore(struct text *t, const struct line *line, struct err *err)
{
	struct pstore_head head;

	if (!pstore_head(line->text, &head) && !pstore_is_mark(line->text))
		return 0;
	t->memory.in_pstore = true;
	t->pstore = pstore_read(&t->lines, *line, err);
	return t->pstore == NULL ? -1 : 0;
}

static enum source_status
at_end(struct text *t, struct record *ret)
{
	struct entry e;

	if (entry_json_end(t->json, &e) == ENTRY_READY ||
	    entry_fields_end(t->fields, &e) == ENTRY_READY) {
		if (take_entry(t, &e, ret) || text_pending(t, ret))
			return SOURCE_RECORD;
	}
	return text_flush(t, ret) ? SOURCE_RECORD : SOURCE_END;
}

enum source_status
text_next(struct text *t, const struct scan *wanted, struct record *ret, struct err *err)
{
	for (;;) {
		enum lines_status st = LINES_LINE;
		struct line line = t->held;
		struct entry e;
		int got;

		t->stands_alone = false;
		if (text_pending(t, ret))
			return SOURCE_RECORD;
		if (next_part(t))
			continue;
		if (t->more_json) {
			enum entry_status more =
			    entry_json_next(t->json, &t->lines, wanted, &e, err);

			if (more == ENTRY_ERROR)
				return SOURCE_ERROR;
			t->more_json = more == ENTRY_READY;
			if (more == ENTRY_READY && take_entry(t, &e, ret))
				return SOURCE_RECORD;
			continue;
		}
		t->held.text = STR_NONE;
		t->line_at = UNKNOWN;
		if (line.text.p == NULL) {
			if (wanted != NULL && may_skip(t))
				st = skip(t, wanted, err);
			t->line_at = lines_offset(&t->lines);
			t->lines_before = t->lines.newlines;
			if (st == LINES_LINE)
				st = lines_next(&t->lines, &line, err);
		}
		if (st == LINES_ERROR)
			return SOURCE_ERROR;
		if (st == LINES_END) {
			t->at_end = true;
			return at_end(t, ret);
		}
		if (line.number == 1 && t->pstore == NULL) {
			if (begin_pstore(t, &line, err) == -1)
				return SOURCE_ERROR;
			if (t->pstore != NULL)
				continue;
		}
		got = take_line(t, &line, wanted, ret, err);
		if (got != 0)
			return got < 0 ? SOURCE_ERROR : SOURCE_RECORD;
	}
}

struct source_stats
text_stats(const struct text *t)
{
	struct source_stats st = t->stats;
	int64_t most = 0;

	st.bytes = t->files_bytes + t->lines.bytes;
	st.lines = t->files_lines + lines_count(&t->lines) - t->begin.lines;
	st.long_lines = t->files_cuts + t->lines.cuts;
	st.records += entry_json_passed(t->json);
	st.bad_entries = entry_json_bad(t->json);
	st.format = "text";
	if (t->pstore != NULL) {
		st.format = "pstore";
		return st;
	}
	for (size_t i = 0; i < t->nformats; i++) {
		if (t->format[i].lines > most)
			most = t->format[i].lines, st.format = t->format[i].name;
	}
	return st;
}
