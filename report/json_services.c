/* "services": what the processes of the list were of, and what they held together. */
#include "report/json.h"

static json_t *
pids(const struct service *s, const struct event *ev)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->ntasks; i++)
		all = json_add(all, json_int(ev->tasks.v[s->tasks[i]].pid));
	return all;
}

/* A share of what ran out, as a fraction of 1. */
static json_t *
share(int64_t permille)
{
	return known(permille) ? json_real((double)permille / 1000) : json_null();
}

static json_t *
service(const struct service *s, const struct event *ev, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_str(&o, "name", s->name);
	json_put_str(&o, "comm", s->comm);
	json_put_name(&o, "kind", service_kind_name(s->kind));
	json_put_name(&o, "class", service_class_name(s->class));
	json_put_bool(&o, "witnessed", s->witnessed);
	json_put_str(&o, "unit", s->place.unit);
	json_put_str(&o, "container_id", s->place.container_id);
	json_put_str(&o, "pod_uid", s->place.pod_uid);
	json_put_int(&o, "uid", s->uid);
	json_put_int(&o, "oom_score_adj", s->adj);
	json_put_int(&o, "tasks", (int64_t)s->ntasks);
	json_put(&o, "pids", pids(s, ev));
	json_put_int(&o, "rss_kb", s->rss_kb);
	json_put_int(&o, "private_kb", s->private_kb);
	json_put_int(&o, "private_min_kb", s->private_min_kb);
	json_put_int(&o, "swap_kb", s->swap_kb);
	json_put_int(&o, "pgtables_kb", s->pgtables_kb);
	json_put(&o, "share", share(s->share_permille));
	json_put_bool(&o, "victim", s->victim);
	json_put_bool(&o, "trigger", s->trigger);
	return o.o;
}

json_t *
json_services(const struct services *all, const struct event *ev, struct arena *mem)
{
	json_t *list;

	if (all == NULL || (!ev->tasks.seen && ev->tasks.n == 0))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < all->n; i++)
		list = json_add(list, service(&all->v[i], ev, mem));
	return list;
}
