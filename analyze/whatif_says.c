/* The answer in words, and what it rests on. */
#include "analyze/whatif_internal.h"

#include <inttypes.h>
#include <string.h>

/* Counters of pages are kept per CPU in batches (analyze/verdict.c), and processes grow. */
enum { NEAR_PAGES = 256 };

struct str
whatif_name(struct whatif *w, size_t row)
{
	return name_text(&w->mem, w->ev->tasks.v[row].comm, w->ev->tasks.v[row].pid);
}

struct str
whatif_kb(struct whatif *w, int64_t kb)
{
	return size_text(&w->mem, times(most(kb, 0), 1024));
}

struct str
whatif_badness(struct whatif *w, int64_t badness)
{
	if (!known(badness))
		return STR("unknown");
	if (!w->in_pages)
		return arena_printf(&w->mem, "%" PRId64 " of 1000", badness);
	return arena_printf(&w->mem, "%" PRId64 " %s", badness, badness == 1 ? "page" : "pages");
}

/* By the rule that explains the choice as it was. */
static const struct {
	const char *decided_by, *says;
} by_rule[] = {
	{ "allocating-task", "vm.oom_kill_allocating_task was set: who asks for memory dies, "
			     "whatever the badness, unless its oom_score_adj is -1000." },
	{ "child-sacrificed",
	    "A child of the chosen one died in its place; whose children the others "
	    "have is not in the log." },
	{ "oom-group", "memory.oom.group was set: with the chosen one its whole cgroup dies." },
	{ "sysrq", "SysRq asked for the kill: it would have come in any case." },
	{ "table-moved", "The list was printed after the choice, and had moved: by it another was "
			 "first, so small margins mean nothing." },
	{ "no-kill", "Nobody was killed: this is who would have been." },
	{ "unfinished", "The log does not say who was chosen: this is what the list gives." },
	{ "missing-row", "Who was chosen is not in the list: this ranks the others." },
	{ "totalpages",
	    "Who is first depends on totalpages, which the log does not have exactly." },
	{ "fork-adj", "The list does not explain the choice as it was, so this is less sure too." },
	{ "oom-origin",
	    "The list does not explain the choice as it was, so this is less sure too." },
	{ "unexplained",
	    "The list does not explain the choice as it was, so this is less sure too." },
};

static int
note(struct replay *p, struct str text)
{
	struct whatif *w = p->w;
	struct str *v = arena_room(&w->mem, w->notes, w->nnotes, &w->notes_cap, sizeof(*v));

	if (v == NULL || text.p == NULL)
		return -1;
	w->notes = v;
	v[w->nnotes++] = text;
	return 0;
}

static int
note_if(struct replay *p, bool is, const char *text)
{
	return is ? note(p, str_from(text)) : 0;
}

static int
note_rule(struct replay *p)
{
	for (size_t i = 0; i < ARRAY_LEN(by_rule); i++) {
		if (strcmp(by_rule[i].decided_by, p->v->decided_by) == 0)
			return note(p, str_from(by_rule[i].says));
	}
	return 0;
}

static bool
is_known_child(const struct replay *p)
{
	return strcmp(p->v->decided_by, "child-sacrificed") == 0;
}

/* What the changed world is taken to be. */
static int
note_changes(struct replay *p)
{
	const struct whatif_ask *a = p->ask;
	const struct event *ev = p->w->ev;
	bool memcg = ev->constraint == CONSTRAINT_MEMCG;
	bool size = known(a->limit_kb) || known(a->ram_kb) || known(a->swap_kb);
	bool nodes =
	    ev->constraint == CONSTRAINT_CPUSET || ev->constraint == CONSTRAINT_MEMORY_POLICY;

	if (note_if(p, size || a->ngone > 0,
		"Memory is taken to have run out all the same, with the processes as large as the "
		"list has them.") != 0)
		return -1;
	if (note_if(p, known(a->limit_kb) && !memcg,
		"--limit changes nothing: no limit of a cgroup was reached.") != 0 ||
	    note_if(p, known(a->ram_kb) && memcg,
		"--ram changes nothing: a cgroup's limit was reached, not the end of RAM.") != 0 ||
	    note_if(p, known(a->ram_kb) && nodes,
		"--ram changes nothing here: on which memory node it would be is not known.") !=
		0 ||
	    note_if(p, known(a->ram_kb) && !memcg && !nodes && !known(p->now.ram_more),
		"--ram changes nothing here: how much there was is not in the log.") != 0)
		return -1;
	return note_if(p, known(a->swap_kb),
	    "How much of the processes would have been in swap is not known; the badness counts it "
	    "as much as RAM.");
}

