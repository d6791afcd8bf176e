/*
 * Several files of the pstore as one source: a dump is in as many files as it has parts
 * (dmesg-efi-..., dmesg-ramoops-N), and a report goes on from one to the next.
 */
#ifndef OOMWHY_INGEST_JOINED_H
#define OOMWHY_INGEST_JOINED_H

#include "ingest/source.h"

#include <stdbool.h>

/* Whether it is a regular file that begins as one of the pstore does. */
bool joined_is_part(const char *path);
/*
 * All of the files, in the order of their dumps and parts, however they are named and given.
 * `label` is what the records are told to come from; lines are counted through all files as
 * given.  NULL and *err if the first cannot be opened; paths and label must outlive it.
 */
struct source *joined_open(const char *const *paths, size_t n, const char *label,
    const struct source_opts *, struct err *);

#endif
