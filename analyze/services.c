#include "analyze/services.h"

#include "analyze/arith.h"
#include "analyze/badness.h"
#include "analyze/service_internal.h"

#include <stdlib.h>

/* A row of the table and what it is grouped by. */
struct item {
	struct str comm, label;
	const struct service_name *known; /* NULL: not in our table */
	bool ruled;
	int64_t uid, adj; /* UNKNOWN: any */
	int64_t pages;
	size_t row, own; /* own: of those that are each a service of their own; else 0 */
};

static int
cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_comm(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int c = str_cmp(x->comm, y->comm);

	return c != 0 ? c : cmp((int64_t)x->row, (int64_t)y->row);
}

/* Not by size: whether two are of one service. */
static int
by_group(const struct item *x, const struct item *y)
{
	int c = str_cmp(x->label, y->label);

	if (c == 0)
		c = cmp(x->uid, y->uid);
	if (c == 0)
		c = cmp(x->adj, y->adj);
	return c != 0 ? c : cmp((int64_t)x->own, (int64_t)y->own);
}

static int
by_group_and_size(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int c = by_group(x, y);

	if (c == 0)
		c = cmp(y->pages, x->pages);
	return c != 0 ? c : cmp((int64_t)x->row, (int64_t)y->row);
}

static int
by_size(const void *a, const void *b)
{
	const struct service *x = a, *y = b;
	int c = cmp(y->private_kb, x->private_kb);

	if (c == 0)
		c = cmp((int64_t)y->ntasks, (int64_t)x->ntasks);
	return c != 0 ? c : cmp((int64_t)x->tasks[0], (int64_t)y->tasks[0]);
}

static int64_t
memory_of(const struct task *t)
{
	int64_t rss = known(t->rss_pages) ? most(t->rss_pages, 0) : 0;

	return plus(rss, known(t->swapents_pages) ? most(t->swapents_pages, 0) : 0);
}

/*
 * Whether an oom_score_adj is one that kubelet gives by a pod's request (2 to 999, 1000,
 * -997), and not one that a program gives its parts: browsers have 100, 200 and 300.
 */
static bool
is_pod_adj(int64_t adj)
{
	return known(adj) && adj >= 2 && adj != 100 && adj != 200 && adj != 300;
}

static void
label_item(struct item *it, const struct task *t)
{
	enum pooling pooling = it->known == NULL ? BY_USER : it->known->pooling;
	int64_t adj = adj_of(t);

	it->uid = UNKNOWN;
	it->adj = UNKNOWN;
	it->own = 0;
	if (it->ruled)
		return;
	if (pooling == BY_PROCESS)
		it->own = it->row + 1;
	if (pooling == BY_USER)
		it->uid = t->uid;
	if (pooling == BY_USER || is_pod_adj(adj))
		it->adj = adj;
}

/* Names are looked up once for all processes that have them. */
static void
label_items(struct item *v, size_t n, const struct event *ev, const struct witness *w,
    const struct service_rules *rules)
{
	for (size_t i = 0; i < n; i++) {
		const struct task *t = &ev->tasks.v[v[i].row];
		struct str ruled = service_rule_of(rules, v[i].comm, service_path(ev, w, t));

		if (i > 0 && str_eq(v[i].comm, v[i - 1].comm))
			v[i].known = v[i - 1].known;
		else
			v[i].known = service_name_of(v[i].comm);
		v[i].ruled = ruled.p != NULL;
		v[i].label = v[i].ruled		  ? ruled
			     : v[i].known == NULL ? v[i].comm
						  : str_from(v[i].known->name);
		label_item(&v[i], t);
	}
}

static struct item *
make_items(struct event *ev, const struct witness *w, const struct service_rules *rules)
{
	const struct task_table *table = &ev->tasks;
	struct item *v = arena_alloc(&ev->mem, table->n * sizeof(*v) + 1);

	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < table->n; i++) {
		const struct task *t = &table->v[i];

		v[i].row = i;
		v[i].comm = t->comm.p == NULL ? STR("") : t->comm;
		v[i].pages = memory_of(t);
	}
	qsort(v, table->n, sizeof(*v), by_comm);
	label_items(v, table->n, ev, w, rules);
	qsort(v, table->n, sizeof(*v), by_group_and_size);
	return v;
}

