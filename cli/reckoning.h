/* The kernel's counter of kills beside what the store or some logs show of this boot. */
#ifndef OOMWHY_CLI_RECKONING_H
#define OOMWHY_CLI_RECKONING_H

#include "analyze/reconcile.h"
#include "cli/options.h"
#include "store/store.h"

/* Of the logs named in the options.  -1 and *err only where nothing can go on; what cannot be
 * read is named on stderr, and *ret_failed says so. */
int reckon_logs(struct reckoning *, const struct machine *, const struct options *,
    bool *ret_failed, struct err *);
int reckon_store(struct reckoning *, const struct machine *, struct store *, struct err *);

#endif
