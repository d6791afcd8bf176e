/* One event a line: what `parse` writes. */
#include "report/json.h"

static void
ndjson_begin(struct report *rep)
{
	(void)rep;
}

static void
ndjson_event(struct report *rep, const struct finding *f)
{
	if (json_write_event(rep->out, f) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	rep->shown++;
}

static void
ndjson_incident(struct report *rep, const struct incident *in)
{
	for (size_t i = 0; i < in->n; i++)
		ndjson_event(rep, &in->v[i]);
}

static void
ndjson_end(struct report *rep, const struct digest *d)
{
	(void)rep, (void)d;
}

const struct renderer render_ndjson = { "ndjson", ndjson_begin, ndjson_event, ndjson_incident,
	ndjson_end };
