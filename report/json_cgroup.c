/* "cgroup": whose limit it was, and how full. */
#include "report/json.h"

/* A limit that is none is no number: null, and said beside it. */
static void
put_limit(struct json_object *o, const char *key, const char *unlimited_key, int64_t kb)
{
	bool none = kb == INT64_MAX;

	json_put_int(o, key, none ? UNKNOWN : kb);
	json_put(o, unlimited_key, known(kb) ? json_boolean(none) : json_null());
}

static json_t *
usage(const struct cgroup_usage *u, struct arena *mem)
{
	struct json_object o;

	if (!known(u->usage_kb))
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "usage_kb", u->usage_kb);
	put_limit(&o, "limit_kb", "limit_unlimited", u->limit_kb);
	json_put_int(&o, "failcnt", u->failcnt);
	return o.o;
}

static json_t *
one_stat(const struct cgroup_stat *s, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_str(&o, "path", s->path);
	json_put(&o, "stat", json_counters(&s->stat, mem));
	json_put_bool(&o, "truncated", s->truncated);
	return o.o;
}

static json_t *
all_stats(const struct cgroup *g, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < g->nstats; i++)
		all = json_add(all, one_stat(&g->stats[i], mem));
	return all;
}

/* The stats of the memcg whose limit it was.  Before 3.9 and after 5.2 there is only
 * one block, and it is that memcg's. */
static json_t *
own_stat(const struct cgroup *g, struct arena *mem)
{
	for (size_t i = 0; i < g->nstats; i++) {
		if (g->nstats == 1 ||
		    (g->oom_memcg.p != NULL && str_eq(g->stats[i].path, g->oom_memcg)))
			return json_counters(&g->stats[i].stat, mem);
	}
	return json_null();
}

static bool
nothing_known(const struct cgroup *g)
{
	return g->oom_memcg.p == NULL && g->task_memcg.p == NULL && g->cpuset.p == NULL &&
	       g->mems_allowed.p == NULL && g->nodemask.p == NULL && g->nstats == 0 &&
	       !known(g->memory.usage_kb) && !known(g->swap.usage_kb) &&
	       !known(g->memsw.usage_kb) && !known(g->kmem.usage_kb) &&
	       !known(g->min_protection_kb) && !known(g->low_protection_kb);
}

json_t *
json_cgroup(const struct event *ev, struct arena *mem)
{
	const struct cgroup *g = &ev->cgroup;
	struct json_object o;

	if (nothing_known(g))
		return json_null();
	o = json_begin(mem);
	json_put_str(&o, "oom_memcg", g->oom_memcg);
	json_put_str(&o, "task_memcg", g->task_memcg);
	json_put_str(&o, "cpuset", g->cpuset);
	json_put_str(&o, "mems_allowed", g->mems_allowed);
	json_put_str(&o, "nodemask", g->nodemask);
	json_put_int(&o, "usage_kb", g->memory.usage_kb);
	put_limit(&o, "limit_kb", "limit_unlimited", g->memory.limit_kb);
	json_put_int(&o, "failcnt", g->memory.failcnt);
	json_put_int(&o, "swap_usage_kb", g->swap.usage_kb);
	put_limit(&o, "swap_limit_kb", "swap_limit_unlimited", g->swap.limit_kb);
	json_put(&o, "memsw", usage(&g->memsw, mem));
	json_put(&o, "kmem", usage(&g->kmem, mem));
	json_put_int(&o, "min_protection_kb", g->min_protection_kb);
	json_put_int(&o, "low_protection_kb", g->low_protection_kb);
	json_put(&o, "stat", own_stat(g, mem));
	json_put(&o, "stats", all_stats(g, mem));
	return o.o;
}
