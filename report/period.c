#include "report/period.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * PERIOD_NAMES };
#define HOUR_US (3600 * INT64_C(1000000))

static uint32_t
hash_of(struct str s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

/* The name's place among the counted; NULL and *full: there are too many, or no memory. */
static struct period_name *
name_find(struct arena *mem, struct period_names *all, struct str name, bool *full)
{
	struct period_name *v;
	uint32_t at;

	*full = false;
	if (all->slots == NULL &&
	    (all->slots = arena_alloc(mem, SLOTS * sizeof(*all->slots))) == NULL)
		return NULL;
	for (at = hash_of(name) % SLOTS; all->slots[at] != 0; at = (at + 1) % SLOTS) {
		v = &all->v[all->slots[at] - 1];
		if (str_eq(v->name, name))
			return v;
	}
	*full = all->n == PERIOD_NAMES;
	if (*full || (v = arena_room(mem, all->v, all->n, &all->cap, sizeof(*v))) == NULL)
		return NULL;
	all->v = v;
	v += all->n;
	*v = (struct period_name){ .name = arena_dup(mem, name), .last_us = UNKNOWN };
	if (v->name.p == NULL)
		return NULL;
	all->slots[at] = (uint16_t)++all->n;
	return v;
}

/* Unknown names are no name; an empty one is. */
static int
count_name(struct period *p, enum period_by by, struct str name, const struct period_row *r)
{
	struct period_name *v;
	bool full;

	if (name.p == NULL)
		return 0;
	v = name_find(&p->mem, &p->by[by], str_head(name, PERIOD_NAME_MAX), &full);
	if (v == NULL) {
		p->by[by].other += full;
		return full ? 0 : -1;
	}
	v->events++;
	v->kills += r->victims;
	if (v->events == 1 || r->counted_us >= v->last_us) {
		v->last_us = r->counted_us;
		v->last_event = r->event;
		memcpy(v->last_id, r->id, sizeof(v->last_id));
	}
	return 0;
}

static int
count_hour(struct period *p, const struct period_row *r)
{
	int64_t ago;

	if (p->hours == NULL &&
	    (p->hours = arena_alloc(&p->mem, PERIOD_HOURS * sizeof(*p->hours))) == NULL)
		return -1;
	if (!known(r->counted_us) || __builtin_sub_overflow(p->now_us, r->counted_us, &ago) ||
	    ago < 0 || ago / HOUR_US >= PERIOD_HOURS)
		return 0;
	p->hours[ago / HOUR_US] += (uint32_t)(r->victims < INT32_MAX ? r->victims : INT32_MAX);
	return 0;
}

static void
close_incident(struct period *p)
{
	size_t at = p->nnewest;

	if (p->open.events == 0)
		return;
	p->incidents++;
	while (at > 0 && p->newest[at - 1].order_us < p->open.order_us)
		at--;
	if (at < PERIOD_INCIDENTS) {
		if (p->nnewest < PERIOD_INCIDENTS)
			p->nnewest++;
		memmove(&p->newest[at + 1], &p->newest[at],
		    (p->nnewest - at - 1) * sizeof(p->newest[0]));
		p->newest[at] = p->open;
	}
	p->open.events = 0;
}

static bool
same(struct str a, struct str b)
{
	return (a.p == NULL) == (b.p == NULL) && str_eq(a, b);
}

static bool
is_of_open(const struct period *p, const struct period_row *r, int64_t us)
{
	int64_t apart;

	return p->open.events > 0 &&
	       same(period_str(&p->open.host), str_head(r->host, PERIOD_NAME_MAX)) &&
	       same(period_str(&p->open_boot_id), str_head(r->boot_id, PERIOD_NAME_MAX)) &&
	       p->open_boot == r->boot && p->open_timed == known(r->real_us) &&
	       !__builtin_sub_overflow(us, p->open_us, &apart) && apart < INCIDENT_GAP_US &&
	       apart > -INCIDENT_GAP_US;
}

static void
keep(struct period_text *to, struct str from)
{
	from = str_head(from, sizeof(to->s));
	to->n = from.p == NULL ? -1 : (int)from.n;
	if (from.n > 0)
		memcpy(to->s, from.p, from.n);
}

struct str
period_str(const struct period_text *t)
{
	return t->n < 0 ? STR_NONE : (struct str){ t->s, (size_t)t->n };
}

static void
open_incident(struct period *p, const struct period_row *r)
{
	struct period_incident *in = &p->open;

	close_incident(p);
	*in = (struct period_incident){ .first_us = r->real_us,
		.last_us = r->real_us,
		.order_us = known(r->counted_us) ? r->counted_us : INT64_MIN,
		.userspace = r->userspace };
	memcpy(in->id, r->id, sizeof(in->id));
	p->open_boot = r->boot;
	p->open_timed = known(r->real_us);
	keep(&in->host, r->host);
	keep(&in->constraint, r->constraint);
	keep(&in->outcome, r->outcome);
	keep(&in->cgroup, r->cgroup);
	keep(&in->victim, r->victim);
	keep(&in->service, r->service);
	keep(&p->open_boot_id, r->boot_id);
}

static void
count_incident(struct period *p, const struct period_row *r)
{
	int64_t us = known(r->real_us) ? r->real_us : known(r->mono_us) ? r->mono_us : 0;

	if (!is_of_open(p, r, us))
		open_incident(p, r);
	p->open_us = us;
	p->open.last_us = r->real_us;
	p->open.events++;
	p->open.kills += r->victims;
}

int
period_add(struct period *p, const struct period_row *r)
{
	if (p->events++ == 0)
		p->first_us = p->last_us = UNKNOWN;
	p->kills += r->victims;
	p->panics += str_eq(r->outcome, STR("panic"));
	p->unkilled += str_eq(r->outcome, STR("no-killable-process"));
	p->userspace += r->userspace;
	p->untimed += !known(r->real_us);
	if (known(r->real_us) && (!known(p->first_us) || r->real_us < p->first_us))
		p->first_us = r->real_us;
	if (known(r->real_us) && (!known(p->last_us) || r->real_us > p->last_us))
		p->last_us = r->real_us;
	count_incident(p, r);
	return count_name(p, BY_VICTIM, r->victim, r) | count_name(p, BY_SERVICE, r->service, r) |
	       count_name(p, BY_HOST, r->host, r) | count_name(p, BY_CGROUP, r->cgroup, r) |
	       count_name(p, BY_CAUSE, r->cause, r) | count_hour(p, r);
}

static int
more_kills(const void *a, const void *b)
{
	const struct period_name *x = a, *y = b;

	if (x->kills != y->kills)
		return x->kills > y->kills ? -1 : 1;
	if (x->events != y->events)
		return x->events > y->events ? -1 : 1;
	return str_cmp(x->name, y->name);
}

/* From the oldest hour that is of interest until now, in no more parts than can be shown. */
static void
make_buckets(struct period *p)
{
	static const int hours_of[] = { 1, 3, 6, 24, 7 * 24, 28 * 24 };
	int64_t from = known(p->since_us) ? p->since_us : p->first_us, ago;
	int hours, width = 0;

	if (p->hours == NULL || !known(from) || __builtin_sub_overflow(p->now_us, from, &ago) ||
	    ago <= 0)
		return;
	hours = ago / HOUR_US >= PERIOD_HOURS ? PERIOD_HOURS : (int)(ago / HOUR_US) + 1;
	for (size_t i = 0; i < ARRAY_LEN(hours_of); i++) {
		width = hours_of[i];
		if ((hours + width - 1) / width <= PERIOD_BUCKETS)
			break;
	}
	p->bucket_us = width * HOUR_US;
	p->nbuckets = (size_t)((hours + width - 1) / width);
	for (int h = 0; h < PERIOD_HOURS; h++) {
		size_t at = (size_t)(h / width);

		if (at < p->nbuckets)
			p->buckets[p->nbuckets - 1 - at].kills += p->hours[h];
	}
	for (size_t i = 0; i < p->nbuckets; i++)
		p->buckets[i].from_us = p->now_us - (int64_t)(p->nbuckets - i) * p->bucket_us;
}

void
period_finish(struct period *p)
{
	if (p->events == 0)
		p->first_us = p->last_us = UNKNOWN;
	close_incident(p);
	for (size_t i = 0; i < PERIOD_BY; i++) {
		struct period_names *all = &p->by[i];

		if (all->n > 1)
			qsort(all->v, all->n, sizeof(all->v[0]), more_kills);
	}
	make_buckets(p);
}

void
period_done(struct period *p)
{
	arena_done(&p->mem);
}
