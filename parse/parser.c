/*
 * The way of one record: find its stream, join it to a line it goes on with,
 * find the row of lines.c that knows it, and note what became of it.
 */
#include "parse/internal.h"

#include "base/mem.h"
#include "parse/userspace.h"

#include <string.h>

/* A log may begin in the middle of a table: so much of it is read whatever it holds. */
enum { WARM_UP = 2000 };

struct parser *
parser_new(parser_sink *sink, void *ctx, struct err *err)
{
	struct parser *p = mem_alloc(sizeof(*p));

	if (p == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*p = (struct parser){ .sink = sink, .ctx = ctx, .warm_up = WARM_UP };
	shape_index_make(&p->shapes);
	if ((p->boots = mem_alloc(MAX_BOOTS * sizeof(*p->boots))) == NULL) {
		mem_free(p);
		err_no_memory(err);
		return NULL;
	}
	return p;
}

static enum line_use
use_of(enum take t)
{
	switch (t) {
	case TAKE_USED:
		return LINE_USED;
	case TAKE_NOISE:
		return LINE_NOISE;
	case TAKE_FOREIGN:
		return LINE_FOREIGN;
	default:
		return LINE_UNKNOWN;
	}
}

/* A report that fell silent ends there: the rest of it is not in this log. */
static bool
fell_silent(const struct stream *s, const struct record *r)
{
	int64_t now = record_us(r);

	if (s->stray > MAX_STRAY_LINES)
		return true;
	/* A line without the kernel's stamp among lines that have it tells no time. */
	if (known(r->mono_us) != s->seen_is_mono)
		return false;
	return known(now) && known(s->seen_us) &&
	       (now > s->seen_us + MAX_SILENCE_US || now < s->seen_us - MAX_SILENCE_US);
}

/* The first part of a name with newlines in it may be all there is of a line, or several. */
static void
remember_short(struct stream *s, const struct record *r, bool taken)
{
	bool goes_on = s->before_set &&
		       (r->fragment || (known(r->mono_us) && r->mono_us == s->before_mono_us));
	size_t n = goes_on ? s->before_n + 1 : 0;

	s->before_set = (!taken || r->text.n == 0) && n + r->text.n < sizeof(s->before);
	if (!s->before_set)
		return;
	if (goes_on)
		s->before[n - 1] = '\n';
	if (r->text.n > 0)
		memcpy(s->before + n, r->text.p, r->text.n);
	s->before_n = n + r->text.n;
	s->before_mono_us = r->mono_us;
}

static int
note(struct context *c, enum take took)
{
	struct stream *s = c->stream;

	if (c->late != NULL && c->late != s->ev)
		return context_keep(c, c->late) != 0 ? -1 : event_note(c, c->late, LINE_USED);
	if (s->ev == NULL)
		return 0;
	if (took == TAKE_USED || took == TAKE_NOISE) {
		s->stray = 0;
		s->seen_us = record_us(c->rec);
		s->seen_is_mono = known(c->rec->mono_us);
	} else {
		s->stray++;
		if (s->section == SECTION_END)
			return 0;
	}
	if (c->rec->lost_before > 0 && s->section != SECTION_END)
		s->ev->lost_records += c->rec->lost_before;
	return event_note(c, s->ev, use_of(took));
}

static int
process(struct parser *p, struct stream *s, const struct record *r, const struct shape *shape,
    struct err *err)
{
	struct context c = {
		.parser = p, .stream = s, .rec = r, .text = r->text, .raw = r->raw, .err = err
	};
	enum take took = TAKE_NOT;

	if (s->ev != NULL && (shape != NULL || s->section != SECTION_END) &&
	    context_keep(&c, s->ev) != 0)
		return -1;
	for (; shape != NULL; shape = shape_next(&p->shapes, shape, c.text, s->section)) {
		if ((took = shape->take(&c, c.text)) != TAKE_NOT)
			break;
	}
	if (took == TAKE_ERROR)
		return -1;
	remember_short(s, r, took != TAKE_NOT);
	if (took == TAKE_NOT && user_feed(p, r, err) != 0)
		return -1;
	return note(&c, took);
}

static int
release(struct parser *p, struct stream *s, struct err *err)
{
	const struct shape *shape = s->held.shape;

	if (shape == NULL)
		return 0;
	s->held.shape = NULL;
	/* The event may have been closed meanwhile to make room: other rows apply then. */
	if (s->held.section != s->section)
		shape = shape_next(&p->shapes, NULL, s->held.rec.text, s->section);
	return process(p, s, &s->held.rec, shape, err);
}

/* Written by the kernel, as far as the log can tell. */
static bool
may_be_kernel(const struct record *r)
{
	if (r->facility > 0)
		return false;
	return r->ident.p == NULL || str_eq(r->ident, STR("kernel"));
}

int
parser_feed(struct parser *p, const struct record *record, struct err *err)
{
	struct record line = without_indent(record);
	const struct record *r = &line;
	const struct shape *shape;
	struct stream *s, *before = p->last;
	const char *glue;

	if (p->warm_up > 0)
		p->warm_up--;
	if (r->lost_before > 0) {
		/* What comes may be the middle of a report. */
		p->warm_up = WARM_UP;
		note_tell(p, r, (struct note){ .type = NOTE_LOST, .count = r->lost_before });
	}
	if (!may_be_kernel(r))
		return user_feed(p, r, err);
	if ((s = stream_for(p, r)) == NULL)
		return err_no_memory(err);
	/* No line of a boot goes on in the next one. */
	if (before != NULL && before->boot != s->boot && parser_hurry(p, err) != 0)
		return -1;
	if (s->hard_blanks)
		without_hard_blanks(p, line.text, &line.text);
	if (s->held.shape != NULL) {
		if (joins(&p->shapes, s, r, &glue)) {
			append_held(&p->shapes, s, r->text, glue);
			return 0;
		}
		if (release(p, s, err) != 0)
			return -1;
	}
	if (s->ev != NULL && fell_silent(s, r) && stream_close(p, s, err) != 0)
		return -1;
	shape = find_shape(p, s, &line);
	if (shape == NULL && (s->ev == NULL || s->section == SECTION_END)) {
		remember_short(s, r, false);
		return user_feed(p, r, err);
	}
	if (shape != NULL && shape->may_break && hold(s, r, shape))
		return 0;
	return process(p, s, r, shape, err);
}

bool
parser_idle(const struct parser *p)
{
	if (p->warm_up > 0)
		return false;
	for (size_t i = 0; i < p->nstreams; i++) {
		const struct stream *s = p->streams[i];

		if (s->held.shape != NULL || (s->ev != NULL && s->section != SECTION_END))
			return false;
	}
	return true;
}

enum parser_state
parser_state(const struct parser *p)
{
	for (size_t i = 0; i < p->nstreams; i++) {
		const struct stream *s = p->streams[i];

		if (s->held.shape != NULL || (s->ev != NULL && s->section != SECTION_END))
			return PARSER_OPEN;
	}
	return p->nqueue > 0 ? PARSER_TOLD : PARSER_EMPTY;
}

int
parser_hurry(struct parser *p, struct err *err)
{
	for (size_t i = 0; i < p->nstreams; i++) {
		struct stream *s = p->streams[i];

		if (s->held.shape != NULL && s->held.shape->take == take_killed &&
		    kill_complete(s->held.rec.text) && release(p, s, err) != 0)
			return -1;
	}
	return 0;
}

int
parser_end(struct parser *p, struct err *err)
{
	for (size_t i = 0; i < p->nstreams; i++) {
		if (release(p, p->streams[i], err) != 0)
			return -1;
	}
	if (queue_flush(p, err) != 0)
		return -1;
	parser_forget(p);
	return 0;
}

void
parser_forget(struct parser *p)
{
	for (size_t i = 0; i < p->nqueue; i++)
		event_free(p->queue[i].ev);
	for (size_t i = 0; i < p->nstreams; i++)
		mem_free(p->streams[i]);
	p->nqueue = p->nstreams = p->nboots = 0;
	p->last = NULL;
	p->user = NULL;
	p->user_reason_n = 0;
	p->warm_up = WARM_UP;
}

void
parser_free(struct parser *p)
{
	if (p == NULL)
		return;
	parser_forget(p);
	mem_free(p->streams);
	mem_free(p->boots);
	mem_free(p);
}
