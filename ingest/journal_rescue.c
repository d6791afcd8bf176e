#include "ingest/journal_rescue.h"

#include <stdio.h>
#include <string.h>

static void
shut(struct rescued *one)
{
	if (one->file != NULL)
		one->broken = salvage_broken(one->file);
	salvage_close(one->file);
	one->file = NULL;
}

static int
step(struct rescued *one, struct err *err)
{
	int rc = salvage_next(one->file, &one->entry, err);

	one->has_entry = rc > 0;
	if (rc <= 0)
		shut(one);
	return rc;
}

/* Open only while it is read: of a collection, most files lie one behind the other in time. */
int
rescue_add(struct rescue *r, const char *path, const char *name, struct err *err)
{
	struct rescued *v = arena_room(&r->mem, r->v, r->n, &r->cap, sizeof(*v));
	struct rescued one = { .path = arena_dup(&r->mem, str_from(path)).p,
		.name = arena_dup(&r->mem, str_from(name)).p };
	int rc;

	if (v == NULL || one.path == NULL || one.name == NULL)
		return err_no_memory(err);
	r->v = v;
	one.file = salvage_open(path, err);
	if (one.file == NULL)
		return 0;
	one.counted = salvage_counted(one.file);
	rc = step(&one, err);
	/* What is called otherwise is a descriptor, which may be closed before we come back. */
	if (strcmp(path, name) == 0)
		shut(&one);
	if (rc == 0)
		err_set(err, "no entry is left in it");
	if (rc <= 0)
		return 0;
	r->v[r->n++] = one;
	return 1;
}

struct rescued *
rescue_next(const struct rescue *r)
{
	struct rescued *best = NULL;

	for (size_t i = 0; i < r->n; i++) {
		struct rescued *one = &r->v[i];

		if (one->has_entry && (best == NULL || one->entry.real_us < best->entry.real_us))
			best = one;
	}
	return best;
}

int
rescue_open(struct rescued *one, struct err *err)
{
	int rc = 1;

	if (one->file == NULL) {
		one->file = salvage_open(one->path, err);
		rc = one->file == NULL ? -1 : step(one, err);
		one->has_entry = rc > 0;
	}
	return rc < 0 ? err_prefix(err, "%s", one->name) : rc;
}

int
rescue_advance(struct rescued *one, struct err *err)
{
	one->given++;
	return step(one, err) < 0 ? err_prefix(err, "%s", one->name) : 0;
}

int64_t
rescue_given(const struct rescue *r)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->v[i].given;
	return n;
}

static bool
is_damaged(const struct rescued *one)
{
	return one->broken > 0 || !known(one->counted) || one->given < one->counted;
}

void
rescue_tell(const struct rescue *r, char *to, size_t size)
{
	const struct rescued *first = NULL;
	size_t n = 0;
	int len;

	to[0] = '\0';
	for (size_t i = 0; i < r->n; i++) {
		if (!is_damaged(&r->v[i]))
			continue;
		if (first == NULL)
			first = &r->v[i];
		n++;
	}
	if (first == NULL)
		return;
	len = known(first->counted)
		  ? snprintf(to, size, "%s: damaged: %lld of %lld entries were recovered",
			first->name, (long long)first->given, (long long)first->counted)
		  : snprintf(to, size, "%s: damaged: %lld entries were recovered", first->name,
			(long long)first->given);
	if (n > 1 && len > 0 && (size_t)len < size)
		snprintf(to + len, size - (size_t)len, " (and %zu more damaged files)", n - 1);
}

void
rescue_done(struct rescue *r)
{
	for (size_t i = 0; i < r->n; i++)
		shut(&r->v[i]);
	arena_done(&r->mem);
}
