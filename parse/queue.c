/*
 * Events in the order of their first lines, from the head line until no late
 * line can reach them any more; and the lines that they keep.
 */
#include "parse/internal.h"

#include <string.h>

struct queue_entry *
queue_entry_of(struct parser *p, const struct event *ev)
{
	for (size_t i = p->nqueue; i-- > 0;) {
		if (p->queue[i].ev == ev)
			return &p->queue[i];
	}
	return NULL;
}

/* Hand the oldest event on, or drop it if it was none. */
static int
queue_shift(struct parser *p, struct err *err)
{
	struct queue_entry q = p->queue[0];

	memmove(p->queue, p->queue + 1, --p->nqueue * sizeof(q));
	if (q.open != NULL) {
		q.drop = q.open->tentative;
		q.open->ev = NULL;
		q.open->section = SECTION_NONE;
		q.open->tentative = false;
	}
	if (p->user == q.ev)
		p->user = NULL;
	if (q.drop) {
		event_free(q.ev);
		return 0;
	}
	if (event_finish(q.ev, facts_find(p, q.ev), err) != 0) {
		event_free(q.ev);
		return -1;
	}
	return p->sink(p->ctx, q.ev, err);
}

int
queue_settle(struct parser *p, int64_t now_us, struct err *err)
{
	while (p->nqueue > 0) {
		const struct queue_entry *q = &p->queue[0];
		bool settled = p->nqueue > 8 || q->drop ||
			       (known(now_us) && known(q->seen_us) &&
				   (now_us > q->seen_us + SETTLE_US || now_us < q->seen_us));

		if (q->open != NULL || !settled)
			return 0;
		if (queue_shift(p, err) != 0)
			return -1;
	}
	return 0;
}

int
queue_pass(struct parser *p, const struct moment *now, struct err *err)
{
	while (p->nqueue > 0 && moment_is_late(&p->queue[0].seen, now)) {
		const struct stream *s = p->queue[0].open;

		if (s != NULL && (s->held.shape != NULL || s->section != SECTION_END))
			return 0;
		if (queue_shift(p, err) != 0)
			return -1;
	}
	return 0;
}

int
queue_flush(struct parser *p, struct err *err)
{
	while (p->nqueue > 0) {
		if (queue_shift(p, err) != 0)
			return -1;
	}
	return 0;
}

int
queue_push(struct parser *p, struct event *ev, struct stream *open, struct err *err)
{
	/* The oldest may only wait for the rest of its kill line. */
	if (p->nqueue == MAX_PENDING && parser_hurry(p, err) != 0)
		return -1;
	if (p->nqueue == MAX_PENDING && queue_shift(p, err) != 0)
		return -1;
	p->queue[p->nqueue++] = (struct queue_entry){
		.ev = ev, .open = open, .seen_us = UNKNOWN, .seen = { ev->real_us, ev->mono_us }
	};
	return 0;
}

void
event_begin(struct event *ev, const struct record *r)
{
	ev->host = arena_dup(&ev->mem, r->host);
	ev->boot_id = arena_dup(&ev->mem, r->boot_id);
	ev->boot = r->boot;
	ev->real_us = r->real_us;
	ev->real_source = r->real_source;
	ev->real_error_us = r->real_error_us;
	ev->mono_us = r->mono_us;
	ev->trust_kernel = r->kernel_known;
}

struct victim *
find_victim(struct context *c, int64_t pid)
{
	struct parser *p = c->parser;
	const struct boot_facts *here = context_facts(c);
	struct moment now = moment_of(c->rec);

	for (size_t i = p->nqueue; i-- > 0;) {
		struct event *ev = p->queue[i].ev;

		if (facts_find(p, ev) != here || moment_is_late(&p->queue[i].seen, &now))
			continue;
		for (size_t k = 0; k < ev->nvictims; k++) {
			if (ev->victims[k].pid == pid) {
				c->late = ev;
				return &ev->victims[k];
			}
		}
	}
	return NULL;
}

/* The raw line is kept once; the text is a slice of it where it can be. */
int
context_keep(struct context *c, struct event *ev)
{
	struct str text = c->rec->text, raw = c->rec->raw;

	c->raw = arena_dup(&ev->mem, raw);
	if (text.p >= raw.p && text.p + text.n <= raw.p + raw.n && c->raw.p != NULL)
		c->text = (struct str){ c->raw.p + (text.p - raw.p), text.n };
	else
		c->text = arena_dup(&ev->mem, text);
	return c->text.p == NULL ? err_no_memory(c->err) : 0;
}

static int
note_source(struct event *ev, const struct record *r)
{
	struct event_source *last = ev->nsources == 0 ? NULL : &ev->sources[ev->nsources - 1];

	if (last == NULL || !str_eq(last->path, r->path)) {
		last = arena_room(
		    &ev->mem, ev->sources, ev->nsources, &ev->sources_cap, sizeof(*last));
		if (last == NULL)
			return -1;
		ev->sources = last;
		last = &ev->sources[ev->nsources++];
		*last = (struct event_source){ arena_dup(&ev->mem, r->path), r->line, r->line };
	}
	if (r->line < last->first_line)
		last->first_line = r->line;
	if (r->line > last->last_line)
		last->last_line = r->line;
	return 0;
}

int
event_note(struct context *c, struct event *ev, enum line_use use)
{
	struct event_line *more;
	struct queue_entry *q = queue_entry_of(c->parser, ev);

	if (q != NULL && use != LINE_FOREIGN && use != LINE_UNKNOWN) {
		q->seen_us = record_us(c->rec);
		q->seen = moment_of(c->rec);
	}
	if (note_source(ev, c->rec) != 0)
		return err_no_memory(c->err);
	if (!c->rec->kernel_known)
		ev->trust_kernel = false;
	if (use == LINE_UNKNOWN)
		ev->nunknown++;
	if (ev->nlines >= MAX_EVENT_LINES || ev->mem.total > MAX_EVENT_BYTES ||
	    (use == LINE_UNKNOWN && ev->nunknown > MAX_UNKNOWN_LINES)) {
		ev->lines_dropped = true;
		return 0;
	}
	more = arena_room(&ev->mem, ev->lines, ev->nlines, &ev->lines_cap, sizeof(*more));
	if (more == NULL)
		return err_no_memory(c->err);
	ev->lines = more;
	more[ev->nlines++] = (struct event_line){ c->rec->line, c->raw, c->text, use };
	return 0;
}
