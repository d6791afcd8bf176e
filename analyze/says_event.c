/* Sentences about everything but the ranking. */
#include "analyze/says.h"

#include <inttypes.h>

/* Who was killed; where the log stops before that, who was chosen. */
static struct str
victim_name(const struct inquiry *q)
{
	if (q->victim == NULL)
		return name_text(&q->ev->mem, q->subject.comm, q->subject.pid);
	return name_text(&q->ev->mem, q->victim->comm, q->victim->pid);
}

struct str
says_userspace(const struct inquiry *q)
{
	struct str by = q->ev->killer.n > 0 ? q->ev->killer : STR("a program in user space");
	struct str what = STR("It");

	if (q->victim != NULL)
		what = q->victim->comm.n > 0 || known(q->victim->pid) ? victim_name(q)
		       : q->victim->cgroup.n > 0		      ? q->victim->cgroup
								      : what;
	return what.p == NULL ? STR_NONE
			      : arena_printf(&q->ev->mem,
				    "%.*s was killed by %.*s, by its own rules; the kernel did not "
				    "choose.",
				    STR_ARG(what), STR_ARG(by));
}

struct str
says_panic(const struct inquiry *q)
{
	(void)q;
	return STR(
	    "Nobody was chosen: the setting vm.panic_on_oom makes the kernel panic instead.");
}

struct str
says_none_killable(const struct inquiry *q)
{
	if (q->ev->tasks.n == 0)
		return STR("Nobody was killed: the task table is empty.");
	return arena_printf(&q->ev->mem, "Nobody was killed: %s in the table is exempt.",
	    q->ev->tasks.n == 1 ? "the only process" : "every process");
}

struct str
says_nobody(const struct inquiry *q)
{
	struct str name;

	if (q->ev->outcome == OUTCOME_NONE && known(q->ev->chosen.pid)) {
		name = name_text(&q->ev->mem, q->ev->chosen.comm, q->ev->chosen.pid);
		return with_name(
		    &q->ev->mem, name, " was chosen, but was already exiting; nobody was killed.");
	}
	if (q->ev->outcome == OUTCOME_NO_KILLABLE)
		return STR("The kernel found nobody to kill; the table does not show why.");
	return STR("Nobody was killed.");
}

struct str
says_unfinished(const struct inquiry *q)
{
	struct str name;

	if (!q->has_ranking || q->rank->nranked == 0)
		return STR("The log ends before it says who was killed.");
	name = name_text(&q->ev->mem, q->ev->tasks.v[q->top].comm, q->ev->tasks.v[q->top].pid);
	return name.p == NULL ? STR_NONE
			      : arena_printf(&q->ev->mem,
				    "The log ends before it says who was killed; by the table it "
				    "would be %.*s.",
				    STR_ARG(name));
}

/* Up to 5.0 oom_kill_process() (mm/oom_kill.c) kills a child of whom it chose: the asker lives. */
static struct str
says_asker_child(const struct inquiry *q, struct str name)
{
	struct str parent = name_text(&q->ev->mem, q->ev->chosen.comm, q->ev->chosen.pid);

	return parent.p == NULL ? STR_NONE
				: arena_printf(&q->ev->mem,
				      "%.*s was killed in place of %.*s, its parent, which asked "
				      "for memory: the setting "
				      "vm.oom_kill_allocating_task is on.",
				      STR_ARG(name), STR_ARG(parent));
}

struct str
says_asker(const struct inquiry *q)
{
	struct str name = victim_name(q), top;
	const struct victim *dead = event_victim(q->ev);
	const struct task *t;

	if (name.p == NULL)
		return STR_NONE;
	if (dead != NULL && dead->role == ROLE_CHILD)
		return says_asker_child(q, name);
	if (!q->has_ranking || q->rank->nranked == 0 ||
	    (t = &q->ev->tasks.v[q->top])->pid == q->subject.pid)
		return with_name(&q->ev->mem, name,
		    " was killed because it asked for memory: the setting "
		    "vm.oom_kill_allocating_task is on.");
	top = name_text(&q->ev->mem, t->comm, t->pid);
	return top.p == NULL ? STR_NONE
			     : arena_printf(&q->ev->mem,
				   "%.*s was killed because it asked for memory: the setting "
				   "vm.oom_kill_allocating_task is on. By badness it would have "
				   "been %.*s.",
				   STR_ARG(name), STR_ARG(top));
}

struct str
says_constraint(const struct inquiry *q)
{
	return with_name(&q->ev->mem, victim_name(q),
	    " was killed because it asked for memory of nodes that had none left: kernels "
	    "before 2.6.36 then kill the one that asks.");
}

struct str
says_not_recomputable(const struct inquiry *q)
{
	return with_name(&q->ev->mem, victim_name(q),
	    " was chosen by a score that kernels before 2.6.36 make of sizes, CPU time, run time, "
	    "nice and children; the log has only some of these, so it cannot be computed again.");
}

struct str
says_kill_only(const struct inquiry *q)
{
	return with_name(&q->ev->mem, victim_name(q),
	    " was killed; only the kill line is in the log, so the choice cannot be checked.");
}

struct str
says_no_table(const struct inquiry *q)
{
	return with_name(&q->ev->mem, victim_name(q),
	    q->ev->tasks.n > 0
		? " was chosen; the columns of the task table cannot be told, so the choice cannot "
		  "be checked."
		: " was chosen; the log has no task table, so the choice cannot be checked.");
}

struct str
says_ground(const struct inquiry *q)
{
	return q->ground->says(q);
}

struct str
says_sysrq(const struct inquiry *q)
{
	struct str s = says_ground(q);

	return s.p == NULL ? STR_NONE
			   : arena_printf(&q->ev->mem, "Someone asked for a kill by SysRq-f. %.*s",
				 STR_ARG(s));
}

struct str
says_group(const struct inquiry *q)
{
	struct str s = says_ground(q);
	size_t more = q->ev->nvictims - 1;

	if (s.p == NULL)
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s Its cgroup has memory.oom.group set, so %zu more of that cgroup died with it.",
	    STR_ARG(s), more);
}

struct str
says_child(const struct inquiry *q)
{
	struct str s = says_ground(q), name = victim_name(q);

	if (s.p == NULL || name.p == NULL)
		return STR_NONE;
	return arena_printf(&q->ev->mem,
	    "%.*s Kernels before 5.2 kill a child in place of the chosen one: %.*s.", STR_ARG(s),
	    STR_ARG(name));
}
