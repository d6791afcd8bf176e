/*
 * Where the memory was: a sum that closes.  What the kernel manages (or what a
 * cgroup was charged) is split into classes that do not overlap; what none of
 * them explains is the remainder.
 *
 * Which counters are subsets of others: mm/show_mem.c, mm/page_alloc.c
 * (show_free_areas), mm/vmstat.c and mm/memcontrol.c (memory_stats[]).
 */
#ifndef OOMWHY_ANALYZE_LEDGER_H
#define OOMWHY_ANALYZE_LEDGER_H

#include "model/event.h"

/* In the order in which they are listed. */
enum ledger_name {
	LEDGER_ANON,  /* processes' own: the lists of anonymous memory without shmem; v1: rss */
	LEDGER_SHMEM, /* tmpfs, shared memory, SysV and POSIX segments */
	LEDGER_FILE,  /* page cache of files on disks */
	LEDGER_LISTS, /* up to 2.6.27: programs' pages and page cache, which share lists there */
	LEDGER_CACHE, /* v1 only: page cache with shmem in it, where the two cannot be told apart */
	LEDGER_UNEVICTABLE, /* mlock()ed, ramfs: without the shmem that is surely among it */
	LEDGER_ISOLATED,    /* taken off a list for a moment: being reclaimed or moved */
	LEDGER_HUGETLB,	    /* the whole pool of explicit huge pages, used or not */
	LEDGER_SLAB_RECLAIMABLE,
	LEDGER_SLAB_UNRECLAIMABLE,
	LEDGER_SLAB, /* both, where only the sum is printed */
	LEDGER_KERNEL_MISC,
	LEDGER_KERNEL_STACK,
	LEDGER_PAGETABLES,
	LEDGER_SEC_PAGETABLES, /* of virtual machines and IOMMUs */
	LEDGER_PERCPU,	       /* memcg only: a machine's is not printed */
	LEDGER_VMALLOC,	       /* memcg only */
	LEDGER_SOCK,	       /* memcg only */
	LEDGER_ZSWAP,	       /* memcg only: the compressed bytes */
	LEDGER_KERNEL_OTHER,   /* memcg only: charged to the kernel, of no class above */
	LEDGER_BOUNCE,
	LEDGER_BALLOON, /* given back to the hypervisor; printed since 6.19 */
	LEDGER_GPU,	/* pages of graphics drivers; printed since 6.19 */
	LEDGER_HWPOISON,
	LEDGER_FREE_PCP, /* on the per-CPU lists */
	LEDGER_FREE,
	LEDGER_NAMES
};

struct ledger_entry {
	enum ledger_name name;
	int64_t kb; /* always known */
};

enum ledger_scope { LEDGER_MACHINE, LEDGER_NODE, LEDGER_ZONE, LEDGER_MEMCG };

struct ledger {
	enum ledger_scope scope;
	struct str of;	       /* the cgroup's path or the zone's name; STR_NONE: not in the log */
	int64_t node;	       /* of a node or zone; else UNKNOWN */
	int64_t total_kb;      /* managed by the kernel, or charged to the cgroup; UNKNOWN */
	int64_t limit_kb;      /* of a cgroup; INT64_MAX: none; else UNKNOWN */
	bool total_is_present; /* up to 3.7 nothing says what is managed: this has mem_map in it */
	struct ledger_entry v[LEDGER_NAMES]; /* only what was printed, in order */
	size_t n;
	int64_t sum_kb; /* of the entries; UNKNOWN if there are none */
	/* total - sum, exact: counters are read one after another, so it may be a little
	 * below zero.  UNKNOWN where the log has not printed every class (`partial`). */
	int64_t unaccounted_kb;
	int64_t rest_kb; /* the same, but also where it holds classes that were not printed */
	bool partial;
	/* Subsets, never part of the sum; UNKNOWN if not printed. */
	int64_t shmem_kb, mlocked_kb, swapcached_kb, mapped_kb, free_cma_kb;
	int64_t huge_free_kb; /* of LEDGER_HUGETLB, in no use */
	int64_t line;	      /* the line that the total, or else the first figure, stood in */
};

struct ledgers {
	const struct ledger *scope;   /* what ran out: the cgroup, else the machine; NULL: no
					 figures in the log */
	const struct ledger *machine; /* NULL: no figures of the machine */
	const struct ledger *nodes;   /* in the log's order */
	size_t nnodes;
	const struct ledger *zones;
	size_t nzones;
};

/* Everything returned lives in the event's arena.  NULL: no memory. */
const struct ledgers *ledgers_of(struct event *);

/* What of the ledger is of this class; UNKNOWN: not printed.  l may be NULL. */
int64_t ledger_kb(const struct ledger *l, enum ledger_name);
/* Slab, stacks, page tables and all else that only the kernel has; UNKNOWN: none printed. */
int64_t ledger_kernel_kb(const struct ledger *l);
bool ledger_is_kernel(enum ledger_name);
const char *ledger_entry_name(enum ledger_name);  /* "slab_reclaimable", as in JSON */
const char *ledger_entry_words(enum ledger_name); /* "page cache of files" */

#endif
