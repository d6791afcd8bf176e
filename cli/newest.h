/* The one kill that a question is about: the newest of what the arguments name. */
#ifndef OOMWHY_CLI_NEWEST_H
#define OOMWHY_CLI_NEWEST_H

#include "cli/options.h"
#include "cli/pipeline.h"

/*
 * Of an EVENT of the store, of SOURCEs, or of this machine without arguments, by the options'
 * filters.  0 with ret->event, to be freed; or -1 and *err, where there is none too.
 * *ret_partly: some input could not be read.
 */
int newest_find(const struct options *, struct finding *ret, bool *ret_partly, struct err *);

#endif
