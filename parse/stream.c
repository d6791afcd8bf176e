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

int
stream_close(struct parser *p, struct stream *s, struct err *err)
{
	struct queue_entry *q = s->ev == NULL ? NULL : queue_entry_of(p, s->ev);

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

struct event *
stream_open(struct context *c, enum section section)
{
	struct stream *s = c->stream;
	struct moment now = moment_of(c->rec);
	struct event *ev;

	if (queue_pass(c->parser, &now, c->err) != 0)
		return NULL;
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
