/* The report's own lines, marked by what became of them. */
#include "report/text.h"

#include "base/escape.h"

/* By enum line_use. */
static const char marks[] = { '+', ' ', '~', '?' };

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
raw_end(struct report *rep, const struct digest *d)
{
	if (rep->shown == 0)
		text_searched(rep, d);
}

const struct renderer render_raw = { "raw", .event = raw_event, .end = raw_end };
