#include "model/machine.h"

/* Every int64_t of these is a fact that may be missing. */
static void
forget(void *facts, size_t size)
{
	int64_t *v = facts;

	for (size_t i = 0; i < size / sizeof(*v); i++)
		v[i] = UNKNOWN;
}

void
machine_init(struct machine *m)
{
	*m = (struct machine){ .page_size = UNKNOWN,
		.boot_us = UNKNOWN,
		.uptime_us = UNKNOWN,
		.oom_kills = UNKNOWN,
		.nodes = UNKNOWN,
		.zram_devices = UNKNOWN,
		.zswap_enabled = UNKNOWN,
		.processes = { .hidepid = UNKNOWN },
		.logging = { .ring_bytes = UNKNOWN,
		    .may_read = UNKNOWN,
		    .may_read_journal = UNKNOWN,
		    .crash_kernel = UNKNOWN,
		    .pstore = UNKNOWN } };
	forget(&m->memory, sizeof(m->memory));
	forget(&m->pressure, sizeof(m->pressure));
	forget(&m->sysctls, sizeof(m->sysctls));
}

void
machine_done(struct machine *m)
{
	arena_done(&m->mem);
}

const struct group *
group_find(const struct groups *g, struct str path)
{
	for (size_t i = 0; path.p != NULL && i < g->n; i++) {
		if (str_eq(g->v[i].path, path))
			return &g->v[i];
	}
	return NULL;
}

bool
group_holds(struct str top, struct str path)
{
	if (top.p == NULL || path.p == NULL)
		return false;
	if (str_eq_z(top, "/"))
		return true;
	return str_starts(path, top) && (path.n == top.n || path.p[top.n] == '/');
}
