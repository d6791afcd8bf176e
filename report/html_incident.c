/* The events of an incident on a line of time, and as a list. */
#include "report/html.h"

#include "report/text.h"

enum { EVENTS_SHOWN = 40, WIDTH = 1000, MARGIN = 20 };

static void
put_picture(struct html *h, const struct incident *in, int64_t last_us)
{
	fprintf(h->out,
	    "<svg viewBox=\"0 0 %d 60\" role=\"img\" aria-label=\"The kills on a line of time; the "
	    "table below has the same\"><line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"30\" "
	    "y2=\"30\"/>",
	    WIDTH, MARGIN, WIDTH - MARGIN);
	for (size_t i = 0; i < in->n; i++) {
		int64_t us = incident_later_us(in->v[0].event, in->v[i].event);
		int x;

		if (!known(us))
			continue;
		x = MARGIN + (int)((double)us * (WIDTH - 2 * MARGIN) / (double)last_us);
		fprintf(
		    h->out, "<line class=\"mark\" x1=\"%d\" x2=\"%d\" y1=\"16\" y2=\"44\"/>", x, x);
	}
	fprintf(h->out,
	    "<text x=\"%d\" y=\"58\">0</text><text x=\"%d\" y=\"58\" text-anchor=\"end\">%s</text>"
	    "</svg>\n",
	    MARGIN, WIDTH - MARGIN, duration_human(last_us).s);
}

static void
put_row(struct html *h, const struct event *first, const struct event *ev)
{
	const struct victim *v = event_victim(ev);
	int64_t us = incident_later_us(first, ev);

	fputs("<tr>", h->out);
	html_cell(h, known(us) ? duration_human(us).s : "?");
	fputs("<th scope=\"row\">", h->out);
	if (v != NULL)
		put_victim_name(h->text, v);
	else
		html_z(h, ev->outcome == OUTCOME_PANIC ? "panic" : "nobody is known to be killed");
	fputs("</th>", h->out);
	html_cell(h, words_kb(v == NULL ? UNKNOWN : v->anon_rss_kb).s);
	fputs("<td>", h->out);
	put_name(
	    h->text, ev->trigger.comm.p == NULL ? STR("?") : ev->trigger.comm, ev->trigger.pid);
	fprintf(h->out, "</td><td><code>%s</code></td></tr>\n", ev->id);
}

void
html_incident(struct html *h, const struct incident *in)
{
	int64_t last_us = 0;

	if (in->n < 2)
		return;
	for (size_t i = 0; i < in->n; i++) {
		int64_t us = incident_later_us(in->v[0].event, in->v[i].event);

		last_us = known(us) && us > last_us ? us : last_us;
	}
	html_section(h, "incident", "The same incident");
	if (incident_lead(in) == 0)
		fprintf(h->out, "<p>%lld events; this is the first of them.</p>\n",
		    (long long)in->events);
	else
		fprintf(h->out,
		    "<p>%lld events; this is number %zu, the first that has a report.</p>\n",
		    (long long)in->events, incident_lead(in) + 1);
	if (last_us > 0)
		put_picture(h, in, last_us);
	html_table(h, NULL, "#Later|Killed|#Its own memory|Asked for memory|Event");
	for (size_t i = 0; i < in->n && i < EVENTS_SHOWN; i++)
		put_row(h, in->v[0].event, in->v[i].event);
	html_table_end(h);
	if (in->events > EVENTS_SHOWN)
		fprintf(h->out, "<p class=\"dim\">and %lld more.</p>\n",
		    (long long)(in->events - EVENTS_SHOWN));
	html_section_end(h);
}
