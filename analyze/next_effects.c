/* What would make the next kill come out otherwise than by badness. */
#include "analyze/next.h"

#include <inttypes.h>

/* By the name of the process: 15 bytes of it are kept. */
static const char *const killers[] = { "systemd-oomd", "earlyoom", "nohang", "oomd", "oomd_bin",
	"bustd", "psi-monitor", "lmkd" };

const char *
killer_named(struct str comm)
{
	for (size_t i = 0; i < ARRAY_LEN(killers); i++) {
		if (str_eq_z(comm, killers[i]))
			return killers[i];
	}
	return NULL;
}

static int
add(struct next *n, const char *id, struct str says)
{
	struct next_effect *v =
	    arena_room(&n->ev->mem, n->effects, n->neffects, &n->effects_cap, sizeof(*v));

	if (v == NULL || says.p == NULL)
		return -1;
	n->effects = v;
	v[n->neffects++] = (struct next_effect){ id, says };
	return 0;
}

/* check_panic_on_oom() of mm/oom_kill.c. */
static int
panic(struct next *n)
{
	int64_t v = n->machine->sysctls.panic_on_oom;

	if (v == 2)
		return add(n, "panic-on-oom",
		    STR("vm.panic_on_oom is 2: the machine panics, and nobody is chosen"));
	if (v == 1 && n->group == NULL)
		return add(n, "panic-on-oom",
		    STR("vm.panic_on_oom is 1: the machine panics instead, unless the request was "
			"limited to some NUMA nodes"));
	return 0;
}

static int
asker(struct next *n)
{
	int64_t v = n->machine->sysctls.oom_kill_allocating_task;

	if (!known(v) || v == 0 || n->group != NULL)
		return 0;
	return add(n, "allocating-task",
	    STR("vm.oom_kill_allocating_task is set: who asks for the missing page dies, and the "
		"ranking counts only if that one is protected"));
}

/* mem_cgroup_get_oom_group(): the highest such cgroup below the limit that was reached. */
static const struct group *
dies_together(const struct next *n)
{
	const struct groups *gs = &n->machine->groups;

	for (size_t i = 0; n->first != NULL && i < gs->n; i++) {
		const struct group *g = &gs->v[i];

		if (known(g->kill_group) && g->kill_group != 0 && !str_eq_z(g->path, "/") &&
		    group_holds(g->path, n->first->p->cgroup) &&
		    (n->group == NULL || group_holds(n->group->path, g->path)))
			return g;
	}
	return NULL;
}

static int
group(struct next *n)
{
	const struct group *g = dies_together(n);
	const struct processes *ps = &n->machine->processes;
	size_t members = 0;

	if (g == NULL)
		return 0;
	for (size_t i = 0; i < ps->n; i++)
		members +=
		    group_holds(g->path, ps->v[i].cgroup) && ps->v[i].oom_score_adj != ADJ_NEVER;
	return add(n, "oom-group",
	    arena_printf(&n->ev->mem,
		"memory.oom.group of %.*s is set: all its processes die with the chosen one (%zu)",
		STR_ARG(g->path), members));
}

static int
sharers(struct next *n)
{
	if (n->sharers == 0)
		return 0;
	return add(n, "shares-memory",
	    arena_printf(&n->ev->mem,
		"%zu other processes have the same memory (an mm that is shared), and die with it",
		n->sharers));
}

static int
limit(struct next *n)
{
	if (n->group == NULL)
		return 0;
	if (known(n->group->kill_disabled) && n->group->kill_disabled != 0 &&
	    add(n, "kill-disabled",
		STR("memory.oom_control disables the killer here: tasks that reach the limit wait "
		    "until somebody raises it")) != 0)
		return -1;
	if (n->group->limit_kb != INT64_MAX)
		return 0;
	return add(n, "no-limit",
	    STR("this cgroup has no limit: a kill in it alone cannot happen, and with limits "
		"above it others are candidates too"));
}

static int
user_space(struct next *n)
{
	const struct processes *ps = &n->machine->processes;

	for (size_t i = 0; i < ps->n; i++) {
		const char *name = killer_named(ps->v[i].comm);

		if (name != NULL && add(n, "user-space-killer",
					arena_printf(&n->ev->mem,
					    "%s (pid %" PRId64
					    ") runs: it kills before the kernel does, and chooses "
					    "by rules of its own",
					    name, ps->v[i].pid)) != 0)
			return -1;
	}
	return 0;
}

static int
unseen(struct next *n)
{
	const struct processes *ps = &n->machine->processes;

	if (ps->unreadable > 0 &&
	    add(n, "unreadable",
		arena_printf(&n->ev->mem, "%zu processes may not be read by this user",
		    ps->unreadable)) != 0)
		return -1;
	if (known(ps->hidepid) && ps->hidepid > 0)
		return add(n, "hidepid",
		    arena_printf(&n->ev->mem,
			"/proc is mounted with hidepid=%" PRId64
			": processes of others are seen only by who is exempt from it",
			ps->hidepid));
	return 0;
}

int
next_effects(struct next *n)
{
	static int (*const rows[])(
	    struct next *) = { panic, asker, group, sharers, limit, user_space, unseen };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i](n) != 0)
			return -1;
	}
	return 0;
}
