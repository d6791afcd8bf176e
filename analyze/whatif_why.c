/* Why a process was not the one, and what would have made it so. */
#include "analyze/whatif_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A reason that no oom_score_adj changes, or one that is an oom_score_adj. */
static const char *
exempt_id(const struct replay *p, size_t row)
{
	const struct task *t = &p->w->ev->tasks.v[row];
	const char *why = p->v->scores == NULL ? NULL : p->v->scores[row].why_not;

	if (p->gone[row])
		return "gone";
	if (t->pid == 1 || t->tgid == 1)
		return "global-init";
	if (p->now.at[row] < p->now.ev.tasks.n)
		return adj_of(&p->now.ev.tasks.v[p->now.at[row]]) == ADJ_LEAST ? "protected" : NULL;
	return why != NULL && str_starts_z(str_from(why), "already killed") ? "killed-before"
									    : "vfork-child";
}

static bool
has_died(const struct event *ev, size_t row)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (ev->victims[i].pid == ev->tasks.v[row].pid ||
		    ev->victims[i].pid == ev->tasks.v[row].tgid)
			return true;
	}
	return false;
}

static const char *
id_of(const struct replay *p, size_t row, const struct whatif_reason *r)
{
	const struct whatif *w = p->w;
	size_t first = whatif_first(w, &w->now);
	const char *exempt = exempt_id(p, row);

	if (exempt != NULL)
		return exempt;
	if (row == first)
		return "first";
	if (!w->changed && has_died(w->ev, row))
		return "died-too";
	if (w->now.asker_dies)
		return "asker-dies";
	if (!known(r->rank))
		return "not-scored";
	if (!known(r->behind))
		return "totalpages";
	return r->behind == 0 ? "tie" : "lower-badness";
}

/* Reasons of which the text is all that is to be said. */
static const struct {
	const char *id, *says;
} plain[] = {
	{ "gone", "is what was asked to be gone." },
	{ "global-init", "is the first process of the machine, which is never chosen." },
	{ "killed-before",
	    "had been killed shortly before, and was only letting go of its memory." },
	{ "vfork-child", "is a child that still ran in its parent's memory (vfork), which is "
			 "passed over." },
	{ "died-too", "was killed too, as the report's kill lines say." },
	{ "not-scored", "has no size in the list that can be read." },
	{ "totalpages", "cannot be compared: what oom_score_adj is scaled by is not in the log." },
};

static struct str
lift_says(struct replay *p, const struct whatif_reason *r)
{
	struct arena *mem = &p->w->mem;

	if (!known(p->now.total.pages))
		return STR(" What oom_score_adj would have made it the one cannot be told: the "
			   "report does not tell the memory that it is scaled by.");
	if (!known(r->lift_adj))
		return STR(" Not even an oom_score_adj of 1000 would have made it the one.");
	return arena_printf(mem,
	    " It would have been the one with an oom_score_adj of %" PRId64 " or more.",
	    r->lift_adj);
}

static struct str
behind_says(struct replay *p, const struct whatif_reason *r)
{
	struct whatif *w = p->w;
	struct str own = whatif_badness(w, r->badness), by = whatif_badness(w, r->behind);
	struct str first = whatif_name(w, w->now.v[0].row);

	if (own.p == NULL || by.p == NULL || first.p == NULL)
		return STR_NONE;
	if (r->behind == 0)
		return arena_printf(&w->mem,
		    "has the same badness as %.*s, %.*s, and stands %s in the list.",
		    STR_ARG(first), STR_ARG(own),
		    p->era.era->tie == TIE_LAST ? "before it, where the later one is taken"
						: "after it, where the earlier one is taken");
	return arena_printf(&w->mem,
	    "is number %" PRId64 " of %zu: its badness of %.*s is %.*s below that of %.*s.",
	    r->rank, w->now.n, STR_ARG(own), STR_ARG(by), STR_ARG(first));
}

static struct str
protected_says(struct replay *p, const struct whatif_reason *r)
{
	const struct task *t = &p->now.ev.tasks.v[p->now.at[r->row]];
	struct str size = whatif_badness(
	    p->w, badness_of(&p->now.formula[0],
		      p->now.rank[0].scores[p->now.at[r->row]].memory_pages, 0, t->uid == 0));

	if (size.p == NULL)
		return STR_NONE;
	return arena_printf(&p->w->mem,
	    "has an oom_score_adj of -1000: it is never chosen. With 0 its badness would be %.*s.",
	    STR_ARG(size));
}

static struct str
first_says(struct replay *p)
{
	if (p->w->now.asker_dies)
		return STR("is the one: vm.oom_kill_allocating_task was set, and it asked.");
	return p->w->changed ? STR("is the one that would be chosen.")
			     : STR("is the one: it has the highest badness of the list.");
}

static struct str
part_of(struct replay *p, const struct whatif_reason *r)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (strcmp(plain[i].id, r->id) == 0)
			return str_from(plain[i].says);
	}
	if (strcmp(r->id, "first") == 0)
		return first_says(p);
	if (strcmp(r->id, "protected") == 0)
		return protected_says(p, r);
	if (strcmp(r->id, "asker-dies") == 0)
		return STR("did not ask for memory: vm.oom_kill_allocating_task was set, and who "
			   "asks dies, whatever the badness.");
	return behind_says(p, r);
}

/* Whether an oom_score_adj would matter. */
static bool
is_liftable(const struct whatif_reason *r)
{
	return strcmp(r->id, "lower-badness") == 0 || strcmp(r->id, "tie") == 0 ||
	       strcmp(r->id, "protected") == 0;
}

