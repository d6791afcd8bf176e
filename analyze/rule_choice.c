/* Why that process, where it is not simply the largest. */
#include "analyze/rule.h"

static const struct wrong_advice protect_wrong[] = {
	{ "oom_score_adj -1000 for the victim", "The next victim is worse, and the memory is still "
						"held." },
};
static const struct wrong_advice panic_wrong[] = {
	{ "vm.oom_kill or vm.oom-kill", "Mainline has no such setting; the real ones are "
					"vm.panic_on_oom and vm.oom_kill_allocating_task." },
};

static bool
group_kill(const struct facts *f)
{
	return f->ev->group_kill;
}

static void
tell_group(struct brief *b)
{
	says(b,
	    "The whole group was killed on purpose (memory.oom.group): %zu processes, of which one "
	    "was chosen.",
	    b->f->ev->nvictims);
	proof(b, b->f->ev->group_line, "\"are going to be killed due to memory.oom.group set\"");
	advise(b, "If the rest of the service can go on without the victim, say so.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nOOMPolicy=continue");
	at_price(b, "A service that lost a part may hang. Kubernetes: singleProcessOOMKill: true.");
}

static bool
panicked(const struct facts *f)
{
	return f->ev->outcome == OUTCOME_PANIC && str_has(f->ev->outcome_text, STR("panic_on_oom"));
}

static void
tell_panic(struct brief *b)
{
	says(b, "The machine panicked because it is set to (vm.panic_on_oom): nobody was chosen.");
	proof(b, b->f->ev->outcome_line, "%.*s", STR_ARG(b->f->ev->outcome_text));
	advise(b, "Let the kernel kill instead, unless another machine takes over at once.");
	by_lines(b, "/etc/sysctl.d/90-oom.conf", "vm.panic_on_oom = 0");
	at_price(b, "A machine that lost a process goes on half alive; 1 panics on system-wide OOM "
		    "only, 2 on every one.");
}

static bool
none_killable(const struct facts *f)
{
	return f->ev->outcome == OUTCOME_NO_KILLABLE ||
	       (f->ev->outcome == OUTCOME_PANIC &&
		   str_has(f->ev->outcome_text, STR("no killable processes")));
}

static void
tell_none_killable(struct brief *b)
{
	const struct facts *f = b->f;

	says(b, "There was nobody left whom the kernel may kill%s.",
	    known(f->eligible) && f->eligible == 0 ? ": every process in the list is exempt" : "");
	proof(b, f->ev->outcome_line, "%.*s", STR_ARG(f->ev->outcome_text));
	if (known(f->eligible))
		proof(b, f->ev->tasks.header_line, "%lld of %zu listed could be killed",
		    (long long)f->eligible, f->ev->tasks.n);
	advise(b, "Exempt fewer processes: -900 protects nearly as well as -1000.");
	by_command(b, "grep -l -- -1000 /proc/[0-9]*/oom_score_adj");
}

static bool
allocating_task(const struct facts *f)
{
	return f->ev->allocating_task;
}

static void
tell_allocating(struct brief *b)
{
	if (b->f->victim != NULL && b->f->victim->role == ROLE_CHILD)
		says(b, "A child of the process that asked for memory was killed, whatever its "
			"size: vm.oom_kill_allocating_task is set.");
	else
		says(b, "The process that asked for memory was killed, whatever its size: "
			"vm.oom_kill_allocating_task is set.");
	proof(b, b->f->victim != NULL ? b->f->victim->line : b->f->ev->trigger.line,
	    "\"(oom_kill_allocating_task)\"");
	advise(b, "Let the kernel choose by size again.");
	by_lines(b, "/etc/sysctl.d/90-oom.conf", "vm.oom_kill_allocating_task = 0");
	at_price(
	    b, "Choosing looks at every process, which takes a moment on very large machines.");
}

static bool
child_died(const struct facts *f)
{
	return f->victim != NULL && f->victim->role == ROLE_CHILD && known(f->ev->chosen.pid) &&
	       f->ev->chosen.pid != f->victim->pid;
}

static void
tell_child(struct brief *b)
{
	const struct chosen *c = &b->f->ev->chosen;

	says(b,
	    "The kernel chose %s (pid %lld) but killed a child of it first, to spare it; judge the "
	    "parent.",
	    name(b, c->comm), (long long)c->pid);
	proof(b, c->line, "Kill process %lld (%.*s) score %lld or sacrifice child",
	    (long long)c->pid, STR_ARG(c->comm), (long long)c->score);
}

/* What the others would say that died for someone else's memory. */
static bool
innocent(const struct facts *f)
{
	if (f->victim == NULL || f->ev->group_kill || f->ev->reason == REASON_SYSRQ)
		return false;
	if (f->ncrowds > 0 && known(f->victim_need) && f->largest != NULL &&
	    !str_eq(f->crowds[0].comm, f->victim->comm) && f->crowds[0].n > 1 &&
	    share_is(f->crowds[0].private_kb, f->victim_need, 2000))
		return true;
	return known(f->victim_need) && f->victim_need * 2 < f->largest_need &&
	       !str_eq(f->largest->comm, f->victim->comm);
}

