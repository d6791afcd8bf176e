/*
 * What if: the kernel's choice of an event, computed again with an oom_score_adj, a limit,
 * RAM or swap that were otherwise, or with processes gone.
 *
 * The facts are copied and changed, then ranked by the formula that the verdict found.  What
 * the log does not tell stays unknown: where totalpages is not exact, both ends of what it may
 * have been are ranked.
 */
#ifndef OOMWHY_ANALYZE_WHATIF_H
#define OOMWHY_ANALYZE_WHATIF_H

#include "analyze/services.h"
#include "analyze/verdict.h"
#include "base/err.h"

/* Processes, by pid, or else by name: of the process or of its service. */
struct whatif_who {
	int64_t pid; /* UNKNOWN: by name */
	struct str name;
};

struct whatif_adj {
	struct whatif_who who;
	int64_t adj;
};

struct whatif_ask {
	const struct whatif_adj *adj;
	size_t nadj;
	const struct whatif_who *gone, *why_not;
	size_t ngone, nwhy_not;
	int64_t limit_kb, ram_kb, swap_kb; /* UNKNOWN: as it was; limit INT64_MAX: none */
};

/* A place in a ranking. */
struct whatif_row {
	size_t row; /* of the event's table */
	int64_t adj;
	int64_t memory_pages, badness; /* UNKNOWN badness: without totalpages */
};

struct whatif_ranking {
	struct whatif_row *v; /* all that can be chosen and scored, the first to die first */
	size_t n;
	int64_t total, total_max; /* pages; max UNKNOWN: no bound */
	enum quality quality;
	struct str how;
	enum tri sure;	 /* NO: with the greatest total another is first, `other` */
	size_t other;	 /* its row */
	bool asker_dies; /* whoever asks for memory does, whatever the badness */
	size_t asker;	 /* its row; SIZE_MAX: who would ask is not known */
	int64_t margin;	 /* of the first to the second, in badness; UNKNOWN */
};

/* The oom_score_adj that spares all processes of a set. */
struct whatif_spare {
	struct str name; /* of the processes; STR_NONE: only the first one */
	size_t n;	 /* processes */
	int64_t adj;	 /* the highest; -1000: no other spares; UNKNOWN: not to be told */
	bool has_then;
	size_t then; /* row of who dies in its place */
	struct str says;
};

/* Why one process was not the one. */
struct whatif_reason {
	const char *id; /* static: "lower-badness" */
	size_t row;	/* tasks.n: it is not in the table */
	int64_t rank, badness, adj;
	int64_t behind;	  /* how much lower than the first's; UNKNOWN */
	int64_t lift_adj; /* the lowest oom_score_adj that makes it the first; UNKNOWN: none */
	struct str says;
};

struct whatif_why {
	struct whatif_who who;
	bool by_service; /* the name is that of a service */
	struct whatif_reason *v;
	size_t n; /* at least 1 */
};

/* How much more memory the request that failed needed. */
struct whatif_need {
	const char *id; /* static: "limit", "zone"; NULL: the log does not tell */
	int64_t request_kb;
	int64_t least_kb; /* with less than this more, it fails just the same; UNKNOWN */
	int64_t freed_kb; /* what the kill gave back of the victims' own memory; UNKNOWN */
	enum tri helped;  /* what was asked for is enough for this request */
	struct str says;
};

struct whatif {
	struct event *ev;
	struct arena mem;    /* of everything below */
	const char *refused; /* static; why no choice can be replayed; NULL: it was */
	const char *era, *formula;
	bool in_pages;
	const char *verb;		/* "dies", or where a child may in its place, "is chosen" */
	bool changed;			/* anything was asked to be otherwise */
	struct whatif_ranking was, now; /* the same if nothing was changed */
	struct whatif_spare spares[2];	/* the first one; all of its name */
	size_t nspares;
	struct whatif_why *why;
	size_t nwhy;
	struct whatif_need need;
	struct str *notes; /* what this rests on */
	size_t nnotes, notes_cap;
	struct str says; /* one or two sentences */
};

/* services may be NULL.  0, or -1 and *err; whatif_done() in any case. */
int whatif_make(struct whatif *, struct event *, const struct verdict *, const struct services *,
    const struct whatif_ask *, struct err *);
void whatif_done(struct whatif *);

/* The first to die: the asker, or the highest badness.  tasks.n: nobody, or it is not known who. */
size_t whatif_first(const struct whatif *, const struct whatif_ranking *);

#endif
