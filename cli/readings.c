#include "cli/readings.h"

#include "ingest/archive.h"
#include "ingest/joined.h"

/* Of a kind that was named each file is by itself: only logs as text go on in another file. */
static int
list_alone(struct readings *r, struct err *err)
{
	const struct source_list *from = &r->list;
	size_t n = 0;

	for (size_t i = 0; i < from->n; i++)
		n += from->v[i].n;
	r->v = arena_alloc(&r->list.mem, (n + 1) * sizeof(*r->v));
	if (r->v == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < from->n; i++) {
		const struct source_set *set = &from->v[i];

		for (size_t k = 0; k < set->n; k++)
			r->v[r->n++] = (struct reading){ READING_FILE, set->paths[k],
				&set->paths[k], 1, set->failed };
	}
	return 0;
}

/* In the order named; files of the pstore where the first of them stands. */
static int
list(struct readings *r, struct err *err)
{
	const struct source_list *from = &r->list;
	struct arena *mem = &r->list.mem;
	const char **parts = arena_alloc(mem, (from->n + 1) * sizeof(*parts));
	struct reading *joined = NULL;
	size_t nparts = 0;

	r->v = arena_alloc(mem, (from->n + 1) * sizeof(*r->v));
	if (r->v == NULL || parts == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < from->n; i++) {
		const struct source_set *set = &from->v[i];
		const char *path = set->paths[set->n - 1];
		bool part =
		    from->n > 1 && set->n == 1 && set->failed == NULL && joined_is_part(path);

		if (part)
			parts[nparts++] = path;
		if (part && joined != NULL)
			continue;
		r->v[r->n] = (struct reading){ set->n > 1 ? READING_ROTATED : READING_FILE, path,
			part ? parts : set->paths, set->n, set->failed };
		if (part)
			joined = &r->v[r->n];
		r->n++;
	}
	if (nparts > 1) {
		joined->kind = READING_PSTORE;
		joined->n = nparts;
		joined->label = arena_printf(mem, "%s (and %zu more)", parts[0], nparts - 1).p;
		if (joined->label == NULL)
			return err_no_memory(err);
	}
	return 0;
}

int
readings_make(struct readings *r, const struct options *o, struct err *err)
{
	*r = (struct readings){ 0 };
	if (source_list_make(&r->list, o->paths, (size_t)o->npaths, err) != 0)
		return -1;
	return o->source.kind == NULL ? list(r, err) : list_alone(r, err);
}

int
readings_of_set(struct readings *r, const struct source_set *set, struct err *err)
{
	*r = (struct readings){ .n = 1 };
	r->v = arena_alloc(&r->list.mem, sizeof(*r->v));
	if (r->v == NULL)
		return err_no_memory(err);
	*r->v = (struct reading){ set->n > 1 ? READING_ROTATED : READING_FILE,
		set->paths[set->n - 1], set->paths, set->n, set->failed };
	return 0;
}

struct source *
reading_open(const struct reading *r, const struct source_opts *opts, struct err *err)
{
	switch (r->kind) {
	case READING_PSTORE:
		return joined_open(r->paths, r->n, r->label, opts, err);
	case READING_ROTATED:
		return archive_open_rotated(r->paths, r->n, opts, err);
	case READING_FILE:
		break;
	}
	return source_open(r->paths[0], opts, err);
}

void
readings_done(struct readings *r)
{
	source_list_done(&r->list);
}
