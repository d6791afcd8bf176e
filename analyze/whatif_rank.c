/* The ranking of a changed copy of an event, at both ends of what totalpages may be. */
#include "analyze/whatif_internal.h"

#include <string.h>

/* Reasons that hold whatever the oom_score_adj: killed already, a vfork child. */
static bool
is_out_of_it(const struct replay *p, size_t row)
{
	const struct task *t = &p->w->ev->tasks.v[row];

	return p->v->scores != NULL && !p->v->scores[row].eligible && t->pid != 1 && t->tgid != 1 &&
	       adj_of(t) != ADJ_LEAST && t->oom_adj != -17;
}

static int
copy_rows(struct replay *p, struct world *x, bool changed)
{
	struct event *ev = p->w->ev;
	size_t n = ev->tasks.n, m = 0;
	struct task *v = arena_raw(&p->w->mem, (n + 1) * sizeof(*v));

	x->row = arena_raw(&p->w->mem, (n + 1) * sizeof(*x->row));
	x->at = arena_raw(&p->w->mem, (n + 1) * sizeof(*x->at));
	x->is_member = arena_alloc(&p->w->mem, (n + 1) * sizeof(*x->is_member));
	x->members = arena_raw(&p->w->mem, (n + 1) * sizeof(*x->members));
	if (v == NULL || x->row == NULL || x->at == NULL || x->is_member == NULL ||
	    x->members == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		x->at[i] = n;
		if (is_out_of_it(p, i) || (changed && p->gone[i]))
			continue;
		v[m] = ev->tasks.v[i];
		if (changed && known(p->adjs[i]))
			v[m].oom_score_adj = p->adjs[i];
		x->row[m] = i;
		x->at[i] = m++;
	}
	for (size_t i = 0; i < n; i++)
		x->at[i] = x->at[i] == n ? m : x->at[i];
	x->ev.tasks.v = v;
	x->ev.tasks.n = x->ev.tasks.cap = m;
	return 0;
}

/* What the machine has in all, managed by the kernel or not. */
static int64_t
present_pages(const struct event *ev, int64_t page_size)
{
	int64_t sum = ev->memory.nzones > 0 ? 0 : UNKNOWN;

	if (known(ev->memory.ram_pages))
		return ev->memory.ram_pages;
	for (size_t i = 0; i < ev->memory.nzones; i++)
		sum = plus(sum, pages_of_kb(ev->memory.zones[i].present_kb, page_size));
	return sum;
}

/* What the kernel keeps for itself at boot is taken to stay the same. */
static void
change_ram(const struct replay *p, struct world *x)
{
	int64_t size = x->total.page_size, was = present_pages(p->w->ev, size);
	int64_t more = minus(pages_of_kb(p->ask->ram_kb, size), was);

	if (x->ev.constraint == CONSTRAINT_MEMCG || !known(more) || !known(x->total.pages))
		return;
	if (x->ev.constraint != CONSTRAINT_NONE && x->ev.constraint != CONSTRAINT_UNKNOWN)
		return; /* on which node it would be is not known */
	x->ram_more = more;
	x->total.pages = most(plus(x->total.pages, more), 1);
	x->total.max =
	    known(x->total.max) ? most(plus(x->total.max, more), x->total.pages) : UNKNOWN;
	x->total.how = STR("as it was, with the RAM asked for");
}

static int
find_total(struct replay *p, struct world *x, bool changed)
{
	const struct whatif_ask *a = p->ask;
	int rc;

	if (changed && known(a->limit_kb) && x->ev.constraint == CONSTRAINT_MEMCG)
		x->ev.cgroup.memory.limit_kb = a->limit_kb;
	if (changed && known(a->swap_kb))
		x->ev.memory.swap_total_kb = x->ev.boot_swap_total_kb = a->swap_kb;
	/* It writes into the event's memory: lend the copy ours. */
	x->ev.mem = p->w->mem;
	rc = total_of(&x->ev, &p->era, &x->total);
	p->w->mem = x->ev.mem;
	x->ev.mem = (struct arena){ 0 };
	if (rc == 0 && changed && known(a->ram_kb))
		change_ram(p, x);
	return rc;
}

static int
rank_ends(struct replay *p, struct world *x)
{
	/* The rule found that uid 0 was not all-powerful there, as in a container. */
	bool cap = strcmp(p->v->decided_by, "root-bonus") != 0;
	int64_t max = known(x->total.max) ? x->total.max : INT64_MAX / 2;

	x->formula[0] = (struct formula){ p->era.era, x->total.pages, x->total.page_size, cap };
	x->formula[1] = x->formula[0];
	x->formula[1].total = max;
	x->ends = max == x->total.pages ? 1 : 2;
	for (size_t i = 0; i < x->ends; i++) {
		if (ranking_make(&p->w->mem, &x->ev, &x->formula[i], NULL, &x->rank[i]) != 0)
			return -1;
	}
	return 0;
}

/*
 * "if (!is_memcg_oom(oc) && sysctl_oom_kill_allocating_task && current->mm &&
 * !oom_unkillable_task(current) && ... oom_score_adj != OOM_SCORE_ADJ_MIN)", out_of_memory().
 */