static int
say(struct replay *p, struct whatif_reason *r)
{
	struct str name = whatif_name(p->w, r->row), part = part_of(p, r);
	struct str lift = is_liftable(r) ? lift_says(p, r) : STR("");

	if (name.p == NULL || part.p == NULL || lift.p == NULL)
		return -1;
	r->says =
	    arena_printf(&p->w->mem, "%.*s %.*s%.*s", STR_ARG(name), STR_ARG(part), STR_ARG(lift));
	return r->says.p == NULL ? -1 : 0;
}

static int
reason_of_row(struct replay *p, size_t row, struct whatif_reason *r)
{
	struct world *x = &p->now;
	size_t at = x->at[row];

	*r = (struct whatif_reason){ .row = row,
		.rank = UNKNOWN,
		.badness = UNKNOWN,
		.adj = adj_of(&p->w->ev->tasks.v[row]),
		.behind = UNKNOWN,
		.lift_adj = UNKNOWN };
	if (at < x->ev.tasks.n) {
		r->adj = adj_of(&x->ev.tasks.v[at]);
		r->rank = x->rank[0].scores[at].rank;
		r->badness = x->rank[0].scores[at].badness;
		if (p->w->now.n > 0)
			r->behind = minus(p->w->now.v[0].badness, r->badness);
	}
	r->id = id_of(p, row, r);
	if (is_liftable(r))
		r->lift_adj = world_lift(x, at);
	return say(p, r);
}

/* Names that only threads of the kernel have, and never a row (dump_tasks: "!p->mm"). */
static bool
is_kernel_thread(struct str name)
{
	static const char *const names[] = { "kswapd", "kworker/", "ksoftirqd/", "khugepaged",
		"kcompactd", "kthreadd", "oom_reaper", "migration/", "rcu_", "jbd2/" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_starts_z(name, names[i]))
			return true;
	}
	return false;
}

/* The table is of the leaders of thread groups, and of one cgroup or cpuset only. */
static struct str
absent_says(struct replay *p, const struct whatif_who *who, const char **ret_id)
{
	const struct event *ev = p->w->ev;
	bool asked = known(who->pid) ? who->pid == ev->trigger.pid
				     : str_eq(str_head(who->name, 15), ev->trigger.comm);

	*ret_id = "not-in-table";
	if (is_kernel_thread(who->name)) {
		*ret_id = "kernel-thread";
		return STR("is a thread of the kernel: it has no memory of its own, is not in the "
			   "list, and is never chosen.");
	}
	if (asked) {
		*ret_id = "thread";
		return STR(
		    "asked for memory, but no process of the list has that name: the name is "
		    "that of one of its threads, and a process is listed, and dies, by the "
		    "name of its first thread.");
	}
	if (ev->tasks.bad_rows > 0 || ev->completeness == COMPLETE_TABLE_PARTIAL) {
		*ret_id = "rows-missing";
		return STR("is not in the list, but rows of the list are missing in the log.");
	}
	if (ev->constraint == CONSTRAINT_MEMCG) {
		*ret_id = "outside-cgroup";
		return STR("is not in the list, which holds only the processes of the cgroup that "
			   "reached its limit: only they could be chosen.");
	}
	if (ev->constraint == CONSTRAINT_CPUSET || ev->constraint == CONSTRAINT_MEMORY_POLICY) {
		*ret_id = "outside-nodes";
		return STR("is not in the list, which holds only processes that may use the memory "
			   "nodes that were full: only they could be chosen.");
	}
	return STR(
	    "is not in the list: it did not run, had given up its memory already, or this is "
	    "the name of a thread, where the list has that of the process.");
}

static int
reason_absent(struct replay *p, const struct whatif_who *who, struct whatif_reason *r)
{
	struct str part;
	const char *id;

	part = absent_says(p, who, &id);
	*r = (struct whatif_reason){ id, p->w->ev->tasks.n, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
		UNKNOWN, STR_NONE };
	r->says =
	    known(who->pid)
		? arena_printf(&p->w->mem, "Process %" PRId64 " %.*s", who->pid, STR_ARG(part))
		: arena_printf(&p->w->mem, "%.*s %.*s", STR_ARG(who->name), STR_ARG(part));
	return r->says.p == NULL ? -1 : 0;
}

/* Those that cannot be chosen come last. */
static int
reason_cmp(const void *va, const void *vb)
{
	const struct whatif_reason *a = va, *b = vb;
	int64_t ra = known(a->rank) ? a->rank : INT64_MAX;
	int64_t rb = known(b->rank) ? b->rank : INT64_MAX;

	if (ra != rb)
		return ra < rb ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static int
why_of(struct replay *p, const struct whatif_who *who, struct whatif_why *why)
{
	size_t n, k = 0;
	const bool *is = whatif_rows(p, who, &n, &why->by_service);

	why->who = *who;
	why->n = n > 0 ? n : 1;
	why->v = arena_alloc(&p->w->mem, why->n * sizeof(*why->v));
	if (is == NULL || why->v == NULL)
		return -1;
	if (n == 0)
		return reason_absent(p, who, why->v);
	for (size_t i = 0; i < p->w->ev->tasks.n; i++) {
		if (is[i] && reason_of_row(p, i, &why->v[k++]) != 0)
			return -1;
	}
	qsort(why->v, why->n, sizeof(*why->v), reason_cmp);
	return 0;
}

int
whatif_whys(struct replay *p)
{
	size_t n = p->ask->nwhy_not;

	p->w->why = arena_alloc(&p->w->mem, (n + 1) * sizeof(*p->w->why));
	if (p->w->why == NULL)
		return -1;
	for (; p->w->nwhy < n; p->w->nwhy++) {
		if (why_of(p, &p->ask->why_not[p->w->nwhy], &p->w->why[p->w->nwhy]) != 0)
			return -1;
	}
	return 0;
}
