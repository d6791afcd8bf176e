#include "report/incident.h"

#include "base/mem.h"

#include <string.h>

enum { INCIDENTS_KEPT = 5 };

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

static struct finding *
find_copy(struct incident_list *list, const struct event *ev)
{
	for (size_t i = list->n; i-- > 0;) {
		const struct incident *in = &list->v[i];

		for (size_t k = in->n; k-- > 0;) {
			const struct event *have = in->v[k].event;

			if (memcmp(have->id, ev->id, sizeof(ev->id)) == 0 &&
			    same_text(have->host, ev->host))
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

void
incident_list_done(struct incident_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		incident_done(&list->v[i]);
	mem_free(list->v);
	*list = (struct incident_list){ 0 };
}
