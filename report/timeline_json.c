/* "oomwhy.timeline/1", one a line: see docs/schema/oomwhy.timeline-1.json. */
#include "report/timeline_json.h"
#include "report/json.h"
#include "report/timeline.h"

#include <stdlib.h>

json_t *
json_timeline_words(const struct timeline_entry *e)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	json_t *words;

	if (out == NULL)
		return NULL;
	timeline_words(out, e);
	words = fclose(out) == 0 ? json_stringn(text, n) : NULL;
	free(text);
	return words;
}

static json_t *
entry(const struct timeline_entry *e, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "type", timeline_type_name(e->type));
	json_put_time(&o, "time", e->real_us);
	json_put_int(&o, "monotonic_us", e->mono_us);
	json_put_int(&o, "after_us", e->after_us);
	json_put_name(&o, "event", e->of == NULL ? NULL : e->of->event->id);
	json_put_int(&o, "pid", e->pid);
	json_put_str(&o, "comm", e->comm);
	json_put_str(&o, "unit", e->unit);
	json_put_int(&o, "count", e->count);
	json_put_int(&o, "line", e->line);
	json_put(&o, "text", json_timeline_words(e));
	return o.o;
}

static void
json_one(struct report *rep, const struct timeline *t)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);
	json_t *all = json_array();

	json_put_name(&o, "schema", "oomwhy.timeline/1");
	json_put_str(&o, "host", t->host);
	json_put_str(&o, "boot_id", t->boot_id);
	json_put_str(&o, "incident", t->incident);
	json_put_time(&o, "from", t->from_us);
	json_put_time(&o, "to", t->to_us);
	for (size_t i = 0; i < t->n; i++)
		all = json_add(all, entry(&t->v[i], &mem));
	json_put(&o, "entries", all);
	if (o.o == NULL || json_dumpf(o.o, rep->out, JSON_COMPACT) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	rep->shown++;
	json_decref(o.o);
	arena_done(&mem);
}

const struct timeline_format timeline_json = { "json", NULL, json_one, NULL };
