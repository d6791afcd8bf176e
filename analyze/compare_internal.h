/* Private to analyze/compare*.c. */
#ifndef OOMWHY_ANALYZE_COMPARE_INTERNAL_H
#define OOMWHY_ANALYZE_COMPARE_INTERNAL_H

#include "analyze/compare.h"

struct pair {
	struct compare *c;
	const struct compare_side *side[2];
};

/* NULL: no memory. */
struct compare_row *compare_add(
    struct pair *, enum compare_part, enum compare_unit, struct str name);
/* A row, unless neither log has it.  -1: no memory. */
int compare_numbers(
    struct pair *, enum compare_part, enum compare_unit, struct str name, int64_t a, int64_t b);
int compare_texts(struct pair *, const char *name, struct str a, struct str b);
/* compare_facts.c.  -1: no memory. */
int compare_facts(struct pair *);
/* compare_services.c.  -1: no memory. */
int compare_services(struct pair *);

#endif
