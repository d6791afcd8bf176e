#include "cli/readings.h"

#include "ingest/archive.h"
#include "ingest/joined.h"

/* Of a kind that was named each file is by itself: only logs as text go on in another file. */
static int
part_sets(struct source_list *list, struct err *err)
{
	struct source_set *alone;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->v[i].n;
	alone = arena_alloc(&list->mem, (n + 1) * sizeof(*alone));
	if (alone == NULL)
		return err_no_memory(err);
	n = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct source_set *set = &list->v[i];

		for (size_t k = 0; k < set->n; k++)
			alone[n++] =
			    (struct source_set){ SET_FILE, &set->paths[k], 1, set->failed };
	}
	list->v = alone;
	list->n = n;
	return 0;
}

/* A log is known by its newest file, a dump by the first of its parts. */
static int
name(struct readings *r, struct reading *to, const struct source_set *set, struct err *err)
{
	to->set = set;
	to->label = set->paths[set->n - 1];
	if (set->kind == SET_PSTORE)
		to->label =
		    arena_printf(&r->list.mem, "%s (and %zu more)", set->paths[0], set->n - 1).p;
	return to->label == NULL ? err_no_memory(err) : 0;
}

int
readings_make(struct readings *r, const struct options *o, struct err *err)
{
	*r = (struct readings){ 0 };
	if (source_list_make(&r->list, o->paths, (size_t)o->npaths, err) != 0 ||
	    (o->source.kind != NULL && part_sets(&r->list, err) != 0))
		return -1;
	r->v = arena_alloc(&r->list.mem, (r->list.n + 1) * sizeof(*r->v));
	if (r->v == NULL)
		return err_no_memory(err);
	for (; r->n < r->list.n; r->n++) {
		if (name(r, &r->v[r->n], &r->list.v[r->n], err) != 0)
			return -1;
	}
	return 0;
}

int
readings_of_set(struct readings *r, const struct source_set *set, struct err *err)
{
	*r = (struct readings){ .n = 1 };
	r->v = arena_alloc(&r->list.mem, sizeof(*r->v));
	if (r->v == NULL)
		return err_no_memory(err);
	return name(r, r->v, set, err);
}

struct source *
reading_open(const struct reading *r, const struct source_opts *opts, struct err *err)
{
	switch (r->set->kind) {
	case SET_PSTORE:
		return joined_open(r->set->paths, r->set->n, r->label, opts, err);
	case SET_ROTATED:
		return archive_open_rotated(r->set->paths, r->set->n, opts, err);
	case SET_FILE:
		break;
	}
	return source_open(r->set->paths[0], opts, err);
}

void
readings_done(struct readings *r)
{
	source_list_done(&r->list);
}
