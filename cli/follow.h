/* `ingest --follow`: sleep until the kernel says something, and have it in the store at once. */
#ifndef OOMWHY_CLI_FOLLOW_H
#define OOMWHY_CLI_FOLLOW_H

#include "cli/cmd.h"
#include "cli/options.h"

/* The options change where their files are read again. */
enum exit_code follow(struct options *);

#endif
