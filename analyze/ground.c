/*
 * Where the chosen process stands in the recomputed ranking, and what of its
 * place the log explains.
 */
#include "analyze/arith.h"
#include "analyze/says.h"

enum {
	SCORE_MAX = 2000, /* all of memory and oom_score_adj 1000 */
	ABOVE_MAX = 64,	  /* rows that a few odd ones can account for */
};

int64_t
subject_rank(const struct inquiry *q, const struct ranking *r)
{
	return q->row < r->n ? r->scores[q->row].rank : UNKNOWN;
}

static bool
is_first(const struct inquiry *q)
{
	return subject_rank(q, q->rank) == 1;
}

static bool
has_no_row(const struct inquiry *q)
{
	return q->row >= q->rank->n;
}

/* The kill line has the sizes too, all but swap: a lower bound of what the row would say. */
static int64_t
badness_of_kill(const struct inquiry *q)
{
	const struct victim *v = q->victim;
	int64_t kb, pages;

	if (v == NULL || v->pid != q->subject.pid || !known(v->pgtables_kb))
		return UNKNOWN;
	kb = plus(plus(v->anon_rss_kb, v->file_rss_kb), plus(v->shmem_rss_kb, v->pgtables_kb));
	pages = pages_of_kb(kb, q->total->page_size);
	return badness_of(q->formula, pages, v->oom_score_adj, v->uid == 0);
}

static bool
missing_beats(const struct inquiry *q)
{
	int64_t own = badness_of_kill(q);

	if (!has_no_row(q) || !known(own))
		return false;
	return q->rank->nranked == 0 || own >= q->rank->key[q->rank->order[0]];
}

/* Rows, but no number in them that can be read. */
static bool
is_unreadable(const struct inquiry *q)
{
	return q->rank->nranked == 0 && q->rank->neligible > 0;
}

/* Without totalpages, only a first place that holds with the least and the greatest is one. */
static bool
total_decides(const struct inquiry *q)
{
	return q->total->quality == QUALITY_NONE && !q->rank->any_total &&
	       (subject_rank(q, q->rank) == 1) != (subject_rank(q, q->rank_max) == 1);
}

static bool
has_equal(const struct inquiry *q)
{
	const struct ranking *r = q->rank;

	return r->nranked > 1 && r->key[r->order[1]] == r->key[r->order[0]];
}

static bool
is_highest(const struct inquiry *q)
{
	return is_first(q) && !has_equal(q);
}

static bool
is_taken_of_equals(const struct inquiry *q)
{
	return is_first(q) && has_equal(q);
}

/* Before 5.3 a memcg's tasks were not scanned in the order of the table. */
static bool
is_one_of_equals(const struct inquiry *q)
{
	bool ordered = q->era->by_release &&
		       (q->ev->constraint != CONSTRAINT_MEMCG || q->era->era->memcg_order);

	return q->gap == 0 && !ordered;
}

static bool
same_memory(const struct task *a, const struct task *b)
{
	return a->total_vm_pages == b->total_vm_pages && a->rss_pages == b->rss_pages &&
	       a->rss_anon_pages == b->rss_anon_pages && a->nr_ptes == b->nr_ptes &&
	       a->nr_pmds == b->nr_pmds && a->pgtables_bytes == b->pgtables_bytes &&
	       a->swapents_pages == b->swapents_pages;
}

/* in_vfork(): a child that still runs in its parent's mm is skipped, but listed. */
static bool
is_twin(const struct inquiry *q, size_t row)
{
	const struct task_table *table = &q->ev->tasks;

	for (size_t i = 0; i < row; i++) {
		if (same_memory(&table->v[i], &table->v[row]) &&
		    table->v[i].uid == table->v[row].uid &&
		    adj_of(&table->v[i]) == adj_of(&table->v[row]))
			return true;
	}
	return false;
}

/* Whether all rows that beat the subject are of a kind.  False if none does. */
static bool
all_above(const struct inquiry *q, bool (*is)(const struct inquiry *, size_t row))
{
	int64_t rank = subject_rank(q, q->rank);

	if (!known(rank) || rank == 1 || rank > ABOVE_MAX)
		return false;
	for (int64_t i = 0; i + 1 < rank; i++) {
		if (!is(q, q->rank->order[i]))
			return false;
	}
	return true;
}

static bool
is_below_twins(const struct inquiry *q)
{
	return all_above(q, is_twin);
}

static bool
is_near(const struct inquiry *q)
{
	return known(q->gap) && q->gap <= q->slack;
}

