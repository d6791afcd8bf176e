/* A systemd journal that stands in an archive. */
#ifndef OOMWHY_INGEST_MEMBER_JOURNAL_H
#define OOMWHY_INGEST_MEMBER_JOURNAL_H

#include "ingest/lines.h"
#include "ingest/source.h"

/*
 * All that is to be read, as a source of its own (see spool_fill for hole()).  `label`
 * must outlive it.  NULL, and *err names the member.
 */
struct source *member_journal_open(lines_read *, int64_t (*hole)(void *ctx), void *ctx,
    const char *label, const struct source_opts *, struct err *);

#endif
