/* What is known beside the report itself: sentences that every format has. */
#include "report/text.h"

#include "report/trend.h"
#include "report/witness.h"
#include "report/wrap.h"

#include <stdlib.h>

static void
put_sentences(struct report *rep, const char *heading, char *const says[], size_t n)
{
	if (n == 0)
		return;
	text_heading(rep, heading);
	putc('\n', rep->out);
	for (size_t i = 0; i < n; i++) {
		struct wrap wrap;
		FILE *to = wrap_open(&wrap, rep->out, 2, rep->opts.columns);

		if (to != NULL) {
			fputs(says[i], to);
			fclose(to);
		} else {
			rep->failed = true;
		}
		free(says[i]);
	}
}

void
text_trend(struct report *rep, const struct finding *f)
{
	char *says[TREND_SENTENCES];

	put_sentences(rep, "BEFORE AND SINCE", says, trend_sentences(f, says));
}

void
text_witness(struct report *rep, const struct finding *f)
{
	char *says[WITNESS_SENTENCES];

	put_sentences(rep, "SEEN AT THE TIME", says, witness_sentences(f, says));
}
