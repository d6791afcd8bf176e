#include "analyze/badness.h"

#include "analyze/arith.h"

#include <stdlib.h>

enum { ADJ_MIN = -1000, OOM_DISABLE = -17, ROOT_THOUSANDTHS = 30, ROOT_PER_CENT = 3 };

/* An element while sorting: qsort() has no context. */
struct place {
	int64_t key;
	size_t row;
	bool last; /* the later of equals comes first */
};

bool
badness_beats(const struct era *era, int64_t badness, size_t row, int64_t best, size_t best_row)
{
	if (badness != best)
		return badness > best;
	return era->tie == TIE_LAST ? row > best_row : row < best_row;
}

static int
place_cmp(const void *va, const void *vb)
{
	const struct place *a = va, *b = vb;

	if (a->key != b->key)
		return a->key > b->key ? -1 : 1;
	return (a->row < b->row) == a->last ? 1 : -1;
}

int64_t
adj_of(const struct task *t)
{
	if (known(t->oom_score_adj))
		return t->oom_score_adj;
	if (!known(t->oom_adj))
		return UNKNOWN;
	/* oom_adj_write(): 15 is 1000, else adj * 1000 / 17. */
	return t->oom_adj == 15 ? 1000 : times(t->oom_adj, 1000) / -OOM_DISABLE;
}

int64_t
badness_pgtables(const struct formula *f, const struct task *t)
{
	switch (f->era->tables) {
	case TABLES_PTES:
		return t->nr_ptes;
	case TABLES_PTES_PMDS:
		return plus(t->nr_ptes, t->nr_pmds);
	case TABLES_BYTES:
		if (!known(t->pgtables_bytes) || !known(f->page_size))
			return UNKNOWN;
		return t->pgtables_bytes / f->page_size;
	default:
		return UNKNOWN;
	}
}

/* Counts of pages may be missing from a table, but never be negative. */
static bool
is_count(int64_t v)
{
	return !known(v) || v >= 0;
}

int64_t
badness_memory(const struct formula *f, const struct task *t)
{
	int64_t tables = badness_pgtables(f, t), sum = t->rss_pages;

	if (!known(sum) || !is_count(sum) || !is_count(tables) || !is_count(t->swapents_pages))
		return UNKNOWN;
	if (known(tables))
		sum = plus(sum, tables);
	return known(t->swapents_pages) ? plus(sum, t->swapents_pages) : sum;
}

/*
 * 2.6.39 - 3.1: "int points; ... points *= 1000; points /= totalpages;" where
 * totalpages is an unsigned long, so a product that turned negative is divided
 * as a huge number and cut to 32 bits again.
 */
static int64_t
wrapped_thousandths(int64_t memory, int64_t total)
{
	int32_t points = (int32_t)(uint32_t)((uint64_t)memory * 1000);
	uint64_t quotient = (uint64_t)(int64_t)points / (uint64_t)total;

	return (int32_t)(uint32_t)quotient;
}

static int64_t
thousandths(const struct formula *f, int64_t memory, int64_t adj, bool bonus)
{
	int64_t points;

	if (!known(f->total))
		return UNKNOWN;
	points =
	    f->era->wraps ? wrapped_thousandths(memory, f->total) : scaled(memory, 1000, f->total);
	points = plus(points, adj - (bonus ? ROOT_THOUSANDTHS : 0));
	return points <= 0 ? 1 : least(points, 1000);
}

static int64_t
in_pages(const struct formula *f, int64_t memory, int64_t adj, bool bonus)
{
	int64_t points = memory;

	if (bonus && f->era->root == ROOT_PERCENT)
		points = minus(points, scaled(points, ROOT_PER_CENT, 100));
	if (bonus && f->era->root == ROOT_ADJ)
		adj -= ROOT_THOUSANDTHS;
	if (adj != 0 && !known(f->total))
		return UNKNOWN;
	if (adj != 0)
		points = plus(points, times(adj, f->total / 1000));
	return f->era->floor ? most(points, 1) : points;
}

int64_t
badness_of(const struct formula *f, int64_t memory, int64_t adj, bool root)
{
	bool bonus = root && f->root_has_cap && f->era->root != ROOT_NONE;

	if (!known(memory) || !known(adj) || f->era->scale == SCALE_OLD)
		return UNKNOWN;
	/* The kernel holds it between these; a forged row need not. */
	adj = most(ADJ_MIN, least(adj, -ADJ_MIN));
	return f->era->scale == SCALE_PAGES ? in_pages(f, memory, adj, bonus)
					    : thousandths(f, memory, adj, bonus);
}

int64_t
badness_printed(const struct formula *f, int64_t badness)
{
	if (f->era->scale == SCALE_THOUSANDTHS || !known(badness))
		return badness;
	return known(f->total) ? scaled(badness, 1000, f->total) : UNKNOWN;
}

