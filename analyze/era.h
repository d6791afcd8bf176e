/*
 * The kernel's choice has been computed in some twenty ways since 2.4.  A row
 * says how, from one release to the next; which row a report falls under is
 * known from its release, checked against the shape of its lines.
 */
#ifndef OOMWHY_ANALYZE_ERA_H
#define OOMWHY_ANALYZE_ERA_H

#include "model/event.h"

#define RELEASE(major, minor, patch) ((major)*1000000 + (minor)*1000 + (patch))

enum scale {
	SCALE_OLD,	   /* total_vm, CPU time, children...: the log never has all of it */
	SCALE_THOUSANDTHS, /* of totalpages */
	SCALE_PAGES,
};

/* What of the page tables is counted, and how the table prints it. */
enum tables { TABLES_NONE, TABLES_PTES, TABLES_PTES_PMDS, TABLES_BYTES };

/* What CAP_SYS_ADMIN is worth. */
enum root_bonus {
	ROOT_NONE,
	ROOT_POINTS,  /* 30 thousandths off the result */
	ROOT_ADJ,     /* as if oom_score_adj were lower by 30 */
	ROOT_PERCENT, /* 3 % off the memory */
};

enum tie { TIE_FIRST, TIE_LAST };

struct era {
	int since;	  /* the first mainline release, as RELEASE() */
	const char *name; /* the same, for people */
	const char *formula;
	enum scale scale;
	enum tables tables;
	enum root_bonus root;
	enum tie tie;
	bool floor;	   /* an eligible task has 1 at least */
	bool wraps;	   /* computed in a 32-bit int */
	bool child;	   /* the worst child dies in place of the chosen one */
	bool memcg_order;  /* a memcg's tasks are scanned in the order of the table */
	bool node_present; /* a node counts by its present pages, not by the span of them */
	bool memcg_bytes;  /* swap pages were added to a memcg's limit in bytes */
};

/* Which row, and how that is known. */
struct era_match {
	const struct era *era;		   /* NULL: nothing in the report tells */
	const struct era *oldest, *newest; /* the rows that the report may fall under */
	int release;			   /* RELEASE() that show_mem() behaves like; 0: unknown */
	bool by_release;		   /* else by the shape of the lines */
	bool newer_than_table;		   /* than any release that was read */
	const char *vendor;		   /* "RHEL 8"; NULL: as mainline */
};

/* "5.10.0-44-amd64" is RELEASE(5, 10, 0) and build 44; 0: it is no release. */
int release_parse(struct str text, int64_t *ret_build);
struct era_match era_of(const struct event *);

#endif
