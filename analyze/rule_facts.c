/* What the rules look at, computed once. */
#include "analyze/rule.h"

/* Every number of struct facts starts unknown. */
static const struct facts nothing = {
	.page_kb = UNKNOWN,
	.machine_line = UNKNOWN,
	.managed = UNKNOWN,
	.listed = UNKNOWN,
	.anon = UNKNOWN,
	.shmem = UNKNOWN,
	.file = UNKNOWN,
	.unevictable = UNKNOWN,
	.mlocked = UNKNOWN,
	.slab_reclaimable = UNKNOWN,
	.slab_unreclaimable = UNKNOWN,
	.pagetables = UNKNOWN,
	.stacks = UNKNOWN,
	.hugetlb = UNKNOWN,
	.huge_free = UNKNOWN,
	.free = UNKNOWN,
	.unaccounted = UNKNOWN,
	.dirty = UNKNOWN,
	.writeback = UNKNOWN,
	.swap_total = UNKNOWN,
	.swap_free = UNKNOWN,
	.swapcache = UNKNOWN,
	.usage = UNKNOWN,
	.limit = UNKNOWN,
	.cg_anon = UNKNOWN,
	.cg_file = UNKNOWN,
	.cg_shmem = UNKNOWN,
	.cg_dirty = UNKNOWN,
	.cg_writeback = UNKNOWN,
	.cg_kernel = UNKNOWN,
	.cg_swapcached = UNKNOWN,
	.cg_anon_lists = UNKNOWN,
	.ran_out = UNKNOWN,
	.anonymous = UNKNOWN,
	.order = UNKNOWN,
	.tasks_need = UNKNOWN,
	.victim_need = UNKNOWN,
	.largest_need = UNKNOWN,
	.trigger_need = UNKNOWN,
	.eligible = UNKNOWN,
};

const struct event_line *
line_with(const struct facts *f, const char *text)
{
	for (size_t i = 0; i < f->ev->nlines; i++) {
		if (str_has(f->ev->lines[i].text, str_from(text)))
			return &f->ev->lines[i];
	}
	return NULL;
}

static int64_t
global_kb(const struct facts *f, const char *counter)
{
	return times(counter_get(&f->ev->memory.global_pages, counter), f->page_kb);
}

/* Of all nodes, in kB; their lines carry it since 4.8. */
static int64_t
nodes_kb(const struct facts *f, const char *counter)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->ev->memory.nnodes; i++)
		sum = plus(sum, counter_get(&f->ev->memory.nodes[i].kb, counter));
	return f->ev->memory.nnodes == 0 ? UNKNOWN : sum;
}

/* A report that was cut before its totals: what the lines of zones and nodes say. */
static void
facts_cut_machine(struct facts *f)
{
	const struct memory *mem = &f->ev->memory;
	int64_t managed = 0, free = 0;

	for (size_t i = 0; i < mem->nzones; i++) {
		managed = plus(managed, mem->zones[i].managed_kb);
		free = plus(free, mem->zones[i].free_kb);
	}
	if (mem->nzones > 0 && !known(f->managed))
		f->managed = managed;
	if (mem->nzones > 0 && !known(f->free))
		f->free = free;
	if (!known(f->shmem))
		f->shmem = nodes_kb(f, "shmem");
	if (!known(f->anon))
		f->anon =
		    minus(plus(nodes_kb(f, "active_anon"), nodes_kb(f, "inactive_anon")), f->shmem);
	if (!known(f->file))
		f->file = plus(nodes_kb(f, "active_file"), nodes_kb(f, "inactive_file"));
	if (!known(f->unevictable))
		f->unevictable = nodes_kb(f, "unevictable");
}

