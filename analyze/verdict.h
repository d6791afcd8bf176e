/*
 * The kernel's own choice, computed again: the badness of every task by the
 * algorithm of the kernel that printed the report, who should have been
 * chosen, and whether that is who died.
 *
 * Formulas and their versions: mm/oom_kill.c, each era of analyze/era.c names
 * the releases it was read from.
 */
#ifndef OOMWHY_ANALYZE_VERDICT_H
#define OOMWHY_ANALYZE_VERDICT_H

#include "base/arena.h"
#include "model/event.h"

enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };

/* How well a number is known. */
enum quality {
	QUALITY_NONE, /* not in the log */
	QUALITY_EXACT,
	QUALITY_APPROXIMATE, /* see the `how` beside it */
	QUALITY_LOWER_BOUND,
};

struct score {
	int64_t badness;       /* pages, or 0..1000 before 3.5; UNKNOWN if it cannot be computed */
	int64_t memory_pages;  /* rss + swap + page tables: the part without adj */
	int64_t pgtable_pages; /* of it; UNKNOWN if not printed */
	int64_t adj_pages;     /* oom_score_adj x (totalpages / 1000), or the era's equal */
	int64_t rank;	       /* 1: first to die; UNKNOWN if not eligible */
	bool eligible;
	const char *why_not; /* static text; NULL if eligible */
};

/* One of the tasks, named in the verdict. */
struct candidate {
	bool known;
	int64_t pid;
	struct str comm;
	int64_t badness;
};

struct verdict {
	const char *era;     /* "5.9", the first mainline release of the algorithm; NULL: unknown */
	struct str era_how;  /* "release 5.10.0-44-amd64", or the shape of which lines */
	const char *formula; /* one line for people; static */
	bool in_pages;	     /* badness is in pages (3.5 and newer), else in thousandths */
	int64_t totalpages;  /* what scores were scaled by */
	int64_t totalpages_max; /* its upper bound, the same if it is exact; UNKNOWN: none */
	bool totalpages_matter; /* false: with any totalpages the order is the same */
	enum quality totalpages_quality;
	struct str totalpages_how; /* "RAM 83143 + swap 0 pages" */
	struct score *scores;	   /* one per task of the table, same order; NULL: no table */
	enum quality scores_quality;
	struct candidate expected; /* whom the formula picks */
	struct candidate chosen;   /* the kernel's choice where it differs from the victim */
	struct candidate runner_up;
	int64_t margin_pages; /* badness of expected - runner_up, in pages */
	/* If the kernel's choice is `expected`, by its badness alone: */
	int64_t spare_adj; /* the highest oom_score_adj that spares `expected`; UNKNOWN: none */
	struct candidate spared_for; /* who would be picked then */
	enum tri agrees;
	const char *decided_by; /* id of the rule that decided: "badness", "allocating-task", ... */
	int64_t score_printed, score_recomputed;
	bool score_is_lower_bound;		    /* page tables or swap were not printed */
	int64_t hidden_pages_min, hidden_pages_max; /* derived from the printed score */
	struct str says;			    /* one sentence */
};

struct history;

/* Everything returned lives in the event's arena.  NULL: no memory. */
const struct verdict *verdict_of(struct event *);
/* The same, knowing who was killed before in the same boot (analyze/history.h). */
const struct verdict *verdict_of_with(struct event *, const struct history *);

#endif
