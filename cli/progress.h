/*
 * How far a long run is, on a terminal's standard error: nothing for the first second, nothing
 * in a pipe, and nothing is left of it at the end.
 */
#ifndef OOMWHY_CLI_PROGRESS_H
#define OOMWHY_CLI_PROGRESS_H

#include "cli/readings.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool on, shown;
	int64_t total, done; /* bytes of files; total UNKNOWN: a pipe is among them */
	int64_t begin_us, next_us;
	const int64_t *events;
};

/* Has the reads of these options told, if a person looks on. */
void progress_begin(
    struct progress *, const struct readings *, const int64_t *events, struct source_opts *);
/* Take it off the screen: something else is to be printed, or it is done. */
void progress_clear(struct progress *);

#endif
