/*
 * Who would be killed now: the formula of an era over the processes of a machine, for the
 * machine as a whole or within the limit of a cgroup.
 */
#ifndef OOMWHY_ANALYZE_NEXT_H
#define OOMWHY_ANALYZE_NEXT_H

#include "analyze/badness.h"
#include "base/err.h"
#include "model/machine.h"

/* A process and its place. */
struct next_row {
	const struct process *p;
	struct score score;
	int64_t pages; /* rss, without swap and page tables */
	int64_t swap_pages;
	int64_t shares;		/* its mm with the first: 1, 0; UNKNOWN: not asked */
	int64_t score_expected; /* what its /proc/PID/oom_score should say; UNKNOWN */
};

/* Something that would make it come out otherwise. */
struct next_effect {
	const char *id; /* static */
	struct str says;
};

struct next {
	const struct machine *machine;
	struct event *ev;	   /* as a report of now would be; owns everything below */
	const struct group *group; /* whose limit; NULL: the whole machine */
	const char *era, *formula;
	int64_t total; /* pages */
	struct str total_how;
	struct next_row *v; /* the next victim first, then all others in their order, and who
			       cannot be chosen last */
	size_t n, nranked, neligible;
	const struct next_row *first, *second; /* NULL: nobody */
	int64_t margin_pages;
	int64_t spare_adj; /* the highest that spares `first`; UNKNOWN: none does */
	const struct next_row *spared_for;
	size_t sharers;	      /* that have the first's memory, and die with it */
	size_t agree, differ; /* of the kernel's own oom_score with ours */
	struct next_effect *effects;
	size_t neffects, effects_cap;
	struct str says; /* one sentence */
};

/* Whether two processes have one mm: 1, 0, UNKNOWN. */
typedef int64_t next_shares(int64_t pid, int64_t other);

/* cgroup STR_NONE: the whole machine.  shares NULL: nobody can be asked.  0, or -1 and *err;
 * next_done() in any case. */
int next_make(
    const struct machine *, struct str cgroup, next_shares *, struct next *ret, struct err *);
void next_done(struct next *);

/* next_effects.c: everything in n->effects.  -1: no memory. */
int next_effects(struct next *);
/* next_says.c: the sentence.  -1: no memory. */
int next_sentence(struct next *);

/* What /proc/PID/oom_score says of a badness: proc_oom_score() @2.6.36 - 7.3. */
int64_t oom_score_of(const struct formula *, int64_t badness);
/* The name of the program, if it is one that kills before the kernel does; else NULL. */
const char *killer_named(struct str comm);

#endif
