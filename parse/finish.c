/*
 * What can be said of an event only when its whole report is there: units,
 * scope, how complete it is, and its identity.
 */
#include "parse/internal.h"

#include <stdio.h>
#include <string.h>

/* A memcg report has no buddy list: the victim's total_vm in pages against its
 * total-vm in kB gives the page size too (both read from one mm). */
static int64_t
page_size_from_victim(const struct event *ev)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		const struct victim *v = &ev->victims[i];
		const struct task *t = event_task(ev, v->pid);

		if (t == NULL || !known(v->total_vm_kb) || !known(t->total_vm_pages))
			continue;
		for (int64_t kb = 4; kb <= 256; kb *= 2) {
			if (t->total_vm_pages > 0 && t->total_vm_pages <= INT64_MAX / kb &&
			    t->total_vm_pages * kb == v->total_vm_kb)
				return kb * 1024;
		}
	}
	return UNKNOWN;
}

static int
borrow(struct event *ev, const struct boot_facts *facts)
{
	if (!known(ev->page_size))
		ev->page_size = page_size_from_victim(ev);
	if (facts == NULL)
		return 0;
	ev->boot_swap_total_kb = facts->swap_total_kb;
	if (!known(ev->page_size) && known(facts->page_size)) {
		ev->page_size = facts->page_size;
		ev->page_size_from_boot = true;
	}
	if (ev->kernel.p == NULL && facts->kernel[0] != '\0') {
		ev->kernel = arena_dup(&ev->mem, str_from(facts->kernel));
		ev->kernel_from_boot = true;
		return ev->kernel.p == NULL ? -1 : 0;
	}
	return 0;
}

/* Highest node number of a list such as "0,2-3"; UNKNOWN if it is none. */
static int64_t
nodes_in_list(struct str list, int64_t *ret_count)
{
	int64_t first, last = UNKNOWN, count = 0;

	while (str_eat_i64(&list, &first)) {
		last = first;
		if (str_eat_chr(&list, '-') && !str_eat_i64(&list, &last))
			return UNKNOWN;
		if (last < first || last > 4096)
			return UNKNOWN;
		count += last - first + 1;
		if (!str_eat_chr(&list, ','))
			break;
	}
	*ret_count = count;
	return last;
}

/* 2.6.29 - 4.20 do not name the constraint: a task that may not use all the nodes the
 * report shows was limited by its cpuset. */
static bool
cpuset_limited(const struct event *ev)
{
	const struct cgroup *g = &ev->cgroup;
	int64_t count = 0, seen = 0;

	if (g->cpuset.n == 0 || str_eq(g->cpuset, STR("/")) ||
	    !known(nodes_in_list(g->mems_allowed, &count)))
		return false;
	for (size_t i = 0; i < ev->memory.nzones; i++) {
		if (known(ev->memory.zones[i].node) && ev->memory.zones[i].node + 1 > seen)
			seen = ev->memory.zones[i].node + 1;
	}
	return seen > count;
}

static bool
is_memcg(const struct event *ev)
{
	const struct cgroup *g = &ev->cgroup;

	for (size_t i = 0; i < ev->nvictims; i++) {
		if (str_starts(ev->victims[i].message, STR("Memory cgroup out of memory")))
			return true;
	}
	return known(g->memory.usage_kb) || g->oom_memcg.p != NULL || ev->group_kill ||
	       str_starts(ev->outcome_text, STR("Memory cgroup")) ||
	       str_has(ev->outcome_text, STR("out of memory(memcg)")); /* 2.6.34 - 2.6.35 */
}

/* Nodemask was printed from 4.9 to 4.20; 4.9 itself printed mems_allowed for "none". */
static bool
policy_limited(const struct event *ev)
{
	struct str mask = ev->cgroup.nodemask;

	return mask.n > 0 && !str_eq(mask, STR("(null)")) && !str_eq(mask, ev->cgroup.mems_allowed);
}

