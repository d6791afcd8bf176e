/* The user's own names for services: --rules, else /etc/oomwhy/services.conf. */
#ifndef OOMWHY_CLI_RULES_H
#define OOMWHY_CLI_RULES_H

#include "analyze/service_rules.h"

#define RULES_FILE "/etc/oomwhy/services.conf"

/* file: NULL reads RULES_FILE if there is one.  arena_done(&ret->mem) frees it.  0 or -1. */
int rules_load(const char *file, struct service_rules *ret, struct err *);

#endif
