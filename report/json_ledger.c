/* "ledger": where the memory was. */
#include "report/json.h"

static const char *const scopes[] = { "machine", "node", "zone", "memcg" };

static json_t *
entries(const struct ledger *l, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->n; i++) {
		struct json_object o = json_begin(mem);

		json_put_name(&o, "name", ledger_entry_name(l->v[i].name));
		json_put_int(&o, "kb", l->v[i].kb);
		all = json_add(all, o.o);
	}
	return all;
}

static struct json_object
one(const struct ledger *l, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "scope", scopes[l->scope]);
	json_put_str(&o, "of", l->of);
	json_put_int(&o, "node", l->node);
	json_put_int(&o, "total_kb", l->total_kb);
	json_put_bool(&o, "total_is_present", l->total_is_present);
	/* As in "cgroup": no limit is no number. */
	json_put_int(&o, "limit_kb", l->limit_kb == INT64_MAX ? UNKNOWN : l->limit_kb);
	json_put(&o, "entries", entries(l, mem));
	json_put_int(&o, "sum_kb", l->sum_kb);
	json_put_int(&o, "unaccounted_kb", l->unaccounted_kb);
	json_put_int(&o, "rest_kb", l->rest_kb);
	json_put_bool(&o, "partial", l->partial);
	json_put_int(&o, "shmem_kb", l->shmem_kb);
	json_put_int(&o, "mlocked_kb", l->mlocked_kb);
	json_put_int(&o, "swapcached_kb", l->swapcached_kb);
	json_put_int(&o, "mapped_kb", l->mapped_kb);
	json_put_int(&o, "free_cma_kb", l->free_cma_kb);
	json_put_int(&o, "huge_free_kb", l->huge_free_kb);
	json_put_int(&o, "line", l->line);
	return o;
}

static json_t *
several(const struct ledger *v, size_t n, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		all = json_add(all, one(&v[i], mem).o);
	return all;
}

/* Of what ran out; beside it the machine, where a cgroup's report has its figures too. */
json_t *
json_ledger(const struct ledgers *all, struct arena *mem)
{
	struct json_object o;

	if (all == NULL || all->scope == NULL)
		return json_null();
	o = one(all->scope, mem);
	json_put(&o, "machine",
	    all->machine == NULL || all->machine == all->scope ? json_null()
							       : one(all->machine, mem).o);
	json_put(&o, "nodes", several(all->nodes, all->nnodes, mem));
	json_put(&o, "zones", several(all->zones, all->nzones, mem));
	return o.o;
}
