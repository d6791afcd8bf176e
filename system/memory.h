/* The counters of the whole machine. */
#ifndef OOMWHY_SYSTEM_MEMORY_H
#define OOMWHY_SYSTEM_MEMORY_H

#include "model/machine.h"
#include "system/root.h"

void meminfo_parse(struct str text, struct meminfo *);
void pressure_parse(struct str text, struct pressure *);
/* "oom_kill 3" among lines of that kind; UNKNOWN: none. */
int64_t counter_of(struct str text, const char *key);

/* meminfo, vmstat, pressure, uptime, release and boot of a machine.  -1: no memory. */
int machine_read_memory(const struct root *, struct machine *, struct err *);

#endif
