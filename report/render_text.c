/* For a tired person at a terminal: the answer first, then what it rests on. */
#include "report/text.h"

enum { KILLS_SHOWN = 6, KILL_WIDTH = 24 };

static void
put_finding(struct report *rep, const struct finding *f)
{
	text_missing(rep, f);
	text_answer(rep, f);
	text_facts(rep, f);
	text_aftermath(rep, f);
	if (f->event->kind == EVENT_KERNEL_OOM) {
		text_why(rep, f);
		text_memory(rep, f);
	}
	text_change(rep, f);
	text_trend(rep, f);
	text_witness(rep, f);
	text_victims(rep, f);
	if (rep->opts.verbose)
		text_verbose(rep, f);
	else if (f->event->nunknown > 0)
		fprintf(rep->out, "\n%s not understood; see --verbose.\n",
		    words_count((int64_t)f->event->nunknown, "line of the report was",
			"lines of the report were")
			.s);
}

static void
put_separator(struct report *rep, const char *what)
{
	if (rep->shown++ > 0)
		fprintf(rep->out, "\n---------------- %s ----------------\n\n", what);
}

static void
text_event(struct report *rep, const struct finding *f)
{
	put_separator(rep, "the next event");
	put_finding(rep, f);
}

static void
put_later(FILE *out, const struct event *first, const struct event *ev)
{
	int64_t later = incident_later_us(first, ev);

	fprintf(out, "  %10s  ", known(later) ? duration_human(later).s : "?");
}

/* How many of the next events killed nobody too, and ended in the same way. */
static size_t
count_alike(const struct incident *in, size_t at)
{
	size_t n = 0;

	while (at + n + 1 < in->n && in->v[at + n + 1].event->nvictims == 0 &&
	       in->v[at + n + 1].event->outcome == in->v[at].event->outcome)
		n++;
	return n;
}

/* "this one first", or which one it is. */
static void
put_place(FILE *out, size_t lead)
{
	if (lead == 0)
		fputs("this one first", out);
	else
		fprintf(out, "this one is number %zu, the first that has a report", lead + 1);
}

/* Returns how many events after this one the line stands for, too. */
static size_t
put_kill_line(struct report *rep, const struct incident *in, size_t at)
{
	const struct event *ev = in->v[at].event;
	const struct victim *v = event_victim(ev);
	size_t alike = v == NULL ? count_alike(in, at) : 0;

	put_later(rep->out, in->v[0].event, ev);
	if (v == NULL) {
		fputs(ev->outcome == OUTCOME_PANIC     ? "panic"
		      : ev->outcome == OUTCOME_UNKNOWN ? "who was killed is not in the log"
						       : "nobody was killed",
		    rep->out);
		if (alike > 0)
			fprintf(rep->out, ", and so %s more",
			    words_count((int64_t)alike, "time", "times").s);
		putc('\n', rep->out);
		return alike;
	}
	text_victim(rep->out, v, known(v->anon_rss_kb) ? KILL_WIDTH : 0);
	if (known(v->anon_rss_kb))
		fprintf(rep->out, " %10s of its own", words_kb(v->anon_rss_kb).s);
	if (ev->nvictims > 1)
		fprintf(rep->out, ", and %s with it",
		    words_count((int64_t)ev->nvictims - 1, "other", "others").s);
	putc('\n', rep->out);
	return 0;
}

static void
put_siblings(struct report *rep, const struct incident *in)
{
	const struct event *first = in->v[0].event, *last = in->v[in->n - 1].event;
	int64_t later = incident_later_us(first, last);
	size_t shown = rep->opts.verbose ? in->n : 1 + KILLS_SHOWN;
	size_t lead = incident_lead(in), told = lead == 0;
	bool stamped = known(first->mono_us) || known(first->real_us);

	if (in->events < 2)
		return;
	text_heading(rep, "THE SAME INCIDENT");
	fprintf(rep->out, "   %lld events%s, ", (long long)in->events,
	    stamped ? "" : " (the log has no times)");
	put_place(rep->out, lead);
	fputs(lead == 0 ? "; then\n" : "; all of them\n", rep->out);
	for (size_t lines = 1; told < in->n && lines < shown; lines++)
		told += 1 + put_kill_line(rep, in, told);
	if (in->events > (int64_t)told) {
		fprintf(rep->out, "  and %lld more", (long long)(in->events - (int64_t)told));
		if (known(later))
			fprintf(rep->out, ", the last %s later", duration_human(later).s);
		fputs("; --all tells each in full\n", rep->out);
	}
}

static void
text_incident(struct report *rep, const struct incident *in)
{
	put_separator(rep, "the incident before");
	put_finding(rep, &in->v[incident_lead(in)]);
	put_siblings(rep, in);
}

static void
text_end(struct report *rep, const struct digest *d)
{
	if (rep->shown == 0)
		text_searched(rep, d);
	else if (d->incidents != NULL && d->incidents->incidents > (int64_t)d->incidents->n)
		fprintf(rep->out, "\n%lld older incidents are not shown; --all tells everything.\n",
		    (long long)(d->incidents->incidents - (int64_t)d->incidents->n));
}

const struct renderer render_text = { "text", .event = text_event, .incident = text_incident,
	.end = text_end };
