/* The kills before this one, where a store knows them. */
#include "report/text.h"

#include "report/trend.h"
#include "report/wrap.h"

#include <stdlib.h>

void
text_trend(struct report *rep, const struct finding *f)
{
	char *says[TREND_SENTENCES];
	size_t n = trend_sentences(f, says);

	if (n == 0)
		return;
	text_heading(rep, "BEFORE AND SINCE");
	putc('\n', rep->out);
	for (size_t i = 0; i < n; i++) {
		struct wrap wrap;
		FILE *to = wrap_open(&wrap, rep->out, 2);

		if (to != NULL) {
			fputs(says[i], to);
			fclose(to);
		} else {
			rep->failed = true;
		}
		free(says[i]);
	}
}
