/* "searched" and "incidents" of the explain document. */
#include "report/json.h"

/* clang-format off */
static const struct json_field searched_fields[] = {
	{ "bytes",		offsetof(struct searched_source, bytes) },
	{ "lines",		offsetof(struct searched_source, lines) },
	{ "records",		offsetof(struct searched_source, records) },
	{ "lost_records",	offsetof(struct searched_source, lost_records) },
	{ "long_lines",		offsetof(struct searched_source, long_lines) },
	{ "first_monotonic_us",	offsetof(struct searched_source, first_mono_us) },
	{ "last_monotonic_us",	offsetof(struct searched_source, last_mono_us) },
};
/* clang-format on */

static void
put_searched(struct json_object *o, const struct searched_source *s)
{
	json_put_fields(o, s, searched_fields, ARRAY_LEN(searched_fields));
	json_put_time(o, "from", s->first_us);
	json_put_time(o, "to", s->last_us);
}

/* Only of what has members: the answer to a plain log says nothing of archives. */
static void
put_members(struct json_object *o, const struct searched_source *s)
{
	if (s->members == 0 && s->members_passed == 0 && s->members_unread == 0)
		return;
	json_put_int(o, "members", s->members);
	json_put_int(o, "members_passed", s->members_passed);
	json_put_int(o, "members_unread", s->members_unread);
}

json_t *
json_searched(const struct searched *s, struct arena *mem)
{
	struct searched_source total = searched_total(s);
	struct json_object o = json_begin(mem);
	json_t *all = json_array();

	for (size_t i = 0; i < s->n; i++) {
		struct json_object one = json_begin(mem);

		json_put_str(&one, "path", str_from(s->v[i].path));
		json_put_name(&one, "format", s->v[i].format);
		json_put_str(&one, "failed", str_from(s->v[i].failed));
		put_searched(&one, &s->v[i]);
		put_members(&one, &s->v[i]);
		all = json_add(all, one.o);
	}
	put_searched(&o, &total);
	json_put_int(&o, "events", s->events);
	json_put_int(&o, "events_filtered", s->filtered);
	if (s->files_passed > 0)
		json_put_int(&o, "files_passed", s->files_passed);
	json_put(&o, "sources", all);
	return o.o;
}

static json_t *
incident(const struct incident *in, struct arena *mem)
{
	const struct event *first = in->v[0].event, *last = in->v[in->n - 1].event;
	struct json_object o = json_begin(mem);
	json_t *ids = json_array();

	for (size_t i = 0; i < in->n; i++)
		ids = json_add(ids, json_string(in->v[i].event->id));
	json_put_str(&o, "host", first->host);
	json_put_str(&o, "boot_id", first->boot_id);
	json_put_time(&o, "from", first->real_us);
	json_put_time(&o, "to", last->real_us);
	json_put_int(&o, "from_monotonic_us", first->mono_us);
	json_put_int(&o, "to_monotonic_us", last->mono_us);
	json_put_int(&o, "events_total", in->events);
	json_put(&o, "events", ids);
	return o.o;
}

json_t *
json_incidents(const struct incident_list *list, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = list->n; i-- > 0;)
		all = json_add(all, incident(&list->v[i], mem));
	return all;
}
