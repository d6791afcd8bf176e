/*
 * The kernel counts what it kills; a log shows what was kept of it.  Both are of one boot:
 * the counters begin at 0 with every one.
 *
 * oom_kill of /proc/vmstat is increased once for each "Killed process" line
 * (__oom_kill_process() @4.13 - 7.3), so lines are what compares, and not victims: of a
 * memory.oom.group the chosen one has two.
 */
#ifndef OOMWHY_ANALYZE_RECONCILE_H
#define OOMWHY_ANALYZE_RECONCILE_H

#include "model/event.h"
#include "model/machine.h"

struct reckoning {
	int64_t counted;     /* by the kernel since boot; UNKNOWN before 4.13 */
	int64_t logged;	     /* kill lines that are of this boot */
	int64_t unsure;	     /* kill lines that may be */
	int64_t events;	     /* of this boot */
	const char *where;   /* what was searched: a store's path, "the logs"; NULL: nothing */
	const char *why_not; /* nothing could be searched, and why */
};

enum boot_match { BOOT_OTHER, BOOT_THIS, BOOT_UNSURE };

/* Of which boot an event is, by its id, else by its host and time. */
enum boot_match event_boot(const struct event *, const struct machine *);
/* How many kills the event's lines tell; by user-space killers none. */
int64_t event_kill_lines(const struct event *);
void reckon(struct reckoning *, const struct event *, const struct machine *);

#endif
