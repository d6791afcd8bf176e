/* What a prefix said, as a record: time, boot, what was lost before, and one line of it. */
#include "ingest/text_internal.h"

#include "base/escape.h"

#include <string.h>

enum { MAX_LOST = 1 << 20 }; /* a greater gap is another machine's numbering */

static void
keep(struct kept *k, struct str s)
{
	if (s.n == k->s.n && s.n > 0 && memcmp(s.p, k->bytes, s.n) == 0)
		return;
	if (s.p == NULL || s.n > sizeof(k->bytes)) {
		k->s = STR_NONE;
		return;
	}
	memcpy(k->bytes, s.p, s.n);
	k->s = (struct str){ k->bytes, s.n };
}

static void
count_format(struct text *t, const char *name)
{
	size_t i = t->last_format;

	if (i >= t->nformats || t->format[i].name != name) {
		for (i = 0; i < t->nformats && t->format[i].name != name; i++)
			;
		if (i == MAX_FORMATS)
			return;
		if (i == t->nformats)
			t->format[t->nformats++].name = name;
		t->last_format = i;
	}
	t->format[i].lines++;
}

static void
note_span(struct source_stats *st, const struct record *r)
{
	if (known(r->real_us)) {
		if (!known(st->first_us) || r->real_us < st->first_us)
			st->first_us = r->real_us;
		if (!known(st->last_us) || r->real_us > st->last_us)
			st->last_us = r->real_us;
	}
	if (known(r->mono_us)) {
		if (!known(st->first_mono_us))
			st->first_mono_us = r->mono_us;
		st->last_mono_us = r->mono_us;
	}
}

static void
fill(struct text *t, const struct prefix *p, const struct line *from, struct record *ret)
{
	ret->text = p->text;
	ret->raw = from->text;
	ret->host = p->host;
	ret->boot_id = p->boot_id.p != NULL ? p->boot_id : t->boot_id_now;
	ret->ident = p->ident;
	ret->caller = p->caller;
	ret->path = t->path;
	ret->line = from->number;
	ret->mono_us = p->mono_us;
	ret->seq = p->seq;
	ret->facility = p->facility, ret->level = p->level;
	ret->kernel_known = p->kernel_known;
	ret->fragment = p->fragment;
	ret->truncated = from->cut;
	ret->real_us = ret->real_error_us = UNKNOWN;
	ret->real_source = TIME_NONE;
	ret->lost_before = 0;
	ret->bare = ret->new_boot = false;
	ret->boot = 0;
	clock_tell(&t->clock, &p->stamp, ret);
}

/* "Missed 12 kernel messages": journald lost them. */
static int64_t
missed(const struct record *r)
{
	struct str s = r->text;
	int64_t n;

	if (!str_eq_z(r->ident, "systemd-journald") || !str_eat(&s, STR("Missed ")) ||
	    !str_eat_i64(&s, &n) || !str_eq_z(s, " kernel messages"))
		return 0;
	return n > 0 && n < MAX_LOST ? n : 0;
}

bool
text_count_seq(struct text *t, const struct prefix *p)
{
	int64_t lost;

	if (!known(p->seq))
		return true;
	if (p->seq == t->last_seq && p->mono_us == t->last_seq_mono_us && !known(p->frag_at))
		return false;
	lost = known(t->expected_seq) ? p->seq - t->expected_seq : 0;
	if (lost > 0 && lost < MAX_LOST && p->mono_us >= t->last_seq_mono_us)
		t->lost += lost;
	/* What comes late was not lost after all, but nobody can be told any more. */
	if (lost >= 0 || p->mono_us < t->last_seq_mono_us)
		t->expected_seq = p->seq < INT64_MAX ? p->seq + 1 : UNKNOWN;
	t->last_seq = p->seq;
	t->last_seq_mono_us = p->mono_us;
	return true;
}

static void
remember(struct text *t, const struct record *r, const struct prefix *p)
{
	keep(&t->host, r->host);
	keep(&t->ident, r->ident);
	keep(&t->caller, r->caller);
	keep(&t->boot_id, r->boot_id);
	t->before = *r;
	t->before.host = t->host.s, t->before.ident = t->ident.s;
	t->before.caller = t->caller.s, t->before.boot_id = t->boot_id.s;
	t->before.lost_before = 0;
	t->before.new_boot = false;
	t->column = p->text.p >= t->shown.p && p->text.p <= t->shown.p + t->shown.n
			? (size_t)(p->text.p - t->shown.p)
			: 0;
}

