/* Who held the memory, as people call it. */
#include "report/html.h"

enum { SERVICES_SHOWN = 12 };

static void
put_tags(FILE *out, const struct service *s)
{
	fputs(s->victim ? " <span class=\"tag\">killed</span>" : "", out);
	fputs(s->trigger ? " <span class=\"tag\">asked for memory</span>" : "", out);
}

static void
put_row(struct html *h, const struct service *s)
{
	fprintf(h->out, "<tr%s><th scope=\"row\">", s->victim ? " class=\"hit\"" : "");
	html_str(h, s->name);
	put_tags(h->out, s);
	fprintf(h->out, "</th><td class=\"n\">%zu</td>", s->ntasks);
	html_cell(h, words_kb(s->private_kb).s);
	html_cell(h, words_kb(s->private_min_kb).s);
	html_cell(h, words_kb(s->swap_kb).s);
	if (known(s->share_permille))
		fprintf(h->out, "<td class=\"n\">%lld.%lld %%</td>",
		    (long long)(s->share_permille / 10), (long long)(s->share_permille % 10));
	else
		html_cell(h, "?");
	fputs("</tr>\n", h->out);
}

void
html_services(struct html *h, const struct finding *f)
{
	const struct services *s = f->services;
	size_t left = 0;

	if (s == NULL || s->n == 0)
		return;
	html_section(h, "services", "Who held it");
	html_table(h, "Processes that belong together; shared pages make two bounds of one size",
	    "Service|#Processes|#At most|#At least|#In swap|#Share");
	for (size_t i = 0; i < s->n; i++) {
		if (i < SERVICES_SHOWN || s->v[i].victim || s->v[i].trigger)
			put_row(h, &s->v[i]);
		else
			left++;
	}
	html_table_end(h);
	if (left > 0)
		fprintf(h->out, "<p class=\"dim\">and %s with less.</p>\n",
		    words_count((int64_t)left, "other", "others").s);
	html_section_end(h);
}
