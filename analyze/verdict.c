#include "analyze/verdict.h"

#include "analyze/arith.h"
#include "analyze/numbers.h"

#include <string.h>

enum {
	MOVE_PAGES = 256, /* counters are kept per CPU in batches of 32 and more */
	MOVE_SMALL = 4,	  /* but not by more than a quarter */
	MOVE_PART = 100,  /* or one per cent, where that is more */
};

/* Whom the kernel chose: the printed choice, else the victim, else the summary's. */
static struct candidate
subject_of(const struct event *ev, const struct victim *v)
{
	if (known(ev->chosen.pid))
		return (struct candidate){ true, ev->chosen.pid, ev->chosen.comm, UNKNOWN };
	if (v != NULL)
		return (struct candidate){ true, v->pid, v->comm, UNKNOWN };
	if (known(ev->summary.pid))
		return (struct candidate){ true, ev->summary.pid, ev->summary.task, UNKNOWN };
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
	int64_t slack, kb, killed, top;

	if (r->nranked == 0 || q->row >= r->n)
		return 0;
	top = r->scores[r->order[0]].memory_pages;
	slack = most(least(MOVE_PAGES, top / MOVE_SMALL), top / MOVE_PART);
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

/* Which row of the table of eras, in words. */
static int
explain_era(struct event *ev, const struct era_match *m, struct verdict *v)
{
	if (m->era == NULL)
		v->era_how = STR("neither a release nor a task table is in the log");
	else if (m->by_release)
		v->era_how = arena_printf(&ev->mem, "release %.*s%s%s%s", STR_ARG(ev->kernel),
		    m->vendor != NULL ? ", " : "", m->vendor != NULL ? m->vendor : "",
		    m->newer_than_table	     ? ", newer than any that was checked"
		    : m->oldest != m->newest ? ", which may have either algorithm of its time"
					     : "");
	else if (m->oldest == m->newest)
		v->era_how = arena_printf(&ev->mem, "the shape of its lines: %s", m->newest->name);
	else
		v->era_how = arena_printf(
		    &ev->mem, "the shape of its lines: %s to %s", m->oldest->name, m->newest->name);
	return v->era_how.p == NULL ? -1 : 0;
}

/* The three ways to rank that an inquiry compares. */
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
	q->formula = &s->formula;
	q->rank = q->rank_bare = q->rank_max = &s->rank;
	if (era->root != ROOT_NONE) {
		if (ranking_make(mem, q->ev, &s->bare_formula, h, &s->bare) != 0)
			return -1;
		q->rank_bare = &s->bare;
	}
	if (max != q->total->pages) {
		if (ranking_make(mem, q->ev, &s->max_formula, h, &s->max) != 0)
			return -1;
		q->rank_max = &s->max;
	}
	q->has_ranking = true;
	q->top = s->rank.nranked > 0 ? s->rank.order[0] : s->rank.n;
	q->gap = subject_rank(q, q->rank) != UNKNOWN
		     ? minus(s->rank.key[q->top], s->rank.key[q->row])
		     : UNKNOWN;
	q->slack = slack_of(q);
	return 0;
}

/* How far the printed score is from what an era makes of the row. */
static int64_t
score_error(const struct inquiry *q)
{
	int64_t printed = q->ev->chosen.score, with, without;

	if (!known(printed))
		return 0;
	with = badness_printed(q->formula, q->rank->scores[q->row].badness);
	without = badness_printed(q->formula, q->rank_bare->scores[q->row].badness);
	return known(with) ? least(distance(with, printed), distance(without, printed)) : 0;
}

/*
 * Of the eras that a report may be of, the one that gives its victim with the
 * score that was printed, the newest first; if none gives it, the newest.
 */
static int
rank_all(struct inquiry *q, struct era_match *m, const struct history *h, struct rankings *s)
{
	int64_t error = INT64_MAX;

	if (m->era == NULL || m->era->scale == SCALE_OLD || q->ev->tasks.n == 0)
		return 0;
	for (const struct era *e = m->newest; m->newest > m->oldest && e >= m->oldest; e--) {
		if (rank_by(q, e, h, s) != 0)
			return -1;
		if ((subject_rank(q, q->rank) == 1 || subject_rank(q, q->rank_max) == 1) &&
		    score_error(q) < error) {
			error = score_error(q);
			m->era = e;
		}
	}
	return rank_by(q, m->era, h, s);
}

/* Rows that a vfork explains are taken out, so that the ranking is that of the kernel. */
static void
find_ground(struct inquiry *q, struct ranking *rank)
{
	q->ground = decide_ground(q);
	if (strcmp(q->ground->id, RULE_TWINS) == 0)
		ranking_set_aside(rank, (size_t)subject_rank(q, rank) - 1,
		    "as a vfork child, in its parent's memory");
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
		verdict_ranking(q, v);
	if (q->era->era != NULL) {
		v->era = q->era->era->name;
		v->formula = q->era->era->formula;
		v->in_pages = q->era->era->scale == SCALE_PAGES;
	}
	v->score_printed = q->ev->chosen.score;
	if (q->has_ranking && q->row < q->rank->n)
		verdict_scores(q, v);
	if (q->subject.known && q->row < q->ev->tasks.n && q->has_ranking)
		q->subject.badness = q->rank->scores[q->row].badness;
	if (q->subject.known && (q->victim == NULL || q->subject.pid != q->victim->pid))
		v->chosen = q->subject;
	q->v = v;
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
	struct rankings rankings = { 0 };
	struct inquiry q = { .ev = ev, .era = &era, .total = &total, .victim = event_victim(ev) };
	struct verdict *v = verdict_new(ev);

	if (v == NULL)
		return NULL;
	if (ev->kind == EVENT_KERNEL_OOM)
		era = era_of(ev);
	q.subject = subject_of(ev, q.victim);
	q.row = q.top = row_of(ev, q.subject.pid);
	if (total_of(ev, &era, &total) != 0 || rank_all(&q, &era, h, &rankings) != 0)
		return NULL;
	if (q.has_ranking && q.subject.known)
		find_ground(&q, &rankings.rank);
	return fill(&q, v) == 0 ? v : NULL;
}

const struct verdict *
verdict_of(struct event *ev)
{
	return verdict_of_with(ev, NULL);
}
