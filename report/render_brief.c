/* One line an event, for a pager's message or a list. */
#include "report/text.h"

#include "base/escape.h"

static void
brief_event(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;

	rep->shown++;
	text_when(rep, ev->real_us, ev->mono_us);
	if (ev->host.p != NULL) {
		putc(' ', rep->out);
		str_put_escaped(rep->out, ev->host);
	}
	fputs(": ", rep->out);
	text_brief(rep->out, f);
	putc('\n', rep->out);
}

static void
brief_incident(struct report *rep, const struct incident *in)
{
	for (size_t i = in->n; i-- > 0;)
		brief_event(rep, &in->v[i]);
}

static void
brief_end(struct report *rep, const struct digest *d)
{
	if (rep->shown == 0)
		text_searched(rep, d);
}

const struct renderer render_brief = { "brief", .event = brief_event, .incident = brief_incident,
	.end = brief_end };
