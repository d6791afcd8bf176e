#include "analyze/era.h"

/* Rows of eras[], by the release they begin with. */
enum {
	ERA_2_4,
	ERA_2_6_9,
	ERA_2_6_11,
	ERA_2_6_18,
	ERA_2_6_20,
	ERA_2_6_26,
	ERA_2_6_32,
	ERA_2_6_36,
	ERA_2_6_39,
	ERA_3_2,
	ERA_3_5,
	ERA_3_14,
	ERA_4_0,
	ERA_4_7,
	ERA_4_9,
	ERA_4_15,
	ERA_4_17,
	ERA_5_2,
	ERA_5_3,
	ERA_5_4,
	ERA_5_9,
	ERA_7_1,
	NERAS
};

#define OLD "total_vm, CPU time, run time, nice and children: not computable from a log"
#define PTES "rss + nr_ptes + swap"

/*
 * badness() and oom_badness() @2.4.0 - 7.3, mm/oom_kill.c.  The last release read
 * is 7.3; where a change fell between two that were read, the later one is given.
 */
/* clang-format off */
static const struct era eras[NERAS] = {
	[ERA_2_4]    = { RELEASE(2, 4, 0),  "2.4",    OLD, .tie = TIE_FIRST },
	[ERA_2_6_9]  = { RELEASE(2, 6, 0),  "2.6.9",  OLD, .tie = TIE_FIRST },
	[ERA_2_6_11] = { RELEASE(2, 6, 11), "2.6.11", OLD, .tie = TIE_FIRST, .child = true },
	[ERA_2_6_18] = { RELEASE(2, 6, 18), "2.6.18", OLD, .tie = TIE_FIRST, .child = true },
	[ERA_2_6_20] = { RELEASE(2, 6, 20), "2.6.20", OLD, .tie = TIE_FIRST, .child = true },
	[ERA_2_6_26] = { RELEASE(2, 6, 26), "2.6.26", OLD, .tie = TIE_FIRST, .child = true },
	[ERA_2_6_32] = { RELEASE(2, 6, 32), "2.6.32", OLD, .tie = TIE_FIRST, .child = true },
	[ERA_2_6_36] = { RELEASE(2, 6, 36), "2.6.36",
	    "(rss + swap) * 1000 / totalpages - 30 if root + oom_score_adj",
	    SCALE_THOUSANDTHS, TABLES_NONE, ROOT_POINTS, TIE_FIRST,
	    .floor = true, .child = true, .memcg_bytes = true },
	[ERA_2_6_39] = { RELEASE(2, 6, 39), "2.6.39",
	    "(" PTES ") * 1000 / totalpages - 30 if root + oom_score_adj, in a 32-bit int",
	    SCALE_THOUSANDTHS, TABLES_PTES, ROOT_POINTS, TIE_FIRST,
	    .floor = true, .wraps = true, .child = true },
	[ERA_3_2]    = { RELEASE(3, 2, 0),  "3.2",
	    "(" PTES ") * 1000 / totalpages - 30 if root + oom_score_adj",
	    SCALE_THOUSANDTHS, TABLES_PTES, ROOT_POINTS, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_3_5]    = { RELEASE(3, 5, 0),  "3.5",
	    PTES " + (oom_score_adj - 30 if root) * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_PTES, ROOT_ADJ, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_3_14]   = { RELEASE(3, 14, 0), "3.14",
	    "(" PTES ") - 3 % if root + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_PTES, ROOT_PERCENT, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_4_0]    = { RELEASE(4, 0, 0),  "4.0",
	    "(rss + nr_ptes + nr_pmds + swap) - 3 % if root + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_PTES_PMDS, ROOT_PERCENT, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_4_7]    = { RELEASE(4, 7, 0),  "4.7",
	    "(rss + nr_ptes + nr_pmds + swap) - 3 % if root + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_PTES_PMDS, ROOT_PERCENT, TIE_LAST,
	    .floor = true, .child = true },
	[ERA_4_9]    = { RELEASE(4, 9, 0),  "4.9",
	    "(rss + nr_ptes + nr_pmds + swap) - 3 % if root + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_PTES_PMDS, ROOT_PERCENT, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_4_15]   = { RELEASE(4, 15, 0), "4.15",
	    "(rss + page tables + swap) - 3 % if root + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_PERCENT, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_4_17]   = { RELEASE(4, 17, 0), "4.17",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_FIRST,
	    .floor = true, .child = true },
	[ERA_5_2]    = { RELEASE(5, 2, 0),  "5.2",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_FIRST,
	    .floor = true },
	[ERA_5_3]    = { RELEASE(5, 3, 0),  "5.3",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_LAST,
	    .floor = true, .memcg_order = true },
	[ERA_5_4]    = { RELEASE(5, 4, 0),  "5.4",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_LAST,
	    .floor = true, .memcg_order = true, .node_present = true },
	[ERA_5_9]    = { RELEASE(5, 9, 0),  "5.9",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000)",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_LAST,
	    .memcg_order = true, .node_present = true },
	[ERA_7_1]    = { RELEASE(7, 1, 0),  "7.1",
	    "rss + page tables + swap + oom_score_adj * (totalpages / 1000), exact counters",
	    SCALE_PAGES, TABLES_BYTES, ROOT_NONE, TIE_LAST,
	    .memcg_order = true, .node_present = true },
};

