#include "cli/judge.h"

int
judge(struct finding *f, const struct history *before, const struct service_rules *rules)
{
	struct event *ev = f->event;

	if (ev->kind == EVENT_KERNEL_OOM) {
		f->verdict = verdict_of_with(ev, before);
		f->ledgers = ledgers_of(ev);
		if (f->verdict == NULL || f->ledgers == NULL)
			return -1;
	}
	f->services = services_of(ev, f->ledgers, rules);
	if (f->services == NULL)
		return -1;
	f->diagnoses = diagnoses_of(ev, f->verdict, f->ledgers);
	return f->diagnoses == NULL ? -1 : 0;
}