/* What everything that processes have mapped can be at most, each page counted once. */
struct bounds {
	int64_t page_kb;
	int64_t mapped_kb; /* of files and shared memory; UNKNOWN */
	int64_t all_kb;	   /* the same with their own memory */
	int64_t total_kb;  /* of what ran out */
};

static struct bounds
bounds_of(const struct event *ev, const struct ledgers *all)
{
	const struct ledger *l = all == NULL ? NULL : all->scope;
	int64_t own = plus(ledger_kb(l, LEDGER_ANON), 0), locked;
	struct bounds b = { UNKNOWN, UNKNOWN, UNKNOWN, l == NULL ? UNKNOWN : l->total_kb };

	if (known(ev->page_size) && ev->page_size >= 1024)
		b.page_kb = ev->page_size / 1024;
	if (l == NULL || !known(own) || !known(l->mapped_kb))
		return b;
	locked = ledger_kb(l, LEDGER_UNEVICTABLE);
	if (known(ledger_kb(l, LEDGER_ISOLATED)))
		own = plus(own, ledger_kb(l, LEDGER_ISOLATED));
	b.mapped_kb = l->mapped_kb;
	b.all_kb = plus(plus(own, known(locked) ? locked : 0), l->mapped_kb);
	return b;
}

/* Sums over the rows of one service, in pages. */
struct sums {
	int64_t rss, swap, pgtables_kb, anon, file, shmem, least;
	bool split; /* every row says what of it is shared */
};

static void
add(int64_t *sum, int64_t v)
{
	*sum = plus(*sum, v);
}

static int64_t
tables_kb(const struct task *t, int64_t page_kb)
{
	if (known(t->pgtables_bytes))
		return t->pgtables_bytes / 1024;
	return times(known(t->nr_pmds) ? plus(t->nr_ptes, t->nr_pmds) : t->nr_ptes, page_kb);
}

static void
add_row(struct sums *s, const struct task *t, const struct bounds *b)
{
	int64_t rss = known(t->rss_pages) ? most(t->rss_pages, 0) : UNKNOWN;
	int64_t mapped =
	    known(b->mapped_kb) && known(b->page_kb) ? b->mapped_kb / b->page_kb : UNKNOWN;

	add(&s->rss, rss);
	add(&s->swap, known(t->swapents_pages) ? most(t->swapents_pages, 0) : UNKNOWN);
	add(&s->pgtables_kb, tables_kb(t, b->page_kb));
	if (!known(t->rss_anon_pages) || !known(t->rss_file_pages) || !known(t->rss_shmem_pages))
		s->split = false;
	add(&s->anon, most(t->rss_anon_pages, 0));
	s->file = most(s->file, t->rss_file_pages);
	s->shmem = most(s->shmem, t->rss_shmem_pages);
	if (known(mapped) && known(rss))
		add(&s->least, most(minus(rss, mapped), 0));
}

/* Both ends in kB; a service of one process has no page twice. */
static void
set_sizes(struct service *s, const struct sums *sums, const struct bounds *b)
{
	s->rss_kb = times(sums->rss, b->page_kb);
	s->swap_kb = times(sums->swap, b->page_kb);
	s->pgtables_kb = sums->pgtables_kb;
	s->private_kb = s->rss_kb;
	s->private_min_kb = times(sums->least, b->page_kb);
	if (sums->split) {
		s->private_min_kb = times(sums->anon, b->page_kb);
		s->private_kb = times(plus(sums->anon, plus(sums->file, sums->shmem)), b->page_kb);
	}
	if (known(s->private_kb) && s->ntasks > 1 && known(b->all_kb))
		s->private_kb = least(s->private_kb, b->all_kb);
	if (known(s->private_kb) && known(s->private_min_kb))
		s->private_min_kb = least(s->private_min_kb, s->private_kb);
	s->share_permille = known(b->total_kb) && b->total_kb > 0
				? scaled(s->private_kb, 1000, b->total_kb)
				: UNKNOWN;
}

