#include "analyze/numbers.h"

#include "analyze/arith.h"

enum { ADJ_MIN = -1000 };

static struct candidate
candidate_of_row(const struct event *ev, const struct ranking *r, size_t row)
{
	const struct task *t = &ev->tasks.v[row];

	return (struct candidate){ true, t->pid, t->comm, r->scores[row].badness };
}

/*
 * A printed score N is of a badness b with N <= b * 1000 / totalpages < N + 1.  What
 * of it the table does not print is page tables and swap.
 */
static void
derive_hidden(const struct inquiry *q, struct verdict *v)
{
	const struct formula *f = q->formula;
	const struct task *t = &q->ev->tasks.v[q->row];
	int64_t n = q->ev->chosen.score, adj = adj_of(t), table, low, high;
	int64_t bonus = t->uid == 0 ? 30 : 0; /* if it has CAP_SYS_ADMIN */

	/* The ends of the scale hold any size. */
	if (!known(f->total) || !known(adj) || n <= 1 || n > 2000 || f->era->wraps ||
	    (f->era->scale == SCALE_THOUSANDTHS && n >= 1000))
		return;
	/* The kernel rounds down: from the first size that gives n to the last. */
	if (f->era->scale == SCALE_THOUSANDTHS) {
		low = scaled_up(most(minus(n, adj), 0), f->total, 1000);
		high = scaled_up(most(plus(minus(n, adj), bonus + 1), 0), f->total, 1000) - 1;
	} else {
		adj = times(adj, f->total / 1000);
		low = minus(scaled_up(n, f->total, 1000), adj);
		high = minus(scaled_up(n + 1, f->total, 1000), adj) - 1;
		high = plus(high, times(bonus, f->total / 1000));
	}
	table = q->rank->scores[q->row].memory_pages;
	/* Of a total so small that no size gives n, the total is not the one. */
	if (!known(table) || low > high)
		return;
	v->hidden_pages_min = most(minus(low, table), 0);
	v->hidden_pages_max = most(minus(high, table), 0);
}

/* The printed score beside ours; that of a root task without CAP_SYS_ADMIN may be the one. */
void
verdict_scores(const struct inquiry *q, struct verdict *v)
{
	int64_t bare;

	if (!known(v->score_printed))
		return;
	/* A total that may be much more makes a score that may be much less. */
	if (q->total->quality == QUALITY_LOWER_BOUND)
		return;
	v->score_recomputed = badness_printed(q->formula, q->rank->scores[q->row].badness);
	bare = badness_printed(q->formula, q->rank_bare->scores[q->row].badness);
	if (bare == v->score_printed)
		v->score_recomputed = bare;
	v->score_is_lower_bound = q->rank->hides;
	if (q->rank->hides)
		derive_hidden(q, v);
}

/* The highest oom_score_adj with which another would have been picked, for one that was
 * picked by its badness alone. */
static void
find_spare(const struct inquiry *q, struct verdict *v)
{
	const struct ranking *r = q->rank;
	size_t first, second;
	const struct task *t;

	if (r->nranked < 2 || r->hides || subject_rank(q, r) != 1 || q->ev->allocating_task)
		return;
	first = r->order[0];
	second = r->order[1];
	t = &q->ev->tasks.v[first];
	v->spare_adj = ADJ_MIN;
	v->spared_for = candidate_of_row(q->ev, r, second);
	for (int64_t adj = least(adj_of(t), 1000) - 1; adj > ADJ_MIN; adj--) {
		int64_t own =
		    badness_of(q->formula, r->scores[first].memory_pages, adj, t->uid == 0);

		if (!known(own))
			return;
		if (badness_beats(q->formula->era, r->key[second], second, own, first)) {
			v->spare_adj = adj;
			return;
		}
	}
}

void
verdict_ranking(const struct inquiry *q, struct verdict *v)
{
	const struct ranking *r = q->rank;
	int64_t margin;

	v->scores = r->scores;
	v->scores_quality = r->hides ? QUALITY_LOWER_BOUND
			    : q->total->quality == QUALITY_EXACT || r->any_total
				? QUALITY_EXACT
				: q->total->quality;
	v->totalpages_matter = !r->any_total;
	if (r->nranked == 0)
		return;
	v->expected = candidate_of_row(q->ev, r, r->order[0]);
	if (r->nranked > 1) {
		v->runner_up = candidate_of_row(q->ev, r, r->order[1]);
		margin = minus(r->key[r->order[0]], r->key[r->order[1]]);
		v->margin_pages = q->formula->era->scale == SCALE_PAGES || !known(q->total->pages)
				      ? margin
				      : scaled(margin, q->total->pages, 1000);
	}
	find_spare(q, v);
}
