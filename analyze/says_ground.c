/* Sentences about a process's place in the ranking. */
#include "analyze/arith.h"
#include "analyze/says.h"

#include <inttypes.h>

/* A row of the ranking: its name and its badness. */
struct named {
	struct str name, badness;
};

static bool
name_row(const struct inquiry *q, size_t row, struct named *ret)
{
	const struct task *t = &q->ev->tasks.v[row];

	ret->name = name_text(&q->ev->mem, t->comm, t->pid);
	ret->badness = badness_text(q, row);
	return ret->name.p != NULL && ret->badness.p != NULL;
}

static bool
name_subject(const struct inquiry *q, struct named *ret)
{
	ret->name = name_text(&q->ev->mem, q->subject.comm, q->subject.pid);
	ret->badness = known(q->gap) ? badness_text(q, q->row) : STR("none");
	return ret->name.p != NULL && ret->badness.p != NULL;
}

/* Subject and the row with the highest badness. */
static bool
name_both(const struct inquiry *q, struct named *own, struct named *top)
{
	return name_subject(q, own) && name_row(q, q->top, top);
}

static struct str
about_subject(const struct inquiry *q, const char *rest)
{
	return with_name(
	    &q->ev->mem, name_text(&q->ev->mem, q->subject.comm, q->subject.pid), rest);
}

/* ", that is 1999217 pages (7.6 GiB) of memory and 2029000 for its oom_score_adj of 1000" */
static struct str
adj_clause(const struct inquiry *q)
{
	const struct score *s = &q->rank->scores[q->row];
	int64_t adj = adj_of(&q->ev->tasks.v[q->row]);
	struct str memory;

	if (!known(s->adj_pages) || adj == 0)
		return STR("");
	if (q->formula->era->scale == SCALE_THOUSANDTHS)
		return arena_printf(&q->ev->mem, ", with its oom_score_adj of %" PRId64, adj);
	if ((memory = pages_text(q, s->memory_pages)).p == NULL)
		return STR_NONE;
	if (adj < 0)
		return arena_printf(&q->ev->mem,
		    ", that is %.*s of memory less %" PRId64 " for its oom_score_adj of %" PRId64,
		    STR_ARG(memory), -s->adj_pages, adj);
	return arena_printf(&q->ev->mem,
	    ", that is %.*s of memory and %" PRId64 " for its oom_score_adj of %" PRId64,
	    STR_ARG(memory), s->adj_pages, adj);
}

struct str
says_badness(const struct inquiry *q)
{
	struct str clause = adj_clause(q);
	struct named own, next;

	if (clause.p == NULL || !name_subject(q, &own))
		return STR_NONE;
	if (q->rank->nranked < 2)
		return arena_printf(&q->ev->mem,
		    "%.*s was the only process of the table that could be killed; its badness "
		    "was %.*s%.*s.",
		    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(clause));
	if (!name_row(q, q->rank->order[1], &next))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the highest badness, %.*s%.*s; the next was %.*s with %.*s.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(clause), STR_ARG(next.name),
	    STR_ARG(next.badness));
}

static size_t
count_equal(const struct inquiry *q)
{
	const struct ranking *r = q->rank;
	size_t n = 0;

	while (n < r->nranked && r->key[r->order[n]] == r->key[r->order[0]])
		n++;
	return n;
}

struct str
says_tie(const struct inquiry *q)
{
	bool last = q->formula->era->tie == TIE_LAST;
	size_t others = count_equal(q) - 1;
	struct named own;

	if (!name_subject(q, &own))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the highest badness, %.*s, and so had %zu %s; of equals this kernel takes "
	    "the %s in its list.",
	    STR_ARG(own.name), STR_ARG(own.badness), others,
	    others == 1 ? "other process" : "others", last ? "last" : "first");
}

struct str
says_tie_unordered(const struct inquiry *q)
{
	size_t others = count_equal(q) - 1;
	struct named own;

	if (!name_subject(q, &own))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the highest badness, %.*s, and so had %zu %s; the kernel takes one of "
	    "equals, by an order that the log does not show.",
	    STR_ARG(own.name), STR_ARG(own.badness), others,
	    others == 1 ? "other process" : "others");
}

