/* "witness": what somebody saw who was there when it happened. */
#include "report/json.h"

#include "analyze/place.h"
#include "model/witness.h"

static json_t *
survivor(const struct survivor *s, struct arena *mem)
{
	struct str cgroup = { s->cgroup, s->cgroup_n };
	struct json_object o = json_begin(mem);

	json_put_int(&o, "pid", s->pid);
	json_put_str(&o, "comm", (struct str){ s->comm, s->comm_n });
	json_put_int(&o, "rss_kb", s->rss_kb);
	json_put_int(&o, "oom_score_adj", s->oom_score_adj);
	json_put_str(&o, "cgroup", cgroup);
	json_put_str(&o, "unit", place_of(mem, cgroup).unit);
	return o.o;
}

json_t *
json_witness(const struct event *ev, struct arena *mem)
{
	struct json_object o;
	struct witness w;
	json_t *survivors;

	if (ev->witness.p == NULL || !witness_parse(ev->witness, &w))
		return json_null();
	o = json_begin(mem);
	json_put_time(&o, "time", w.real_us);
	for (size_t i = 0; witness_fact_at(i) != NULL; i++) {
		const struct witness_fact *fact = witness_fact_at(i);
		const char *at = (const char *)&w + fact->at;

		if (at != (const char *)&w.real_us)
			json_put_int(&o, fact->key, *(const int64_t *)(const void *)at);
	}
	survivors = json_array();
	for (size_t i = 0; i < w.n; i++)
		survivors = json_add(survivors, survivor(&w.survivors[i], mem));
	json_put(&o, "survivors", survivors);
	return o.o;
}