/* Vendors whose release does not tell what is in it.  The first row that fits holds. */
static const struct {
	struct str prefix, mark; /* both are in the release */
	int64_t build;           /* at least */
	const char *vendor;
	int row, release;        /* of eras[]; that show_mem() behaves like */
} backports[] = {
	{ { "4.18.0-", 7 }, { ".el8", 4 },   348, "RHEL 8",    ERA_5_9,    RELEASE(5, 9, 0) },
	{ { "4.18.0-", 7 }, { ".el8", 4 },   240, "RHEL 8",    ERA_5_3,    RELEASE(5, 3, 0) },
	{ { "4.18.0-", 7 }, { ".el8", 4 },   147, "RHEL 8",    ERA_5_2,    RELEASE(5, 2, 0) },
	{ { "4.18.0-", 7 }, { ".el8", 4 },     0, "RHEL 8",    ERA_4_17,   RELEASE(4, 18, 0) },
	{ { "3.10.0-", 7 }, { ".el7", 4 },     0, "RHEL 7",    ERA_3_14,   RELEASE(4, 2, 0) },
	{ { "3.10.0-", 7 }, { ".vz7", 4 },     0, "OpenVZ 7",  ERA_3_14,   RELEASE(4, 2, 0) },
	{ { "2.6.32-", 7 }, { ".el6", 4 },     0, "RHEL 6",    ERA_3_2,    RELEASE(2, 6, 39) },
	{ { "2.6.32-", 7 }, { "stab", 4 },     0, "OpenVZ 6",  ERA_3_2,    RELEASE(2, 6, 39) },
	{ { "2.6.18-", 7 }, { ".el5", 4 },     0, "RHEL 5",    ERA_2_6_20, RELEASE(2, 6, 20) },
};

/*
 * The 3 % of 3.14 came to the stable series before it: it is in the patch level
 * given, and somewhere before that it was not.  A vendor's build counts patches
 * in its own way.
 */
static const struct {
	int series, patch;
} stable[] = { { RELEASE(3, 10, 0), 99 }, { RELEASE(3, 12, 0), 24 }, { RELEASE(3, 13, 0), 10 } };

/* The lines that only some rows print, by the columns of the task table... */
enum columns { COLUMNS_NONE, COLUMNS_ADJ, COLUMNS_SCORE_ADJ, COLUMNS_PTES, COLUMNS_PMDS,
	COLUMNS_BYTES, COLUMNS_BYTES_WIDE, COLUMNS_RSS_KINDS };

static const struct {
	int oldest, newest;
} column_rows[] = {
	[COLUMNS_NONE]       = { ERA_2_4,    ERA_7_1 },
	[COLUMNS_ADJ]        = { ERA_2_6_26, ERA_2_6_32 },
	[COLUMNS_SCORE_ADJ]  = { ERA_2_6_36, ERA_3_5 },
	[COLUMNS_PTES]       = { ERA_3_5,    ERA_3_14 },
	[COLUMNS_PMDS]       = { ERA_4_0,    ERA_4_9 },
	[COLUMNS_BYTES]      = { ERA_4_15,   ERA_5_3 },
	[COLUMNS_BYTES_WIDE] = { ERA_4_17,   ERA_7_1 },
	[COLUMNS_RSS_KINDS]  = { ERA_5_9,    ERA_7_1 },
};
/* clang-format on */

int
release_parse(struct str text, int64_t *ret_build)
{
	int64_t part[3] = { 0, 0, 0 }, build = UNKNOWN;

	for (size_t i = 0; i < ARRAY_LEN(part); i++) {
		if (i > 0 && !str_eat_chr(&text, '.'))
			break;
		if (text.n == 0 || !str_is_digit(*text.p) || !str_eat_i64(&text, &part[i]))
			return 0;
		part[i] = part[i] > 999 ? 999 : part[i];
	}
	if (!str_eat_chr(&text, '-') || text.n == 0 || !str_is_digit(*text.p) ||
	    !str_eat_i64(&text, &build))
		build = UNKNOWN;
	*ret_build = build;
	return RELEASE((int)part[0], (int)part[1], (int)part[2]);
}