static void
find_asker(const struct replay *p, const struct world *x, struct whatif_ranking *to)
{
	const struct event *ev = p->w->ev;
	const struct victim *v = event_victim(ev);

	to->asker = SIZE_MAX;
	to->asker_dies = ev->allocating_task;
	for (size_t i = 0; ev->allocating_task && i < x->ev.tasks.n; i++) {
		const struct task *t = &x->ev.tasks.v[i];

		if (t->pid != ev->trigger.pid && t->tgid != ev->trigger.pid &&
		    (v == NULL || t->pid != v->pid))
			continue;
		to->asker = x->row[i];
		to->asker_dies = adj_of(t) != ADJ_LEAST; /* else it is chosen as always */
		return;
	}
}

/* Between the ends every difference of two is a straight line: who is first at both is first. */
static void
compare_ends(const struct world *x, struct whatif_ranking *to)
{
	const struct ranking *low = &x->rank[0], *high = &x->rank[x->ends - 1];

	to->sure = TRI_YES;
	if (low->nranked == 0 || high->nranked == 0 || low->order[0] == high->order[0])
		return;
	to->sure = x->total.quality == QUALITY_NONE ? TRI_UNKNOWN : TRI_NO;
	to->other = x->row[high->order[0]];
}

int
world_make(struct replay *p, struct world *x, bool changed, struct whatif_ranking *to)
{
	const struct ranking *r = &x->rank[0];

	*x = (struct world){ .ev = *p->w->ev, .ram_more = UNKNOWN };
	x->ev.mem = (struct arena){ 0 };
	if (copy_rows(p, x, changed) != 0 || find_total(p, x, changed) != 0 || rank_ends(p, x) != 0)
		return -1;
	*to = (struct whatif_ranking){ .n = r->nranked,
		.total = x->total.pages,
		.total_max = x->total.max,
		.quality = x->total.quality,
		.how = x->total.how,
		.other = SIZE_MAX,
		.margin = UNKNOWN };
	to->v = arena_raw(&p->w->mem, (to->n + 1) * sizeof(*to->v));
	if (to->v == NULL)
		return -1;
	for (size_t i = 0; i < to->n; i++) {
		size_t at = r->order[i];

		to->v[i] = (struct whatif_row){ x->row[at], adj_of(&x->ev.tasks.v[at]),
			r->scores[at].memory_pages, r->scores[at].badness };
	}
	if (to->n > 1)
		to->margin = minus(to->v[0].badness, to->v[1].badness);
	compare_ends(x, to);
	find_asker(p, x, to);
	return 0;
}

/* Some rows with one oom_score_adj, against all others. */
struct duel {
	const struct world *x;
	size_t end;
	const size_t *members;
	size_t n;
	size_t rival; /* the first of the others; tasks.n: nobody */
};

static struct duel
duel_of(struct world *x, size_t end, const size_t *members, size_t n)
{
	const struct ranking *r = &x->rank[end];
	struct duel d = { x, end, members, n, x->ev.tasks.n };

	for (size_t i = 0; i < n; i++)
		x->is_member[members[i]] = true;
	for (size_t i = 0; i < r->nranked && d.rival == x->ev.tasks.n; i++) {
		if (!x->is_member[r->order[i]])
			d.rival = r->order[i];
	}
	for (size_t i = 0; i < n; i++)
		x->is_member[members[i]] = false;
	return d;
}

/* Whether a member is the first with this oom_score_adj. */
static bool
duel_won(const struct duel *d, int64_t adj)
{
	const struct formula *f = &d->x->formula[d->end];
	const struct ranking *r = &d->x->rank[d->end];

	if (d->rival == d->x->ev.tasks.n)
		return true;
	for (size_t i = 0; i < d->n; i++) {
		size_t row = d->members[i];
		int64_t own =
		    badness_of(f, r->scores[row].memory_pages, adj, d->x->ev.tasks.v[row].uid == 0);

		if (known(own) &&
		    badness_beats(f->era, own, row, r->scores[d->rival].badness, d->rival))
			return true;
	}
	return false;
}

/* The lowest of (ADJ_LEAST, ADJ_MOST] that wins; more than ADJ_MOST: none.  A badness never
 * falls when oom_score_adj rises. */
static int64_t
lowest_winning(const struct duel *d)
{
	int64_t low = ADJ_LEAST + 1, high = ADJ_MOST + 1;

	while (low < high) {
		int64_t mid = low + (high - low) / 2;

		if (duel_won(d, mid))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

int64_t
world_spare(struct world *x, const size_t *members, size_t n, size_t *ret_then, bool *ret_has_then)
{
	int64_t adj = ADJ_MOST;

	*ret_has_then = false;
	for (size_t end = 0; end < x->ends; end++) {
		struct duel d = duel_of(x, end, members, n);

		adj = least(adj, d.rival == x->ev.tasks.n ? ADJ_LEAST : lowest_winning(&d) - 1);
		if (end == 0 && d.rival < x->ev.tasks.n) {
			*ret_has_then = true;
			*ret_then = x->row[d.rival];
		}
	}
	return known(x->total.pages) ? adj : UNKNOWN;
}

int64_t
world_lift(struct world *x, size_t row)
{
	int64_t adj = ADJ_LEAST + 1;

	if (!known(x->total.pages) || !known(x->rank[0].scores[row].memory_pages))
		return UNKNOWN;
	for (size_t end = 0; end < x->ends; end++) {
		struct duel d = duel_of(x, end, &row, 1);

		adj = most(adj, lowest_winning(&d));
	}
	return adj > ADJ_MOST ? UNKNOWN : adj;
}
