/*
 * One stream per host, boot and (where printed) caller: reports of two CPUs or
 * two hosts that interleave are kept apart by it.  All tables are bounded; the
 * least recently used entry makes room.
 */
#include "parse/internal.h"

#include "base/mem.h"

#include <string.h>

int64_t
record_us(const struct record *r)
{
	return known(r->mono_us) ? r->mono_us : r->real_us;
}

static void
copy_text(char *to, size_t size, struct str from)
{
	struct str s = str_head(from, size - 1);

	if (s.n > 0)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
}

static bool
same(const char *kept, size_t size, struct str s)
{
	s = str_head(s, size - 1);
	return strncmp(kept, s.p == NULL ? "" : s.p, s.n) == 0 && kept[s.n] == '\0';
}

static bool
stream_is(const struct stream *s, const struct record *r)
{
	return s->boot == r->boot && same(s->caller, sizeof(s->caller), r->caller) &&
	       same(s->boot_id, sizeof(s->boot_id), r->boot_id) &&
	       same(s->host, sizeof(s->host), r->host);
}

/* Index of the boot's facts, made if new; the table never fails: it reuses. */
static size_t
boot_for(struct parser *p, const struct record *r)
{
	size_t oldest = 0;
	struct boot_facts *b;

	for (size_t i = 0; i < p->nboots; i++) {
		b = &p->boots[i];
		if (b->boot == r->boot && same(b->boot_id, sizeof(b->boot_id), r->boot_id) &&
		    same(b->host, sizeof(b->host), r->host)) {
			b->used_at = p->clock;
			return i;
		}
		if (b->used_at < p->boots[oldest].used_at)
			oldest = i;
	}
	if (p->nboots < MAX_BOOTS)
		oldest = p->nboots++;
	b = &p->boots[oldest];
	*b = (struct boot_facts){
		.boot = r->boot, .page_size = UNKNOWN, .swap_total_kb = UNKNOWN, .used_at = p->clock
	};
	copy_text(b->host, sizeof(b->host), r->host);
	copy_text(b->boot_id, sizeof(b->boot_id), r->boot_id);
	return oldest;
}

struct boot_facts *
context_facts(struct context *c)
{
	return &c->parser->boots[c->stream->facts];
}

const struct boot_facts *
facts_find(const struct parser *p, const struct event *ev)
{
	for (size_t i = 0; i < p->nboots; i++) {
		const struct boot_facts *b = &p->boots[i];

		if (b->boot == ev->boot && same(b->boot_id, sizeof(b->boot_id), ev->boot_id) &&
		    same(b->host, sizeof(b->host), ev->host))
			return b;
	}
	return NULL;
}

static struct stream *
stream_slot(struct parser *p)
{
	struct stream *oldest = NULL, **more, *s;

	if (p->nstreams < MAX_STREAMS) {
		more = mem_room(p->streams, p->nstreams, &p->streams_cap, sizeof(struct stream *));
		if (more == NULL)
			return NULL;
		p->streams = more;
		if ((s = mem_alloc(sizeof(*s))) != NULL)
			p->streams[p->nstreams++] = s;
		return s;
	}
	for (size_t i = 0; i < p->nstreams; i++) {
		s = p->streams[i];
		if (oldest == NULL || s->used_at < oldest->used_at)
			oldest = s;
	}
	/* Its event stays in the queue, closed as it is. */
	for (size_t i = 0; i < p->nqueue; i++) {
		if (p->queue[i].open == oldest) {
			p->queue[i].open = NULL;
			p->queue[i].drop = oldest->tentative;
		}
	}
	return oldest;
}

static struct stream *
stream_new(struct parser *p, const struct record *r)
{
	struct stream *s = stream_slot(p);

	if (s == NULL)
		return NULL;
	*s = (struct stream){
		.boot = r->boot, .node = UNKNOWN, .seen_us = UNKNOWN, .before_mono_us = UNKNOWN
	};
	copy_text(s->host, sizeof(s->host), r->host);
	copy_text(s->boot_id, sizeof(s->boot_id), r->boot_id);
	copy_text(s->caller, sizeof(s->caller), r->caller);
	s->facts = boot_for(p, r);
	return s;
}

struct stream *
stream_for(struct parser *p, const struct record *r)
{
	struct stream *s = p->last;

	p->clock++;
	if (s == NULL || !(r->bare || stream_is(s, r))) {
		s = NULL;
		for (size_t i = 0; i < p->nstreams && s == NULL; i++) {
			if (stream_is(p->streams[i], r))
				s = p->streams[i];
		}
		if (s == NULL && (s = stream_new(p, r)) == NULL)
			return NULL;
	}
	s->used_at = p->clock;
	p->last = s;
	return s;
}

static struct queue_entry *
entry_of(struct parser *p, const struct event *ev)
{
	for (size_t i = p->nqueue; i-- > 0;) {
		if (p->queue[i].ev == ev)
			return &p->queue[i];
	}
	return NULL;
}

int
stream_close(struct parser *p, struct stream *s, struct err *err)
{
	struct queue_entry *q = s->ev == NULL ? NULL : entry_of(p, s->ev);

	if (q != NULL) {
		q->open = NULL;
		q->drop = s->tentative;
	}
	s->ev = NULL;
	s->section = SECTION_NONE;
	s->tentative = false;
	s->foreign_memory = false;
	s->kb = NULL;
	return queue_settle(p, s->seen_us, err);
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
	if (p->nqueue == MAX_PENDING && queue_shift(p, err) != 0)
		return -1;
	p->queue[p->nqueue++] = (struct queue_entry){ .ev = ev, .open = open, .seen_us = UNKNOWN };
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

struct event *
stream_open(struct context *c, enum section section)
{
	struct stream *s = c->stream;
	struct event *ev;

	if (s->ev != NULL && stream_close(c->parser, s, c->err) != 0)
		return NULL;
	if ((ev = event_new(EVENT_KERNEL_OOM)) == NULL) {
		err_no_memory(c->err);
		return NULL;
	}
	if (context_keep(c, ev) != 0 || queue_push(c->parser, ev, s, c->err) != 0) {
		event_free(ev);
		return NULL;
	}
	event_begin(ev, c->rec);
	/* A line without prefix has no host of its own: it is its stream's. */
	if (c->rec->bare) {
		ev->host = s->host[0] == '\0' ? STR_NONE : arena_dup(&ev->mem, str_from(s->host));
		ev->boot = s->boot;
	}
	s->ev = ev;
	s->section = section;
	s->node = UNKNOWN;
	s->kb = NULL;
	s->columns.n = 0;
	s->stray = 0;
	s->tentative = false;
	s->foreign_memory = false;
	return ev;
}

struct event *
stream_aside(struct context *c)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);

	if (ev == NULL) {
		err_no_memory(c->err);
		return NULL;
	}
	if (context_keep(c, ev) != 0 || queue_push(c->parser, ev, NULL, c->err) != 0) {
		event_free(ev);
		return NULL;
	}
	event_begin(ev, c->rec);
	c->late = ev;
	return ev;
}

struct victim *
find_victim(struct context *c, int64_t pid)
{
	struct parser *p = c->parser;
	const struct boot_facts *here = context_facts(c);

	for (size_t i = p->nqueue; i-- > 0;) {
		struct event *ev = p->queue[i].ev;

		if (facts_find(p, ev) != here)
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
	struct queue_entry *q = entry_of(c->parser, ev);

	if (q != NULL && use != LINE_FOREIGN && use != LINE_UNKNOWN)
		q->seen_us = record_us(c->rec);
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
