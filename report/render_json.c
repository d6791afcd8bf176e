/*
 * The document of `explain`: {"schema", "events", "incidents", "searched"}.
 * What was searched is known last, so it is written last.
 */
#include "report/json.h"

static void
json_doc_begin(struct report *rep)
{
	fputs("{\"schema\":\"oomwhy.explain/1\",\"events\":[", rep->out);
}

static void
json_doc_event(struct report *rep, const struct finding *f)
{
	fputs(rep->shown++ == 0 ? "\n" : ",\n", rep->out);
	if (json_write_event(rep->out, f) != 0)
		rep->failed = true;
}

static void
json_doc_incident(struct report *rep, const struct incident *in)
{
	for (size_t i = 0; i < in->n; i++)
		json_doc_event(rep, &in->v[i]);
}

static void
put_member(struct report *rep, const char *key, json_t *value)
{
	fprintf(rep->out, ",\n\"%s\":", key);
	if (value == NULL || json_dumpf(value, rep->out, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
		rep->failed = true;
	json_decref(value);
}

static void
json_doc_end(struct report *rep, const struct digest *d)
{
	struct arena mem = { 0 };

	putc(']', rep->out);
	put_member(rep, "incidents",
	    d->incidents == NULL ? json_null() : json_incidents(d->incidents, &mem));
	put_member(rep, "searched", json_searched(d->searched, &mem));
	fputs("}\n", rep->out);
	arena_done(&mem);
}

const struct renderer render_json = { "json", .begin = json_doc_begin, .event = json_doc_event,
	.incident = json_doc_incident, .end = json_doc_end };
