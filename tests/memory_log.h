/* Logs that are bytes in memory, opened as files are: for the tests of ingest/. */
#ifndef OOMWHY_TESTS_MEMORY_LOG_H
#define OOMWHY_TESTS_MEMORY_LOG_H

#include "ingest/source.h"

#include <stddef.h>

extern const struct source_opts memory_log_opts; /* a fixed clock, year and zone */

struct memory_log {
	int fd;
	char path[32]; /* opens it from its beginning */
};

struct memory_log memory_log(const void *data, size_t n); /* close .fd when done */
struct source *memory_log_open(const struct memory_log *);
/* Read all of it to its end; the length of the last text in *ret_n. */
struct source_stats memory_log_read(
    const void *data, size_t n, const struct scan *wanted, size_t *ret_n);

#endif
