/* One line an event, for a pager's message or a list. */
#include "report/text.h"

#include "base/escape.h"

static void
brief_begin(struct report *rep)
{
	(void)rep;
}

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

static void
brief_event(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct victim *v = event_victim(ev);

	rep->shown++;
	text_when(rep, ev->real_us, ev->mono_us);
	if (ev->host.p != NULL) {
		putc(' ', rep->out);
		str_put_escaped(rep->out, ev->host);
	}
	fputs(": ", rep->out);
	put_outcome(rep->out, ev);
	if (v != NULL && known(v->anon_rss_kb))
		fprintf(rep->out, " (%s of its own)", words_kb(v->anon_rss_kb).s);
	if (ev->kind == EVENT_USERSPACE_KILL) {
		fputs(" by ", rep->out);
		str_put_escaped(rep->out, ev->killer);
	} else {
		fputs(": ", rep->out);
		text_cause(rep->out, f);
	}
	putc('\n', rep->out);
}

static void
brief_incident(struct report *rep, const struct incident *in)
{
	for (size_t i = in->n; i-- > 0;)
		brief_event(rep, &in->v[i]);
}

static void
brief_end(struct report *rep, const struct digest *d)
{
	if (rep->shown == 0)
		text_searched(rep, d);
}

const struct renderer render_brief = { "brief", brief_begin, brief_event, brief_incident,
	brief_end };
