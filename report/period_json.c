/* A period as one document: docs/schema/oomwhy.report-1.json. */
#include "report/json.h"
#include "report/period_formats.h"

static const struct json_field counts[] = {
	{ "events", offsetof(struct period, events) },
	{ "kills", offsetof(struct period, kills) },
	{ "incidents", offsetof(struct period, incidents) },
	{ "panics", offsetof(struct period, panics) },
	{ "nobody_killable", offsetof(struct period, unkilled) },
	{ "userspace", offsetof(struct period, userspace) },
	{ "without_time", offsetof(struct period, untimed) },
	{ "kills_before", offsetof(struct period, kills_before) },
};

static json_t *
names(const struct period_names *all, struct arena *mem)
{
	json_t *list = json_array();

	for (size_t i = 0; i < all->n && i < PERIOD_TOP; i++) {
		struct json_object o = json_begin(mem);

		json_put_str(&o, "name", all->v[i].name);
		json_put_int(&o, "kills", all->v[i].kills);
		json_put_int(&o, "events", all->v[i].events);
		json_put_time(&o, "last_time", all->v[i].last_us);
		json_put_name(&o, "last_id", all->v[i].last_id);
		list = json_add(list, o.o);
	}
	return list;
}

static json_t *
incidents(const struct period *p, struct arena *mem)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->nnewest; i++) {
		const struct period_incident *in = &p->newest[i];
		struct json_object o = json_begin(mem);

		json_put_name(&o, "id", in->id);
		json_put_str(&o, "host", period_str(&in->host));
		json_put_time(&o, "time", in->first_us);
		json_put_time(&o, "last_time", in->last_us);
		json_put_int(&o, "events", in->events);
		json_put_int(&o, "kills", in->kills);
		json_put_str(&o, "constraint", period_str(&in->constraint));
		json_put_str(&o, "outcome", period_str(&in->outcome));
		json_put_str(&o, "cgroup", period_str(&in->cgroup));
		json_put_str(&o, "victim", period_str(&in->victim));
		json_put_str(&o, "service", period_str(&in->service));
		list = json_add(list, o.o);
	}
	return list;
}

static json_t *
buckets(const struct period *p, struct arena *mem)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->nbuckets; i++) {
		struct json_object o = json_begin(mem);

		json_put_time(&o, "from", p->buckets[i].from_us);
		json_put_int(&o, "kills", p->buckets[i].kills);
		list = json_add(list, o.o);
	}
	return list;
}

static json_t *
advice(const struct period *p, struct arena *mem)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->nadvice; i++) {
		const struct period_advice *a = &p->advice[i];
		struct json_object o = json_begin(mem);

		json_put_str(&o, "cause", a->cause);
		json_put_str(&o, "title", a->title);
		json_put_str(&o, "confidence", a->confidence);
		json_put_int(&o, "events", a->events);
		json_put_name(&o, "last_id", a->id);
		json_put_str(&o, "says", a->says);
		json_put_str(&o, "do", a->text);
		json_put_str(&o, "command", a->command);
		json_put_str(&o, "file", a->file);
		json_put_str(&o, "price", a->price);
		list = json_add(list, o.o);
	}
	return list;
}

static void
json_period(struct report *rep, const struct period *p)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);

	json_put_name(&o, "schema", "oomwhy.report/1");
	json_put_bool(&o, "since_last", p->since_last);
	json_put_time(&o, "since", p->since_us);
	json_put_time(&o, "until", p->now_us);
	json_put_time(&o, "first_time", p->first_us);
	json_put_time(&o, "last_time", p->last_us);
	json_put_fields(&o, p, counts, ARRAY_LEN(counts));
	json_put(&o, "advice", advice(p, &mem));
	json_put(&o, "newest", incidents(p, &mem));
	for (int i = 0; i < PERIOD_BY; i++)
		json_put(&o, period_by_key((enum period_by)i), names(&p->by[i], &mem));
	json_put_int(&o, "bucket_us", p->nbuckets > 0 ? p->bucket_us : UNKNOWN);
	json_put(&o, "buckets", buckets(p, &mem));
	if (o.o == NULL || json_dumpf(o.o, rep->out, JSON_INDENT(1)) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	json_decref(o.o);
	arena_done(&mem);
}

const struct period_format period_json = { "json", json_period };