static enum columns
columns_of(const struct task_table *table)
{
	const struct task *t = table->v;

	if (table->n == 0)
		return COLUMNS_NONE;
	if (known(t->rss_anon_pages))
		return COLUMNS_RSS_KINDS;
	if (known(t->pgtables_bytes))
		return str_starts(table->header, STR("[  pid  ]")) ? COLUMNS_BYTES_WIDE
								   : COLUMNS_BYTES;
	if (known(t->nr_pmds))
		return COLUMNS_PMDS;
	if (known(t->nr_ptes))
		return COLUMNS_PTES;
	if (known(t->oom_score_adj))
		return COLUMNS_SCORE_ADJ;
	return known(t->oom_adj) ? COLUMNS_ADJ : COLUMNS_NONE;
}

/* ... and by the lines around it. */
static void
narrow_by_shape(const struct event *ev, int *oldest, int *newest)
{
	const struct victim *v = event_victim(ev);
	enum columns columns = columns_of(&ev->tasks);
	/* "Kill process P (C) score N or sacrifice child" went with 5.2 and RHEL 8.1. */
	bool chosen = known(ev->chosen.score);
	int at_least = column_rows[columns].oldest, at_most = column_rows[columns].newest;

	if (known(ev->summary.line))
		at_least = at_least > ERA_4_17 ? at_least : ERA_4_17;
	else if (v != NULL && columns >= COLUMNS_BYTES && !chosen && v->role == ROLE_CHOSEN)
		at_least = at_least > ERA_5_2 ? at_least : ERA_5_2;
	if (v != NULL && known(v->pgtables_kb))
		at_least = ERA_5_4;
	/* "OOM victim %d (%s) is already exiting. Skip killing the task" */
	if (ev->outcome == OUTCOME_NONE && known(ev->chosen.pid) && !chosen)
		at_least = ERA_5_9;
	if (chosen && at_most > ERA_4_17)
		at_most = ERA_4_17;
	/* "oom_adj=%d" alone ends the head line until 2.6.35, with oom_score_adj behind it
	 * until 3.6. */
	if (known(ev->trigger.oom_adj) && !known(ev->trigger.oom_score_adj) && at_most > ERA_2_6_32)
		at_most = ERA_2_6_32;
	if (at_least > at_most)
		return; /* lines that no kernel prints together tell nothing */
	*oldest = at_least;
	*newest = at_most;
}

struct rows {
	int oldest, newest;
};

static struct rows
rows_of_stable(int release, int64_t build, int row)
{
	struct rows r = { row, row };

	for (size_t i = 0; i < ARRAY_LEN(stable); i++) {
		int patch = release - stable[i].series;

		if (patch < 0 || patch > 999)
			continue;
		if (patch > 0 || known(build))
			r.newest = ERA_3_14;
		if (patch >= stable[i].patch)
			r.oldest = ERA_3_14;
	}
	return r;
}

/* The rows of a release; NERAS if it is of none. */
static struct rows
rows_of_release(struct str text, struct era_match *m)
{
	int64_t build = UNKNOWN;
	int release = release_parse(text, &build), row = NERAS;

	if (release < RELEASE(2, 4, 0))
		return (struct rows){ NERAS, NERAS };
	m->release = release;
	m->newer_than_table = release >= RELEASE(7, 4, 0);
	for (size_t i = 0; i < ARRAY_LEN(backports); i++) {
		if (!str_starts(text, backports[i].prefix) || !str_has(text, backports[i].mark) ||
		    (known(build) ? build : 0) < backports[i].build)
			continue;
		m->vendor = backports[i].vendor;
		m->release = backports[i].release;
		return (struct rows){ backports[i].row, backports[i].row };
	}
	for (int i = 0; i < NERAS && eras[i].since <= release; i++)
		row = i;
	return rows_of_stable(release, build, row);
}

struct era_match
era_of(const struct event *ev)
{
	struct era_match m = { 0 };
	int oldest = 0, newest = NERAS - 1;
	struct rows rows = rows_of_release(ev->kernel, &m);

	narrow_by_shape(ev, &oldest, &newest);
	if (rows.newest < NERAS) {
		m.by_release = true;
		/* A release whose lines are of another era carries that era's code. */
		if (m.vendor == NULL && (rows.newest < oldest || rows.oldest > newest)) {
			rows.oldest = rows.newest = rows.newest < oldest ? oldest : newest;
			m.release = eras[rows.newest].since;
		}
		oldest = rows.oldest;
		newest = rows.newest;
	} else if (columns_of(&ev->tasks) == COLUMNS_NONE && !known(ev->summary.line) &&
		   !known(ev->chosen.line)) {
		return m;
	} else {
		m.release = eras[newest].since;
	}
	m.era = &eras[newest];
	m.oldest = &eras[oldest];
	m.newest = &eras[newest];
	return m;
}
