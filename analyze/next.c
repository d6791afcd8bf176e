#include "analyze/next.h"

#include "analyze/arith.h"
#include "analyze/totalpages.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SCORE_MOVED = 2 /* of 1000: less than this is growth between two reads */ };

#define NOT_CHOSEN "its oom_score is 0: a vfork child, or killed already"

int64_t
oom_score_of(const struct formula *f, int64_t badness)
{
	int64_t v;

	if (f->era->scale == SCALE_THOUSANDTHS || !known(badness))
		return badness;
	v = scaled(badness, 1000, f->total);
	/* 5.9: "points = (1000 + badness * 1000 / (long)totalpages) * 2 / 3", fs/proc/base.c. */
	return f->era->floor || !known(v) ? v : (1000 + v) * 2 / 3;
}

static int64_t
kb_pages(const struct next *n, int64_t kb)
{
	return pages_of_kb(kb, n->machine->page_size);
}

/* Kernel threads are not in the kernel's own table either. */
static bool
has_row(const struct next *n, const struct process *p)
{
	return !p->kernel_thread && (n->group == NULL || group_holds(n->group->path, p->cgroup));
}

static const char *
why_not(const struct process *p)
{
	if (p->unreadable)
		return "not readable for this user";
	if (p->pid == 1)
		return "global init";
	if (!p->has_memory)
		return "no memory of its own: dead, and not yet collected";
	return p->oom_score_adj == ADJ_NEVER ? "oom_score_adj -1000" : NULL;
}

/* A row as the kernel's table would have it; page tables in the words of every era. */
static int
add_task(struct next *n, const struct process *p)
{
	struct task *t = event_add_task(n->ev);

	if (t == NULL)
		return -1;
	t->pid = t->tgid = p->pid;
	t->comm = p->comm;
	/* ranking_make() takes root for CAP_SYS_ADMIN, which is here known by itself. */
	t->uid = p->admin ? 0 : 1;
	t->rss_pages = kb_pages(n, p->rss_kb);
	t->swapents_pages = known(p->swap_kb) ? kb_pages(n, p->swap_kb) : 0;
	t->nr_ptes = kb_pages(n, p->pte_kb);
	t->nr_pmds = known(p->pmd_kb) ? kb_pages(n, p->pmd_kb) : 0;
	t->pgtables_bytes = times(p->pte_kb, 1024);
	t->oom_score_adj = p->oom_score_adj;
	return 0;
}

static int
add_rows(struct next *n)
{
	const struct processes *ps = &n->machine->processes;
	size_t rows = 0;

	for (size_t i = 0; i < ps->n; i++)
		rows += has_row(n, &ps->v[i]);
	n->v = arena_alloc(&n->ev->mem, (rows + 1) * sizeof(*n->v));
	if (n->v == NULL)
		return -1;
	for (size_t i = 0; i < ps->n; i++) {
		if (!has_row(n, &ps->v[i]))
			continue;
		n->v[n->n++] = (struct next_row){ .p = &ps->v[i] };
		if (add_task(n, &ps->v[i]) != 0)
			return -1;
	}
	return 0;
}

/* The memory part of a report of now, for totalpages. */
static void
fill_memory(struct next *n)
{
	const struct machine *m = n->machine;
	struct cgroup *g = &n->ev->cgroup;
	int64_t swappiness = m->sysctls.swappiness;

	n->ev->page_size = m->page_size;
	n->ev->memory.swap_total_kb = m->memory.swap_total_kb;
	if (n->group == NULL) {
		n->ev->constraint = CONSTRAINT_NONE;
		return;
	}
	n->ev->constraint = CONSTRAINT_MEMCG;
	g->memory.limit_kb = n->group->limit_kb;
	g->swap.limit_kb = n->group->swap_limit_kb;
	g->memsw.limit_kb = n->group->memsw_limit_kb;
	if (known(n->group->swappiness))
		swappiness = n->group->swappiness;
	/* mem_cgroup_get_max(): without swappiness swap counts nothing. */
	if (swappiness == 0)
		g->swap.limit_kb = 0;
}

/* The whole machine: totalram_pages and total_swap_pages, as /proc/meminfo has them. */
static int64_t
machine_pages(const struct next *n)
{
	return plus(kb_pages(n, n->machine->memory.total_kb),
	    kb_pages(n, n->machine->memory.swap_total_kb));
}

static int
find_total(struct next *n, const struct era_match *era)
{
	const struct meminfo *m = &n->machine->memory;
	struct total t;

	if (n->group != NULL) {
		if (total_of(n->ev, era, &t) != 0)
			return -1;
		n->total = t.pages;
		n->total_how = t.how;
		return 0;
	}
	n->total = machine_pages(n);
	n->total_how = arena_printf(&n->ev->mem, "RAM %" PRId64 " + swap %" PRId64 " pages",
	    kb_pages(n, m->total_kb), kb_pages(n, m->swap_total_kb));
	return n->total_how.p == NULL ? -1 : 0;
}

/* Those who cannot be chosen sort behind all who can; both keep the order they had. */
static int
row_cmp(const void *va, const void *vb)
{
	const struct next_row *a = va, *b = vb;
	int64_t ra = known(a->score.rank) ? a->score.rank : INT64_MAX;
	int64_t rb = known(b->score.rank) ? b->score.rank : INT64_MAX;

	if (ra != rb)
		return ra < rb ? -1 : 1;
	return (a->p->pid > b->p->pid) - (a->p->pid < b->p->pid);
}

