/* An event becomes a finding: everything that analyze/ says of it. */
#ifndef OOMWHY_CLI_JUDGE_H
#define OOMWHY_CLI_JUDGE_H

#include "analyze/history.h"
#include "report/incident.h"

/*
 * *f has the event; before: who was killed earlier in the same boot.  A user-space kill
 * has no verdict: the kernel chose nobody.  0, or -1: no memory.
 */
int judge(struct finding *f, const struct history *before, const struct service_rules *);

#endif