static bool
is_victim(const struct event *ev, const struct task *t)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (is_pid_of(ev->victims[i].pid, t))
			return true;
	}
	return false;
}

static void
fill(struct service *s, const struct item *v, size_t n, size_t *tasks, const struct event *ev,
    const struct bounds *b)
{
	struct sums sums = { .split = true };

	*s = (struct service){ .name = v[0].label,
		.comm = v[0].comm,
		.kind = v[0].ruled	     ? SERVICE_RULE
			: v[0].known == NULL ? SERVICE_NAME
					     : SERVICE_KNOWN,
		.class = v[0].known == NULL ? CLASS_OTHER : v[0].known->class,
		.ntasks = n,
		.tasks = tasks };
	s->uid = ev->tasks.v[v[0].row].uid;
	s->adj = adj_of(&ev->tasks.v[v[0].row]);
	for (size_t i = 0; i < n; i++) {
		const struct task *t = &ev->tasks.v[v[i].row];

		tasks[i] = v[i].row;
		add_row(&sums, t, b);
		s->victim |= is_victim(ev, t);
		s->trigger |= is_pid_of(ev->trigger.pid, t);
		s->uid = s->uid == t->uid ? s->uid : UNKNOWN;
		s->adj = s->adj == adj_of(t) ? s->adj : UNKNOWN;
	}
	set_sizes(s, &sums, b);
}

static int
group(struct event *ev, const struct item *items, const struct witness *w, const struct bounds *b,
    struct services *all)
{
	size_t n = ev->tasks.n, cap = 0;
	size_t *tasks = arena_alloc(&ev->mem, n * sizeof(*tasks) + 1);
	size_t *of = arena_alloc(&ev->mem, n * sizeof(*of) + 1);
	struct service *v = NULL;

	if (tasks == NULL || of == NULL)
		return -1;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && by_group(&items[i], &items[end]) == 0;)
			end++;
		v = arena_room(&ev->mem, v, all->n, &cap, sizeof(*v));
		if (v == NULL)
			return -1;
		fill(&v[all->n++], items + i, end - i, tasks + i, ev, b);
	}
	if (service_places(all, v, ev, w) != 0)
		return -1;
	if (all->n > 1)
		qsort(v, all->n, sizeof(*v), by_size);
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < v[i].ntasks; k++)
			of[v[i].tasks[k]] = i;
		all->sum_kb = plus(all->sum_kb, v[i].private_kb);
	}
	all->v = v;
	all->of_task = of;
	return 0;
}

const struct services *
services_of(struct event *ev, const struct ledgers *ledgers, const struct service_rules *rules)
{
	struct services *all = arena_alloc(&ev->mem, sizeof(*all));
	struct bounds b = bounds_of(ev, ledgers);
	const struct witness *w = NULL;
	struct item *items;

	if (all == NULL || service_witness(ev, &w) != 0)
		return NULL;
	all->oom_place = place_of(&ev->mem, ev->cgroup.oom_memcg);
	all->victim_place = place_of(&ev->mem, ev->cgroup.task_memcg);
	items = make_items(ev, w, rules);
	if (items == NULL || group(ev, items, w, &b, all) != 0)
		return NULL;
	all->counted_twice_kb = UNKNOWN;
	if (known(all->sum_kb) && known(b.all_kb))
		all->counted_twice_kb = most(minus(all->sum_kb, b.all_kb), 0);
	return all;
}

const struct service *
service_of_pid(const struct services *all, const struct event *ev, int64_t pid)
{
	for (size_t i = 0; all != NULL && i < ev->tasks.n; i++) {
		if (is_pid_of(pid, &ev->tasks.v[i]))
			return &all->v[all->of_task[i]];
	}
	return NULL;
}