static void
tell_innocent(struct brief *b)
{
	const struct facts *f = b->f;
	const struct crowd *c = &f->crowds[0];
	const struct task *v = f->victim_row, *t = f->largest;

	if (c->n > 1 && share_is(c->private_kb, f->largest_need, 1200))
		says(b,
		    "%s had %s; %zu processes of %s together had %s%s. It died because the kernel "
		    "compares single processes.",
		    name(b, f->victim->comm), size(b, f->victim_need), c->n, name(b, c->comm),
		    c->private_is_known ? "" : "up to ", size(b, c->private_kb));
	else
		says(b, "%s had %s and is not what filled the memory: %s had %s.",
		    name(b, f->victim->comm), size(b, f->victim_need), name(b, t->comm),
		    size(b, f->largest_need));
	proof(b, v->line, "%.*s[%lld]: %s, oom_score_adj %lld", STR_ARG(v->comm), (long long)v->pid,
	    size(b, f->victim_need), known(v->oom_score_adj) ? (long long)v->oom_score_adj : 0LL);
	proof(b, t->line, "%.*s[%lld]: %s, oom_score_adj %lld", STR_ARG(t->comm), (long long)t->pid,
	    size(b, f->largest_need), known(t->oom_score_adj) ? (long long)t->oom_score_adj : 0LL);
	advise(b, "Mend what holds the memory; the victim's own settings are not the cause.");
}

static bool
sacrificial(const struct facts *f)
{
	return f->victim != NULL && f->global && known(f->victim->oom_score_adj) &&
	       f->victim->oom_score_adj > 0 && !f->ev->allocating_task;
}

static void
tell_sacrificial(struct brief *b)
{
	const struct facts *f = b->f;
	int64_t adj = f->victim->oom_score_adj;
	bool pod = str_has(f->ev->cgroup.task_memcg, STR("kubepods"));

	says(b, "%s was marked as one to kill first (oom_score_adj %lld, worth %s of memory).",
	    name(b, f->victim->comm), (long long)adj,
	    size(b, f->verdict == NULL
			? UNKNOWN
			: times(times(f->verdict->totalpages / 1000, adj), f->page_kb)));
	proof(b, f->victim->line, "oom_score_adj:%lld", (long long)adj);
	/* kubelet: 1000 - 1000 x request / capacity, between 3 and 999; without a request 1000. */
	if (pod && adj == 1000)
		proof(b, UNKNOWN, "1000 is what kubelet gives a pod without requests (BestEffort)");
	else if (pod && adj >= 3 && adj <= 999)
		proof(b, UNKNOWN, "kubelet's value for a request of about %lld.%lld %% of the node",
		    (long long)(1000 - adj) / 10, (long long)(1000 - adj) % 10);
	advise(b, "If it must live longer than the others, lower the value.");
	if (pod)
		by_lines(b, "resources of the container", "requests and limits equal: Guaranteed");
	else
		by_lines(b, "systemctl edit UNIT", "[Service]\nOOMScoreAdjust=0");
	at_price(b, "Something else dies instead.");
}

const struct diagnosis_rule rules_choice[] = {
	{ .id = "oom-group-kill",
	    .title = "The whole group was to die",
	    .band = BAND_CHOICE,
	    .fires = group_kill,
	    .tell = tell_group },
	{ .id = "panic-on-oom",
	    .title = "Set to panic",
	    .band = BAND_CHOICE,
	    .fires = panicked,
	    .tell = tell_panic,
	    WRONG(panic_wrong) },
	{ .id = "no-killable-process",
	    .title = "Nobody left to kill",
	    .band = BAND_CHOICE,
	    .fires = none_killable,
	    .tell = tell_none_killable,
	    WRONG(protect_wrong) },
	{ .id = "oom-kill-allocating-task",
	    .title = "The asker was killed",
	    .band = BAND_CHOICE,
	    .fires = allocating_task,
	    .tell = tell_allocating },
	{ .id = "child-sacrificed",
	    .title = "A child died for its parent",
	    .band = BAND_CHOICE,
	    .fires = child_died,
	    .tell = tell_child },
	{ .id = "innocent-victim",
	    .title = "The victim is not the cause",
	    .band = BAND_CHOICE,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(victim_need), FACT(largest_need) },
	    .fires = innocent,
	    .tell = tell_innocent,
	    WRONG(protect_wrong) },
	{ .id = "sacrificial-adj",
	    .title = "Marked to be killed first",
	    .band = BAND_CHOICE,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = sacrificial,
	    .tell = tell_sacrificial },
	{ .id = NULL },
};
