/* What is known beside the report itself: sentences that every format has. */
#include "report/html.h"

#include "report/trend.h"
#include "report/witness.h"

#include <stdlib.h>

static void
put_sentences(struct html *h, const char *id, const char *title, char *const says[], size_t n)
{
	if (n == 0)
		return;
	html_section(h, id, title);
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

void
html_trend(struct html *h, const struct finding *f)
{
	char *says[TREND_SENTENCES];

	put_sentences(h, "trend", "Before and since", says, trend_sentences(f, says));
}

void
html_witness(struct html *h, const struct finding *f)
{
	char *says[WITNESS_SENTENCES];

	put_sentences(h, "witness", "Seen at the time", says, witness_sentences(f, says));
}
