/* One event a line: what `parse` writes. */
#include "report/json.h"

static void
ndjson_event(struct report *rep, const struct finding *f)
{
	if (json_write_event(rep->out, f) != 0)
		rep->failed = true;
	putc('\n', rep->out);
	rep->shown++;
}

const struct renderer render_ndjson = { "ndjson", .lines = true, .event = ndjson_event };
