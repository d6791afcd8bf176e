/* Periods of the store: its rows, with what only the analysis knows, into report/period.h. */
#ifndef OOMWHY_CLI_PERIODS_H
#define OOMWHY_CLI_PERIODS_H

#include "cli/options.h"
#include "report/period.h"
#include "store/store.h"

/* The events of the span that the options let through.  0, or -1 and *err. */
int periods_fill(struct period *, struct store *, const struct options *, const struct store_span *,
    struct err *);
/* The kills of a span. */
int periods_count(struct store *, const struct options *, const struct store_span *,
    int64_t *ret_kills, struct err *);
/* What to do about the causes that come most often, from their newest events; not of those that
 * only a look at the others mends. */
int periods_advise(struct period *, struct store *, const struct options *, struct err *);

#endif
