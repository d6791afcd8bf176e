/* How complete a report is, and what of it a reader will not find. */
#include "parse/internal.h"

/* A row known to be missing: the victim's, one that could not be read, or a loss in between. */
static bool
table_partial(const struct event *ev)
{
	const struct victim *v = event_victim(ev);

	if (ev->tasks.bad_rows > 0 || ev->lost_records > 0 || ev->lines_dropped)
		return true;
	if (ev->tasks.header.p == NULL)
		return true;
	return v != NULL && event_task(ev, v->pid) == NULL &&
	       (!known(ev->summary.pid) || event_task(ev, ev->summary.pid) == NULL);
}

static enum completeness
grade(const struct event *ev)
{
	bool head = known(ev->trigger.line);
	bool memory = ev->memory.seen || known(ev->cgroup.memory.usage_kb);
	bool table = ev->tasks.n > 0;
	bool end = ev->outcome != OUTCOME_UNKNOWN;

	if (!head && !memory && !table && !ev->tasks.seen)
		return ev->nvictims == 0 && known(ev->summary.line) ? COMPLETE_SUMMARY_ONLY
								    : COMPLETE_KILL_ONLY;
	if (!head)
		return COMPLETE_CUT_HEAD;
	if (!end && !memory && !table)
		return COMPLETE_HEAD_ONLY;
	if (!end)
		return COMPLETE_CUT_TAIL;
	if (!table)
		return ev->tasks.seen ? COMPLETE_FULL : COMPLETE_NO_TASK_TABLE;
	if (table_partial(ev))
		return COMPLETE_TABLE_PARTIAL;
	return memory ? COMPLETE_FULL : COMPLETE_NO_MEMORY;
}

/*
 * __oom_kill_process() kills every process that lives in the victim's mm
 * (mm/oom_kill.c @2.4 - 7.3), and only 2.6.37 - 4.3 name them.  One mm has one set of
 * numbers, so such rows are alike; but so may be those of two forks.
 */
static bool
same_numbers(const struct task *a, const struct task *b)
{
	return a->total_vm_pages == b->total_vm_pages && a->rss_pages == b->rss_pages &&
	       a->rss_anon_pages == b->rss_anon_pages && a->rss_file_pages == b->rss_file_pages &&
	       a->rss_shmem_pages == b->rss_shmem_pages && a->pgtables_bytes == b->pgtables_bytes &&
	       a->nr_ptes == b->nr_ptes && a->nr_pmds == b->nr_pmds &&
	       a->swapents_pages == b->swapents_pages;
}

static bool
is_victim(const struct event *ev, const struct task *t)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (ev->victims[i].pid == t->pid || ev->victims[i].pid == t->tgid)
			return true;
	}
	return false;
}

static bool
has_unnamed_sharers(const struct event *ev)
{
	const struct victim *v = event_victim(ev);
	const struct task *row = v == NULL ? NULL : event_task(ev, v->pid);

	/* Nothing resident: rows of zeros, and of the dying, are all alike. */
	if (row == NULL || !known(row->tgid) || !known(row->total_vm_pages) || row->rss_pages <= 0)
		return false;
	for (size_t i = 0; i < ev->tasks.n; i++) {
		const struct task *t = &ev->tasks.v[i];

		if (t->tgid != row->tgid && known(t->tgid) && same_numbers(t, row) &&
		    !is_victim(ev, t))
			return true;
	}
	return false;
}

/* Rows: what a reader may miss, in the order of the report. */
static int
list_missing(struct event *ev)
{
	const struct memory *m = &ev->memory;
	bool memcg = ev->constraint == CONSTRAINT_MEMCG;
	const struct {
		bool absent;
		struct str what;
	} rows[] = {
		{ !known(ev->trigger.line), STR("trigger") },
		{ known(ev->trigger.line) && ev->kernel.p == NULL, STR("kernel release") },
		{ !known(ev->page_size), STR("page size") },
		{ memcg && !known(ev->cgroup.memory.usage_kb), STR("cgroup usage") },
		{ !memcg && !m->seen, STR("memory state") },
		{ m->seen && (!known(m->ram_pages) || !known(m->reserved_pages)),
		    STR("RAM total") },
		{ m->seen && !known(m->swap_total_kb), STR("swap total") },
		{ ev->tasks.n == 0 && !ev->tasks.seen, STR("task table") },
		{ ev->tasks.n > 0 && ev->tasks.header.p == NULL, STR("task table header") },
		{ ev->tasks.n > 0 && table_partial(ev), STR("task rows") },
		{ ev->nvictims > 0 && ev->victims[0].comm.p == NULL, STR("victim's name") },
		{ has_unnamed_sharers(ev),
		    STR("whether processes with the victim's numbers shared its memory") },
		{ ev->outcome == OUTCOME_UNKNOWN, STR("ending") },
		{ ev->lost_records > 0, STR("lost records") },
		{ ev->lines_dropped, STR("lines over the limit") },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].absent && event_add_missing(ev, rows[i].what) != 0)
			return -1;
	}
	return 0;
}

int
event_grade(struct event *ev)
{
	ev->completeness = grade(ev);
	return list_missing(ev);
}
