/* Further sentences, for when the first one alone would mislead. */
#include "report/text.h"

#include "base/escape.h"

/* Processes of one name, taken together. */
struct crowd {
	struct str comm;
	int64_t n, rss_pages;
};

static struct crowd
crowd_of(const struct task_table *table, struct str comm)
{
	struct crowd c = { comm, 0, 0 };

	for (size_t i = 0; i < table->n; i++) {
		const struct task *t = &table->v[i];

		if (!str_eq(t->comm, comm) || !known(t->rss_pages) || t->rss_pages < 0)
			continue;
		c.n++;
		if (__builtin_add_overflow(c.rss_pages, t->rss_pages, &c.rss_pages))
			c.rss_pages = INT64_MAX;
	}
	return c;
}

enum { CROWD_ROWS = 2000 }; /* quadratic: a longer table goes without this remark */

static struct crowd
largest_crowd(const struct task_table *table)
{
	struct crowd best = { STR_NONE, 0, 0 };

	for (size_t i = 0; i < table->n && table->n <= CROWD_ROWS; i++) {
		struct crowd c;

		if (i > 0 && str_eq(table->v[i].comm, table->v[i - 1].comm))
			continue;
		c = crowd_of(table, table->v[i].comm);
		if (c.rss_pages > best.rss_pages)
			best = c;
	}
	return best;
}

/* The largest single process need not be what used the memory. */
static void
put_crowd(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;
	struct crowd most = largest_crowd(&ev->tasks), own;
	const struct task *t;
	size_t row = 0;

	if ((t = text_subject(f, &row)) == NULL || most.n < 2 || str_eq(most.comm, t->comm))
		return;
	own = crowd_of(&ev->tasks, t->comm);
	if (own.rss_pages <= 0 || most.rss_pages < own.rss_pages ||
	    !known(pages_kb(ev, most.rss_pages)))
		return;
	fprintf(out, "%s ", words_number(most.n).s);
	str_put_escaped(out, most.comm);
	fprintf(out, " processes together held %s: %s against %s (at most: pages they share ",
	    most.rss_pages / 5 * 4 < own.rss_pages ? "about as much" : "more",
	    words_kb(pages_kb(ev, most.rss_pages)).s, words_kb(pages_kb(ev, own.rss_pages)).s);
	fputs("are counted in each of them).\n", out);
}

/* Memory that belongs to no process, where there is more of it than of theirs. */
static const struct {
	const char *what;
	const char *names[2];
} elsewhere[] = {
	{ "the kernel's own objects (slab)", { "slab_reclaimable", "slab_unreclaimable" } },
	{ "tmpfs files and shared memory", { "shmem" } },
};

static int64_t
sum_of(const struct counters *c, const char *a, const char *b)
{
	int64_t x = counter_get(c, a), y = b == NULL ? 0 : counter_get(c, b), sum;

	if (!known(x) || !known(y) || __builtin_add_overflow(x, y, &sum))
		return UNKNOWN;
	return sum;
}

/* Killing frees little then: say so before the victim is blamed. */
static void
put_elsewhere(FILE *out, const struct event *ev)
{
	const struct memory *m = &ev->memory;
	const struct counters *c = &m->global_pages;
	int64_t lists = sum_of(c, "active_anon", "inactive_anon"), shmem = counter_get(c, "shmem");
	int64_t theirs, ram;

	if (ev->constraint != CONSTRAINT_NONE || !known(lists) || !known(shmem) ||
	    __builtin_sub_overflow(lists, shmem, &theirs) || !known(m->ram_pages) ||
	    !known(m->reserved_pages) ||
	    __builtin_sub_overflow(m->ram_pages, m->reserved_pages, &ram) || !known(ev->page_size))
		return;
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
		int64_t n = sum_of(c, elsewhere[i].names[0], elsewhere[i].names[1]);

		if (!known(n) || n < theirs || n < ram / 4)
			continue;
		fprintf(out,
		    "But %s held %s of the %s of RAM, more than all processes' own memory: ",
		    elsewhere[i].what, words_kb(pages_kb(ev, n)).s, words_kb(pages_kb(ev, ram)).s);
		fputs("killing processes may not help.\n", out);
	}
}

static void
put_others(FILE *out, const struct event *ev)
{
	size_t group = 0, shared = 0;

	for (size_t i = 1; i < ev->nvictims; i++) {
		group += ev->victims[i].role == ROLE_GROUP;
		shared += ev->victims[i].role == ROLE_SHARED_MM;
	}
	if (group > 0)
		fprintf(out, "With it died %s of its cgroup: memory.oom.group is set there.\n",
		    words_count((int64_t)group, "other process", "other processes").s);
	if (shared > 0)
		fprintf(out, "With it died %s its memory.\n",
		    words_count((int64_t)shared, "process that shared", "processes that shared").s);
}

void
text_beside(FILE *out, const struct finding *f)
{
	const struct diagnosis *d = text_real_cause(f);

	put_others(out, f->event);
	if (d != NULL) {
		str_put_escaped(out, d->says);
		putc('\n', out);
		return;
	}
	put_crowd(out, f);
	put_elsewhere(out, f->event);
}