static bool
has_printed_score(const struct inquiry *q)
{
	return known(q->ev->chosen.score) && q->ev->chosen.pid == q->subject.pid;
}

/* Page tables and swap of 2.6.36 - 3.5 show only in the chosen one's printed score. */
static bool
is_hidden(const struct inquiry *q)
{
	int64_t top;

	if (!q->rank->hides || !has_printed_score(q) || !known(q->gap))
		return false;
	top = badness_printed(q->formula, q->rank->key[q->rank->order[0]]);
	return known(top) && q->ev->chosen.score >= top;
}

static bool
may_be_hidden(const struct inquiry *q)
{
	return q->rank->hides && known(q->gap) && !has_printed_score(q);
}

/* Whether a task of uid 0 had CAP_SYS_ADMIN is not printed: in a container it has not. */
static bool
is_root_bonus(const struct inquiry *q)
{
	int64_t own, best = UNKNOWN;

	if (q->row >= q->rank->n || q->formula->era->root == ROOT_NONE)
		return false;
	own = q->rank_bare->key[q->row];
	for (size_t i = 0; i < q->rank->nranked; i++) {
		if (q->rank->order[i] != q->row)
			best = most(best, q->rank->key[q->rank->order[i]]);
	}
	return known(own) && own > q->rank->key[q->row] && plus(own, q->slack) >= best;
}

static bool
is_total_bound(const struct inquiry *q)
{
	return q->total->quality != QUALITY_EXACT && q->total->quality != QUALITY_NONE &&
	       subject_rank(q, q->rank_max) == 1;
}

static bool
needs_total(const struct inquiry *q)
{
	return q->total->quality == QUALITY_NONE && !q->rank->any_total;
}

/* A fork has its parent's -1000 until it writes its own, perhaps after the choice. */
static bool
is_child_of_protected(const struct inquiry *q, size_t row)
{
	const struct task_table *table = &q->ev->tasks;

	for (size_t i = 0; i < row; i++) {
		if (table->v[i].oom_score_adj == -1000 &&
		    (str_eq(table->v[i].comm, table->v[row].comm) ||
			same_memory(&table->v[i], &table->v[row])))
			return true;
	}
	return false;
}

static bool
is_below_forks(const struct inquiry *q)
{
	return all_above(q, is_child_of_protected);
}

/* swapoff and a write to ksm/run are chosen whatever their size; up to 5.1 with a
 * score that is no number of thousandths. */
static bool
may_be_origin(const struct inquiry *q)
{
	return str_eq(q->subject.comm, STR("swapoff")) ||
	       (has_printed_score(q) && q->ev->chosen.score > SCORE_MAX &&
		   q->formula->era->scale == SCALE_PAGES);
}

static bool
always(const struct inquiry *q)
{
	(void)q;
	return true;
}

/* clang-format off */
static const struct rule grounds[] = {
	{ "missing-row",    TRI_YES,     missing_beats,      says_missing_beats },
	{ "missing-row",    TRI_UNKNOWN, has_no_row,         says_missing },
	{ "no-table",       TRI_UNKNOWN, is_unreadable,      says_no_table },
	{ "totalpages",     TRI_UNKNOWN, total_decides,      says_total_unknown },
	{ "badness",        TRI_YES,     is_highest,         says_badness },
	{ "tie",            TRI_YES,     is_taken_of_equals, says_tie },
	{ "tie",            TRI_YES,     is_one_of_equals,   says_tie_unordered },
	{ RULE_TWINS,       TRI_YES,     is_below_twins,     says_twin },
	{ "table-moved",    TRI_YES,     is_near,            says_moved },
	{ "hidden-memory",  TRI_YES,     is_hidden,          says_hidden },
	{ "hidden-memory",  TRI_UNKNOWN, may_be_hidden,      says_hidden_unknown },
	{ "root-bonus",     TRI_YES,     is_root_bonus,      says_root },
	{ "totalpages",     TRI_YES,     is_total_bound,     says_total_bound },
	{ "totalpages",     TRI_UNKNOWN, needs_total,        says_total_unknown },
	{ "fork-adj",       TRI_UNKNOWN, is_below_forks,     says_fork },
	{ "oom-origin",     TRI_UNKNOWN, may_be_origin,      says_origin },
	{ "unexplained",    TRI_NO,      always,             says_unexplained },
};
/* clang-format on */

const struct rule *
decide_ground(const struct inquiry *q)
{
	const struct rule *r = grounds;

	while (!r->applies(q))
		r++;
	return r;
}
