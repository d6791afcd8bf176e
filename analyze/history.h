/*
 * Who was killed shortly before, in the same boot.  A victim that has not let go
 * of its memory yet is listed in the next report too, but cannot be chosen again.
 * The caller keeps one of these for each host and boot.
 */
#ifndef OOMWHY_ANALYZE_HISTORY_H
#define OOMWHY_ANALYZE_HISTORY_H

#include "model/event.h"

enum { HISTORY_MAX = 64, HISTORY_COMM = 32 };

struct killed {
	int64_t pid;
	int64_t total_vm_kb; /* with the pid and the name, the mark of one process */
	int64_t mono_us, real_us;
	char comm[HISTORY_COMM]; /* as printed, cut */
	size_t comm_n;
};

/* Zero-initialise. */
struct history {
	struct killed v[HISTORY_MAX]; /* a ring */
	size_t n;		      /* ever added */
};

/* Remember the event's victims, after its verdict. */
void history_add(struct history *, const struct event *);
/* Whether the task is one that was killed before.  h may be NULL. */
bool history_has(
    const struct history *h, const struct event *, const struct task *, int64_t page_size);

#endif
