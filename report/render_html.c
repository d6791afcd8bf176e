/* One static page: for a post-mortem, a ticket, a mail. */
#include "report/html.h"

static void
html_begin(struct report *rep)
{
	struct html h = html_open(rep);

	if (h.text == NULL)
		return;
	html_page_begin(&h, "Why the OOM killer killed");
	html_close(&h);
}

static void
put_event(struct html *h, const struct finding *f, const struct incident *in)
{
	fputs("<article>\n", h->out);
	html_answer(h, f);
	if (f->event->kind == EVENT_KERNEL_OOM) {
		html_memory(h, f);
		html_services(h, f);
		html_choice(h, f);
		html_advice(h, f);
	}
	html_trend(h, f);
	html_witness(h, f);
	if (in != NULL)
		html_incident(h, in);
	html_lines(h, f);
	fputs("</article>\n", h->out);
}

static void
put_finding(struct report *rep, const struct finding *f, const struct incident *in)
{
	struct html h;

	rep->shown++;
	h = html_open(rep);
	if (h.text == NULL)
		return;
	put_event(&h, f, in);
	html_close(&h);
}

static void
html_event(struct report *rep, const struct finding *f)
{
	put_finding(rep, f, NULL);
}

static void
html_whole_incident(struct report *rep, const struct incident *in)
{
	put_finding(rep, &in->v[incident_lead(in)], in);
}

/* What was read is the whole answer where nothing was found. */
static void
put_searched(struct html *h, const struct digest *d)
{
	const struct searched *s = d->searched;

	fputs("<p>", h->out);
	if (h->rep->shown == 0)
		fprintf(h->out, "<strong>No OOM kill was found%s.</strong> ",
		    s->filtered > 0 ? " that the filters let through" : "");
	fprintf(h->out, "%s read:</p>\n<ul>\n",
	    words_count((int64_t)s->n, "source was", "sources were").s);
	for (size_t i = 0; i < s->n; i++) {
		fputs("<li>", h->out);
		html_str(h, str_from(s->v[i].path));
		fprintf(h->out, ": %s", words_count(s->v[i].lines, "line", "lines").s);
		if (s->v[i].lost_records > 0)
			fprintf(h->out, "; %s known to be lost",
			    words_count(s->v[i].lost_records, "record is", "records are").s);
		if (s->v[i].failed != NULL) {
			fputs("; <strong>not read to its end</strong>: ", h->out);
			html_str(h, str_from(s->v[i].failed));
		}
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
}

static void
html_end(struct report *rep, const struct digest *d)
{
	struct html h = html_open(rep);

	if (h.text == NULL)
		return;
	fputs("<footer class=\"dim\">\n", h.out);
	put_searched(&h, d);
	fputs("</footer>\n", h.out);
	html_page_end(&h);
	html_close(&h);
}

const struct renderer render_html = { "html", .begin = html_begin, .event = html_event,
	.incident = html_whole_incident, .end = html_end };
