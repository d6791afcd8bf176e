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

static const struct group *
group_by_last_part(const struct groups *g, struct str name)
{
	const struct group *found = NULL;

	for (size_t i = 0; name.n > 0 && i < g->n; i++) {
		struct str path = g->v[i].path;

		if (path.n <= name.n || !str_ends(path, name) || path.p[path.n - name.n - 1] != '/')
			continue;
		if (found != NULL)
			return NULL;
		found = &g->v[i];
	}
	return found;
}

const struct group *
group_named(const struct groups *g, struct str name)
{
	if (str_eat(&name, STR("/sys/fs/cgroup"))) {
		if (g->version == GROUPS_V1)
			str_eat(&name, STR("/memory"));
		if (name.n == 0)
			name = STR("/");
	}
	while (name.n > 1 && name.p[name.n - 1] == '/')
		name.n--;
	if (name.n > 0 && *name.p == '/')
		return group_find(g, name);
	return group_by_last_part(g, name);
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
