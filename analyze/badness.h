/*
 * oom_badness() of every row of the task table, and their order.
 */
#ifndef OOMWHY_ANALYZE_BADNESS_H
#define OOMWHY_ANALYZE_BADNESS_H

#include "analyze/era.h"
#include "analyze/history.h"
#include "analyze/verdict.h"

/* What the formula needs besides a row. */
struct formula {
	const struct era *era;
	int64_t total;	   /* pages; UNKNOWN: then oom_score_adj counts nothing */
	int64_t page_size; /* bytes; UNKNOWN: then page tables in bytes count nothing */
	bool root_has_cap; /* tasks of uid 0 have CAP_SYS_ADMIN */
};

struct place;

/* Zero-initialise. */
struct ranking {
	struct score *scores; /* one per row */
	size_t n;
	size_t *order;	      /* rows that can be killed and scored, the kernel's choice first */
	int64_t *key;	      /* of each row: what the order is by; UNKNOWN: not scored */
	struct place *places; /* room to sort in */
	size_t nranked, neligible;
	bool any_total; /* the order is the same with any totalpages */
	bool hides;	/* the formula counts memory that the table does not print */
};

/* Its arrays are in `mem`, made once and then used again for the same event.
 * -1: no memory. */
int ranking_make(struct arena *mem, const struct event *, const struct formula *,
    const struct history *, struct ranking *);

/* Take the first n of the order out of it: they could not be killed after all. */
void ranking_set_aside(struct ranking *, size_t n, const char *why_not);

/* The formula itself.  memory: in pages; adj: oom_score_adj; root: of uid 0. */
int64_t badness_of(const struct formula *, int64_t memory, int64_t adj, bool root);
/* What the era counts of a row's memory, in pages; UNKNOWN if it is no number. */
int64_t badness_memory(const struct formula *, const struct task *);
int64_t badness_pgtables(const struct formula *, const struct task *);
/* The score that 2.6.36 - 5.1 print for a badness; UNKNOWN without totalpages. */
int64_t badness_printed(const struct formula *, int64_t badness);
/* A task's oom_score_adj; before 2.6.36 made of oom_adj, as /proc did. */
int64_t adj_of(const struct task *);
/* Whether a kernel takes a badness in place of the best so far, rows in scan order. */
bool badness_beats(const struct era *, int64_t badness, size_t row, int64_t best, size_t best_row);

#endif
