/* Who is chosen, and whether the choice is what people think. */
#include "analyze/doctor.h"
#include "analyze/next.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	NAMES_SHOWN = 4,
	SHARE_MUCH = 10, /* per cent of the RAM: protected, and a reason to worry */
	DEAD_SHOWN = 4,
	NAMES_BYTES = 512,
};

/* check_panic_on_oom(), mm/oom_kill.c @2.6.18 - 7.3; 2 is of 2.6.22. */
void
check_panic(const struct patient *p, struct remark *r)
{
	const struct sysctls *s = &p->machine->sysctls;
	const char *then = s->panic == 0 ? "and then stays halted, as kernel.panic is 0"
					 : "and boots again, as kernel.panic says";

	if (s->panic_on_oom == 0) {
		remark_say(p, r, SEVERITY_OK,
		    "vm.panic_on_oom is 0: one process is killed, and the machine goes on");
		return;
	}
	if (s->panic_on_oom == 1)
		remark_say(p, r, s->panic == 0 ? SEVERITY_WARNING : SEVERITY_NOTE,
		    "vm.panic_on_oom is 1: when the machine as a whole runs out it panics %s.  At "
		    "the limit of a cgroup, of a cpuset or of a memory policy it still kills",
		    then);
	else
		remark_say(p, r, SEVERITY_WARNING,
		    "vm.panic_on_oom is %" PRId64
		    ": the machine panics %s.  This also holds at the "
		    "limit of a cgroup: any one container can end the machine",
		    s->panic_on_oom, then);
	remark_command(p, r, "sysctl -w vm.panic_on_oom=0");
}

void
check_asker(const struct patient *p, struct remark *r)
{
	if (p->machine->sysctls.oom_kill_allocating_task == 0) {
		remark_say(p, r, SEVERITY_OK,
		    "vm.oom_kill_allocating_task is 0: the process with the highest badness dies");
		return;
	}
	remark_say(p, r, SEVERITY_WARNING,
	    "vm.oom_kill_allocating_task is set: when the machine runs out, the process that asks "
	    "for memory just then dies, whatever it holds, unless its oom_score_adj is -1000.  "
	    "Limits "
	    "of cgroups are not concerned");
	remark_command(p, r, "sysctl -w vm.oom_kill_allocating_task=0");
}

static int64_t
held_kb(const struct process *p)
{
	int64_t kb = known(p->rss_kb) ? p->rss_kb : 0;

	kb += known(p->swap_kb) ? p->swap_kb : 0;
	return kb + (known(p->pte_kb) ? p->pte_kb : 0);
}

/* The largest few that can never be chosen: "sshd (pid 1), java (pid 2)". */
static void
largest_protected(const struct processes *ps, char *buf, size_t cap)
{
	const struct process *shown[NAMES_SHOWN] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < ps->n; i++) {
		const struct process *p = &ps->v[i];
		size_t at = n;

		if (p->oom_score_adj != ADJ_NEVER || !p->has_memory)
			continue;
		while (at > 0 && held_kb(shown[at - 1]) < held_kb(p))
			at--;
		if (at == NAMES_SHOWN)
			continue;
		if (n < NAMES_SHOWN)
			n++;
		for (size_t k = n - 1; k > at; k--)
			shown[k] = shown[k - 1];
		shown[at] = p;
	}
	buf[0] = '\0';
	for (size_t i = 0, used = 0; i < n; i++)
		used += (size_t)snprintf(buf + used, cap - used, "%s%.*s (pid %" PRId64 ")",
		    i > 0 ? ", " : "", (int)(shown[i]->comm.n < 64 ? shown[i]->comm.n : 64),
		    shown[i]->comm.p, shown[i]->pid);
}

void
check_protected(const struct patient *p, struct remark *r)
{
	const struct processes *ps = &p->machine->processes;
	int64_t total = p->machine->memory.total_kb, kb = 0, n = 0;
	bool much;
	char names[NAMES_BYTES];

	if (ps->n == 0)
		return;
	for (size_t i = 0; i < ps->n; i++) {
		if (ps->v[i].oom_score_adj != ADJ_NEVER || !ps->v[i].has_memory)
			continue;
		n++;
		kb += held_kb(&ps->v[i]);
	}
	if (n == 0) {
		remark_say(p, r, SEVERITY_OK, "no process has an oom_score_adj of -1000");
		return;
	}
	much = known(total) && kb / SHARE_MUCH > total / 100;
	largest_protected(ps, names, sizeof(names));
	remark_say(p, r, much ? SEVERITY_WARNING : SEVERITY_OK,
	    "%" PRId64 " processes have an oom_score_adj of -1000 and hold %s: %s", n,
	    doctor_kb(p, kb), names);
	if (much)
		remark_command(p, r,
		    "systemctl edit UNIT, and there [Service] OOMScoreAdjust=-900: nearly as safe, "
		    "and still the last resort; MemoryLow= keeps its memory from being reclaimed");
}