static void
facts_machine(struct facts *f)
{
	const struct ledger *l = f->machine;
	const struct memory *mem = &f->ev->memory;

	f->swap_total = mem->swap_total_kb;
	f->swap_free = mem->swap_free_kb;
	f->swapcache = times(mem->swapcache_pages, f->page_kb);
	f->dirty = global_kb(f, "dirty");
	f->writeback = global_kb(f, "writeback");
	f->machine_line = l == NULL ? mem->line : l->line;
	if (l == NULL) {
		facts_cut_machine(f);
		f->listed =
		    plus(plus(plus(f->anon, f->shmem), plus(f->file, f->unevictable)), f->free);
		return;
	}
	f->managed = l->total_kb;
	f->anon = ledger_kb(l, LEDGER_ANON);
	f->shmem = l->shmem_kb;
	f->file = ledger_kb(l, LEDGER_FILE);
	f->unevictable = ledger_kb(l, LEDGER_UNEVICTABLE);
	f->mlocked = l->mlocked_kb;
	f->slab_reclaimable = ledger_kb(l, LEDGER_SLAB_RECLAIMABLE);
	f->slab_unreclaimable = ledger_kb(l, LEDGER_SLAB_UNRECLAIMABLE);
	f->pagetables = ledger_kb(l, LEDGER_PAGETABLES);
	f->stacks = ledger_kb(l, LEDGER_KERNEL_STACK);
	f->hugetlb = ledger_kb(l, LEDGER_HUGETLB);
	f->huge_free = l->huge_free_kb;
	f->free = ledger_kb(l, LEDGER_FREE);
	f->unaccounted = l->unaccounted_kb;
}

int64_t
task_need_kb(const struct facts *f, const struct task *t)
{
	int64_t kb = times(t->rss_pages, f->page_kb);

	if (known(t->swapents_pages))
		kb = plus(kb, times(t->swapents_pages, f->page_kb));
	if (known(t->pgtables_bytes))
		kb = plus(kb, t->pgtables_bytes / 1024);
	else if (known(t->nr_ptes))
		kb = plus(kb, times(t->nr_ptes, f->page_kb));
	return kb;
}

/* A number that only user space can have printed, or a row that was cut. */
static bool
sane(int64_t kb)
{
	return known(kb) && kb >= 0 && kb < INT64_C(1) << 46;
}

static void
facts_tasks(struct facts *f)
{
	const struct task_table *table = &f->ev->tasks;

	for (size_t i = 0; i < table->n; i++) {
		const struct task *t = &table->v[i];
		int64_t kb = task_need_kb(f, t);

		if (!sane(kb))
			continue;
		f->tasks_need = known(f->tasks_need) ? plus(f->tasks_need, kb) : kb;
		if (!known(f->largest_need) || kb > f->largest_need) {
			f->largest = t;
			f->largest_need = kb;
		}
		if (known(t->oom_score_adj)) {
			f->eligible = known(f->eligible) ? f->eligible : 0;
			f->eligible += t->oom_score_adj > -1000;
		}
	}
	if (f->victim != NULL)
		f->victim_row = event_task(f->ev, f->victim->pid);
	if (known(f->ev->trigger.pid))
		f->trigger_row = event_task(f->ev, f->ev->trigger.pid);
	if (f->victim_row != NULL)
		f->victim_need = task_need_kb(f, f->victim_row);
	if (f->trigger_row != NULL)
		f->trigger_need = task_need_kb(f, f->trigger_row);
}

int
facts_of(struct facts *f, struct event *ev, const struct verdict *v, const struct ledgers *ledgers)
{
	*f = nothing;
	f->ev = ev;
	f->verdict = v;
	f->victim = event_victim(ev);
	f->machine = ledgers == NULL ? NULL : ledgers->machine;
	f->scope = ledgers == NULL ? NULL : ledgers->scope;
	f->order = ev->trigger.order;
	f->memcg = ev->kind == EVENT_KERNEL_OOM &&
		   (ev->constraint == CONSTRAINT_MEMCG || known(ev->cgroup.memory.limit_kb));
	f->global = ev->kind == EVENT_KERNEL_OOM && !f->memcg;
	if (known(ev->page_size) && ev->page_size >= 1024)
		f->page_kb = ev->page_size / 1024;
	f->page_assumed = !known(f->page_kb);
	if (f->page_assumed)
		f->page_kb = 4;
	facts_zones(f);
	facts_machine(f);
	facts_cgroup(f);
	facts_tasks(f);
	f->ran_out =
	    f->memcg ? (known(f->limit) && f->limit < INT64_MAX ? f->limit : f->usage) : f->managed;
	/* Locked pages of programs are in no list of anonymous memory. */
	f->anonymous = f->memcg ? plus(f->cg_anon, known(f->cg_shmem) ? f->cg_shmem : f->cg_file)
				: plus(plus(f->anon, f->shmem), f->unevictable);
	return facts_crowds(f);
}
