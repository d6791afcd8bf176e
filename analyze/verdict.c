#include "analyze/verdict.h"

#include "analyze/arith.h"
#include "analyze/says.h"

#include <inttypes.h>

enum {
	MOVE_PAGES = 256, /* counters are kept per CPU in batches of 32 and more */
	MOVE_PART = 100,  /* one per cent */
	ADJ_MIN = -1000,
};

static struct candidate
candidate_of_row(const struct event *ev, const struct ranking *r, size_t row)
{
	const struct task *t = &ev->tasks.v[row];

	return (struct candidate){ true, t->pid, t->comm, r->scores[row].badness };
}

/* Whom the kernel chose: the printed choice, else the victim. */
static struct candidate
subject_of(const struct event *ev, const struct victim *v)
{
	if (known(ev->chosen.pid))
		return (struct candidate){ true, ev->chosen.pid, ev->chosen.comm, UNKNOWN };
	if (v != NULL)
		return (struct candidate){ true, v->pid, v->comm, UNKNOWN };
	return (struct candidate){ .pid = UNKNOWN, .badness = UNKNOWN };
}

/* Its row.  A dead leader's row has a thread's pid, so the tgid is tried too. */
static size_t
row_of(const struct event *ev, int64_t pid)
{
	const struct task *t = known(pid) ? event_task(ev, pid) : NULL;

	if (t != NULL)
		return (size_t)(t - ev->tasks.v);
	for (size_t i = 0; known(pid) && i < ev->tasks.n; i++) {
		if (ev->tasks.v[i].tgid == pid)
			return i;
	}
	return ev->tasks.n;
}

/* How far a table printed after the choice may be from what the kernel saw, in badness. */
static int64_t
slack_of(const struct inquiry *q)
{
	const struct ranking *r = q->rank;
	int64_t slack = MOVE_PAGES, kb, killed;

	if (r->nranked == 0 || q->row >= r->n)
		return 0;
	slack = most(slack, r->scores[r->order[0]].memory_pages / MOVE_PART);
	if (q->victim != NULL && q->victim->pid == q->subject.pid) {
		kb = plus(q->victim->anon_rss_kb, q->victim->file_rss_kb);
		if (known(q->victim->shmem_rss_kb))
			kb = plus(kb, q->victim->shmem_rss_kb);
		killed = pages_of_kb(kb, q->total->page_size);
		if (known(killed) && known(q->ev->tasks.v[q->row].rss_pages))
			slack = most(slack, distance(killed, q->ev->tasks.v[q->row].rss_pages));
	}
	if (q->formula->era->scale == SCALE_THOUSANDTHS && known(q->formula->total))
		return plus(scaled(slack, 1000, q->formula->total), 1);
	return slack;
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
	if (f->era->scale == SCALE_THOUSANDTHS) {
		low = scaled(minus(n, adj), f->total, 1000);
		high = scaled(minus(n, adj) + bonus + 1, f->total, 1000);
	} else {
		adj = times(adj, f->total / 1000);
		low = minus(scaled(n, f->total, 1000), adj);
		high = minus(scaled(n + 1, f->total, 1000), adj);
		high = plus(high, times(bonus, f->total / 1000));
	}
	table = q->rank->scores[q->row].memory_pages;
	if (!known(table))
		return;
	v->hidden_pages_min = most(minus(low, table), 0);
	v->hidden_pages_max = most(minus(high, table), 0);
}

/* The printed score beside ours; that of a root task without CAP_SYS_ADMIN may be the one. */
static void
compare_scores(const struct inquiry *q, struct verdict *v)
{
	int64_t bare;

	v->score_printed = q->ev->chosen.score;
	if (!q->has_ranking || q->row >= q->rank->n || !known(v->score_printed))
		return;
	v->score_recomputed = badness_printed(q->formula, q->rank->scores[q->row].badness);
	bare = badness_printed(q->formula, q->rank_bare->scores[q->row].badness);
	if (bare == v->score_printed)
		v->score_recomputed = bare;
	v->score_is_lower_bound = q->rank->hides;
	if (q->rank->hides)
		derive_hidden(q, v);
}

