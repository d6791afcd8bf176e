/*
 * What only somebody who was there can tell of an OOM kill: how the knobs stood, how long
 * tasks had waited, who was left.  Of a fixed size, so that taking it allocates nothing.
 */
#ifndef OOMWHY_MODEL_WITNESS_H
#define OOMWHY_MODEL_WITNESS_H

#include "model/machine.h"

#include <stdio.h>

enum { WITNESS_SURVIVORS = 16, WITNESS_COMM = 32, WITNESS_CGROUP = 256 };

struct survivor {
	int64_t pid, rss_kb, oom_score_adj;
	char comm[WITNESS_COMM]; /* the bytes that it gave itself */
	size_t comm_n;
	char cgroup[WITNESS_CGROUP]; /* cut at the end if it is longer */
	size_t cgroup_n;
};

struct witness {
	int64_t real_us, mono_us; /* when: of CLOCK_REALTIME, CLOCK_MONOTONIC */
	int64_t oom_kills;	  /* of /proc/vmstat, the kill that it was called for included */
	struct sysctls sysctls;
	struct meminfo memory;
	struct pressure pressure;
	int64_t processes;			      /* that were there */
	struct survivor survivors[WITNESS_SURVIVORS]; /* the largest first */
	size_t n;
};

void witness_init(struct witness *); /* all unknown */
/* A number, its name in both forms, and where it is in struct witness. */
struct witness_fact {
	const char *key;
	size_t at;
};
const struct witness_fact *witness_fact_at(size_t i); /* NULL: no more */

/* As text, a fact on each line; what is unknown is left out.  ferror() tells of failure. */
void witness_write(FILE *, const struct witness *);
/* The same in the arena; .p is NULL without memory. */
struct str witness_text(struct arena *, const struct witness *);
/* Read that back.  False: it is of another version, or no witness. */
bool witness_parse(struct str text, struct witness *ret);

#endif
