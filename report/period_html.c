/* A period as one static page, in the style of an explanation. */
#include "report/html.h"
#include "report/period_formats.h"

#include <inttypes.h>

enum { CHART_WIDTH = 720, CHART_HEIGHT = 90 };

static void
put_when(struct html *h, int64_t us)
{
	struct instant_text t;

	html_z(h, instant_human(&h->rep->opts, us, &t) ? t.s : "unknown");
}

static void
put_paragraph(struct html *h, const char *label, struct str s)
{
	if (s.p == NULL)
		return;
	fputs("<p>", h->out);
	html_z(h, label);
	html_str(h, s);
	fputs("</p>\n", h->out);
}

static void
put_block(struct html *h, struct str s)
{
	struct str line;

	if (s.p == NULL)
		return;
	fputs("<pre>", h->out);
	while (str_cut_line(&s, &line)) {
		html_str(h, line);
		putc('\n', h->out);
	}
	fputs("</pre>\n", h->out);
}

static void
put_advice(struct html *h, const struct period *p)
{
	if (p->nadvice == 0)
		return;
	html_section(h, "advice", "What to do first");
	for (size_t i = 0; i < p->nadvice; i++) {
		const struct period_advice *a = &p->advice[i];

		fputs("<h4>", h->out);
		html_str(h, a->title);
		fprintf(h->out,
		    " <span class=\"tag\">%.*s</span> <span class=\"tag\">%s</span></h4>\n",
		    STR_ARG(a->confidence), words_count(a->events, "event", "events").s);
		put_paragraph(h, "", a->says);
		put_paragraph(h, "", a->text);
		put_paragraph(h, "In ", a->file);
		put_block(h, a->command);
		put_paragraph(h, "But: ", a->price);
		fputs("<p class=\"dim\">", h->out);
		html_str(h, a->cause);
		fprintf(h->out, ", the newest event <code>%s</code></p>\n", a->id);
	}
	html_section_end(h);
}

static void
put_incidents(struct html *h, const struct period *p)
{
	if (p->nnewest == 0)
		return;
	html_section(h, "incidents", "Incidents");
	html_table(h, "The newest first", "Time|Host|Killed|#Kills|What ran out|Event");
	for (size_t i = 0; i < p->nnewest; i++) {
		const struct period_incident *in = &p->newest[i];

		fputs("<tr><td>", h->out);
		put_when(h, in->first_us);
		fputs("</td><td>", h->out);
		html_str(h, period_str(&in->host));
		fputs("</td><td>", h->out);
		html_str(h, period_who(in));
		fputs("</td>", h->out);
		html_cell(h, words_number(in->kills).s);
		fprintf(
		    h->out, "<td>%s</td><td><code>%s</code></td></tr>\n", period_scope(in), in->id);
	}
	html_table_end(h);
	if (p->incidents > (int64_t)p->nnewest)
		fprintf(h->out, "<p class=\"dim\">and %" PRId64 " more.</p>\n",
		    p->incidents - (int64_t)p->nnewest);
	html_section_end(h);
}

static void
put_names(struct html *h, const struct period *p, enum period_by by)
{
	const struct period_names *all = &p->by[by];
	char columns[64];

	if (all->n == 0)
		return;
	snprintf(columns, sizeof(columns), "%s|#Kills|#Events|Newest", period_by_one(by));
	html_section(h, period_by_key(by), period_by_title(by));
	html_table(h, NULL, columns);
	for (size_t i = 0; i < all->n && i < PERIOD_TOP; i++) {
		fputs("<tr><th scope=\"row\">", h->out);
		html_str(h, all->v[i].name);
		fputs("</th>", h->out);
		html_cell(h, words_number(all->v[i].kills).s);
		html_cell(h, words_number(all->v[i].events).s);
		fputs("<td>", h->out);
		put_when(h, all->v[i].last_us);
		fputs("</td></tr>\n", h->out);
	}
	html_table_end(h);
	if (period_more(all).s[0] != '\0')
		fprintf(h->out, "<p class=\"dim\">%s.</p>\n", period_more(all).s);
	html_section_end(h);
}

static void
put_bars(struct html *h, const struct period *p, int64_t peak)
{
	int step = CHART_WIDTH / (int)p->nbuckets;

	fprintf(h->out,
	    "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"Kills over time; the table below has the same\">\n",
	    CHART_WIDTH, CHART_HEIGHT);
	for (size_t i = 0; i < p->nbuckets; i++) {
		int high = (int)(p->buckets[i].kills * (CHART_HEIGHT - 2) / peak);

		if (p->buckets[i].kills > 0)
			fprintf(h->out,
			    "<rect class=\"c0\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
			    (int)i * step + 1, CHART_HEIGHT - 1 - high - (high == 0), step - 2,
			    high + (high == 0));
	}
	fprintf(h->out,
	    "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/></svg></figure>\n",
	    CHART_WIDTH, CHART_HEIGHT - 1, CHART_HEIGHT - 1);
}

static void
put_trend(struct html *h, const struct period *p)
{
	int64_t peak = period_peak(p);

	if (p->nbuckets < 2 || peak == 0)
		return;
	html_section(h, "trend", "Kills over time");
	put_bars(h, p, peak);
	html_table(h, NULL, "From|#Kills");
	for (size_t i = 0; i < p->nbuckets; i++) {
		fprintf(h->out, "<tr><td>%s</td>", period_bucket_at(&h->rep->opts, p, i).s);
		html_cell(h, words_number(p->buckets[i].kills).s);
		fputs("</tr>\n", h->out);
	}
	html_table_end(h);
	html_section_end(h);
}

static void
html_put(struct report *rep, const struct period *p)
{
	struct html h = html_open(rep);

	if (h.text == NULL)
		return;
	html_page_begin(&h, period_title(p).s);
	fputs("<h2>", h.out);
	period_put_counts(h.text, p);
	fputs("</h2>\n<p class=\"dim\">Made ", h.out);
	put_when(&h, p->now_us);
	fputs("</p>\n", h.out);
	put_advice(&h, p);
	put_incidents(&h, p);
	for (int i = 0; i < PERIOD_BY; i++)
		put_names(&h, p, (enum period_by)i);
	put_trend(&h, p);
	html_page_end(&h);
	html_close(&h);
}

const struct period_format period_html = { "html", html_put };