static bool
is_limited(const struct group *g)
{
	return known(g->limit_kb) && g->limit_kb != INT64_MAX && !str_eq_z(g->path, "/");
}

static size_t
members(const struct machine *m, const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < m->processes.n; i++)
		n += group_holds(g->path, m->processes.v[i].cgroup);
	return n;
}

void
check_oom_group(const struct patient *p, struct remark *r)
{
	const struct groups *gs = &p->machine->groups;
	const struct group *first = NULL;
	size_t n = 0, of_first = 0;

	for (size_t i = 0; i < gs->n; i++) {
		const struct group *g = &gs->v[i];
		size_t in = is_limited(g) && g->kill_group == 0 ? members(p->machine, g) : 0;

		if (in < 2)
			continue;
		if (n++ == 0 || in > of_first) {
			first = g;
			of_first = in;
		}
	}
	if (n == 0)
		return;
	remark_say(p, r, SEVERITY_NOTE,
	    "%zu cgroups have a limit, several processes, and no memory.oom.group: one process of "
	    "them dies and the others go on (%.*s, %zu processes)",
	    n, STR_ARG(first->path), of_first);
	remark_command(p, r,
	    "systemctl edit UNIT, and there [Service] OOMPolicy=kill: where a service is of no use "
	    "without one of its processes");
}

void
check_kill_disabled(const struct patient *p, struct remark *r)
{
	const struct groups *gs = &p->machine->groups;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < gs->n; i++) {
		if (!known(gs->v[i].kill_disabled) || gs->v[i].kill_disabled == 0)
			continue;
		if (n++ == 0)
			at = i;
	}
	if (n == 0)
		return;
	remark_say(p, r, SEVERITY_WARNING,
	    "memory.oom_control disables the killer in %zu cgroups, the first is %.*s", n,
	    STR_ARG(gs->v[at].path));
	remark_command(
	    p, r, "echo 0 > /sys/fs/cgroup/memory%.*s/memory.oom_control", STR_ARG(gs->v[at].path));
}

void
check_killers(const struct patient *p, struct remark *r)
{
	const struct processes *ps = &p->machine->processes;

	for (size_t i = 0; i < ps->n; i++) {
		if (killer_named(ps->v[i].comm) == NULL)
			continue;
		remark_say(p, r, SEVERITY_NOTE,
		    "%s (pid %" PRId64
		    ") runs: it kills by rules of its own before the kernel does, "
		    "and writes that to its own log",
		    killer_named(ps->v[i].comm), ps->v[i].pid);
		return;
	}
	if (ps->n > 0)
		remark_say(p, r, SEVERITY_OK, "none that is known runs: the kernel decides");
}

void
check_dead_settings(const struct patient *p, struct remark *r)
{
	const struct machine *m = p->machine;
	char list[NAMES_BYTES];
	size_t used = 0;

	if (m->ndead == 0)
		return;
	for (size_t i = 0; i < m->ndead && i < DEAD_SHOWN; i++) {
		const struct dead_setting *d = &m->dead[i];
		int n =
		    snprintf(list + used, sizeof(list) - used, "%s%.*s (/%.*s, line %" PRId64 ")",
			i > 0 ? ", " : "", STR_ARG(d->key), STR_ARG(d->path), d->line);

		if (n < 0 || (size_t)n >= sizeof(list) - used)
			break;
		used += (size_t)n;
	}
	list[used] = '\0';
	remark_say(p, r, SEVERITY_PROBLEM,
	    "%zu lines set what this kernel does not have: %s.  There is no sysctl that turns the "
	    "OOM killer off; the kernel's own are panic_on_oom, oom_kill_allocating_task and "
	    "oom_dump_tasks.  vm.oom-kill was of RHEL 3 and 4",
	    m->ndead, list);
	remark_command(p, r,
	    "systemctl edit UNIT, and there [Service] OOMScoreAdjust=-500 and MemoryLow= for what "
	    "is to live, MemoryMax= for what may grow; for one that runs: choom -n -500 -p PID");
}

/* systemd.service(5): OOMPolicy= of units that set none. */
void
check_unit_policy(const struct patient *p, struct remark *r)
{
	struct str policy = p->machine->logging.default_policy;

	if (!p->machine->logging.journald)
		return;
	if (policy.p == NULL || str_eq_z(policy, "stop"))
		remark_say(p, r, SEVERITY_OK,
		    "DefaultOOMPolicy is stop: when the kernel killed one process of a unit, "
		    "systemd "
		    "ends the rest of it in order; units may say otherwise by OOMPolicy=");
	else if (str_eq_z(policy, "kill"))
		remark_say(p, r, SEVERITY_NOTE,
		    "DefaultOOMPolicy is kill: units have memory.oom.group set, and die as a "
		    "whole");
	else
		remark_say(p, r, SEVERITY_NOTE,
		    "DefaultOOMPolicy is %.*s: a unit that lost a process goes on without it",
		    STR_ARG(policy));
}
