/* The store as the commands use it: where it is, and verdicts of what is in it. */
#ifndef OOMWHY_CLI_STORED_H
#define OOMWHY_CLI_STORED_H

#include "cli/options.h"
#include "cli/pipeline.h"
#include "store/store.h"

/* Whose verdicts the kept summaries are. */
#define STORED_ANALYZER OOMWHY_ANALYZER

/* --db, $OOMWHY_DB, or the place for this user.  NULL and *err. */
struct store *stored_open(const struct options *, enum store_mode, struct err *);
/* The same, waiting for another writer no longer than wait_ms. */
struct store *stored_open_soon(const struct options *, enum store_mode, int wait_ms, struct err *);
/* One that is there already: where there is none, nothing new is not the answer. */
struct store *stored_open_made(const struct options *, enum store_mode, struct err *);
/* An event and what is said of it, knowing who was killed before it; *ret_wanted: whether the
 * filters take it.  No options: all of it, and any.  Free ret->event. */
int stored_finding(struct store *, const struct options *, int64_t event, struct finding *ret,
    bool *ret_wanted, struct err *);
/* Its summary, in the event's memory. */
struct summary_row stored_summary(const struct finding *);
/* Make the summaries that are missing or another analyzer's, of at most `max` events after
 * *event, which becomes the last that was looked at, 0 at the end.  Inside a transaction. */
int stored_summarise(struct store *, int64_t max, int64_t *event, struct err *);
/* What explain finds where events are named, or the newest are asked for. */
pipeline_fn stored_run;
/* Whether an argument is no file, and can be the beginning of an id. */
bool stored_is_event(const char *arg);

#endif