/* Equals are told as such. */
static bool
is_near(const struct whatif *w)
{
	const struct whatif_ranking *r = &w->now;

	return w->in_pages && !r->asker_dies && r->n > 1 && known(r->margin) && r->margin > 0 &&
	       r->margin < NEAR_PAGES;
}

int
whatif_notes(struct replay *p)
{
	const struct whatif_ranking *now = &p->w->now;

	if (note_rule(p) != 0 || note_changes(p) != 0)
		return -1;
	if (note_if(p, p->now.rank[0].hides,
		"This kernel counts page tables and swap, which its list does not show: the order "
		"is by what is shown.") != 0)
		return -1;
	if (note_if(p, p->era.era->child && !is_known_child(p),
		"This kernel may kill a child in place of the chosen one; whose child is who is "
		"not in "
		"the log.") != 0)
		return -1;
	if (note_if(p, now->sure != TRI_YES && strcmp(p->v->decided_by, "totalpages") != 0,
		"With the most that totalpages may have been another would be the first.") != 0)
		return -1;
	if (note_if(p, is_near(p->w),
		"The first two are so near each other that a little growth changes their order.") !=
	    0)
		return -1;
	return note_if(p, now->quality == QUALITY_NONE && p->was.rank[0].nranked > 0,
	    "The memory that oom_score_adj is scaled by is not in the log: what another "
	    "oom_score_adj changes cannot be told.");
}

/* ", by 19591 pages before apache2 (pid 165)" */
static struct str
lead(struct replay *p)
{
	struct whatif *w = p->w;
	const struct whatif_ranking *r = &w->now;
	struct str second, by;

	if (r->asker_dies || r->n < 2 || !known(r->margin))
		return STR("");
	second = whatif_name(w, r->v[1].row);
	by = whatif_badness(w, r->margin);
	if (second.p == NULL || by.p == NULL)
		return STR_NONE;
	if (r->margin == 0)
		return arena_printf(&w->mem, ", with the same badness as %.*s", STR_ARG(second));
	return arena_printf(&w->mem, ", by %.*s before %.*s", STR_ARG(by), STR_ARG(second));
}

int
whatif_spare_says(struct whatif *w, struct whatif_spare *s)
{
	struct str who, what, then = STR("nobody is left to be chosen");

	who = s->name.p == NULL
		  ? whatif_name(w, w->now.v[0].row)
		  : arena_printf(&w->mem, "All %zu processes named %.*s", s->n, STR_ARG(s->name));
	if (!known(s->adj))
		what = STR("-1000 for sure, and more than that is not to be told, as totalpages is "
			   "not in the log");
	else if (s->adj <= ADJ_LEAST)
		what = STR("no oom_score_adj but -1000");
	else
		what = arena_printf(&w->mem, "an oom_score_adj of %" PRId64 " or lower", s->adj);
	if (s->has_then) {
		struct str name = whatif_name(w, s->then);

		then = name.p == NULL ? STR_NONE
				      : arena_printf(&w->mem, "%.*s %s", STR_ARG(name), w->verb);
	}
	if (who.p == NULL || what.p == NULL || then.p == NULL)
		return -1;
	s->says = arena_printf(
	    &w->mem, "%.*s: %.*s; then %.*s.", STR_ARG(who), STR_ARG(what), STR_ARG(then));
	return s->says.p == NULL ? -1 : 0;
}

/* " in place of mysqld (pid 106)" */
static struct str
instead(struct whatif *w, size_t first, size_t before)
{
	struct str name;

	if (first == before)
		return w->changed ? STR(" all the same") : STR("");
	if (before == w->ev->tasks.n)
		return STR("");
	name = whatif_name(w, before);
	return name.p == NULL ? STR_NONE
			      : arena_printf(&w->mem, " in place of %.*s", STR_ARG(name));
}

int
whatif_sentence(struct replay *p)
{
	struct whatif *w = p->w;
	size_t first = whatif_first(w, &w->now);
	struct str name, other, by;

	if (first == w->ev->tasks.n && w->now.asker_dies) {
		w->says =
		    STR("So changed, another asks for memory, and dies for it; who that is, the "
			"report does not tell.");
		return 0;
	}
	if (first == w->ev->tasks.n) {
		w->says = STR("Nobody of the list could be chosen.");
		return 0;
	}
	name = whatif_name(w, first);
	other = instead(w, first, whatif_first(w, &w->was));
	by = lead(p);
	if (name.p == NULL || by.p == NULL || other.p == NULL)
		return -1;
	w->says =
	    arena_printf(&w->mem, "%s, %.*s %s%.*s%.*s.", w->changed ? "So changed" : "As it was",
		STR_ARG(name), w->verb, STR_ARG(other), STR_ARG(by));
	return w->says.p == NULL ? -1 : 0;
}
