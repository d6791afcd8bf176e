/* The tree of cgroups that memory is charged to: version 1, version 2, or both mounted. */
#ifndef OOMWHY_SYSTEM_CGROUP_H
#define OOMWHY_SYSTEM_CGROUP_H

#include "model/machine.h"
#include "system/root.h"

enum { GROUPS_MAX = 16384, GROUP_DEPTH_MAX = 64 };

/* All of it, parents before children.  -1: no memory. */
int machine_read_groups(const struct root *, struct machine *, struct err *);

#endif
