#include "system/cgroup.h"

#include "system/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4096 };

enum group_fact { FACT_BYTES, FACT_NUMBER, FACT_COUNTER };

struct group_file {
	const char *name;
	enum group_fact kind;
	size_t at;
	const char *key; /* of a counter */
};

#define AT(member) offsetof(struct group, member)

/* Documentation/admin-guide/cgroup-v2.rst; memory.events.local is of 5.2 and newer. */
/* clang-format off */
static const struct group_file v2_files[] = {
	{ "memory.current", FACT_BYTES, AT(usage_kb), NULL },
	{ "memory.max", FACT_BYTES, AT(limit_kb), NULL },
	{ "memory.high", FACT_BYTES, AT(high_kb), NULL },
	{ "memory.min", FACT_BYTES, AT(min_kb), NULL },
	{ "memory.low", FACT_BYTES, AT(low_kb), NULL },
	{ "memory.swap.max", FACT_BYTES, AT(swap_limit_kb), NULL },
	{ "memory.oom.group", FACT_NUMBER, AT(kill_group), NULL },
	{ "memory.events", FACT_COUNTER, AT(kills), "oom_kill" },
	{ "memory.events.local", FACT_COUNTER, AT(kills_local), "oom_kill" },
	{ NULL, FACT_BYTES, 0, NULL },
};

/* Documentation/admin-guide/cgroup-v1/memory.rst; oom_kill is of 4.13 and newer. */
static const struct group_file v1_files[] = {
	{ "memory.usage_in_bytes", FACT_BYTES, AT(usage_kb), NULL },
	{ "memory.limit_in_bytes", FACT_BYTES, AT(limit_kb), NULL },
	{ "memory.memsw.limit_in_bytes", FACT_BYTES, AT(memsw_limit_kb), NULL },
	{ "memory.swappiness", FACT_NUMBER, AT(swappiness), NULL },
	{ "memory.oom_control", FACT_COUNTER, AT(kill_disabled), "oom_kill_disable" },
	{ "memory.oom_control", FACT_COUNTER, AT(kills_local), "oom_kill" },
	{ NULL, FACT_BYTES, 0, NULL },
};
/* clang-format on */

/* Version 1 writes "no limit" as the largest multiple of a page. */
static int64_t
bytes_of(struct str s)
{
	uint64_t v;

	s = str_trim(s);
	if (str_eq_z(s, "max"))
		return INT64_MAX;
	if (!str_eat_u64(&s, &v) || s.n > 0)
		return UNKNOWN;
	return v > (uint64_t)INT64_MAX - (1 << 20) ? INT64_MAX : (int64_t)(v / 1024);
}

static int64_t
number_of(struct str s)
{
	int64_t v;

	s = str_trim(s);
	return str_eat_i64(&s, &v) && s.n == 0 ? v : UNKNOWN;
}

static void
take_file(const struct root *r, struct machine *m, const char *dir, const struct group_file *f,
    struct group *g)
{
	char path[PATH_MAX], buf[TEXT_BYTES];
	int64_t *to = (int64_t *)(void *)((char *)g + f->at), n;
	struct str text = { buf, 0 };

	if (snprintf(path, sizeof(path), "%s/%s", dir, f->name) >= (int)sizeof(path))
		return;
	n = root_read(r, path, buf, sizeof(buf));
	if (n < 0) {
		root_note(m, path, errno);
		return;
	}
	text.n = (size_t)n;
	if (f->kind == FACT_COUNTER)
		*to = counter_of(text, f->key);
	else
		*to = f->kind == FACT_BYTES ? bytes_of(text) : number_of(text);
}

static struct group *
add_group(struct machine *m, struct str path)
{
	struct groups *gs = &m->groups;
	struct group *v = arena_room(&m->mem, gs->v, gs->n, &gs->cap, sizeof(*v));

	if (v == NULL)
		return NULL;
	gs->v = v;
	v += gs->n;
	*v = (struct group){ .path = arena_dup(&m->mem, path),
		.usage_kb = UNKNOWN,
		.limit_kb = UNKNOWN,
		.high_kb = UNKNOWN,
		.min_kb = UNKNOWN,
		.low_kb = UNKNOWN,
		.swap_limit_kb = UNKNOWN,
		.memsw_limit_kb = UNKNOWN,
		.swappiness = UNKNOWN,
		.kill_group = UNKNOWN,
		.kill_disabled = UNKNOWN,
		.kills = UNKNOWN,
		.kills_local = UNKNOWN };
	if (v->path.p == NULL)
		return NULL;
	gs->n++;
	return v;
}

static size_t
depth_of(struct str path)
{
	size_t n = 0;

	for (size_t i = 0; i < path.n; i++)
		n += path.p[i] == '/';
	return n;
}

/* The groups of a directory, after those that are known.  -1: no memory. */
static int
add_children(const struct root *r, struct machine *m, const char *dir, struct str parent)
{
	struct groups *gs = &m->groups;
	DIR *d = depth_of(parent) < GROUP_DEPTH_MAX ? root_dir(r, dir) : NULL;
	const struct dirent *e;
	int rc = 0;

	if (d == NULL) {
		root_note(m, dir, errno);
		return 0;
	}
	if (str_eq_z(parent, "/"))
		parent.n = 0;
	while (rc == 0 && (e = readdir(d)) != NULL) {
		char path[PATH_MAX];
		int n;

		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		n = snprintf(path, sizeof(path), "%.*s/%s", STR_ARG(parent), e->d_name);
		if (gs->n == GROUPS_MAX || n >= (int)sizeof(path)) {
			gs->truncated = true;
			continue;
		}
		if (add_group(m, (struct str){ path, (size_t)n }) == NULL)
			rc = -1;
	}
	closedir(d);
	return rc;
}

/* Where the memory controller is mounted; NULL: nowhere. */
static const char *
find_mount(const struct root *r, enum group_version *ret)
{
	*ret = GROUPS_V2;
	if (root_has(r, "sys/fs/cgroup/cgroup.controllers"))
		return "sys/fs/cgroup";
	*ret = GROUPS_V1;
	if (root_has(r, "sys/fs/cgroup/memory/memory.usage_in_bytes"))
		return "sys/fs/cgroup/memory";
	*ret = GROUPS_V2;
	if (root_has(r, "sys/fs/cgroup/unified/cgroup.controllers"))
		return "sys/fs/cgroup/unified";
	*ret = GROUPS_NONE;
	return NULL;
}

int
machine_read_groups(const struct root *r, struct machine *m, struct err *err)
{
	const char *mount = find_mount(r, &m->groups.version);
	const struct group_file *files = m->groups.version == GROUPS_V1 ? v1_files : v2_files;

	if (mount == NULL)
		return 0;
	if (add_group(m, STR("/")) == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < m->groups.n; i++) {
		struct str path = m->groups.v[i].path;
		char dir[PATH_MAX];
		int n = snprintf(dir, sizeof(dir), "%s%.*s", mount,
		    str_eq_z(path, "/") ? 0 : (int)path.n, path.p);

		if (n >= (int)sizeof(dir))
			continue;
		for (const struct group_file *f = files; f->name != NULL; f++)
			take_file(r, m, dir, f, &m->groups.v[i]);
		if (add_children(r, m, dir, path) != 0)
			return err_no_memory(err);
	}
	return 0;
}
