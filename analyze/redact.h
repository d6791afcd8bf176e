/*
 * A report that can be given away: what says whose machine it was is replaced
 * by names that say nothing, the same thing always by the same name.
 *
 * Replaced are hosts, boots, processes, cgroups, containers, pods, users, files
 * and the ids of events.  What many machines have is kept, because the report
 * is not to be understood without: the programs of our own table (mysqld,
 * java), the words of cgroup grammars (system.slice), kernel threads, users
 * below 1000, sizes, times, and the kernel's release.  Names are numbered in
 * the order in which they are met: nothing of the original is in them.
 */
#ifndef OOMWHY_ANALYZE_REDACT_H
#define OOMWHY_ANALYZE_REDACT_H

#include "model/event.h"

struct redactor;

enum {
	REDACT_NAMES_MAX = 1 << 18, /* what is met after so many is all called by one name */
};

struct redactor *redactor_new(void);   /* NULL: no memory */
void redactor_free(struct redactor *); /* NULL is fine */

/* Facts only: to be judged afterwards.  0, or -1: no memory, the event is not fit to be shown. */
int redact_event(struct redactor *, struct event *);
/* After it was judged: its lines may hold anything. */
void redact_lines(struct event *);

/*
 * Single names, for what is not of an event.  Unknown stays unknown; otherwise .p is NULL
 * without memory.  They live as long as the redactor.
 */
typedef struct str redact_fn(struct redactor *, struct str);
redact_fn redact_host, redact_comm, redact_cgroup;
redact_fn redact_id; /* hex digits: of a boot, an event, a container */
redact_fn redact_source;
/* Put the new name in the place of the old one.  False: no memory. */
bool redact_in_place(struct redactor *, redact_fn *, struct str *);

#endif
