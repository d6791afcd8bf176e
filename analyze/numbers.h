/*
 * The numbers of a verdict that say more than who and why: the distance to the
 * next, what would have spared the chosen one, the printed score beside ours.
 */
#ifndef OOMWHY_ANALYZE_NUMBERS_H
#define OOMWHY_ANALYZE_NUMBERS_H

#include "analyze/decide.h"

/* Both need q->has_ranking. */
void verdict_ranking(const struct inquiry *, struct verdict *);
void verdict_scores(const struct inquiry *, struct verdict *);

#endif
