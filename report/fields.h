/*
 * One event as a flat set of named values, for programs that have names of
 * their own for such things: the Elastic Common Schema and OpenTelemetry's
 * semantic conventions.  Each value is a row of the table in fields.c.
 */
#ifndef OOMWHY_REPORT_FIELDS_H
#define OOMWHY_REPORT_FIELDS_H

#include "report/json.h"

struct field {
	const char *ecs;  /* "process.pid"; NULL: ECS has no place for it */
	const char *otel; /* NULL: no attribute */
	bool resource;	  /* otel: of what produced the log, not of the record */
	/* json null: the log does not say; NULL: no memory. */
	json_t *(*get)(const struct finding *, struct arena *);
};

const struct field *field_at(size_t i); /* NULL: no more */
/* What happened, in one line of words. */
json_t *field_message(const struct finding *, struct arena *);

#endif
