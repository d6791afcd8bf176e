/*
 * Ranges as monitoring plugins take them: an alert is what lies outside, or inside of "@".
 * https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT
 */
#ifndef OOMWHY_CLI_THRESHOLD_H
#define OOMWHY_CLI_THRESHOLD_H

#include "base/str.h"

struct threshold {
	int64_t from, to; /* INT64_MIN + 1, INT64_MAX: open; both are part of the range */
	bool inside;
};

/* "10", "10:", "~:10", "10:20", "@10:20": false: it is none. */
bool threshold_parse(const char *, struct threshold *ret);
bool threshold_alerts(const struct threshold *, int64_t value);

/* As it is given back in the performance data. */
struct threshold_text {
	char s[64];
};
struct threshold_text threshold_text(const struct threshold *);

#endif
