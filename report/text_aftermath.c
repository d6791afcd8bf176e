/* What became of the unit that lost a process. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

struct outcome_of_unit {
	const struct aftermath *first, *failed, *restarted, *gave_up;
};

static struct outcome_of_unit
gather(const struct event *ev, struct str unit)
{
	struct outcome_of_unit o = { NULL, NULL, NULL, NULL };

	for (size_t i = 0; i < ev->naftermath; i++) {
		const struct aftermath *a = &ev->aftermath[i];

		if (a->unit.p == NULL || !str_eq(a->unit, unit))
			continue;
		if (o.first == NULL)
			o.first = a;
		if (a->what == AFTER_UNIT_FAILED)
			o.failed = a;
		else if (a->what == AFTER_UNIT_RESTARTED)
			o.restarted = a;
		else if (a->what == AFTER_UNIT_GAVE_UP)
			o.gave_up = a;
	}
	return o;
}

/* Of its kind before it in the list, there is none. */
static bool
is_first(const struct event *ev, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (ev->aftermath[i].unit.p != NULL &&
		    str_eq(ev->aftermath[i].unit, ev->aftermath[at].unit))
			return false;
	}
	return true;
}

static void
put_later(FILE *out, const struct event *ev, const struct aftermath *a)
{
	const struct victim *v = event_victim(ev);
	bool wall = v != NULL && known(v->real_us) && known(a->real_us);
	int64_t later;

	if (v == NULL || (!wall && (!known(v->mono_us) || !known(a->mono_us))) ||
	    __builtin_sub_overflow(
		wall ? a->real_us : a->mono_us, wall ? v->real_us : v->mono_us, &later))
		return;
	if (later > 0)
		fprintf(out, " %s later", duration_human(later).s);
	else
		fputs(" at once", out);
}

static void
put_unit(FILE *out, const struct event *ev, const struct outcome_of_unit *o)
{
	str_put_escaped(out, o->first->unit);
	fputs(o->failed != NULL ? " failed" : " lost a process", out);
	put_later(out, ev, o->failed != NULL ? o->failed : o->first);
	if (o->restarted != NULL) {
		fputs(" and was started again by systemd", out);
		if (known(o->restarted->counter))
			fprintf(out, " (restart %lld)", (long long)o->restarted->counter);
	}
	if (o->gave_up != NULL)
		fputs("; it failed too often, and systemd does not start it again", out);
}

void
text_units(FILE *out, const struct event *ev)
{
	bool any = false;

	for (size_t i = 0; i < ev->naftermath; i++) {
		struct outcome_of_unit o;

		if (ev->aftermath[i].unit.p == NULL || !is_first(ev, i))
			continue;
		if (any)
			fputs("; ", out);
		o = gather(ev, ev->aftermath[i].unit);
		put_unit(out, ev, &o);
		any = true;
	}
}

bool
text_has_units(const struct event *ev)
{
	for (size_t i = 0; i < ev->naftermath; i++) {
		if (ev->aftermath[i].unit.p != NULL)
			return true;
	}
	return false;
}

void
text_aftermath(struct report *rep, const struct finding *f)
{
	struct wrap wrap;
	FILE *to;

	if (!text_has_units(f->event))
		return;
	to = wrap_open(&wrap, rep->out, 2, rep->opts.columns);
	if (to == NULL) {
		rep->failed = true;
		return;
	}
	fputs("then ", to);
	text_units(to, f->event);
	fclose(to);
}
