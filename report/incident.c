#include "report/incident.h"

#include "base/mem.h"

#include <string.h>

enum { INCIDENTS_KEPT = 5 };
#define DAY_US (86400 * INT64_C(1000000))

/* By another logger: its name may have a domain, or not be there. */
static bool
may_be_host(struct str a, struct str b)
{
	struct str shorter = a.n < b.n ? a : b, longer = a.n < b.n ? b : a;

	return a.p == NULL || b.p == NULL ||
	       (str_starts(longer, shorter) &&
		   (longer.n == shorter.n || longer.p[shorter.n] == '.'));
}

static bool
same_text(struct str a, struct str b)
{
	return (a.p == NULL) == (b.p == NULL) && str_eq(a, b);
}

/* A boot id says it for sure; the number of the boot counts within one source only. */
static bool
same_boot(const struct incident *in, const struct event *ev, unsigned source)
{
	const struct event *first = in->v[0].event;

	if (!same_text(first->host, ev->host))
		return false;
	if (first->boot_id.p != NULL && ev->boot_id.p != NULL)
		return str_eq(first->boot_id, ev->boot_id);
	return in->source == source && first->boot == ev->boot;
}

static bool
within_gap(int64_t a, int64_t b)
{
	int64_t apart;

	if (__builtin_sub_overflow(a, b, &apart))
		return false;
	return apart < INCIDENT_GAP_US && apart > -INCIDENT_GAP_US;
}

/* A log without any stamp cannot tell incidents of a boot apart: it has one. */
static bool
close_in_time(const struct incident *in, const struct event *ev)
{
	if (known(in->last_mono_us) && known(ev->mono_us))
		return within_gap(in->last_mono_us, ev->mono_us);
	if (known(in->last_us) && known(ev->real_us))
		return within_gap(in->last_us, ev->real_us);
	return !known(in->last_mono_us) && !known(in->last_us) && !known(ev->mono_us) &&
	       !known(ev->real_us);
}

static bool
is_elsewhere(const struct event *a, const struct event *b)
{
	for (size_t i = 0; i < a->nsources; i++) {
		for (size_t k = 0; k < b->nsources; k++) {
			if (str_eq(a->sources[i].path, b->sources[k].path))
				return false;
		}
	}
	return true;
}

/*
 * The same kill as another log of the machine has it, with other stamps: no two kills of a day
 * share pid, name and sizes, and loggers are seldom further apart (zones, dmesg -T after a
 * suspend).  Without a clock in common, what was read from one log is two events.
 */
static bool
is_other_view(const struct event *a, const struct event *b)
{
	const struct victim *v = a->victims, *w = b->victims;
	int64_t apart;

	if (a->kind != b->kind || a->nvictims == 0 || b->nvictims == 0 || v->pid != w->pid ||
	    !str_eq(v->comm, w->comm) || v->total_vm_kb != w->total_vm_kb ||
	    v->anon_rss_kb != w->anon_rss_kb || v->file_rss_kb != w->file_rss_kb ||
	    !known(v->total_vm_kb) || !is_elsewhere(a, b))
		return false;
	if (known(v->mono_us) && known(w->mono_us))
		return v->mono_us == w->mono_us;
	if (!known(a->real_us) || !known(b->real_us))
		return true;
	return !__builtin_sub_overflow(a->real_us, b->real_us, &apart) && apart < DAY_US &&
	       apart > -DAY_US;
}

static bool
is_copy(const struct event *a, const struct event *b)
{
	if (!may_be_host(a->host, b->host) ||
	    (a->boot_id.p != NULL && b->boot_id.p != NULL && !str_eq(a->boot_id, b->boot_id)))
		return false;
	return memcmp(a->id, b->id, sizeof(a->id)) == 0 || is_other_view(a, b);
}

static struct finding *
find_copy(struct incident_list *list, const struct event *ev)
{
	for (size_t i = list->n; i-- > 0;) {
		const struct incident *in = &list->v[i];

		for (size_t k = in->n; k-- > 0;) {
			if (is_copy(in->v[k].event, ev))
				return &in->v[k];
		}
	}
	return NULL;
}

static int
add_source(struct event *ev, struct event_source from)
{
	struct event_source *v =
	    arena_room(&ev->mem, ev->sources, ev->nsources, &ev->sources_cap, sizeof(*v));

	if (v == NULL)
		return -1;
	from.path = arena_dup(&ev->mem, from.path);
	ev->sources = v;
	ev->sources[ev->nsources++] = from;
	return 0;
}

static int
learn_text(struct event *ev, struct str *to, struct str from)
{
	if (to->p != NULL || from.p == NULL)
		return 0;
	*to = arena_dup(&ev->mem, from);
	return to->p == NULL ? -1 : 0;
}

