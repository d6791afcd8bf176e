/* Private to analyze/whatif*.c. */
#ifndef OOMWHY_ANALYZE_WHATIF_INTERNAL_H
#define OOMWHY_ANALYZE_WHATIF_INTERNAL_H

#include "analyze/arith.h"
#include "analyze/badness.h"
#include "analyze/says.h"
#include "analyze/totalpages.h"
#include "analyze/whatif.h"

enum { ADJ_LEAST = -1000, ADJ_MOST = 1000 };

/* One world: the event with its facts as they were, or changed. */
struct world {
	struct event ev; /* a copy; its rows are our own, and not all of them may be there */
	size_t *row;	 /* of each of its rows: the row of the event */
	size_t *at;	 /* of each row of the event: its row here, or ev.tasks.n */
	bool *is_member; /* of a duel; nothing is between two of them */
	size_t *members; /* room for a set of its rows */
	struct total total;
	int64_t ram_more; /* pages of RAM that it has more; UNKNOWN: as it was, or not told */
	struct formula formula[2]; /* with the least and the greatest totalpages */
	struct ranking rank[2];
	size_t ends; /* 1: both are one */
};

/* Everything that the parts of an answer are made of. */
struct replay {
	struct whatif *w;
	const struct verdict *v;
	const struct services *services;
	const struct whatif_ask *ask;
	struct era_match era;
	struct world was, now;
	const bool *gone;    /* of each row of the event */
	const int64_t *adjs; /* the same; UNKNOWN: as it was */
};

/* whatif_rank.c.  -1: no memory. */
int world_make(struct replay *, struct world *, bool changed, struct whatif_ranking *);
/* The highest oom_score_adj of all members (rows of the world) that makes another the first, at
 * both ends; ADJ_LEAST: no other; UNKNOWN: not to be told. */
int64_t world_spare(
    struct world *, const size_t *members, size_t n, size_t *ret_then, bool *ret_has_then);
/* The lowest with which the row of the world is the first at both ends; UNKNOWN: none. */
int64_t world_lift(struct world *, size_t row);

/* whatif_why.c.  -1: no memory. */
int whatif_whys(struct replay *);
/* whatif_need.c.  -1: no memory. */
int whatif_needs(struct replay *);
/* whatif_says.c.  -1: no memory. */
int whatif_notes(struct replay *);
int whatif_sentence(struct replay *);
int whatif_spare_says(struct whatif *, struct whatif_spare *);
/* The process of a row of the event: "mysqld (pid 106)"; .p NULL: no memory. */
struct str whatif_name(struct whatif *, size_t row);
/* "23251 pages (90.8 MiB)", "493 of 1000" */
struct str whatif_badness(struct whatif *, int64_t badness);
struct str whatif_kb(struct whatif *, int64_t kb);
/* Of each row whether it is meant; *ret_n of them.  By the name of a process, or else, if no
 * process has it, by that of a service.  NULL: no memory. */
bool *whatif_rows(struct replay *, const struct whatif_who *, size_t *ret_n, bool *ret_by_service);

#endif
