/* A period for a spreadsheet: a row for each name, of each kind. */
#include "report/csv.h"
#include "report/period_formats.h"

#include <inttypes.h>

static void
put_time(FILE *out, int64_t us)
{
	struct instant_text t;

	if (instant_rfc3339(us, &t))
		fputs(t.s, out);
}

static void
csv_period(struct report *rep, const struct period *p)
{
	FILE *out = rep->out;

	fputs("kind,name,kills,events,last_time,last_id\r\n", out);
	for (int by = 0; by < PERIOD_BY; by++) {
		const struct period_names *all = &p->by[by];

		for (size_t i = 0; i < all->n; i++) {
			const struct period_name *v = &all->v[i];

			fprintf(out, "%s,", period_by_key((enum period_by)by));
			csv_put(out, v->name);
			fprintf(out, ",%" PRId64 ",%" PRId64 ",", v->kills, v->events);
			put_time(out, v->last_us);
			fprintf(out, ",%s\r\n", v->last_id);
		}
	}
}

const struct period_format period_csv = { "csv", csv_period };
