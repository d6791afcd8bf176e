/*
 * Two events side by side: what is the same, and what grew from one to the other.  Only what
 * both logs tell is compared; a row that one of them lacks is there, without a difference.
 */
#ifndef OOMWHY_ANALYZE_COMPARE_H
#define OOMWHY_ANALYZE_COMPARE_H

#include "analyze/services.h"
#include "analyze/verdict.h"

struct compare_side {
	const struct event *ev;
	const struct verdict *verdict;
	const struct ledgers *ledgers;
	const struct services *services;
};

enum compare_part {
	COMPARE_EVENT,	  /* what happened */
	COMPARE_LIMITS,	  /* what there was, and was allowed */
	COMPARE_MEMORY,	  /* the classes of the ledger */
	COMPARE_SERVICES, /* by name */
	COMPARE_ZONES,
	COMPARE_PARTS
};

enum compare_unit { COMPARE_TEXT, COMPARE_KB, COMPARE_NUMBER };

struct compare_row {
	enum compare_part part;
	enum compare_unit unit;
	struct str name;
	struct str text[2];   /* STR_NONE: not in the log */
	int64_t number[2];    /* UNKNOWN: the same */
	int64_t processes[2]; /* of a service; else UNKNOWN */
	int64_t delta;	      /* of the second to the first; UNKNOWN */
	size_t at;	      /* in the order in which they were made */
	bool differs;	      /* both are known, and are not the same */
};

struct compare {
	struct arena mem;	  /* of everything below */
	struct compare_row *rows; /* part by part; services and memory: what grew most first */
	size_t n, cap;
	bool same_event;
	int64_t apart_us;	   /* from the first to the second, by the clock; UNKNOWN */
	bool memory_is_comparable; /* the same kind of thing was full, or of both the machine is
				      told */
	bool memory_is_machine;
	const struct compare_row *grew, *shrank; /* the service that did most; NULL: none */
	struct str says;
};

/* 0, or -1: no memory; compare_done() in any case. */
int compare_make(struct compare *, const struct compare_side *, const struct compare_side *);
void compare_done(struct compare *);

const char *compare_part_name(enum compare_part);

#endif
