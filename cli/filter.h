/* Which events the user asked for. */
#ifndef OOMWHY_CLI_FILTER_H
#define OOMWHY_CLI_FILTER_H

#include "report/incident.h"

struct filter {
	const char *host, *victim;  /* exact names; NULL: any */
	const char *service;	    /* of a victim: the service, unit, container or pod */
	enum constraint constraint; /* CONSTRAINT_UNKNOWN: any */
	int64_t since_us, until_us; /* UNKNOWN: open */
};

/* An event whose time is not known is in no span of time. */
bool filter_match(const struct filter *, const struct finding *);

#endif
