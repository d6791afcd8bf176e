/*
 * The files of one log that was rotated, packed or not, as one source: a report that was cut
 * by the rotation is whole in it.
 */
#ifndef OOMWHY_INGEST_ARCHIVE_H
#define OOMWHY_INGEST_ARCHIVE_H

#include "ingest/source.h"

/* In the order given, the oldest first; each record tells its own file and line.  The paths
 * must outlive the source.  NULL: no memory, and *err. */
struct source *archive_open_rotated(
    const char *const *paths, size_t n, const struct source_opts *, struct err *);

#endif
