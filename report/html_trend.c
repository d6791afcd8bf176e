/* The kills before this one, where a store knows them. */
#include "report/html.h"

#include "report/trend.h"

#include <stdlib.h>

void
html_trend(struct html *h, const struct finding *f)
{
	char *says[TREND_SENTENCES];
	size_t n = trend_sentences(f, says);

	if (n == 0)
		return;
	html_section(h, "trend", "Before and since");
	fputs("<ul>\n", h->out);
	for (size_t i = 0; i < n; i++) {
		fputs("<li>", h->out);
		fputs(says[i], h->text);
		fputs("</li>\n", h->out);
		free(says[i]);
	}
	fputs("</ul>\n", h->out);
	html_section_end(h);
}
