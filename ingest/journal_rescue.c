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

static void
fail(struct rescue *r, struct rescued *one, const struct err *why)
{
	struct str kept = arena_dup(&r->mem, str_from(why->msg));

	one->failed = kept.p != NULL ? kept.p : "no memory";
}

/* False: no more, or no more that can be read. */
static bool
step(struct rescue *r, struct rescued *one, struct err *err)
{
	int rc = salvage_next(one->file, &one->entry, err);

	if (rc < 0)
		fail(r, one, err);
	if (rc <= 0)
		shut(one);
	return rc > 0;
}

static bool
is_older(const struct rescue *r, size_t a, size_t b)
{
	return r->v[r->heap[a]].entry.real_us < r->v[r->heap[b]].entry.real_us;
}

static void
swap(struct rescue *r, size_t a, size_t b)
{
	size_t v = r->heap[a];

	r->heap[a] = r->heap[b];
	r->heap[b] = v;
}

static void
sink(struct rescue *r)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < r->waiting; i = child) {
		child += child + 1 < r->waiting && is_older(r, child + 1, child);
		if (!is_older(r, child, i))
			break;
		swap(r, i, child);
	}
}

static void
rise(struct rescue *r, size_t i)
{
	for (size_t parent; i > 0 && is_older(r, i, parent = (i - 1) / 2); i = parent)
		swap(r, i, parent);
}

/* Open only while it is read: of a collection, most files lie one behind the other in time. */
int
rescue_add(struct rescue *r, const char *path, const char *name, struct err *err)
{
	struct rescued *v = arena_room(&r->mem, r->v, r->n, &r->cap, sizeof(*v));
	size_t *heap = arena_room(&r->mem, r->heap, r->waiting, &r->heap_cap, sizeof(*heap));
	struct rescued one = { .path = arena_dup(&r->mem, str_from(path)).p,
		.name = arena_dup(&r->mem, str_from(name)).p };

	if (v == NULL || heap == NULL || one.path == NULL || one.name == NULL)
		return err_no_memory(err);
	r->v = v, r->heap = heap;
	one.file = salvage_open(path, err);
	if (one.file == NULL)
		return 0;
	one.counted = salvage_counted(one.file);
	if (!step(r, &one, err))
		return one.failed != NULL ? 0 : (err_set(err, "no entry is left in it"), 0);
	/* What is called otherwise is a descriptor, which may be closed before we come back. */
	if (strcmp(path, name) == 0)
		shut(&one);
	r->v[r->n] = one;
	r->heap[r->waiting] = r->n++;
	rise(r, r->waiting++);
	return 1;
}

struct rescued *
rescue_first(const struct rescue *r)
{
	return r->waiting == 0 ? NULL : &r->v[r->heap[0]];
}

static void
drop_first(struct rescue *r)
{
	r->heap[0] = r->heap[--r->waiting];
	sink(r);
}

bool
rescue_open(struct rescue *r)
{
	struct rescued *one = rescue_first(r);
	struct salvage_entry before = one->entry;
	struct err err;

	if (one->file != NULL)
		return true;
	one->file = salvage_open(one->path, &err);
	if (one->file == NULL)
		fail(r, one, &err);
	else if (step(r, one, &err) && one->entry.real_us == before.real_us &&
		 one->entry.seqnum == before.seqnum)
		return true;
	if (one->failed == NULL)
		one->failed = "another file is there now";
	shut(one);
	drop_first(r);
	return false;
}

void
rescue_advance(struct rescue *r, bool was_read)
{
	struct rescued *one = rescue_first(r);
	struct err err;

	one->given++;
	one->unread += !was_read;
	if (step(r, one, &err))
		sink(r);
	else
		drop_first(r);
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
	return one->broken > 0 || one->unread > 0 || one->failed != NULL || !known(one->counted) ||
	       one->given < one->counted;
}

static void
tell_one(const struct rescued *one, char *to, size_t size, size_t more)
{
	char of[32] = "", others[48] = "";

	if (known(one->counted))
		snprintf(of, sizeof(of), " of %lld", (long long)one->counted);
	if (more > 0)
		snprintf(others, sizeof(others), " (and %zu more damaged files)", more);
	snprintf(to, size, "%s: %s%s: %lld%s entries were recovered%s", one->name,
	    one->failed == NULL ? "damaged" : "not read to its end: ",
	    one->failed == NULL ? "" : one->failed, (long long)(one->given - one->unread), of,
	    others);
}

void
rescue_tell(const struct rescue *r, char *to, size_t size)
{
	const struct rescued *first = NULL;
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < r->n; i++) {
		if (!is_damaged(&r->v[i]))
			continue;
		if (first == NULL || (first->failed == NULL && r->v[i].failed != NULL))
			first = &r->v[i];
		n++;
	}
	if (first != NULL)
		tell_one(first, to, size, n - 1);
}

void
rescue_done(struct rescue *r)
{
	for (size_t i = 0; i < r->n; i++)
		shut(&r->v[i]);
	arena_done(&r->mem);
}
