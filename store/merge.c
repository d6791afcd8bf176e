/*
 * Two copies of one event.  The fuller report stays whole, so that its evidence is of one
 * place; the other gives what surrounds a report and what came after it.
 */
#include "store/db.h"

/* Facts that do not stand in the report's own lines, and may be known of one copy only. */
static bool
surroundings_known(const struct event *ev, const struct event *other)
{
	return (ev->host.p != NULL || other->host.p == NULL) &&
	       (ev->boot_id.p != NULL || other->boot_id.p == NULL) &&
	       (known(ev->mono_us) || !known(other->mono_us)) &&
	       (known(ev->real_us) || !known(other->real_us)) &&
	       (ev->kernel.p != NULL || other->kernel.p == NULL) &&
	       (known(ev->page_size) || !known(other->page_size)) &&
	       (known(ev->boot_swap_total_kb) || !known(other->boot_swap_total_kb)) &&
	       (ev->trust_kernel || !other->trust_kernel) &&
	       (ev->witness.p != NULL || other->witness.p == NULL) &&
	       (ev->real_source != TIME_BOOT_OFFSET || other->real_source != TIME_RECORD);
}

static size_t
reaps(const struct event *ev)
{
	size_t n = 0;

	for (size_t i = 0; i < ev->nvictims; i++)
		n += ev->victims[i].reaped;
	return n;
}

static bool
is_fuller(const struct event *a, const struct event *b)
{
	if (a->completeness != b->completeness)
		return a->completeness < b->completeness;
	if (a->nvictims != b->nvictims)
		return a->nvictims > b->nvictims;
	if (reaps(a) != reaps(b))
		return reaps(a) > reaps(b);
	return a->tasks.n > b->tasks.n;
}

bool
merge_needed(const struct event *have, const struct event *copy)
{
	for (size_t i = 0; i < copy->naftermath; i++) {
		if (event_same_aftermath(have, &copy->aftermath[i]) == NULL)
			return true;
	}
	return is_fuller(copy, have) || !surroundings_known(have, copy);
}

static void
take_time(struct event *to, const struct event *from)
{
	if (!known(to->mono_us))
		to->mono_us = from->mono_us;
	if (known(to->real_us) &&
	    !(to->real_source == TIME_BOOT_OFFSET && from->real_source == TIME_RECORD))
		return;
	to->real_us = from->real_us;
	to->real_source = from->real_source;
	to->real_error_us = from->real_error_us;
}

static int
take_text(struct event *to, struct str *mine, struct str theirs)
{
	if (mine->p != NULL || theirs.p == NULL)
		return 0;
	*mine = arena_dup(&to->mem, theirs);
	return mine->p == NULL ? -1 : 0;
}

static int
take_surroundings(struct event *to, const struct event *from)
{
	take_time(to, from);
	if (to->kernel.p == NULL)
		to->kernel_from_boot = from->kernel_from_boot;
	if (!known(to->page_size)) {
		to->page_size = from->page_size;
		to->page_size_from_boot = from->page_size_from_boot;
	}
	if (!known(to->boot_swap_total_kb))
		to->boot_swap_total_kb = from->boot_swap_total_kb;
	to->trust_kernel |= from->trust_kernel;
	return take_text(to, &to->host, from->host) | take_text(to, &to->boot_id, from->boot_id) |
	       take_text(to, &to->kernel, from->kernel) |
	       take_text(to, &to->witness, from->witness);
}

static const struct victim *
same_victim(const struct event *ev, const struct victim *v)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (ev->victims[i].pid == v->pid && str_eq(ev->victims[i].comm, v->comm))
			return &ev->victims[i];
	}
	return NULL;
}

/* When each died, and what was given back, without the lines of the other copy. */
static void
take_ends(struct event *to, const struct event *from)
{
	for (size_t i = 0; i < to->nvictims; i++) {
		struct victim *v = &to->victims[i];
		const struct victim *w = same_victim(from, v);

		if (w == NULL)
			continue;
		if (!known(v->mono_us))
			v->mono_us = w->mono_us;
		if (!known(v->real_us))
			v->real_us = w->real_us;
		if (v->reaped || !w->reaped)
			continue;
		v->reaped = true;
		v->reaped_anon_kb = w->reaped_anon_kb;
		v->reaped_file_kb = w->reaped_file_kb;
		v->reaped_shmem_kb = w->reaped_shmem_kb;
	}
}

static int
take_sources(struct event *to, const struct event *from)
{
	for (size_t i = 0; i < from->nsources; i++) {
		struct event_source *v =
		    arena_room(&to->mem, to->sources, to->nsources, &to->sources_cap, sizeof(*v));

		if (v == NULL)
			return -1;
		to->sources = v;
		v[to->nsources] = from->sources[i];
		v[to->nsources].path = arena_dup(&to->mem, from->sources[i].path);
		if (v[to->nsources++].path.p == NULL)
			return -1;
	}
	return 0;
}

struct event *
merge_copies(struct event *have, struct event *copy)
{
	struct event *whole = is_fuller(copy, have) ? copy : have;
	struct event *other = whole == copy ? have : copy;

	take_ends(whole, other);
	if (event_take_aftermath(whole, other, true) != 0 || take_surroundings(whole, other) != 0 ||
	    take_sources(whole, other) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(have->id); i++)
		whole->id[i] = have->id[i];
	return whole;
}
