/* The diagnoses: what proves them, what speaks against them, what to do and what it costs. */
#include "report/html.h"

#include "analyze/diagnosis.h"

enum { DIAGNOSES_SHOWN = 6 };

static void
put_evidence(struct html *h, const struct diagnosis *d)
{
	if (d->nevidence == 0)
		return;
	fputs("<ul>\n", h->out);
	for (size_t i = 0; i < d->nevidence; i++) {
		fputs("<li>", h->out);
		html_str(h, d->evidence[i].text);
		if (known(d->evidence[i].line))
			fprintf(h->out, " <span class=\"dim\">(line %lld)</span>",
			    (long long)d->evidence[i].line);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
}

static void
put_against(struct html *h, const struct diagnosis *d)
{
	for (size_t i = 0; i < d->nagainst; i++) {
		fputs("<p>Against it: ", h->out);
		html_str(h, d->against[i]);
		fputs("</p>\n", h->out);
	}
}

/* A configuration has several lines: each is escaped by itself. */
static void
put_command(struct html *h, struct str command)
{
	struct str line;

	fputs("<pre>", h->out);
	while (str_cut_line(&command, &line)) {
		html_str(h, line);
		putc('\n', h->out);
	}
	fputs("</pre>\n", h->out);
}

static void
put_advice(struct html *h, const struct advice *a)
{
	fputs("<p><strong>To do:</strong> ", h->out);
	html_str(h, a->text);
	if (a->price.n > 0) {
		fputs(" <span class=\"dim\">Its price: ", h->out);
		html_str(h, a->price);
		fputs("</span>", h->out);
	}
	fputs("</p>\n", h->out);
	if (a->file.n > 0) {
		fputs("<p class=\"dim\">In <code>", h->out);
		html_str(h, a->file);
		fputs("</code>:</p>\n", h->out);
	}
	if (a->command.n > 0)
		put_command(h, a->command);
}

static void
put_diagnosis(struct html *h, const struct diagnosis *d)
{
	fputs("<h4>", h->out);
	html_z(h, d->title);
	fprintf(h->out, " <span class=\"tag\">%s</span></h4>\n<p>", confidence_name(d->confidence));
	html_str(h, d->says);
	fputs("</p>\n", h->out);
	put_evidence(h, d);
	put_against(h, d);
	for (size_t i = 0; i < d->nadvice; i++)
		put_advice(h, &d->advice[i]);
	for (size_t i = 0; i < d->nwrong; i++) {
		fputs("<p>Often advised, and wrong here: ", h->out);
		html_z(h, d->wrong[i].claim);
		fputs(" ", h->out);
		html_z(h, d->wrong[i].why);
		fputs("</p>\n", h->out);
	}
}

void
html_advice(struct html *h, const struct finding *f)
{
	const struct diagnoses *d = f->diagnoses;

	if (d == NULL || d->n == 0)
		return;
	html_section(h, "advice", "What was wrong, and what to change");
	for (size_t i = 0; i < d->n && i < DIAGNOSES_SHOWN; i++)
		put_diagnosis(h, &d->v[i]);
	html_section_end(h);
}
