#include "analyze/ledger_internal.h"

#include "analyze/arith.h"
#include "analyze/era.h"
#include "analyze/totalpages.h"

/*
 * Which counters make a class.  The names of Mem-Info, node and zone lines since
 * 2.6.9; a line has only those of its kernel.  Subsets (mapped, dirty, writeback,
 * mlocked, free_cma, the swap cache) are no rows.
 */
/* clang-format off */
static const struct row {
	enum ledger_name name;
	const char *keys[5];
} rows[] = {
	{ LEDGER_ANON, { "active_anon", "Active_anon", "inactive_anon" } },
	{ LEDGER_FILE, { "active_file", "inactive_file" } },
	{ LEDGER_LISTS, { "Active", "active", "inactive" } },
	{ LEDGER_UNEVICTABLE, { "unevictable" } },
	{ LEDGER_ISOLATED, { "isolated_anon", "isolated_file", "isolated(anon)", "isolated(file)" } },
	{ LEDGER_SLAB_RECLAIMABLE, { "slab_reclaimable" } },
	{ LEDGER_SLAB_UNRECLAIMABLE, { "slab_unreclaimable" } },
	{ LEDGER_SLAB, { "slab" } },
	{ LEDGER_KERNEL_MISC, { "kernel_misc_reclaimable" } },
	{ LEDGER_PAGETABLES, { "pagetables" } },
	{ LEDGER_SEC_PAGETABLES, { "sec_pagetables" } },
	{ LEDGER_BOUNCE, { "bounce" } },
	{ LEDGER_BALLOON, { "balloon", "Balloon" } },
	{ LEDGER_GPU, { "gpu_active", "gpu_reclaim" } },
	{ LEDGER_FREE_PCP, { "free_pcp" } },
	{ LEDGER_FREE, { "free" } },
};
/* clang-format on */

void
books_open(struct books *b)
{
	for (size_t i = 0; i < LEDGER_NAMES; i++)
		b->kb[i] = UNKNOWN;
}

void
books_add(struct books *b, enum ledger_name name, int64_t kb)
{
	if (known(kb))
		b->kb[name] = plus(known(b->kb[name]) ? b->kb[name] : 0, kb);
}

static int64_t
take(struct books *b, enum ledger_name from, int64_t wanted)
{
	int64_t kb = known(b->kb[from]) ? most(least(wanted, b->kb[from]), 0) : 0;

	if (kb > 0)
		b->kb[from] = minus(b->kb[from], kb);
	return kb;
}

void
books_part_shmem(struct books *b, int64_t shmem_kb)
{
	int64_t got;

	if (!known(shmem_kb) || shmem_kb < 0)
		return;
	got = take(b, LEDGER_ANON, shmem_kb);
	got = plus(got, take(b, LEDGER_UNEVICTABLE, minus(shmem_kb, got)));
	got = plus(got, take(b, LEDGER_ISOLATED, minus(shmem_kb, got)));
	books_add(b, LEDGER_SHMEM, got);
}

void
books_close(const struct books *b, struct ledger *l)
{
	l->n = 0;
	l->sum_kb = UNKNOWN;
	for (size_t i = 0; i < LEDGER_NAMES; i++) {
		if (!known(b->kb[i]))
			continue;
		l->v[l->n++] = (struct ledger_entry){ (enum ledger_name)i, b->kb[i] };
		l->sum_kb = plus(known(l->sum_kb) ? l->sum_kb : 0, b->kb[i]);
	}
	l->rest_kb = minus(l->total_kb, l->sum_kb);
	l->unaccounted_kb = l->partial ? UNKNOWN : l->rest_kb;
}

struct ledger
ledger_blank(enum ledger_scope scope)
{
	return (struct ledger){ .scope = scope,
		.node = UNKNOWN,
		.total_kb = UNKNOWN,
		.limit_kb = UNKNOWN,
		.sum_kb = UNKNOWN,
		.unaccounted_kb = UNKNOWN,
		.rest_kb = UNKNOWN,
		.shmem_kb = UNKNOWN,
		.mlocked_kb = UNKNOWN,
		.swapcached_kb = UNKNOWN,
		.mapped_kb = UNKNOWN,
		.free_cma_kb = UNKNOWN,
		.huge_free_kb = UNKNOWN,
		.line = UNKNOWN };
}

/* unit_kb: what one of the counters stands for. */
void
books_counters(struct books *b, const struct counters *c, int64_t unit_kb)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t k = 0; k < ARRAY_LEN(rows[i].keys) && rows[i].keys[k] != NULL; k++) {
			int64_t v = counter_get(c, rows[i].keys[k]);

			if (known(v) && v >= 0)
				books_add(b, rows[i].name, times(v, unit_kb));
		}
	}
}

void
ledger_note(int64_t *to, int64_t kb)
{
	if (known(kb))
		*to = plus(known(*to) ? *to : 0, kb);
}

