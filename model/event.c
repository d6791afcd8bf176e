#include "model/event.h"

#include "base/mem.h"

#include <string.h>

static const struct cgroup_usage usage_unknown = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };

struct event *
event_new(enum event_kind kind)
{
	struct event *ev = mem_alloc(sizeof(*ev));

	if (ev == NULL)
		return NULL;
	*ev = (struct event){
		.kind = kind,
		.page_size = UNKNOWN,
		.real_us = UNKNOWN,
		.mono_us = UNKNOWN,
		.real_error_us = UNKNOWN,
		.outcome_line = UNKNOWN,
		.trigger = { .pid = UNKNOWN,
		    .cpu = UNKNOWN,
		    .uid = UNKNOWN,
		    .order = UNKNOWN,
		    .oom_adj = UNKNOWN,
		    .oom_score_adj = UNKNOWN,
		    .line = UNKNOWN },
		.cgroup = { .memory = usage_unknown,
		    .swap = usage_unknown,
		    .memsw = usage_unknown,
		    .kmem = usage_unknown,
		    .min_protection_kb = UNKNOWN,
		    .low_protection_kb = UNKNOWN },
		.chosen = { .pid = UNKNOWN, .score = UNKNOWN, .line = UNKNOWN },
		.summary = { .pid = UNKNOWN, .uid = UNKNOWN, .line = UNKNOWN },
		.tasks = { .header_line = UNKNOWN },
		.memory = { .line = UNKNOWN,
		    .ram_pages = UNKNOWN,
		    .highmem_pages = UNKNOWN,
		    .reserved_pages = UNKNOWN,
		    .cma_reserved_pages = UNKNOWN,
		    .hwpoisoned_pages = UNKNOWN,
		    .pagecache_pages = UNKNOWN,
		    .swapcache_pages = UNKNOWN,
		    .swap_free_kb = UNKNOWN,
		    .swap_total_kb = UNKNOWN,
		    .ram_line = UNKNOWN,
		    .reserved_line = UNKNOWN,
		    .swap_total_line = UNKNOWN },
		.group_line = UNKNOWN,
		.boot_swap_total_kb = UNKNOWN,
	};
	return ev;
}

void
event_free(struct event *ev)
{
	if (ev == NULL)
		return;
	arena_done(&ev->mem);
	mem_free(ev);
}

/* Grow the array (v, n, cap) of ev by one and copy `init` into the new place. */
static void *
append(struct event *ev, void **v, size_t *n, size_t *cap, const void *init, size_t size)
{
	void *more = arena_room(&ev->mem, *v, *n, cap, size);

	if (more == NULL)
		return NULL;
	*v = more;
	return memcpy((char *)more + (*n)++ * size, init, size);
}

struct victim *
event_add_victim(struct event *ev)
{
	static const struct victim blank = { .pid = UNKNOWN,
		.uid = UNKNOWN,
		.total_vm_kb = UNKNOWN,
		.anon_rss_kb = UNKNOWN,
		.file_rss_kb = UNKNOWN,
		.shmem_rss_kb = UNKNOWN,
		.pgtables_kb = UNKNOWN,
		.oom_score_adj = UNKNOWN,
		.score = UNKNOWN,
		.mono_us = UNKNOWN,
		.real_us = UNKNOWN,
		.line = UNKNOWN,
		.reaped_anon_kb = UNKNOWN,
		.reaped_file_kb = UNKNOWN,
		.reaped_shmem_kb = UNKNOWN,
		.reaped_line = UNKNOWN,
		.reap_failed_line = UNKNOWN,
		.already_exiting_line = UNKNOWN };

	return append(
	    ev, (void **)&ev->victims, &ev->nvictims, &ev->victims_cap, &blank, sizeof(blank));
}

struct task *
event_add_task(struct event *ev)
{
	static const struct task blank = { .pid = UNKNOWN,
		.uid = UNKNOWN,
		.tgid = UNKNOWN,
		.total_vm_pages = UNKNOWN,
		.rss_pages = UNKNOWN,
		.rss_anon_pages = UNKNOWN,
		.rss_file_pages = UNKNOWN,
		.rss_shmem_pages = UNKNOWN,
		.nr_ptes = UNKNOWN,
		.nr_pmds = UNKNOWN,
		.pgtables_bytes = UNKNOWN,
		.swapents_pages = UNKNOWN,
		.cpu = UNKNOWN,
		.oom_adj = UNKNOWN,
		.oom_score_adj = UNKNOWN,
		.line = UNKNOWN };

	return append(
	    ev, (void **)&ev->tasks.v, &ev->tasks.n, &ev->tasks.cap, &blank, sizeof(blank));
}

struct zone *
event_add_zone(struct event *ev)
{
	static const struct zone blank = { .node = UNKNOWN,
		.free_kb = UNKNOWN,
		.min_kb = UNKNOWN,
		.low_kb = UNKNOWN,
		.high_kb = UNKNOWN,
		.present_kb = UNKNOWN,
		.managed_kb = UNKNOWN,
		.buddy_total_kb = UNKNOWN,
		.line = UNKNOWN,
		.buddy_line = UNKNOWN };
	struct memory *m = &ev->memory;

	return append(ev, (void **)&m->zones, &m->nzones, &m->zones_cap, &blank, sizeof(blank));
}