/* All of what is scaled by totalpages. */
static int64_t
adj_with_bonus(const struct formula *f, const struct task *t)
{
	bool bonus = t->uid == 0 && f->root_has_cap && f->era->root == ROOT_ADJ;

	return bonus ? minus(adj_of(t), ROOT_THOUSANDTHS) : adj_of(t);
}

static const char *
why_not(
    const struct event *ev, const struct task *t, const struct formula *f, const struct history *h)
{
	const struct victim *v = event_victim(ev);
	bool is_victim = v != NULL && v->pid == t->pid;

	if (t->tgid == 1 || t->pid == 1)
		return "global init";
	if (t->oom_score_adj == ADJ_MIN)
		return "oom_score_adj -1000";
	if (!known(t->oom_score_adj) && t->oom_adj == OOM_DISABLE)
		return "oom_adj -17";
	if (!is_victim && t->pid != ev->chosen.pid && history_has(h, ev, t, f->page_size))
		return "already killed earlier in this boot";
	return NULL;
}

/* What the order is by: the badness, or as much of it as can be computed. */
static int64_t
key_of(const struct formula *f, const struct score *s, const struct task *t)
{
	struct formula rest = *f;

	if (known(f->total) || !known(s->memory_pages) || !known(adj_of(t)))
		return s->badness;
	rest.total = 1; /* as if oom_score_adj counted nothing */
	return f->era->scale == SCALE_PAGES
		   ? badness_of(&rest, s->memory_pages, adj_of(t), t->uid == 0)
		   : s->memory_pages;
}

static void
score_row(struct score *s, const struct event *ev, const struct task *t, const struct formula *f,
    const struct history *h)
{
	int64_t adj = adj_of(t);

	s->why_not = why_not(ev, t, f, h);
	s->eligible = s->why_not == NULL;
	s->pgtable_pages = badness_pgtables(f, t);
	s->memory_pages = badness_memory(f, t);
	s->adj_pages = !known(f->total) || !known(adj) ? (adj == 0 ? 0 : UNKNOWN)
						       : times(adj, f->total / 1000);
	s->badness = s->eligible ? badness_of(f, s->memory_pages, adj, t->uid == 0) : UNKNOWN;
	s->rank = UNKNOWN;
}

static bool
row_hides(const struct formula *f, const struct task *t)
{
	return !known(t->swapents_pages) ||
	       (f->era->tables != TABLES_NONE && !known(badness_pgtables(f, t)));
}

static void
sort_places(struct ranking *r)
{
	qsort(r->places, r->nranked, sizeof(*r->places), place_cmp);
	for (size_t i = 0; i < r->nranked; i++) {
		r->order[i] = r->places[i].row;
		r->scores[r->order[i]].rank = (int64_t)i + 1;
	}
}

static int
make_room(struct arena *mem, struct ranking *r, size_t n)
{
	if (r->places != NULL)
		return 0;
	r->n = n;
	r->scores = arena_raw(mem, n * sizeof(*r->scores));
	r->order = arena_raw(mem, n * sizeof(*r->order));
	r->key = arena_raw(mem, n * sizeof(*r->key));
	r->places = arena_raw(mem, n * sizeof(*r->places));
	return r->scores == NULL || r->order == NULL || r->key == NULL || r->places == NULL ? -1
											    : 0;
}

void
ranking_set_aside(struct ranking *r, size_t n, const char *why_not)
{
	for (size_t i = 0; i < r->nranked; i++) {
		struct score *s = &r->scores[r->order[i]];

		if (i >= n) {
			r->order[i - n] = r->order[i];
			s->rank = (int64_t)(i - n) + 1;
			continue;
		}
		s->eligible = false;
		s->why_not = why_not;
		s->rank = UNKNOWN;
	}
	r->nranked -= n;
	r->neligible -= n;
}

int
ranking_make(struct arena *mem, const struct event *ev, const struct formula *f,
    const struct history *h, struct ranking *r)
{
	int64_t first_adj = UNKNOWN;

	if (make_room(mem, r, ev->tasks.n) != 0)
		return -1;
	r->nranked = r->neligible = 0;
	r->hides = false;
	/* Thousandths are rounded, and so are equal or not by what they are of. */
	r->any_total = f->era->scale == SCALE_PAGES;
	for (size_t i = 0; i < r->n; i++) {
		const struct task *t = &ev->tasks.v[i];
		struct score *s = &r->scores[i];

		score_row(s, ev, t, f, h);
		r->key[i] = s->eligible ? key_of(f, s, t) : UNKNOWN;
		if (!s->eligible)
			continue;
		if (r->neligible++ == 0)
			first_adj = adj_with_bonus(f, t);
		/* One oom_score_adj for all shifts all alike, unless the least is cut to 1. */
		r->any_total = r->any_total && adj_with_bonus(f, t) == first_adj &&
			       !(f->era->floor && first_adj < 0);
		r->hides = r->hides || row_hides(f, t);
		if (known(r->key[i]))
			r->places[r->nranked++] =
			    (struct place){ r->key[i], i, f->era->tie == TIE_LAST };
	}
	sort_places(r);
	return 0;
}