/* The pool is taken off the page allocator as a whole, whether its pages are used or not. */
void
books_hugetlb(struct books *b, const struct memory *m, int64_t node, struct ledger *l)
{
	for (size_t i = 0; i < m->nhuge; i++) {
		const struct hugepages *h = &m->huge[i];

		if (known(node) && h->node != node)
			continue;
		books_add(b, LEDGER_HUGETLB, times(h->total, h->size_kb));
		ledger_note(&l->huge_free_kb, times(h->free, h->size_kb));
	}
}

/* Stacks are printed in kB, by node (4.8 and newer) or zone, and never among the totals. */
void
books_stacks(struct books *b, const struct memory *m, int64_t node)
{
	for (size_t i = 0; i < m->nnodes; i++) {
		if (!known(node) || m->nodes[i].id == node)
			books_add(
			    b, LEDGER_KERNEL_STACK, counter_get(&m->nodes[i].kb, "kernel_stack"));
	}
	for (size_t i = 0; i < m->nzones; i++) {
		if (!known(node) || m->zones[i].node == node)
			books_add(
			    b, LEDGER_KERNEL_STACK, counter_get(&m->zones[i].kb, "kernel_stack"));
	}
}

bool
books_partial(const struct books *b)
{
	bool lists =
	    known(b->kb[LEDGER_LISTS]) || (known(b->kb[LEDGER_ANON]) && known(b->kb[LEDGER_FILE]));
	bool slab = known(b->kb[LEDGER_SLAB]) || (known(b->kb[LEDGER_SLAB_RECLAIMABLE]) &&
						     known(b->kb[LEDGER_SLAB_UNRECLAIMABLE]));

	return !lists || !slab || !known(b->kb[LEDGER_FREE]) || !known(b->kb[LEDGER_PAGETABLES]);
}

/* Up to 2.6.9 the tail is all there is; zones are in kB and need no page size. */
static int64_t
machine_total_kb(const struct event *ev, int64_t page_kb, bool *ret_present)
{
	struct era_match era = era_of(ev);
	int64_t kb = times(managed_ram_pages(ev, &era, ev->page_size), page_kb);

	*ret_present = false;
	if (known(kb))
		return kb;
	*ret_present = true;
	for (size_t i = 0; i < ev->memory.nzones; i++)
		ledger_note(&kb, ev->memory.zones[i].present_kb);
	return kb;
}

static bool
ledger_machine(const struct event *ev, struct ledger *ret)
{
	const struct memory *m = &ev->memory;
	int64_t page_kb =
	    known(ev->page_size) && ev->page_size >= 1024 ? ev->page_size / 1024 : UNKNOWN;
	struct books b;

	if (!m->seen || m->global_pages.n == 0 || !known(page_kb))
		return false;
	books_open(&b);
	*ret = ledger_blank(LEDGER_MACHINE);
	books_counters(&b, &m->global_pages, page_kb);
	/* Graphics memory is printed by node only (6.19 and newer). */
	for (size_t i = 0; i < m->nnodes; i++) {
		books_add(&b, LEDGER_GPU, counter_get(&m->nodes[i].kb, "gpu_active"));
		books_add(&b, LEDGER_GPU, counter_get(&m->nodes[i].kb, "gpu_reclaim"));
	}
	books_stacks(&b, m, UNKNOWN);
	books_hugetlb(&b, m, UNKNOWN, ret);
	if (known(m->hwpoisoned_pages) && m->hwpoisoned_pages > 0)
		books_add(&b, LEDGER_HWPOISON, times(m->hwpoisoned_pages, page_kb));
	ret->shmem_kb = times(counter_get(&m->global_pages, "shmem"), page_kb);
	books_part_shmem(&b, ret->shmem_kb);
	ret->mapped_kb = times(counter_get(&m->global_pages, "mapped"), page_kb);
	ret->free_cma_kb = times(counter_get(&m->global_pages, "free_cma"), page_kb);
	ret->swapcached_kb = times(m->swapcache_pages, page_kb);
	for (size_t i = 0; i < m->nzones; i++)
		ledger_note(&ret->mlocked_kb, counter_get(&m->zones[i].kb, "mlocked"));
	ret->total_kb = machine_total_kb(ev, page_kb, &ret->total_is_present);
	ret->line = known(m->ram_line) ? m->ram_line : m->line;
	ret->partial = books_partial(&b);
	books_close(&b, ret);
	return true;
}

const struct ledgers *
ledgers_of(struct event *ev)
{
	struct ledgers *all = arena_alloc(&ev->mem, sizeof(*all));
	struct ledger *machine = arena_alloc(&ev->mem, 2 * sizeof(*machine));
	struct ledger *memcg;

	if (all == NULL || machine == NULL || ledger_parts(ev, all) != 0)
		return NULL;
	memcg = machine + 1;
	if (ledger_machine(ev, machine))
		all->machine = all->scope = machine;
	if (ev->constraint == CONSTRAINT_MEMCG)
		all->scope = ledger_memcg(ev, memcg) ? memcg : NULL;
	return all;
}
