/*
 * Who was killed before, kept for each host and boot: a verdict needs to know.
 * Bounded: of very many hosts the one longest not heard of is forgotten.
 */
#ifndef OOMWHY_CLI_HISTORIES_H
#define OOMWHY_CLI_HISTORIES_H

#include "analyze/history.h"

enum { HISTORIES_MAX = 64 };

struct boot_history {
	char host[64]; /* cut; hosts that differ only further on share their history */
	char boot_id[36];
	unsigned number, source;
	int64_t used; /* when it was last asked for, by count */
	struct history history;
};

/* Zero-initialise. */
struct histories {
	struct boot_history *v[HISTORIES_MAX];
	size_t n;
	int64_t asked;
};

/* The history of the event's boot; NULL: no memory.  `source`: number of the input. */
struct history *histories_get(struct histories *, const struct event *, unsigned source);
void histories_done(struct histories *);

#endif
