#include "analyze/whatif.h"

#include "analyze/whatif_internal.h"

#include <string.h>

enum { COMM_MAX = 15 /* TASK_COMM_LEN - 1 */ };

/* What the kernel chose otherwise than by badness, or whose badness a log does not have. */
static const struct {
	const char *decided_by, *refused;
} refusals[] = {
	{ "userspace", "a program in user space killed it: the kernel chose nobody" },
	{ "constraint-current", "this kernel killed who asked for memory, and compared nobody" },
	{ "not-recomputable", "this kernel's choice counted what no log has" },
	{ "kill-only", "only the kill line is in the log, and no list of processes" },
	{ "no-table", "the list of processes is not in the log" },
};

bool *
whatif_rows(struct replay *p, const struct whatif_who *who, size_t *ret_n, bool *ret_by_service)
{
	const struct task_table *table = &p->w->ev->tasks;
	bool *is = arena_alloc(&p->w->mem, (table->n + 1) * sizeof(*is));
	struct str comm = str_head(who->name, COMM_MAX);

	*ret_n = 0;
	*ret_by_service = false;
	if (is == NULL)
		return NULL;
	for (size_t i = 0; i < table->n; i++) {
		const struct task *t = &table->v[i];

		is[i] = known(who->pid) ? t->pid == who->pid || t->tgid == who->pid
					: str_eq(t->comm, comm);
		*ret_n += is[i];
	}
	if (*ret_n > 0 || known(who->pid) || p->services == NULL)
		return is;
	for (size_t i = 0; i < table->n; i++) {
		size_t at = p->services->of_task[i];

		is[i] = at < p->services->n && str_eq(p->services->v[at].name, who->name);
		*ret_n += is[i];
	}
	*ret_by_service = *ret_n > 0;
	return is;
}

static int
no_such(const struct whatif_who *who, struct err *err)
{
	if (known(who->pid))
		return err_set(err, "no process %lld is in the report's list", (long long)who->pid);
	return err_set(err, "no process '%.*s' is in the report's list", STR_ARG(who->name));
}

/* Which rows are gone, and which have another oom_score_adj. */
static int
take_changes(struct replay *p, struct err *err)
{
	const struct whatif_ask *ask = p->ask;
	size_t rows = p->w->ev->tasks.n, n;
	bool *gone = arena_alloc(&p->w->mem, (rows + 1) * sizeof(*gone)), *is, by_service;
	int64_t *adjs = arena_raw(&p->w->mem, (rows + 1) * sizeof(*adjs));

	if (gone == NULL || adjs == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < rows; i++)
		adjs[i] = UNKNOWN;
	for (size_t k = 0; k < ask->ngone; k++) {
		is = whatif_rows(p, &ask->gone[k], &n, &by_service);
		if (is == NULL)
			return err_no_memory(err);
		if (n == 0)
			return no_such(&ask->gone[k], err);
		for (size_t i = 0; i < rows; i++)
			gone[i] |= is[i];
	}
	for (size_t k = 0; k < ask->nadj; k++) {
		is = whatif_rows(p, &ask->adj[k].who, &n, &by_service);
		if (is == NULL)
			return err_no_memory(err);
		if (n == 0)
			return no_such(&ask->adj[k].who, err);
		for (size_t i = 0; i < rows; i++)
			adjs[i] = is[i] ? ask->adj[k].adj : adjs[i];
	}
	p->gone = gone;
	p->adjs = adjs;
	return 0;
}

/* The very row that the verdict ranked by: a report may fall under several. */
static bool
find_era(struct replay *p)
{
	struct era_match *m = &p->era;

	*m = era_of(p->w->ev);
	if (m->era == NULL || p->v->era == NULL)
		return false;
	for (const struct era *e = m->oldest; m->oldest != NULL && e <= m->newest; e++) {
		if (strcmp(e->name, p->v->era) == 0)
			m->era = e;
	}
	return m->era->scale != SCALE_OLD && strcmp(m->era->name, p->v->era) == 0;
}

static const char *
refusal(const struct replay *p)
{
	if (p->v == NULL)
		return refusals[0].refused;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (strcmp(p->v->decided_by, refusals[i].decided_by) == 0)
			return refusals[i].refused;
	}
	return p->v->scores == NULL ? "the list of processes is not in the log" : NULL;
}

size_t
whatif_first(const struct whatif *w, const struct whatif_ranking *r)
{
	if (r->asker_dies)
		return r->asker < w->ev->tasks.n ? r->asker : w->ev->tasks.n;
	return r->n > 0 ? r->v[0].row : w->ev->tasks.n;
}

static int
add_spare(struct replay *p, const size_t *members, struct str name, size_t n)
{
	struct whatif_spare *s = &p->w->spares[p->w->nspares++];

	*s = (struct whatif_spare){ .name = name, .n = n };
	s->adj = world_spare(&p->now, members, n, &s->then, &s->has_then);
	return whatif_spare_says(p->w, s);
}

/* The first alone, and with all of its name: a service sets them all at once. */
static int
find_spares(struct replay *p)
{
	struct world *x = &p->now;
	const struct ranking *r = &x->rank[0];
	struct str name;
	size_t n = 0;

	if (p->w->now.n == 0 || p->w->now.asker_dies)
		return 0;
	name = x->ev.tasks.v[r->order[0]].comm;
	for (size_t i = 0; i < r->nranked; i++) {
		if (str_eq(x->ev.tasks.v[r->order[i]].comm, name))
			x->members[n++] = r->order[i];
	}
	if (add_spare(p, x->members, STR_NONE, 1) != 0) /* the first of them is the first of all */
		return -1;
	return n > 1 ? add_spare(p, x->members, name, n) : 0;
}

static int
fill(struct replay *p)
{
	struct whatif *w = p->w;

	w->era = p->era.era->name;
	w->formula = p->era.era->formula;
	w->in_pages = p->era.era->scale == SCALE_PAGES;
	w->verb = p->era.era->child ? "is chosen" : "dies";
	if (world_make(p, &p->was, false, &w->was) != 0 ||
	    world_make(p, &p->now, true, &w->now) != 0 || find_spares(p) != 0)
		return -1;
	return whatif_whys(p) != 0 || whatif_needs(p) != 0 || whatif_notes(p) != 0 ||
		       whatif_sentence(p) != 0
		   ? -1
		   : 0;
}

int
whatif_make(struct whatif *w, struct event *ev, const struct verdict *v,
    const struct services *services, const struct whatif_ask *ask, struct err *err)
{
	struct replay p = { .w = w, .v = v, .services = services, .ask = ask };

	*w = (struct whatif){ .ev = ev,
		.need = { .request_kb = UNKNOWN, .least_kb = UNKNOWN, .freed_kb = UNKNOWN } };
	w->changed = ask->nadj + ask->ngone > 0 || known(ask->limit_kb) || known(ask->ram_kb) ||
		     known(ask->swap_kb);
	w->refused = refusal(&p);
	if (w->refused == NULL && !find_era(&p))
		w->refused = "how this kernel chose cannot be told from the log";
	if (w->refused != NULL)
		return 0;
	if (take_changes(&p, err) != 0)
		return -1;
	return fill(&p) != 0 ? err_no_memory(err) : 0;
}

void
whatif_done(struct whatif *w)
{
	arena_done(&w->mem);
}
