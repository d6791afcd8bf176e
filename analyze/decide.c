#include "analyze/decide.h"

#include "analyze/says.h"

static bool
is_userspace(const struct inquiry *q)
{
	return q->ev->kind == EVENT_USERSPACE_KILL;
}

/* vm.panic_on_oom: the kernel stops before it chooses. */
static bool
is_panic(const struct inquiry *q)
{
	return q->ev->outcome == OUTCOME_PANIC && str_has(q->ev->outcome_text, STR("panic_on_oom"));
}

static bool
is_none_killable(const struct inquiry *q)
{
	return q->victim == NULL &&
	       (q->ev->outcome == OUTCOME_NO_KILLABLE || q->ev->outcome == OUTCOME_PANIC) &&
	       q->has_ranking && q->ev->tasks.bad_rows == 0 && q->rank->neligible == 0;
}

static bool
is_nobody(const struct inquiry *q)
{
	return q->victim == NULL && q->ev->outcome != OUTCOME_UNKNOWN;
}

static bool
is_unfinished(const struct inquiry *q)
{
	return !q->subject.known;
}

/* "Out of memory (oom_kill_allocating_task)": the kernel's own word. */
static bool
is_asker(const struct inquiry *q)
{
	return q->ev->allocating_task;
}

/*
 * 2.6.18 - 2.6.35 killed the asker if a policy limited it to some nodes, 2.6.18 - 2.6.22 if
 * a cpuset did; later ones, which print a cpuset line from 2.6.29 on, then choose by
 * badness (out_of_memory, mm/oom_kill.c).
 */
static bool
is_constraint(const struct inquiry *q)
{
	return (q->victim != NULL && str_starts(q->victim->message, STR("No available memory"))) ||
	       (q->era->era != NULL && q->era->era->scale == SCALE_OLD &&
		   (q->ev->constraint == CONSTRAINT_MEMORY_POLICY ||
		       (q->ev->constraint == CONSTRAINT_CPUSET && q->ev->cgroup.cpuset.p == NULL)));
}

static bool
is_old(const struct inquiry *q)
{
	return q->era->era != NULL && q->era->era->scale == SCALE_OLD;
}

static bool
is_kill_only(const struct inquiry *q)
{
	return q->ev->completeness == COMPLETE_KILL_ONLY && q->ev->tasks.n == 0;
}

static bool
has_no_ranking(const struct inquiry *q)
{
	return !q->has_ranking;
}

static bool
is_explained(const struct inquiry *q)
{
	return q->ground->agrees == TRI_YES;
}

static bool
is_sysrq(const struct inquiry *q)
{
	return q->ev->reason == REASON_SYSRQ && is_explained(q);
}

static bool
is_group(const struct inquiry *q)
{
	return q->ev->group_kill && is_explained(q);
}

static bool
is_child(const struct inquiry *q)
{
	return q->victim != NULL && q->victim->pid != q->subject.pid && is_explained(q);
}

/* Those from has_no_ranking on may use the ranking; those from is_sysrq on, the ground. */
/* clang-format off */
static const struct rule rules[] = {
	{ "userspace",          TRI_UNKNOWN, is_userspace,     says_userspace },
	{ "no-kill",            TRI_YES,     is_panic,         says_panic },
	{ "no-kill",            TRI_YES,     is_none_killable, says_none_killable },
	{ "no-kill",            TRI_UNKNOWN, is_nobody,        says_nobody },
	{ "unfinished",         TRI_UNKNOWN, is_unfinished,    says_unfinished },
	{ "allocating-task",    TRI_YES,     is_asker,         says_asker },
	{ "constraint-current", TRI_YES,     is_constraint,    says_constraint },
	{ "not-recomputable",   TRI_UNKNOWN, is_old,           says_not_recomputable },
	{ "kill-only",          TRI_UNKNOWN, is_kill_only,     says_kill_only },
	{ "no-table",           TRI_UNKNOWN, has_no_ranking,   says_no_table },
	{ "sysrq",              TRI_YES,     is_sysrq,         says_sysrq },
	{ "oom-group",          TRI_YES,     is_group,         says_group },
	{ "child-sacrificed",   TRI_YES,     is_child,         says_child },
};
/* clang-format on */

const struct rule *
decide(const struct inquiry *q)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (rules[i].applies(q))
			return &rules[i];
	}
	return q->ground;
}
