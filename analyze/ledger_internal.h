/* Shared by analyze/ledger*.c. */
#ifndef OOMWHY_ANALYZE_LEDGER_INTERNAL_H
#define OOMWHY_ANALYZE_LEDGER_INTERNAL_H

#include "analyze/ledger.h"

/* Sums under construction, by class; UNKNOWN: not printed. */
struct books {
	int64_t kb[LEDGER_NAMES];
};

void books_open(struct books *);
void books_add(struct books *, enum ledger_name, int64_t kb); /* unknown adds nothing */
/* shmem stands in the lists of anonymous memory, what is locked of it in unevictable. */
void books_part_shmem(struct books *, int64_t shmem_kb);
/* Entries, sum and remainder from the books and the ledger's total. */
void books_close(const struct books *, struct ledger *);
struct ledger ledger_blank(enum ledger_scope);

/* Every counter that is of a class; unit_kb: what one of it stands for. */
void books_counters(struct books *, const struct counters *, int64_t unit_kb);
/* Huge pages and kernel stacks of a node, or of all: UNKNOWN. */
void books_hugetlb(struct books *, const struct memory *, int64_t node, struct ledger *);
void books_stacks(struct books *, const struct memory *, int64_t node);
bool books_partial(const struct books *);   /* classes are missing that every report has */
void ledger_note(int64_t *sum, int64_t kb); /* a sum that starts unknown */

/* ledger_parts.c: nodes and zones.  -1: no memory. */
int ledger_parts(struct event *, struct ledgers *);
/* ledger_memcg.c: false: the log has no figures of the cgroup. */
bool ledger_memcg(const struct event *, struct ledger *ret);

#endif
