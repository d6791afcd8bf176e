/*
 * Many events, a line each: rows in, bytes out.  A format is one const struct; those there
 * are stand in list.c.
 */
#ifndef OOMWHY_REPORT_LIST_H
#define OOMWHY_REPORT_LIST_H

#include "analyze/verdict.h"
#include "report/report.h"

/* An event, or an incident by its first event. */
struct list_row {
	struct str id, kind, host, boot_id, constraint, outcome, completeness, cgroup, trigger;
	struct str victim, decided_by, says;
	int64_t real_us, mono_us, last_us;
	int64_t victim_pid, victim_anon_kb, victims, events;
	enum tri agrees;
};

struct list_report {
	FILE *out;
	const struct report_opts *opts;
	bool incidents; /* rows are incidents */
	size_t shown;
	bool failed; /* no memory: not whole */
};

struct list_format {
	const char *name; /* --format=NAME */
	void (*begin)(struct list_report *);
	void (*row)(struct list_report *, const struct list_row *);
	void (*end)(struct list_report *);
};

const struct list_format *list_format_find(const char *name); /* NULL: none of that name */

#endif
