/* One line for monitoring systems, with performance data behind the "|". */
#ifndef OOMWHY_REPORT_PLUGIN_H
#define OOMWHY_REPORT_PLUGIN_H

#include "report/period.h"

/* As the user gave them. */
struct plugin_limits {
	const char *warning, *critical;
};

/* state: 0 OK, 1 WARNING, 2 CRITICAL. */
void plugin_put(FILE *, int state, const struct period *, const struct plugin_limits *);
void plugin_put_unknown(FILE *, const char *why);

#endif
