/* Which events the user asked for. */
#ifndef OOMWHY_CLI_FILTER_H
#define OOMWHY_CLI_FILTER_H

#include "model/event.h"

struct filter {
	const char *host, *victim;  /* exact names; NULL: any */
	enum constraint constraint; /* CONSTRAINT_UNKNOWN: any */
	int64_t since_us, until_us; /* UNKNOWN: open */
};

/* An event whose time is not known is in no span of time. */
bool filter_match(const struct filter *, const struct event *);

#endif
