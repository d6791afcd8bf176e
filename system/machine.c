#include "system/machine.h"

#include "system/cgroup.h"
#include "system/memory.h"
#include "system/process.h"

int
machine_read(struct machine *m, const struct root *r, unsigned parts, struct err *err)
{
	machine_init(m);
	m->live = r->live;
	if (machine_read_memory(r, m, err) != 0)
		return -1;
	machine_read_sysctls(r, m);
	if ((parts & PART_PROCESSES) != 0 && processes_read(r, &m->mem, &m->processes, err) != 0)
		return -1;
	if ((parts & PART_GROUPS) != 0 && machine_read_groups(r, m, err) != 0)
		return -1;
	if ((parts & PART_SETTINGS) == 0)
		return 0;
	machine_read_logging(r, m);
	return machine_read_dead_settings(r, m, err);
}
