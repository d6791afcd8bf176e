/* Source, parser, filter, verdict, sink: the loop that every command shares. */
#ifndef OOMWHY_CLI_PIPELINE_H
#define OOMWHY_CLI_PIPELINE_H

#include "cli/options.h"
#include "ingest/expand.h"
#include "model/note.h"
#include "report/report.h"

/* Takes the finding's event.  0, or -1 and *err to stop. */
typedef int finding_sink(void *ctx, struct finding, unsigned source, struct err *);

struct pipeline {
	const struct options *opts;
	finding_sink *sink;
	void *ctx;
	/* Also what stands beside the events; NULL: not wanted. */
	void (*note)(void *ctx, const struct note *, unsigned source);
	struct searched searched; /* grows by one for each source */
	struct arena mem;	  /* of what `searched` points at */
	bool failed;		  /* some input could not be read */

	const struct source_set *set; /* to be read instead of the options' paths; or NULL */

	/* For one file of which opts->source.part is given: where the next reading of it begins,
	 * and whether the sink is given what was still open at the end. */
	struct log_place next;
	struct arena next_mem;
	bool at_end;
};

/*
 * Read all sources of the options.  A source that cannot be read is noted and
 * named on stderr; -1 is for what stops the whole run.
 */
typedef int pipeline_fn(struct pipeline *, struct err *);
pipeline_fn pipeline_run;
/* Room for one more source in `searched`; NULL: no memory. */
struct searched_source *pipeline_add_source(struct pipeline *, const char *path);
void pipeline_done(struct pipeline *);

#endif
