/* rows: the classes of a ledger. */
#include "analyze/arith.h"
#include "analyze/ledger.h"

/* clang-format off */
static const struct {
	const char *name;  /* in JSON */
	const char *words; /* for people */
	bool kernel;
} names[LEDGER_NAMES] = {
	[LEDGER_ANON]		    = { "anon", "processes' own memory", false },
	[LEDGER_SHMEM]		    = { "shmem", "tmpfs and shared memory", false },
	[LEDGER_FILE]		    = { "file", "page cache", false },
	[LEDGER_LISTS]		    = { "lists", "processes and page cache", false },
	[LEDGER_CACHE]		    = { "cache", "page cache, shared memory", false },
	[LEDGER_UNEVICTABLE]	    = { "unevictable", "locked in memory (mlock)", false },
	[LEDGER_ISOLATED]	    = { "isolated", "being reclaimed or moved", false },
	[LEDGER_HUGETLB]	    = { "hugetlb", "huge page pool", false },
	[LEDGER_SLAB_RECLAIMABLE]   = { "slab_reclaimable", "slab, reclaimable", true },
	[LEDGER_SLAB_UNRECLAIMABLE] = { "slab_unreclaimable", "slab, not reclaimable", true },
	[LEDGER_SLAB]		    = { "slab", "slab", true },
	[LEDGER_KERNEL_MISC]	    = { "kernel_misc_reclaimable", "other reclaimable", true },
	[LEDGER_KERNEL_STACK]	    = { "kernel_stack", "stacks", true },
	[LEDGER_PAGETABLES]	    = { "pagetables", "page tables", true },
	[LEDGER_SEC_PAGETABLES]	    = { "sec_pagetables", "page tables of VMs and IOMMUs", true },
	[LEDGER_PERCPU]		    = { "percpu", "per-CPU", true },
	[LEDGER_VMALLOC]	    = { "vmalloc", "vmalloc", true },
	[LEDGER_SOCK]		    = { "sock", "network buffers", true },
	[LEDGER_ZSWAP]		    = { "zswap", "compressed swap", true },
	[LEDGER_KERNEL_OTHER]	    = { "kernel_other", "other", true },
	[LEDGER_BOUNCE]		    = { "bounce", "bounce buffers", true },
	[LEDGER_BALLOON]	    = { "balloon", "given back to the hypervisor", false },
	[LEDGER_GPU]		    = { "gpu", "graphics drivers", true },
	[LEDGER_HWPOISON]	    = { "hwpoison", "broken RAM, set aside", false },
	[LEDGER_FREE_PCP]	    = { "free_pcp", "free, on per-CPU lists", false },
	[LEDGER_FREE]		    = { "free", "free", false },
};
/* clang-format on */

const char *
ledger_entry_name(enum ledger_name name)
{
	return names[name].name;
}

const char *
ledger_entry_words(enum ledger_name name)
{
	return names[name].words;
}

bool
ledger_is_kernel(enum ledger_name name)
{
	return names[name].kernel;
}

int64_t
ledger_kb(const struct ledger *l, enum ledger_name name)
{
	for (size_t i = 0; l != NULL && i < l->n; i++) {
		if (l->v[i].name == name)
			return l->v[i].kb;
	}
	return UNKNOWN;
}

int64_t
ledger_kernel_kb(const struct ledger *l)
{
	int64_t sum = UNKNOWN;

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		if (names[l->v[i].name].kernel)
			sum = plus(known(sum) ? sum : 0, l->v[i].kb);
	}
	return sum;
}