struct str
says_twin(const struct inquiry *q)
{
	struct named own, top;

	if (!name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the highest badness, %.*s, if %.*s, with %.*s, could not be killed: its "
	    "numbers are those of a row before it, as with a vfork child, which still runs in "
	    "its parent's memory and is passed over.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness));
}

struct str
says_moved(const struct inquiry *q)
{
	struct named own, top;

	if (!name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s stands in the table with a badness of %.*s, level with or just below %.*s with "
	    "%.*s; the table is printed after the choice, and what runs meanwhile grows.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness));
}

/* " By the score, swap and page tables were 136410 to 145141 pages." */
static struct str
hidden_clause(const struct inquiry *q)
{
	int64_t low = q->v->hidden_pages_min, high = q->v->hidden_pages_max;

	if (!known(low) || high <= 0)
		return STR("");
	return arena_printf(&q->ev->mem,
	    " By the score, swap and page tables were %" PRId64 " to %" PRId64 " pages.", low,
	    high);
}

struct str
says_hidden(const struct inquiry *q)
{
	struct str clause = hidden_clause(q);
	struct named own, top;

	if (clause.p == NULL || !name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the printed score %" PRId64 ", which counts its swap and page tables; the "
	    "table does not print those, and without them it stands at %.*s, below %.*s with "
	    "%.*s.%.*s",
	    STR_ARG(own.name), q->ev->chosen.score, STR_ARG(own.badness), STR_ARG(top.name),
	    STR_ARG(top.badness), STR_ARG(clause));
}

struct str
says_hidden_unknown(const struct inquiry *q)
{
	struct named own, top;

	if (!name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s stands in the table at %.*s, below %.*s with %.*s, but the kernel also counted "
	    "%s, which this log does not tell.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness),
	    known(q->ev->tasks.v[q->row].swapents_pages) ? "page tables" : "swap and page tables");
}

struct str
says_root(const struct inquiry *q)
{
	struct named own, top;

	if (!name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s runs as root; with the bonus for CAP_SYS_ADMIN it would stand at %.*s, below "
	    "%.*s with %.*s, so it did not have that capability, as is usual in a container.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness));
}

struct str
says_total_bound(const struct inquiry *q)
{
	struct str name = name_text(&q->ev->mem, q->subject.comm, q->subject.pid);

	if (name.p == NULL)
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had the highest badness if the kernel scaled oom_score_adj by more than the "
	    "%" PRId64 " pages that this log lets one count (%.*s).",
	    STR_ARG(name), q->total->pages, STR_ARG(q->total->how));
}

struct str
says_total_unknown(const struct inquiry *q)
{
	return about_subject(q,
	    " was chosen, but how much oom_score_adj counted depends on the total of memory "
	    "and swap, which this log does not tell.");
}

struct str
says_fork(const struct inquiry *q)
{
	struct named own, top;

	if (!name_both(q, &own, &top))
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s had a badness of %.*s; %.*s stands higher, with %.*s, but may have been a fork "
	    "that still had its parent's oom_score_adj of -1000 when the kernel chose.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness));
}

struct str
says_origin(const struct inquiry *q)
{
	return about_subject(q,
	    " may have been switching off swap or merging pages (ksm): who does that is "
	    "chosen first, whatever its size. The log does not say so.");
}

struct str
says_missing_beats(const struct inquiry *q)
{
	return about_subject(q,
	    " is not in the task table, but by the sizes of its kill line it had the highest "
	    "badness.");
}

struct str
says_missing(const struct inquiry *q)
{
	return about_subject(q,
	    " was chosen, but the task table of this log has no row for it, so its badness "
	    "cannot be computed.");
}

struct str
says_unexplained(const struct inquiry *q)
{
	struct named own, top;

	if (q->rank->nranked == 0)
		return about_subject(
		    q, " was chosen, though by the table nothing could be killed.");
	if (!name_both(q, &own, &top))
		return STR_NONE;
	if (!known(q->gap))
		return arena_printf(&q->ev->mem,
		    "%.*s was chosen, though by its row it could not be killed (%s); the highest "
		    "badness was that of %.*s, %.*s.",
		    STR_ARG(own.name),
		    q->rank->scores[q->row].eligible ? "its numbers cannot be read"
						     : q->rank->scores[q->row].why_not,
		    STR_ARG(top.name), STR_ARG(top.badness));
	return arena_printf(&q->ev->mem,
	    "%.*s was chosen with a badness of %.*s, though %.*s had %.*s. A log does not show "
	    "who was already dying or reaped, who shared memory in vfork, and who was exempt for "
	    "the moment; nothing that it does show explains the choice.",
	    STR_ARG(own.name), STR_ARG(own.badness), STR_ARG(top.name), STR_ARG(top.badness));
}
