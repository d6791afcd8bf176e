/* The report's own lines, marked by what became of them. */
#include "report/text.h"

#include "base/escape.h"

/* By enum line_use. */
static const char marks[] = { '+', ' ', '~', '?' };

static void
raw_begin(struct report *rep)
{
	fputs("+ used   ? not understood   ~ not of the report   (no mark) known to be of no use\n",
	    rep->out);
}

static void
raw_event(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;

	rep->shown++;
	fprintf(rep->out, "\nevent %s\n", ev->id);
	for (size_t i = 0; i < ev->nlines; i++) {
		const struct event_line *l = &ev->lines[i];

		fprintf(rep->out, "%c %6lld  ", marks[l->use], (long long)l->line);
		str_put_escaped(rep->out, l->raw.p == NULL ? l->text : l->raw);
		putc('\n', rep->out);
	}
	if (ev->lines_dropped)
		fputs("  (the report is longer than what is kept of it)\n", rep->out);
}

static void
raw_incident(struct report *rep, const struct incident *in)
{
	for (size_t i = 0; i < in->n; i++)
		raw_event(rep, &in->v[i]);
}

static void
raw_end(struct report *rep, const struct digest *d)
{
	if (rep->shown == 0)
		text_searched(rep, d);
}

const struct renderer render_raw = { "raw", raw_begin, raw_event, raw_incident, raw_end };
