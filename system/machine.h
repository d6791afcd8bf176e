/* All that is known of a machine, read at once. */
#ifndef OOMWHY_SYSTEM_MACHINE_H
#define OOMWHY_SYSTEM_MACHINE_H

#include "model/machine.h"
#include "system/root.h"

enum machine_parts {
	PART_PROCESSES = 1,
	PART_GROUPS = 2,
	PART_SETTINGS = 4, /* sysctls and what configures logs: most of it only for doctor */
};

/* Memory, release and boot are always read.  0, or -1 and *err; machine_done() in any case. */
int machine_read(struct machine *, const struct root *, unsigned parts, struct err *);

/* settings.c: knobs as they are set; logging.c: what becomes of messages. */
void sysctls_read(const struct root *, struct sysctls *); /* of proc/sys; no allocation */
void machine_read_sysctls(const struct root *, struct machine *);
int machine_read_dead_settings(const struct root *, struct machine *, struct err *);
void machine_read_logging(const struct root *, struct machine *);

#endif
