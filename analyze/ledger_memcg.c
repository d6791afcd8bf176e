/*
 * What a cgroup was charged.  Usage is a page counter, the classes are kept
 * apart from it and batched for each CPU (64 pages, MEMCG_CHARGE_BATCH), so a
 * small remainder says nothing.  mm/memcontrol.c @5.3 - 7.1.
 */
#include "analyze/arith.h"
#include "analyze/ledger_internal.h"

/* memory.stat, in bytes; both hierarchies since 5.3. */
static const struct {
	enum ledger_name name;
	const char *key;
} kernel_rows[] = {
	{ LEDGER_KERNEL_STACK, "kernel_stack" },
	{ LEDGER_PAGETABLES, "pagetables" },
	{ LEDGER_SEC_PAGETABLES, "sec_pagetables" },
	{ LEDGER_PERCPU, "percpu" },
	{ LEDGER_VMALLOC, "vmalloc" },
	{ LEDGER_SLAB_RECLAIMABLE, "slab_reclaimable" },
	{ LEDGER_SLAB_UNRECLAIMABLE, "slab_unreclaimable" },
	{ LEDGER_ZSWAP, "zswap" },
};

/* Up to 5.2 each cgroup below prints what is its own: the figure is the sum of all. */
static int64_t
stat_kb(const struct cgroup *g, const char *key)
{
	int64_t sum = UNKNOWN;

	for (size_t i = 0; i < g->nstats; i++) {
		int64_t bytes = counter_get(&g->stats[i].stat, key);

		if (known(bytes) && bytes >= 0)
			sum = plus(known(sum) ? sum : 0, bytes);
	}
	return known(sum) ? sum / 1024 : UNKNOWN;
}

static bool
is_truncated(const struct cgroup *g)
{
	for (size_t i = 0; i < g->nstats; i++) {
		if (g->stats[i].truncated)
			return true;
	}
	return false;
}

/* On v2 file has shmem in it; on v1 cache has, and shmem is not always printed. */
static void
add_pages(const struct cgroup *g, struct books *b)
{
	int64_t file = stat_kb(g, "file"), shmem = stat_kb(g, "shmem");
	int64_t cache = stat_kb(g, "cache");

	books_add(b, LEDGER_ANON, stat_kb(g, "anon"));
	books_add(b, LEDGER_ANON, stat_kb(g, "rss"));
	if (!known(file))
		file = cache;
	if (!known(file))
		return;
	if (known(shmem)) {
		shmem = least(shmem, file);
		books_add(b, LEDGER_SHMEM, shmem);
		books_add(b, LEDGER_FILE, minus(file, shmem));
	} else {
		books_add(b, LEDGER_CACHE, file);
	}
}

/* "kernel" is all that is charged to the kernel (5.18 and newer), kmem the same on v1. */
static void
add_kernel(const struct cgroup *g, bool v1, struct books *b)
{
	int64_t all = stat_kb(g, "kernel"), parts = 0;

	if (v1 && known(g->kmem.usage_kb))
		all = g->kmem.usage_kb;
	for (size_t i = 0; i < ARRAY_LEN(kernel_rows); i++) {
		int64_t kb = stat_kb(g, kernel_rows[i].key);

		/* Parts are kept per node and may be ahead of the sum. */
		if (known(all) && known(kb))
			kb = least(kb, most(minus(all, parts), 0));
		books_add(b, kernel_rows[i].name, kb);
		parts = plus(parts, known(kb) ? kb : 0);
	}
	if (known(all) && all > parts)
		books_add(b, LEDGER_KERNEL_OTHER, minus(all, parts));
	/* v1 counts network buffers apart, against a limit of their own. */
	if (!v1)
		books_add(b, LEDGER_SOCK, stat_kb(g, "sock"));
}

bool
ledger_memcg(const struct event *ev, struct ledger *ret)
{
	const struct cgroup *g = &ev->cgroup;
	bool v1 = known(g->memsw.usage_kb) || known(g->kmem.usage_kb);
	struct books b;

	if (!known(g->memory.usage_kb) && g->nstats == 0)
		return false;
	books_open(&b);
	add_pages(g, &b);
	add_kernel(g, v1, &b);
	books_add(&b, LEDGER_HUGETLB, stat_kb(g, "hugetlb"));
	*ret = ledger_blank(LEDGER_MEMCG);
	ret->of = g->oom_memcg;
	ret->total_kb = g->memory.usage_kb;
	ret->limit_kb = g->memory.limit_kb;
	ret->line = g->memory.line;
	ret->shmem_kb = stat_kb(g, "shmem");
	ret->mapped_kb =
	    stat_kb(g, known(stat_kb(g, "file_mapped")) ? "file_mapped" : "mapped_file");
	ret->swapcached_kb = stat_kb(g, "swapcached");
	/* Without page cache or without anonymous memory lines are missing, not memory. */
	ret->partial = is_truncated(g) || !known(b.kb[LEDGER_ANON]) ||
		       (!known(b.kb[LEDGER_FILE]) && !known(b.kb[LEDGER_CACHE]));
	books_close(&b, ret);
	return true;
}
