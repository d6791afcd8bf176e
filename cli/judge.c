#include "cli/judge.h"

static int
analyze(const struct options *o, struct finding *f, const struct history *before)
{
	struct event *ev = f->event;

	if (ev->kind == EVENT_KERNEL_OOM) {
		f->verdict = verdict_of_with(ev, before);
		f->ledgers = ledgers_of(ev);
		if (f->verdict == NULL || f->ledgers == NULL)
			return -1;
	}
	f->services = services_of(ev, f->ledgers, &o->rules);
	if (f->services == NULL)
		return -1;
	f->diagnoses = diagnoses_of(ev, f->verdict, f->ledgers);
	return f->diagnoses == NULL ? -1 : 0;
}

/* The user filters by the names that are in the log, and sees others. */
static int
judge_redacted(
    const struct options *o, struct finding *f, const struct history *before, bool *ret_wanted)
{
	struct finding named = { .event = f->event };

	if (o->filter.service != NULL) {
		named.services = services_of(f->event, NULL, NULL);
		if (named.services == NULL)
			return -1;
	}
	*ret_wanted = filter_match(&o->filter, &named);
	if (redact_event(o->redactor, f->event) != 0 || (!o->facts && analyze(o, f, before) != 0))
		return -1;
	redact_lines(f->event);
	return 0;
}

int
judge(const struct options *o, struct finding *f, const struct history *before, bool *ret_wanted)
{
	if (o->redactor != NULL)
		return judge_redacted(o, f, before, ret_wanted);
	if (!o->facts && analyze(o, f, before) != 0)
		return -1;
	*ret_wanted = filter_match(&o->filter, f);
	return 0;
}

int
judge_before(const struct options *o, struct event *killed)
{
	return o->redactor == NULL ? 0 : redact_event(o->redactor, killed);
}