/* What only the poorer copy knew: its log may have had the better prefix. */
static int
learn(struct event *ev, const struct event *from)
{
	if (!known(ev->real_us)) {
		ev->real_us = from->real_us;
		ev->real_error_us = from->real_error_us;
		ev->real_source = from->real_source;
	}
	return learn_text(ev, &ev->host, from->host) | learn_text(ev, &ev->boot_id, from->boot_id);
}

/* The same event read twice: the fuller copy stays and knows of both places. */
static int
merge_copy(struct finding *have, struct finding more)
{
	struct finding drop = more;
	int failed = 0;

	if (more.event->completeness < have->event->completeness) {
		drop = *have;
		*have = more;
	}
	failed |= learn(have->event, drop.event);
	for (size_t i = 0; i < drop.event->nsources; i++)
		failed |= add_source(have->event, drop.event->sources[i]);
	event_free(drop.event);
	return failed;
}

static void
incident_done(struct incident *in)
{
	for (size_t i = 0; i < in->n; i++)
		event_free(in->v[i].event);
	mem_free(in->v);
}

/* Place for a new one, by time where it is known, else after all others. */
static struct incident *
incident_new(struct incident_list *list, const struct event *ev)
{
	struct incident *v = mem_room(list->v, list->n, &list->cap, sizeof(*v));
	size_t at = list->n;

	if (v == NULL)
		return NULL;
	list->v = v;
	while (at > 0 && known(ev->real_us) && known(v[at - 1].last_us) &&
	       v[at - 1].last_us > ev->real_us)
		at--;
	memmove(&v[at + 1], &v[at], (list->n - at) * sizeof(*v));
	v[at] = (struct incident){ .last_us = UNKNOWN, .last_mono_us = UNKNOWN };
	list->n++;
	list->incidents++;
	return &v[at];
}

static void
drop_oldest(struct incident_list *list)
{
	size_t keep = list->keep > 0 ? list->keep : INCIDENTS_KEPT;

	while (list->n > keep) {
		incident_done(&list->v[0]);
		memmove(&list->v[0], &list->v[1], --list->n * sizeof(list->v[0]));
	}
}

static int
keep_event(struct incident *in, struct finding f)
{
	size_t size = f.event->mem.total;
	struct finding *v;

	in->events++;
	in->last_us = f.event->real_us;
	in->last_mono_us = f.event->mono_us;
	if (in->n > 0 && (in->n >= INCIDENT_EVENTS_MAX || in->bytes + size > INCIDENT_BYTES_MAX)) {
		event_free(f.event);
		return 0;
	}
	v = mem_room(in->v, in->n, &in->cap, sizeof(*v));
	if (v == NULL) {
		event_free(f.event);
		return -1;
	}
	in->bytes += in->n > 0 ? size : 0;
	in->v = v;
	in->v[in->n++] = f;
	return 0;
}

int
incident_add(struct incident_list *list, struct finding f, unsigned source)
{
	struct finding *copy = find_copy(list, f.event);
	struct incident *in = NULL;
	int failed;

	if (copy != NULL)
		return merge_copy(copy, f);
	for (size_t i = list->n; i-- > 0 && in == NULL;) {
		if (same_boot(&list->v[i], f.event, source) && close_in_time(&list->v[i], f.event))
			in = &list->v[i];
	}
	if (in == NULL) {
		in = incident_new(list, f.event);
		if (in == NULL) {
			event_free(f.event);
			return -1;
		}
		in->source = source;
	}
	failed = keep_event(in, f);
	if (in->n == 0) { /* no memory for its first event: it never was */
		mem_free(in->v);
		list->n--;
		memmove(in, in + 1, (size_t)(&list->v[list->n] - in) * sizeof(*in));
	}
	drop_oldest(list);
	return failed;
}

static bool
is_stub(const struct event *ev)
{
	return ev->completeness >= COMPLETE_HEAD_ONLY;
}

size_t
incident_lead(const struct incident *in)
{
	for (size_t i = 0; i < in->n && is_stub(in->v[0].event); i++) {
		if (!is_stub(in->v[i].event))
			return i;
	}
	return 0;
}

int64_t
incident_later_us(const struct event *first, const struct event *ev)
{
	int64_t later;

	if (known(first->mono_us) && known(ev->mono_us) &&
	    !__builtin_sub_overflow(ev->mono_us, first->mono_us, &later) && later >= 0)
		return later;
	if (known(first->real_us) && known(ev->real_us) &&
	    !__builtin_sub_overflow(ev->real_us, first->real_us, &later) && later >= 0)
		return later;
	return UNKNOWN;
}

void
incident_list_done(struct incident_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		incident_done(&list->v[i]);
	mem_free(list->v);
	*list = (struct incident_list){ 0 };
}