/* The highest oom_score_adj with which another would have been picked. */
static void
find_spare(const struct inquiry *q, struct verdict *v)
{
	const struct ranking *r = q->rank;
	size_t first, second;
	const struct task *t;

	if (r->nranked < 2)
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

static void
fill_ranking(const struct inquiry *q, struct verdict *v)
{
	const struct ranking *r = q->rank;
	int64_t margin;

	v->scores = r->scores;
	v->scores_quality = r->hides ? QUALITY_LOWER_BOUND
			    : q->total->quality == QUALITY_EXACT || r->adj_equal
				? QUALITY_EXACT
				: q->total->quality;
	v->totalpages_matter = !r->adj_equal || q->formula->era->scale == SCALE_THOUSANDTHS;
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

/* Which row of the table of eras, in words. */
static int
explain_era(struct event *ev, const struct era_match *m, struct verdict *v)
{
	if (m->era == NULL)
		v->era_how = STR("neither a release nor a task table is in the log");
	else if (m->by_release)
		v->era_how = arena_printf(&ev->mem, "release %.*s%s%s%s", STR_ARG(ev->kernel),
		    m->vendor != NULL ? ", " : "", m->vendor != NULL ? m->vendor : "",
		    m->newer_than_table ? ", newer than any that was checked" : "");
	else if (m->oldest == m->newest)
		v->era_how = arena_printf(&ev->mem, "the shape of its lines: %s", m->newest->name);
	else
		v->era_how = arena_printf(
		    &ev->mem, "the shape of its lines: %s to %s", m->oldest->name, m->newest->name);
	return v->era_how.p == NULL ? -1 : 0;
}

struct rankings {
	struct formula formula, bare_formula, max_formula;
	struct ranking rank, bare, max;
};

static int
rank_by(struct inquiry *q, const struct era *era, const struct history *h, struct rankings *s)
{
	struct arena *mem = &q->ev->mem;
	int64_t max = known(q->total->max) ? q->total->max : INT64_MAX / 2;

	s->formula = (struct formula){ era, q->total->pages, q->total->page_size, true };
	s->bare_formula = s->max_formula = s->formula;
	s->bare_formula.root_has_cap = false;
	s->max_formula.total = max;
	if (ranking_make(mem, q->ev, &s->formula, h, &s->rank) != 0)
		return -1;
	s->bare = s->max = s->rank;
	if (era->root != ROOT_NONE && ranking_make(mem, q->ev, &s->bare_formula, h, &s->bare) != 0)
		return -1;
	if (max != q->total->pages && ranking_make(mem, q->ev, &s->max_formula, h, &s->max) != 0)
		return -1;
	q->formula = &s->formula;
	q->rank = &s->rank;
	q->rank_bare = &s->bare;
	q->rank_max = &s->max;
	q->has_ranking = true;
	q->gap = subject_rank(q, q->rank) != UNKNOWN
		     ? minus(s->rank.key[s->rank.order[0]], s->rank.key[q->row])
		     : UNKNOWN;
	q->slack = slack_of(q);
	return 0;
}

/*
 * Of the eras that the shape of a report allows, the newest that gives its
 * victim; if none does, the newest.
 */
static int
rank_all(struct inquiry *q, struct era_match *m, const struct history *h, struct rankings *s)
{
	if (m->era == NULL || m->era->scale == SCALE_OLD || q->ev->tasks.n == 0)
		return 0;
	for (const struct era *e = m->newest; e >= m->oldest && q->row < q->ev->tasks.n; e--) {
		if (rank_by(q, e, h, s) != 0)
			return -1;
		if (subject_rank(q, q->rank) == 1) {
			m->era = e;
			return 0;
		}
	}
	return rank_by(q, m->era, h, s);
}

static struct verdict *
verdict_new(struct event *ev)
{
	struct candidate nobody = { .pid = UNKNOWN, .badness = UNKNOWN };
	struct verdict *v = arena_alloc(&ev->mem, sizeof(*v));

	if (v == NULL)
		return NULL;
	*v = (struct verdict){ .totalpages = UNKNOWN,
		.totalpages_max = UNKNOWN,
		.totalpages_matter = true,
		.expected = nobody,
		.chosen = nobody,
		.runner_up = nobody,
		.spared_for = nobody,
		.margin_pages = UNKNOWN,
		.spare_adj = UNKNOWN,
		.score_printed = UNKNOWN,
		.score_recomputed = UNKNOWN,
		.hidden_pages_min = UNKNOWN,
		.hidden_pages_max = UNKNOWN };
	return v;
}

static int
fill(struct inquiry *q, struct verdict *v)
{
	const struct rule *rule;

	v->totalpages = q->total->pages;
	v->totalpages_max = q->total->max;
	v->totalpages_quality = q->total->quality;
	v->totalpages_how = q->total->how;
	if (q->has_ranking)
		fill_ranking(q, v);
	if (q->era->era != NULL) {
		v->era = q->era->era->name;
		v->formula = q->era->era->formula;
		v->in_pages = q->era->era->scale == SCALE_PAGES;
	}
	compare_scores(q, v);
	if (q->subject.known && q->row < q->ev->tasks.n && q->has_ranking)
		q->subject.badness = q->rank->scores[q->row].badness;
	if (q->victim != NULL && q->subject.pid != q->victim->pid)
		v->chosen = q->subject;
	rule = decide(q);
	v->decided_by = rule->id;
	v->agrees = rule->agrees;
	v->says = rule->says(q);
	return v->says.p == NULL ? -1 : explain_era(q->ev, q->era, v);
}

const struct verdict *
verdict_of_with(struct event *ev, const struct history *h)
{
	struct era_match era = { 0 };
	struct total total = { 0 };
	struct rankings rankings;
	struct inquiry q = { .ev = ev, .era = &era, .total = &total, .victim = event_victim(ev) };
	struct verdict *v = verdict_new(ev);

	if (v == NULL)
		return NULL;
	if (ev->kind == EVENT_KERNEL_OOM)
		era = era_of(ev);
	q.subject = subject_of(ev, q.victim);
	q.row = row_of(ev, q.subject.pid);
	if (total_of(ev, &era, &total) != 0 || rank_all(&q, &era, h, &rankings) != 0 ||
	    fill(&q, v) != 0)
		return NULL;
	return v;
}

const struct verdict *
verdict_of(struct event *ev)
{
	return verdict_of_with(ev, NULL);
}
