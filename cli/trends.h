/* What the store knows of the kills of the same program on the same host. */
#ifndef OOMWHY_CLI_TRENDS_H
#define OOMWHY_CLI_TRENDS_H

#include "analyze/trend.h"
#include "cli/options.h"
#include "store/store.h"

/* Of the event with this number, kept in *mem; *ret is NULL where there is no time or no victim.
 * 0, or -1 and *err. */
int trends_find(struct store *, const struct options *, int64_t event, struct arena *mem,
    const struct trend **ret, struct err *);

#endif
