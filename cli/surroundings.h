/* What stood round a report in its log, and is not in the report's own lines. */
#ifndef OOMWHY_CLI_SURROUNDINGS_H
#define OOMWHY_CLI_SURROUNDINGS_H

#include "model/event.h"

/* Give it to an event read anew, which from then on holds of `old`: that must live as long.
 * -1: no memory. */
int keep_surroundings(struct event *to, const struct event *old);

#endif