/*
 * The kernel's own number beside ours.  It knows what /proc does not show: 0 for one that
 * it would not choose at all.
 */
static void
check_score(struct next *n, struct next_row *row, const struct formula *machine)
{
	int64_t badness =
	    badness_of(machine, row->score.memory_pages, row->p->oom_score_adj, row->p->admin);

	if (!known(badness) || !known(row->p->oom_score) || row->score.why_not != NULL)
		return;
	row->score_expected = most(oom_score_of(machine, badness), 0);
	if (row->p->oom_score == 0 && row->score_expected > SCORE_MOVED) {
		row->score.why_not = NOT_CHOSEN;
		row->score_expected = 0;
	}
	n->agree += row->score_expected == row->p->oom_score;
	n->differ += row->score_expected != row->p->oom_score;
}

/* Ranks of those that are left, in the order that ranking_make() found. */
static void
take_ranking(struct next *n, const struct ranking *r)
{
	int64_t rank = 0;

	for (size_t i = 0; i < r->nranked; i++) {
		struct next_row *row = &n->v[r->order[i]];

		row->score.rank = row->score.why_not == NULL ? ++rank : UNKNOWN;
	}
	n->nranked = (size_t)rank;
	qsort(n->v, n->n, sizeof(*n->v), row_cmp);
	n->first = rank > 0 ? &n->v[0] : NULL;
}

/*
 * Who has the numbers of the first may be one with its memory: then it dies with it, and has
 * its oom_score_adj (__set_oom_adj(), fs/proc/base.c).  Two processes of the same program often
 * have the same numbers, so the kernel is asked.
 */
static void
find_second(struct next *n, next_shares *shares)
{
	const struct process *first = n->first->p;

	for (size_t i = 0; i < n->n; i++) {
		struct next_row *row = &n->v[i];
		const struct process *p = row->p;

		if (row == n->first)
			continue;
		if (shares != NULL && p->vm_kb == first->vm_kb && p->rss_kb == first->rss_kb &&
		    p->pte_kb == first->pte_kb)
			row->shares = shares(first->pid, p->pid);
		n->sharers += row->shares == 1;
		if (n->second == NULL && known(row->score.rank) && row->shares != 1)
			n->second = row;
	}
	if (n->second != NULL)
		n->margin_pages = minus(n->first->score.badness, n->second->score.badness);
}

/* What the first would have to be set to, so that the second goes before it. */
static void
find_spare(struct next *n, const struct formula *f)
{
	const struct process *p = n->first->p;

	for (int64_t adj = p->oom_score_adj - 1; adj > ADJ_NEVER; adj--) {
		if (badness_of(f, n->first->score.memory_pages, adj, p->admin) >=
		    n->second->score.badness)
			continue;
		n->spare_adj = adj;
		n->spared_for = n->second;
		return;
	}
}

static int
rank_rows(struct next *n, const struct era_match *era, next_shares *shares, struct err *err)
{
	struct formula f = { era->era, n->total, n->machine->page_size, true };
	struct formula machine = { era->era, machine_pages(n), n->machine->page_size, true };
	struct ranking r = { 0 };

	if (era->era->scale == SCALE_PAGES && !known(n->total))
		return err_set(err, "how much memory there is could not be read");
	if (ranking_make(&n->ev->mem, n->ev, &f, NULL, &r) != 0)
		return err_no_memory(err);
	for (size_t i = 0; i < n->n; i++) {
		struct next_row *row = &n->v[i];

		row->score = r.scores[i];
		row->score.why_not = why_not(row->p);
		row->score.rank = UNKNOWN;
		row->pages = n->ev->tasks.v[i].rss_pages;
		row->swap_pages = n->ev->tasks.v[i].swapents_pages;
		row->score_expected = row->shares = UNKNOWN;
		check_score(n, row, &machine);
		row->score.eligible = row->score.why_not == NULL;
		n->neligible += row->score.eligible;
	}
	take_ranking(n, &r);
	if (n->first != NULL)
		find_second(n, shares);
	if (n->second != NULL)
		find_spare(n, &f);
	return 0;
}

int
next_make(const struct machine *m, struct str cgroup, next_shares *shares, struct next *n,
    struct err *err)
{
	struct era_match era;

	*n = (struct next){ .machine = m, .margin_pages = UNKNOWN, .spare_adj = UNKNOWN };
	if (cgroup.p != NULL && (n->group = group_named(&m->groups, cgroup)) == NULL)
		return err_set(err, "there is no one cgroup '%.*s' with a memory controller here",
		    STR_ARG(cgroup));
	if ((n->ev = event_new(EVENT_KERNEL_OOM)) == NULL)
		return err_no_memory(err);
	n->ev->kernel = m->release;
	if (!known(m->page_size))
		return err_set(err, "the size of a page cannot be told here");
	era = era_of(n->ev); /* by its release alone: there are no rows yet */
	if (era.era == NULL || era.era->scale == SCALE_OLD)
		return err_set(err, "how kernel '%.*s' chooses cannot be computed from /proc",
		    STR_ARG(m->release));
	n->era = era.era->name;
	n->formula = era.era->formula;
	fill_memory(n);
	if (find_total(n, &era) != 0 || add_rows(n) != 0)
		return err_no_memory(err);
	if (rank_rows(n, &era, shares, err) != 0)
		return -1;
	return next_effects(n) != 0 || next_sentence(n) != 0 ? err_no_memory(err) : 0;
}

void
next_done(struct next *n)
{
	event_free(n->ev);
	n->ev = NULL;
}
