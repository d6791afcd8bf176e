/* An event becomes a finding: everything that analyze/ says of it, as the options want it. */
#ifndef OOMWHY_CLI_JUDGE_H
#define OOMWHY_CLI_JUDGE_H

#include "analyze/history.h"
#include "cli/options.h"
#include "report/incident.h"

/*
 * *f has the event; before: who was killed earlier in the same boot.  A user-space kill
 * has no verdict: the kernel chose nobody.  With --redact the event gets other names, but
 * *ret_wanted, whether the filters take it, is said of those in the log.
 * 0, or -1: no memory.
 */
int judge(
    const struct options *, struct finding *f, const struct history *before, bool *ret_wanted);
/* What a history is made of needs the names that events get.  The same. */
int judge_before(const struct options *, struct event *killed);

#endif
