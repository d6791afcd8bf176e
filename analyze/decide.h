/*
 * Why this process: rules, in the order in which an expert would check them.
 * The first that applies is the verdict's decided_by.
 */
#ifndef OOMWHY_ANALYZE_DECIDE_H
#define OOMWHY_ANALYZE_DECIDE_H

#include "analyze/badness.h"
#include "analyze/totalpages.h"

/* All that the rules look at; the ranking is there only if has_ranking. */
struct inquiry {
	struct event *ev;
	const struct era_match *era;
	const struct total *total;
	const struct formula *formula;
	const struct victim *victim; /* NULL: nobody was killed */
	struct candidate subject;    /* whom the kernel chose: the victim, or its parent */
	bool has_ranking;
	const struct ranking *rank;
	const struct ranking *rank_max;	 /* with the greatest totalpages it may have been */
	const struct ranking *rank_bare; /* with no task of root having CAP_SYS_ADMIN */
	size_t top;			 /* the row with the highest badness; rank->n: none */
	size_t row;			 /* of the subject in the table; rank->n: not there */
	int64_t gap;		 /* how far its badness is below the highest; UNKNOWN: not scored */
	int64_t slack;		 /* how far the table may have moved since the choice */
	const struct verdict *v; /* its numbers */
	const struct rule *ground; /* NULL: there is no ranking, or nobody was chosen */
};

struct rule {
	const char *id;
	enum tri agrees;
	bool (*applies)(const struct inquiry *);
	struct str (*says)(const struct inquiry *); /* in the event's arena; .p NULL: no memory */
};

/* The id of the one ground that takes rows out of the ranking. */
#define RULE_TWINS "vfork-or-dying"

/* The rule that settles the event, its ground being known.  Never NULL. */
const struct rule *decide(const struct inquiry *);
/* The rule by which the subject's place in the ranking explains the choice. */
const struct rule *decide_ground(const struct inquiry *);

/* Rank of the subject in one of the rankings; UNKNOWN: it has none. */
int64_t subject_rank(const struct inquiry *, const struct ranking *);

#endif
