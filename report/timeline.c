#include "report/timeline.h"

#include "base/escape.h"
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

static struct timeline_entry *
add(struct timeline *t, enum timeline_type type, int64_t real_us, int64_t mono_us, int64_t line)
{
	struct timeline_entry *v = arena_room(&t->mem, t->v, t->n, &t->cap, sizeof(*v));

	if (v == NULL)
		return NULL;
	t->v = v;
	v += t->n;
	*v = (struct timeline_entry){ .type = type,
		.pid = UNKNOWN,
		.count = UNKNOWN,
		.real_us = real_us,
		.mono_us = mono_us,
		.line = line,
		.after_us = UNKNOWN,
		.rank = t->n };
	t->n++;
	return v;
}

/* Of an event, about a process; false: no memory. */
static bool
add_process(struct timeline *t, enum timeline_type type, const struct finding *f,
    const struct victim *v, struct str comm, int64_t pid, int64_t line)
{
	const struct event *ev = f->event;
	bool own = v != NULL && (known(v->real_us) || known(v->mono_us));
	struct timeline_entry *e =
	    add(t, type, own ? v->real_us : ev->real_us, own ? v->mono_us : ev->mono_us, line);

	if (e == NULL)
		return false;
	e->of = f;
	e->victim = v;
	e->comm = comm;
	e->pid = pid;
	return true;
}

static bool
add_chosen(struct timeline *t, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct victim *v = event_victim(ev);

	if (ev->chosen.comm.p != NULL)
		return add_process(
		    t, TIMELINE_CHOSEN, f, v, ev->chosen.comm, ev->chosen.pid, ev->chosen.line);
	if (ev->summary.task.p != NULL)
		return add_process(
		    t, TIMELINE_CHOSEN, f, v, ev->summary.task, ev->summary.pid, ev->summary.line);
	return true;
}

static bool
add_aftermath(struct timeline *t, const struct finding *f)
{
	static const enum timeline_type types[] = { TIMELINE_REAPED, TIMELINE_REAP_FAILED,
		TIMELINE_UNIT_OOM, TIMELINE_UNIT_EXITED, TIMELINE_UNIT_FAILED,
		TIMELINE_UNIT_RESTARTED, TIMELINE_UNIT_GAVE_UP };

	for (size_t i = 0; i < f->event->naftermath; i++) {
		const struct aftermath *a = &f->event->aftermath[i];
		struct timeline_entry *e = add(t, types[a->what], a->real_us, a->mono_us, a->line);

		if (e == NULL)
			return false;
		e->of = f;
		e->unit = a->unit;
		e->pid = a->pid;
		e->count = a->counter;
		for (size_t k = 0; k < f->event->nvictims; k++) {
			if (known(a->pid) && f->event->victims[k].pid == a->pid)
				e->comm = f->event->victims[k].comm;
		}
	}
	return true;
}

static bool
add_event(struct timeline *t, const struct finding *f)
{
	const struct event *ev = f->event;
	bool user = ev->kind == EVENT_USERSPACE_KILL, ok = true;
	struct timeline_entry *e;

	if (!user && (known(ev->trigger.line) || ev->completeness != COMPLETE_KILL_ONLY))
		ok = add_process(t, TIMELINE_INVOKED, f, NULL, ev->trigger.comm, ev->trigger.pid,
		    ev->trigger.line);
	if (ok && ev->lost_records > 0) {
		e = add(t, TIMELINE_LOST, ev->real_us, ev->mono_us, UNKNOWN);
		ok = e != NULL;
		if (ok) {
			e->of = f;
			e->count = ev->lost_records;
		}
	}
	ok = ok && add_chosen(t, f);
	for (size_t i = 0; i < ev->nvictims && ok; i++)
		ok = add_process(t, user ? TIMELINE_USERSPACE_KILL : TIMELINE_KILLED, f,
		    &ev->victims[i], ev->victims[i].comm, ev->victims[i].pid, ev->victims[i].line);
	if (ok && (ev->outcome == OUTCOME_PANIC || ev->outcome == OUTCOME_NO_KILLABLE))
		ok = add_process(t,
		    ev->outcome == OUTCOME_PANIC ? TIMELINE_PANIC : TIMELINE_NO_KILLABLE, f, NULL,
		    STR_NONE, UNKNOWN, ev->outcome_line);
	return ok && add_aftermath(t, f);
}

static bool
add_note(struct timeline *t, const struct note *n)
{
	static const enum timeline_type types[] = { TIMELINE_ALLOC_FAILURE, TIMELINE_BOOT,
		TIMELINE_LOST };
	struct timeline_entry *e = add(t, types[n->type], n->real_us, n->mono_us, n->line);

	if (e == NULL)
		return false;
	e->comm = n->comm;
	e->what = n->text;
	if (n->type == NOTE_LOST)
		e->count = n->count;
	return true;
}

/* By the kernel's clock if both have it, else by the wall clock, else by the place in the log. */
static int
compare(const void *a, const void *b)
{
	const struct timeline_entry *x = a, *y = b;

	if (known(x->mono_us) && known(y->mono_us) && x->mono_us != y->mono_us)
		return x->mono_us < y->mono_us ? -1 : 1;
	if (!(known(x->mono_us) && known(y->mono_us)) && known(x->real_us) && known(y->real_us) &&
	    x->real_us != y->real_us)
		return x->real_us < y->real_us ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static int64_t
minus_known(int64_t a, int64_t b)
{
	int64_t r;

	return !known(a) || !known(b) || __builtin_sub_overflow(a, b, &r) ? UNKNOWN : r;
}

static void
settle(struct timeline *t)
{
	const struct timeline_entry *kill = NULL;

	qsort(t->v, t->n, sizeof(*t->v), compare);
	for (size_t i = 0; i < t->n; i++) {
		struct timeline_entry *e = &t->v[i];

		if (kill == NULL && e->victim != NULL && e->type != TIMELINE_CHOSEN)
			kill = e;
		if (known(e->real_us)) {
			if (!known(t->from_us))
				t->from_us = e->real_us;
			t->to_us = e->real_us;
		}
	}
	if (kill == NULL && t->n > 0)
		kill = &t->v[0];
	for (size_t i = 0; i < t->n; i++) {
		int64_t after = minus_known(t->v[i].mono_us, kill->mono_us);

		t->v[i].after_us =
		    known(after) ? after : minus_known(t->v[i].real_us, kill->real_us);
	}
}

int
timeline_make(struct timeline *t, const struct incident *const *incidents, size_t n,
    const struct note *notes, size_t nnotes)
{
	const struct event *first = incidents[0]->v[0].event;
	bool ok = true;

	*t = (struct timeline){ .host = first->host,
		.boot_id = first->boot_id,
		.incident = str_from(first->id),
		.from_us = UNKNOWN,
		.to_us = UNKNOWN };
	for (size_t i = 0; i < nnotes && ok; i++)
		ok = add_note(t, &notes[i]);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < incidents[i]->n && ok; k++)
			ok = add_event(t, &incidents[i]->v[k]);
	}
	if (!ok) {
		timeline_done(t);
		return -1;
	}
	settle(t);
	return 0;
}

void
timeline_done(struct timeline *t)
{
	arena_done(&t->mem);
}

const char *
timeline_type_name(enum timeline_type type)
{
	static const char *const names[] = { "boot", "page-allocation-failure", "records-lost",
		"oom-invoked", "victim-chosen", "killed", "userspace-kill", "panic",
		"no-killable-process", "reaped", "reap-failed", "unit-oom-killed", "unit-exited",
		"unit-failed", "unit-restarted", "unit-gave-up" };

	return names[type];
}
