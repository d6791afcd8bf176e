/* `ingest --follow`: sleep until the kernel says something, and have it in the store at once. */
#ifndef OOMWHY_CLI_FOLLOW_H
#define OOMWHY_CLI_FOLLOW_H

#include "cli/cmd.h"
#include "cli/options.h"

enum exit_code follow(const struct options *);

#endif
