/* Points in time as people give them to --since and --until. */
#ifndef OOMWHY_CLI_WHEN_H
#define OOMWHY_CLI_WHEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * RFC 3339 ("2026-11-22T22:46:01Z"), "YYYY-MM-DD", "YYYY-MM-DD HH:MM[:SS]", "now",
 * "today", "yesterday", "-2d" (units s, min, h, d, w).  Without an offset it is local
 * time, or UTC.  0, or -1 and *err.
 */
int when_parse(const char *text, int64_t now_us, bool utc, int64_t *ret_us, struct err *);
/* "90s", "1h", "2d"; false: it is none. */
bool when_duration(const char *text, int64_t *ret_us);

#endif
