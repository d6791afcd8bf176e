/* Processes of one name, added up; a bound is called one. */
#include "analyze/rule.h"

#include <stdlib.h>

static enum service_class
class_of(struct str comm)
{
	enum service_class class;

	return service_known(comm, &class) == NULL ? CLASS_OTHER : class;
}

struct row {
	const struct task *t;
	int64_t need;
};

static int
by_name_then_size(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = str_cmp(x->t->comm, y->t->comm);

	if (order != 0)
		return order;
	if (x->need != y->need)
		return x->need < y->need ? 1 : -1;
	return x->t < y->t ? -1 : 1;
}

static int
by_private(const void *a, const void *b)
{
	const struct crowd *x = a, *y = b;

	if (x->private_kb != y->private_kb)
		return x->private_kb < y->private_kb ? 1 : -1;
	return str_cmp(x->comm, y->comm);
}

static int64_t
add_known(int64_t sum, int64_t more)
{
	if (!known(more))
		return sum;
	return known(sum) ? plus(sum, more) : more;
}

/* vfork() and CLONE_VM: two rows, one memory (mm/oom_kill.c prints processes, not mms). */
static bool
same_memory(const struct task *a, const struct task *b)
{
	return a->rss_pages == b->rss_pages && a->total_vm_pages == b->total_vm_pages &&
	       a->rss_pages > 0 && a->pgtables_bytes == b->pgtables_bytes &&
	       a->swapents_pages == b->swapents_pages;
}

static struct crowd
crowd_of(const struct facts *f, const struct row *v, size_t n)
{
	struct crowd c = { .comm = v->t->comm, .class = class_of(v->t->comm), .largest = v->t };
	int64_t shared = UNKNOWN, file_max = 0, shmem_max = 0, anon = 0;

	c.pgtables_kb = c.swap_kb = c.shared_kb = UNKNOWN;
	c.private_is_known = known(v->t->rss_anon_pages);
	for (size_t i = 0; i < n; i++) {
		const struct task *t = v[i].t;

		if (i > 0 && n == 2 && same_memory(t, v[i - 1].t))
			continue;
		c.n++;
		c.need_kb = plus(c.need_kb, v[i].need);
		c.rss_kb = plus(c.rss_kb, times(t->rss_pages, f->page_kb));
		c.swap_kb = add_known(c.swap_kb, times(t->swapents_pages, f->page_kb));
		if (known(t->pgtables_bytes))
			c.pgtables_kb = add_known(c.pgtables_kb, t->pgtables_bytes / 1024);
		if (!known(t->rss_anon_pages))
			continue;
		anon = plus(anon, times(t->rss_anon_pages, f->page_kb));
		file_max = most(file_max, times(t->rss_file_pages, f->page_kb));
		shmem_max = most(shmem_max, times(t->rss_shmem_pages, f->page_kb));
	}
	if (c.private_is_known)
		shared = plus(file_max, shmem_max);
	c.shared_kb = shared;
	c.private_kb = c.private_is_known ? plus(anon, shared) : c.rss_kb;
	/* There cannot be more of it than there is of its kind (the lists of the machine or the
	 * cgroup), however often pages were counted. */
	if (!c.private_is_known && known(f->anonymous))
		c.private_kb = least(c.private_kb, f->anonymous);
	c.largest_kb = c.private_is_known ? times(v->t->rss_anon_pages, f->page_kb)
					  : times(v->t->rss_pages, f->page_kb);
	return c;
}

int
facts_crowds(struct facts *f)
{
	size_t n = 0, cap = f->ev->tasks.n;
	struct row *rows;
	struct crowd *crowds;

	if (cap == 0 || !known(f->tasks_need))
		return 0;
	rows = arena_alloc(&f->ev->mem, cap * sizeof(*rows));
	crowds = arena_alloc(&f->ev->mem, cap * sizeof(*crowds));
	if (rows == NULL || crowds == NULL)
		return -1;
	for (size_t i = 0; i < cap; i++) {
		int64_t need = task_need_kb(f, &f->ev->tasks.v[i]);

		if (known(need) && need >= 0 && need < INT64_C(1) << 46)
			rows[n++] = (struct row){ &f->ev->tasks.v[i], need };
	}
	qsort(rows, n, sizeof(*rows), by_name_then_size);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && str_eq(rows[end].t->comm, rows[i].t->comm);)
			end++;
		crowds[f->ncrowds++] = crowd_of(f, &rows[i], end - i);
	}
	qsort(crowds, f->ncrowds, sizeof(*crowds), by_private);
	f->crowds = crowds;
	return 0;
}

/* Before 6.8: several of a name, each about as large as the segment, and together more than
 * there is. */
const struct crowd *
sharers_of(const struct facts *f)
{
	int64_t shmem = f->memcg ? f->cg_shmem : f->shmem;

	for (size_t i = 0; i < f->ncrowds; i++) {
		const struct crowd *c = &f->crowds[i];
		int64_t own = times(c->largest->rss_pages, f->page_kb);

		if (c->n < 2 || !share_is(shmem, f->ran_out, 100))
			continue;
		if (known(c->largest->rss_shmem_pages)) {
			if (share_is(times(c->largest->rss_shmem_pages, f->page_kb), own, 500))
				return c;
		} else if (share_is(own, shmem, 500) && share_is(c->rss_kb, shmem, 1500) &&
			   share_is(c->rss_kb, f->ran_out, 800)) {
			return c;
		}
	}
	return NULL;
}
