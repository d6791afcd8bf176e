/* Stored reports through the parser of today. */
#ifndef OOMWHY_CLI_REPARSE_H
#define OOMWHY_CLI_REPARSE_H

#include "cli/options.h"
#include "store/store.h"

/* Inside a transaction. */
int reparse_all(struct store *, const struct options *, int64_t *ret_events, int64_t *ret_changed,
    struct err *);

#endif
