/* What happened, in one line. */
#include "report/text.h"

#include "base/escape.h"

static void
put_outcome(FILE *out, const struct event *ev)
{
	const struct victim *v = event_victim(ev);

	if (v != NULL) {
		put_victim_name(out, v);
		fputs(" killed", out);
	} else {
		fputs(ev->outcome == OUTCOME_PANIC     ? "panic"
		      : ev->outcome == OUTCOME_UNKNOWN ? "somebody or nobody killed"
						       : "nobody killed",
		    out);
	}
	if (ev->nvictims > 1)
		fprintf(out, " and %s with it",
		    words_count((int64_t)ev->nvictims - 1, "other", "others").s);
}

void
text_brief(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct victim *v = event_victim(ev);

	put_outcome(out, ev);
	if (v != NULL && known(v->anon_rss_kb))
		fprintf(out, " (%s of its own)", words_kb(v->anon_rss_kb).s);
	if (ev->kind == EVENT_USERSPACE_KILL) {
		fputs(" by ", out);
		str_put_escaped(out, ev->killer);
	} else {
		fputs(": ", out);
		text_cause(out, f);
	}
}
