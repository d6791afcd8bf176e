/* Questions about events made by hand. */
#ifndef OOMWHY_TESTS_WHATIF_EVENT_H
#define OOMWHY_TESTS_WHATIF_EVENT_H

#include "tests/analyze_event.h"

#include "analyze/whatif.h"

static const struct whatif_ask nothing = {
	.limit_kb = UNKNOWN, .ram_kb = UNKNOWN, .swap_kb = UNKNOWN
};

static inline struct whatif_who
named(const char *name)
{
	return (struct whatif_who){ UNKNOWN, str_from(name) };
}

static inline struct whatif_who
numbered(int64_t pid)
{
	return (struct whatif_who){ pid, STR_NONE };
}

static inline struct whatif
ask(struct event *ev, const struct whatif_ask *a)
{
	struct whatif w;
	struct err err;

	assert_int_equal(whatif_make(&w, ev, judge(ev), NULL, a, &err), 0);
	return w;
}

static inline int64_t
first_pid(const struct whatif *w)
{
	size_t row = whatif_first(w, &w->now);

	return row < w->ev->tasks.n ? w->ev->tasks.v[row].pid : UNKNOWN;
}

/* Who is the first with this oom_score_adj. */
static inline int64_t
first_with(struct event *ev, struct whatif_who who, int64_t adj)
{
	struct whatif_adj one = { who, adj };
	struct whatif_ask a = nothing;
	struct whatif w;
	int64_t pid;

	a.adj = &one;
	a.nadj = 1;
	w = ask(ev, &a);
	pid = first_pid(&w);
	whatif_done(&w);
	return pid;
}

static inline void
assert_why(struct event *ev, struct whatif_who who, const char *id, const char *says)
{
	struct whatif_ask a = nothing;
	struct whatif w;

	a.why_not = &who;
	a.nwhy_not = 1;
	w = ask(ev, &a);
	assert_int_equal(w.nwhy, 1);
	assert_string_equal(w.why[0].v[0].id, id);
	if (!str_has(w.why[0].v[0].says, str_from(says)))
		fail_msg("'%.*s' does not say '%s'", STR_ARG(w.why[0].v[0].says), says);
	whatif_done(&w);
}

#endif
