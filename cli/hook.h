/* A program of the user's for each new event: never waited for. */
#ifndef OOMWHY_CLI_HOOK_H
#define OOMWHY_CLI_HOOK_H

#include "report/report.h"

#include <sys/types.h>

enum { HOOKS_AT_ONCE = 8, HOOK_SECONDS = 60 };

struct hooks {
	const char *program; /* NULL: none */
	pid_t running[HOOKS_AT_ONCE];
};

/* Its standard input is the event as `parse` writes it.  After HOOK_SECONDS it is ended by
 * SIGALRM.  0, or -1 and *err. */
int hook_run(struct hooks *, const struct finding *, struct err *);
void hook_reap(struct hooks *); /* after SIGCHLD */

#endif