/* Undo the escapes of whoever wrote the line. */
static struct str
unescaped(struct text *t, const struct prefix *p)
{
	struct str s = p->text;
	size_t at;

	if (p->escaped && str_chr(s, '\\', &at))
		return (struct str){ t->undone, escape_undo(str_head(s, LINES_MAX), t->undone) };
	if (p->octal && str_chr(s, '#', &at))
		return (struct str){ t->undone, decode_octal(str_head(s, LINES_MAX), t->undone) };
	return s;
}

void
text_record(struct text *t, const char *format, struct prefix *p, const struct line *from,
    struct record *ret)
{
	size_t at;

	fill(t, p, from, ret);
	ret->lost_before = t->lost;
	t->lost = 0;
	remember(t, ret, p);
	ret->text = unescaped(t, p);
	boots_tell(&t->boots, ret);
	t->before.boot = ret->boot;
	if (ret->lost_before == 0)
		ret->lost_before = missed(ret);
	t->stats.lost_records += ret->lost_before;
	t->stats.records++;
	note_span(&t->stats, ret);
	count_format(t, format);
	t->prefixed = true;
	/* Only where escapes were undone, or in an entry, can a newline stand. */
	if ((t->column == 0 || ret->text.p == t->undone) && str_chr(ret->text, '\n', &at)) {
		t->message = (struct pending_message){ str_from_at(ret->text, at + 1), *ret };
		t->message.record.lost_before = 0;
		t->message.record.new_boot = false;
		t->message.record.fragment = true;
		ret->text = str_head(ret->text, at);
		t->column = 0;
	}
	if (ret->text.n > LINES_MAX) {
		ret->text.n = LINES_MAX;
		ret->truncated = true;
	}
}

bool
text_pending(struct text *t, struct record *ret)
{
	struct pending_lines *pl = &t->entry;
	struct line line = { .number = pl->entry.line };
	struct str text;

	if (str_cut_line(&t->message.rest, &text)) {
		*ret = t->message.record;
		ret->text = str_head(text, LINES_MAX);
		ret->truncated = text.n > LINES_MAX;
		return true;
	}
	while (str_cut_line(&pl->rest, &line.text)) {
		line.cut = line.text.n > LINES_MAX;
		line.text = str_head(line.text, LINES_MAX);
		while (line.text.n > 0 && line.text.p[line.text.n - 1] == '\r')
			line.text.n--;
		if (pl->entry.is_physical)
			line.number = pl->entry.line;
		/* A NUL makes two lines of one. */
		pl->entry.line += pl->entry.line < pl->entry.last;
		if (text_line(t, &line, &pl->entry, ret))
			return true;
	}
	return false;
}

void
text_sample(struct text *t, const struct line *line)
{
	struct prefix p = prefix_none(line->text);
	struct record r;

	if (prefix_peel(&t->memory, &p) == NULL)
		return;
	fill(t, &p, line, &r);
	r.text = STR("");
	boots_tell(&t->boots, &r);
	note_span(&t->stats, &r);
	t->column = 0;
}

bool
text_continue(struct text *t, struct str text, const struct line *from, struct record *ret)
{
	struct str s = text;

	if (t->column < 10 || s.n + 1 < t->column || s.p[0] != ' ')
		return false;
	str_eat_blanks(&s);
	if (text.n - s.n + 1 < t->column)
		return false;
	*ret = t->before;
	ret->text = s;
	ret->raw = from->text;
	ret->line = from->number;
	ret->fragment = true;
	ret->truncated = from->cut;
	t->stats.records++;
	return true;
}

void
text_bare(struct text *t, struct str text, const struct line *from, struct record *ret)
{
	struct prefix p = prefix_none(text);

	fill(t, &p, from, ret);
	ret->bare = true;
	ret->boot_id = STR_NONE;
	if (t->prefixed)
		ret->boot = t->before.boot;
	else
		boots_tell(&t->boots, ret);
	t->column = 0;
	t->stats.records++;
	count_format(t, "text");
}
