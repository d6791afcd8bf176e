/* The numbers of several streams as those of one source. */
#ifndef OOMWHY_INGEST_STATS_H
#define OOMWHY_INGEST_STATS_H

#include "ingest/source.h"

extern const struct source_stats stats_none; /* nothing was read */

/* What was read after it.  Members and packing are left alone. */
void stats_add(struct source_stats *sum, const struct source_stats *);

#endif
