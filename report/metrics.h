/*
 * What a store holds as metrics for Prometheus, in the text format that node_exporter's textfile
 * collector reads: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
#ifndef OOMWHY_REPORT_METRICS_H
#define OOMWHY_REPORT_METRICS_H

#include "report/period.h"

/* How events are told apart in the labels: the constraint, or that no kernel killed. */
enum { METRIC_SCOPES = 6 };

struct metrics {
	const char *version;
	int64_t events[METRIC_SCOPES], victims[METRIC_SCOPES]; /* that ever came */
	int64_t lost_records;
	int64_t stored_events, store_bytes;
	int64_t last_event_us, alive_s; /* UNKNOWN: none yet */
	const struct period *recent;	/* of METRICS_RECENT_H hours */
};

enum { METRICS_RECENT_H = 24 };

/* Which of them an event's scope is; the last one for what is not known. */
size_t metrics_scope(struct str scope);
void metrics_put(FILE *, const struct metrics *);

#endif