static void
scope(struct event *ev)
{
	bool whole = known(ev->trigger.line) || ev->memory.seen;
	struct cgroup *g = &ev->cgroup;

	/* 5.3 and newer print the numbers of the memcg whose limit it was, and where nobody is
	 * killed nothing else names it. */
	if (g->oom_memcg.p == NULL && g->nstats == 1)
		g->oom_memcg = g->stats[0].path;
	if (ev->constraint == CONSTRAINT_UNKNOWN) {
		if (is_memcg(ev))
			ev->constraint = CONSTRAINT_MEMCG;
		else if (!whole)
			return;
		else if (policy_limited(ev))
			ev->constraint = CONSTRAINT_MEMORY_POLICY;
		else if (cpuset_limited(ev))
			ev->constraint = CONSTRAINT_CPUSET;
		else if (ev->memory.seen || ev->outcome != OUTCOME_UNKNOWN)
			ev->constraint = CONSTRAINT_NONE;
	}
	if (ev->reason == REASON_SYSRQ)
		return;
	if (ev->constraint == CONSTRAINT_MEMCG)
		ev->reason = REASON_MEMCG;
	/* pagefault_out_of_memory() asks with no gfp flags, 2.6.29 - 5.15. */
	else if (str_eq(ev->trigger.gfp_mask, STR("0x0")) && ev->trigger.order == 0)
		ev->reason = REASON_PAGE_FAULT;
	else if (ev->reason == REASON_UNKNOWN && known(ev->trigger.line))
		ev->reason = REASON_ALLOCATION;
}

/* FNV-1a, then a mixer so that every byte reaches every digit. */
static uint64_t
hash_add(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return (h ^ 0xff) * UINT64_C(1099511628211); /* fields do not run together */
}

static uint64_t
hash_add_i64(uint64_t h, int64_t v)
{
	char buf[32];
	int n = snprintf(buf, sizeof(buf), "%lld", (long long)v);

	return hash_add(h, (struct str){ buf, (size_t)n });
}

/*
 * Made of what the kernel printed, never of where it was read: the first kill
 * line, or head and ending where nobody was killed, with the kernel's stamp if
 * it was printed, else the wall second.
 */
static void
identify(struct event *ev)
{
	const struct victim *v = event_victim(ev);
	int64_t mono = v != NULL ? v->mono_us : ev->mono_us;
	int64_t real = v != NULL ? v->real_us : ev->real_us;
	uint64_t h = UINT64_C(14695981039346656037);

	if (v != NULL) {
		h = hash_add_i64(h, v->pid);
		h = hash_add(h, v->comm);
		h = hash_add(h, v->cgroup);
		h = hash_add_i64(h, v->total_vm_kb);
		h = hash_add_i64(h, v->anon_rss_kb);
		h = hash_add_i64(h, v->file_rss_kb);
		h = hash_add_i64(h, v->shmem_rss_kb);
	} else {
		h = hash_add(h, ev->trigger.comm);
		h = hash_add_i64(h, ev->trigger.pid);
		h = hash_add(h, ev->trigger.gfp_mask);
		h = hash_add(h, ev->outcome_text);
		h = hash_add_i64(h, ev->chosen.pid);
	}
	h = known(mono) ? hash_add_i64(h, mono) : hash_add_i64(h, known(real) ? real / 1000000 : 0);
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	snprintf(ev->id, sizeof(ev->id), "%016llx", (unsigned long long)h);
}

/* A kill line cut in the name: the summary or the list has it whole. */
static void
name_victims(struct event *ev)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		struct victim *v = &ev->victims[i];
		const struct task *t = event_task(ev, v->pid);

		if (v->comm.p != NULL || !known(v->pid))
			continue;
		if (v->pid == ev->summary.pid)
			v->comm = ev->summary.task;
		else if (t != NULL)
			v->comm = t->comm;
	}
}

int
event_finish(struct event *ev, const struct boot_facts *facts, struct err *err)
{
	identify(ev);
	name_victims(ev);
	if (ev->kind == EVENT_USERSPACE_KILL) {
		ev->completeness = COMPLETE_KILL_ONLY;
		return 0;
	}
	if (borrow(ev, facts) != 0)
		return err_no_memory(err);
	if (ev->nvictims > 0)
		ev->outcome = OUTCOME_KILLED;
	scope(ev);
	return event_grade(ev) == 0 ? 0 : err_no_memory(err);
}
