/* The figures of the cgroup whose limit was hit: of its whole subtree. */
#include "analyze/rule.h"

/* Bytes of the statistics, which are those of the limit's owner where there are several. */
static int64_t
stat_kb(const struct facts *f, const char *key)
{
	const struct cgroup *cg = &f->ev->cgroup;
	int64_t bytes;

	if (cg->nstats == 0)
		return UNKNOWN;
	bytes = counter_get(&cg->stats[0].stat, key);
	return known(bytes) && bytes >= 0 ? bytes / 1024 : UNKNOWN;
}

static int64_t
either(int64_t a, int64_t b)
{
	return known(a) ? a : b;
}

void
facts_cgroup(struct facts *f)
{
	const struct cgroup_usage *u = &f->ev->cgroup.memory;

	if (!f->memcg)
		return;
	f->usage = u->usage_kb;
	f->limit = u->limit_kb;
	/* v2 has "anon" and "file", v1 "rss" and "cache"; cache and file include shmem. */
	f->cg_anon = either(stat_kb(f, "anon"), stat_kb(f, "rss"));
	f->cg_file = either(stat_kb(f, "file"), stat_kb(f, "cache"));
	f->cg_shmem = stat_kb(f, "shmem");
	f->cg_dirty = either(stat_kb(f, "file_dirty"), stat_kb(f, "dirty"));
	f->cg_writeback = either(stat_kb(f, "file_writeback"), stat_kb(f, "writeback"));
	f->cg_kernel = either(stat_kb(f, "kernel"), f->ev->cgroup.kmem.usage_kb);
	f->cg_swapcached = stat_kb(f, "swapcached");
	f->cg_anon_lists = plus(stat_kb(f, "active_anon"), stat_kb(f, "inactive_anon"));
}

int64_t
stat_line(const struct facts *f)
{
	return f->ev->cgroup.nstats > 0 ? f->ev->cgroup.stats[0].line : UNKNOWN;
}
