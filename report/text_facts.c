/* When, where, which kernel; who asked; what the log leaves open. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

void
text_heading(struct report *rep, const char *title)
{
	fprintf(rep->out, rep->opts.color ? "\n\033[1m%s\033[0m" : "\n%s", title);
}

void
text_when(struct report *rep, int64_t real_us, int64_t mono_us)
{
	struct instant_text t;

	if (instant_human(&rep->opts, real_us, &t))
		fputs(t.s, rep->out);
	else if (known(mono_us) && mono_us >= 0)
		fprintf(rep->out, "%s after boot", duration_human(mono_us).s);
	else
		fputs("time not in the log", rep->out);
}

/* How far the time can be trusted, if not wholly. */
static void
put_time_quality(struct report *rep, const struct event *ev)
{
	switch (ev->real_source) {
	case TIME_NONE:
		if (known(ev->mono_us))
			fputs(" (the log has no date)", rep->out);
		break;
	case TIME_INFERRED_YEAR:
		fputs(" (the year is not in the log, but worked out)", rep->out);
		break;
	case TIME_BOOT_OFFSET:
		fputs(" (reckoned from boot: wrong by the time the machine slept)", rep->out);
		break;
	case TIME_RECORD:
		if (known(ev->mono_us) && ev->mono_us >= 0)
			fprintf(rep->out, " (%s after boot)", duration_human(ev->mono_us).s);
		break;
	}
}

static void
put_or_not(FILE *out, const char *what, struct str s)
{
	fprintf(out, ", %s ", what);
	str_put_escaped(out, s.p == NULL ? STR("not in the log") : s);
}

static void
put_scope(FILE *out, const struct event *ev)
{
	const struct memory *m = &ev->memory;
	int64_t managed;

	if (ev->constraint == CONSTRAINT_NONE)
		fputs("whole machine: no cgroup, cpuset or NUMA limit", out);
	else if (ev->constraint == CONSTRAINT_MEMCG)
		fputs("a cgroup's limit: the rest of the machine may have had memory", out);
	else if (ev->constraint == CONSTRAINT_UNKNOWN)
		fputs("whose limit it was is not in the log", out);
	else
		fputs("some memory nodes only: others may have had memory", out);
	if (known(m->ram_pages) && known(m->reserved_pages) &&
	    !__builtin_sub_overflow(m->ram_pages, m->reserved_pages, &managed) &&
	    known(pages_kb(ev, managed)))
		fprintf(out, ", %s of RAM%s", words_kb(pages_kb(ev, managed)).s,
		    ev->constraint == CONSTRAINT_NONE ? "" : " in all");
	if (m->swap_total_kb == 0 && known(m->swap_free_kb) && m->swap_free_kb < 0)
		fputs(", swap being switched off (swapoff)", out);
	else if (m->swap_total_kb == 0)
		fputs(", no swap", out);
	else if (known(m->swap_total_kb))
		fprintf(out, ", %s of swap (%s free)", words_kb(m->swap_total_kb).s,
		    words_kb(m->swap_free_kb).s);
}

static bool
asked_for_itself(const struct event *ev)
{
	const struct victim *v = event_victim(ev);

	return v != NULL && known(v->pid) && v->pid == ev->trigger.pid;
}

/* The trigger is not the culprit: it was the one that came when nothing was left. */
static void
put_trigger(FILE *out, const struct event *ev)
{
	const struct trigger *t = &ev->trigger;

	if (t->comm.p == NULL || ev->reason == REASON_SYSRQ || ev->allocating_task)
		return;
	put_name(out, t->comm, t->pid);
	if (t->order > 0 && t->order < 20 && known(pages_kb(ev, (int64_t)1 << t->order)))
		fprintf(out, " asked for %s in one piece (order %lld)",
		    words_kb(pages_kb(ev, (int64_t)1 << t->order)).s, (long long)t->order);
	else if (ev->constraint == CONSTRAINT_MEMCG)
		fputs(" asked for memory when the limit was reached", out);
	else if (ev->reason == REASON_PAGE_FAULT)
		fputs(" hit a page fault when no memory was left", out);
	else
		fputs(" asked for memory when none was left", out);
	fputs(asked_for_itself(ev) ? "\n" : "; that does not make it the cause\n", out);
}

static void
put_sources(FILE *out, const struct event *ev)
{
	for (size_t i = 0; i < ev->nsources; i++) {
		const struct event_source *s = &ev->sources[i];

		str_put_escaped(out, str_eq(s->path, STR("-")) ? STR("standard input") : s->path);
		if (s->first_line < s->last_line)
			fprintf(out, ", lines %lld to %lld\n", (long long)s->first_line,
			    (long long)s->last_line);
		else
			fprintf(out, ", line %lld\n", (long long)s->first_line);
	}
}

static void
put_facts(struct report *rep, const struct event *ev)
{
	FILE *out = rep->out;

	text_when(rep, ev->real_us, ev->mono_us);
	put_time_quality(rep, ev);
	put_or_not(out, "host", ev->host);
	if (ev->kind == EVENT_KERNEL_OOM) {
		put_or_not(out, "kernel", ev->kernel);
		fputs(ev->kernel_from_boot ? " (by another line of the same boot)\n" : "\n", out);
		put_scope(out, ev);
		putc('\n', out);
		put_trigger(out, ev);
	} else {
		putc('\n', out);
	}
	put_sources(out, ev);
}

void
text_facts(struct report *rep, const struct finding *f)
{
	struct wrap wrap;
	struct report lines = *rep;

	lines.out = wrap_open(&wrap, rep->out, 2, rep->opts.columns);
	if (lines.out == NULL) {
		rep->failed = true;
		return;
	}
	putc('\n', rep->out);
	put_facts(&lines, f->event);
	fclose(lines.out);
}
