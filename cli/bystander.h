/*
 * Who follows a log is there when somebody is killed: what it sees of the machine at that
 * moment is noted beside the event.
 */
#ifndef OOMWHY_CLI_BYSTANDER_H
#define OOMWHY_CLI_BYSTANDER_H

#include "model/event.h"
#include "model/witness.h"
#include "system/root.h"

struct bystander {
	struct root root;
	struct witness seen;
	int64_t seen_us; /* UNKNOWN: nothing yet */
};

int bystander_open(struct bystander *, struct err *);
/*
 * Look round, unless that was done a moment ago, and note it with the event if that happened
 * just now.  now_us: a clock that only runs.
 */
int bystander_tell(struct bystander *, int64_t now_us, struct event *, struct err *);
void bystander_close(struct bystander *);

#endif