struct node *
event_add_node(struct event *ev)
{
	static const struct node blank = { .id = UNKNOWN, .line = UNKNOWN };
	struct memory *m = &ev->memory;

	return append(ev, (void **)&m->nodes, &m->nnodes, &m->nodes_cap, &blank, sizeof(blank));
}

struct cgroup_stat *
event_add_stat(struct event *ev)
{
	static const struct cgroup_stat blank = { .line = UNKNOWN };
	struct cgroup *c = &ev->cgroup;

	return append(ev, (void **)&c->stats, &c->nstats, &c->stats_cap, &blank, sizeof(blank));
}

struct aftermath *
event_add_aftermath(struct event *ev)
{
	static const struct aftermath blank = { .pid = UNKNOWN,
		.counter = UNKNOWN,
		.real_us = UNKNOWN,
		.mono_us = UNKNOWN,
		.line = UNKNOWN };

	return append(ev, (void **)&ev->aftermath, &ev->naftermath, &ev->aftermath_cap, &blank,
	    sizeof(blank));
}

struct aftermath *
event_same_aftermath(const struct event *ev, const struct aftermath *a)
{
	for (size_t i = 0; i < ev->naftermath; i++) {
		struct aftermath *b = &ev->aftermath[i];

		if (b->what == a->what && b->pid == a->pid && b->counter == a->counter &&
		    str_eq(b->unit, a->unit))
			return b;
	}
	return NULL;
}

int
event_take_aftermath(struct event *ev, const struct event *copy, bool all)
{
	for (size_t i = 0; i < copy->naftermath; i++) {
		const struct aftermath *from = &copy->aftermath[i];
		struct aftermath *to = event_same_aftermath(ev, from);

		if (to == NULL && (all || !known(from->line))) {
			to = event_add_aftermath(ev);
			if (to == NULL)
				return -1;
			*to = *from;
			to->line = UNKNOWN;
			to->unit =
			    from->unit.p == NULL ? from->unit : arena_dup(&ev->mem, from->unit);
			if (to->unit.p == NULL && from->unit.p != NULL)
				return -1;
		}
		if (to != NULL && !known(to->mono_us))
			to->mono_us = from->mono_us;
		if (to != NULL && !known(to->real_us))
			to->real_us = from->real_us;
	}
	return 0;
}

int
event_add_missing(struct event *ev, struct str what)
{
	return append(ev, (void **)&ev->missing, &ev->nmissing, &ev->missing_cap, &what,
		   sizeof(what)) == NULL
		   ? -1
		   : 0;
}

int
event_add_counter(struct event *ev, struct counters *c, struct str name, int64_t value)
{
	struct counter one = { name, value };

	return append(ev, (void **)&c->v, &c->n, &c->cap, &one, sizeof(one)) == NULL ? -1 : 0;
}

int64_t
counter_get(const struct counters *c, const char *name)
{
	struct str want = str_from(name);

	for (size_t i = 0; i < c->n; i++) {
		if (str_eq(c->v[i].name, want))
			return c->v[i].value;
	}
	return UNKNOWN;
}

const struct victim *
event_victim(const struct event *ev)
{
	return ev->nvictims > 0 ? &ev->victims[0] : NULL;
}

const struct task *
event_task(const struct event *ev, int64_t pid)
{
	for (size_t i = 0; i < ev->tasks.n; i++) {
		if (ev->tasks.v[i].pid == pid)
			return &ev->tasks.v[i];
	}
	return NULL;
}

const struct event_line *
event_line_at(const struct event *ev, int64_t line)
{
	for (size_t i = 0; i < ev->nlines; i++) {
		if (ev->lines[i].line == line)
			return &ev->lines[i];
	}
	return NULL;
}

const char *
constraint_name(enum constraint c)
{
	static const char *const names[] = { NULL, "none", "memcg", "cpuset", "memory_policy" };

	return names[c];
}

const char *
reason_name(enum reason r)
{
	static const char *const names[] = { NULL, "allocation", "memcg", "page-fault", "sysrq" };

	return names[r];
}

const char *
outcome_name(enum outcome o)
{
	static const char *const names[] = { "unknown", "killed", "panic", "no-killable-process",
		"none" };

	return names[o];
}

const char *
after_name(enum after what)
{
	static const char *const names[] = { "reaped", "reap-failed", "unit-oom-killed",
		"unit-exited", "unit-failed", "unit-restarted", "unit-gave-up" };

	return names[what];
}

const char *
role_name(enum role r)
{
	static const char *const names[] = { "chosen", "child", "group", "shared-mm" };

	return names[r];
}

const char *
completeness_name(enum completeness c)
{
	static const char *const names[] = { "full", "no-task-table", "no-memory",
		"partial-task-table", "cut-head", "cut-tail", "head-only", "summary-only",
		"kill-only" };

	return names[c];
}

const char *
event_kind_name(enum event_kind k)
{
	return k == EVENT_KERNEL_OOM ? "kernel-oom" : "userspace-kill";
}

const char *
time_source_name(enum time_source t)
{
	static const char *const names[] = { NULL, "record", "inferred-year", "boot-offset" };

	return names[t];
}
