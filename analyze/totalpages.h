/*
 * What the kernel scaled oom_score_adj (and, before 3.5, every score) by:
 * constrained_alloc() and mem_cgroup_get_max() @2.6.36 - 7.3, from what the
 * report prints of it.
 */
#ifndef OOMWHY_ANALYZE_TOTALPAGES_H
#define OOMWHY_ANALYZE_TOTALPAGES_H

#include "analyze/era.h"
#include "analyze/verdict.h"

struct total {
	int64_t pages; /* UNKNOWN: not in the log */
	int64_t max;   /* it is no more than this; UNKNOWN: no bound in the log */
	enum quality quality;
	struct str how;	   /* "RAM 83143 + swap 0 pages" */
	int64_t page_size; /* bytes; UNKNOWN: not in the log */
	bool page_size_assumed;
};

/* What the kernel manages of the RAM, in pages: totalram_pages.  UNKNOWN: not in the log. */
int64_t managed_ram_pages(const struct event *, const struct era_match *, int64_t page_size);
/* 0, or -1: no memory. */
int total_of(struct event *, const struct era_match *, struct total *ret);

/* Pages of a size in kB.  Nothing is nothing, whatever a page is. */
int64_t pages_of_kb(int64_t kb, int64_t page_size);
/* Whether a node list such as "0,2-3" holds the node. */
bool node_listed(struct str list, int64_t node);

#endif
