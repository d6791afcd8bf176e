/* What the kernel saved when it died, taken once in each boot by who follows. */
#ifndef OOMWHY_CLI_COLLECT_H
#define OOMWHY_CLI_COLLECT_H

#include "cli/options.h"
#include "store/store.h"
#include "system/root.h"

/*
 * Of each "pstore:" that the options name, or of this machine's where they name nothing.  What
 * cannot be read is said, and tried again at the next start.  -1 and *err: the store failed.
 */
int collect_pstore(struct store *, const struct root *, const struct options *, struct err *);

#endif
