/* What somebody saw who was there, in sentences; every format has these. */
#include "report/witness.h"

#include "analyze/place.h"
#include "base/escape.h"
#include "model/witness.h"
#include "report/instant.h"
#include "report/words.h"

#include <stdlib.h>

enum { SURVIVORS_SHOWN = 4 };

/* How long after the kill it was; clocks of two sources may disagree. */
static void
put_later(FILE *out, const struct event *ev, const struct witness *w)
{
	const struct victim *v = event_victim(ev);
	int64_t killed = v != NULL && known(v->real_us) ? v->real_us : ev->real_us, later;

	if (!known(killed) || !known(w->real_us) ||
	    __builtin_sub_overflow(w->real_us, killed, &later) || later <= 0)
		fputs("A moment later", out);
	else
		fprintf(out, "%s later", duration_human(later).s);
}

static bool
say_memory(FILE *out, const struct event *ev, const struct witness *w)
{
	const struct meminfo *m = &w->memory;
	bool available = known(m->available_kb);

	if (!available && !known(m->free_kb))
		return false;
	put_later(out, ev, w);
	fprintf(out, " %s", words_kb(available ? m->available_kb : m->free_kb).s);
	if (known(m->total_kb))
		fprintf(out, " of %s", words_kb(m->total_kb).s);
	fputs(available ? " were available" : " were free", out);
	if (known(m->swap_total_kb) && m->swap_total_kb > 0)
		fprintf(out, ", and %s of %s of swap free", words_kb(m->swap_free_kb).s,
		    words_kb(m->swap_total_kb).s);
	if (known(w->processes))
		fprintf(out, "; %s there",
		    words_count(w->processes, "process was", "processes were").s);
	putc('.', out);
	return true;
}

/* Hundredths of a per cent. */
static bool
say_pressure(FILE *out, const struct event *ev, const struct witness *w)
{
	const struct pressure *p = &w->pressure;

	(void)ev;
	if (!known(p->some10))
		return false;
	fprintf(out, "Tasks had waited for memory for %lld %% of the last 10 seconds",
	    (long long)((p->some10 + 50) / 100));
	if (known(p->full10))
		fprintf(
		    out, ", all of them at once for %lld %%", (long long)((p->full10 + 50) / 100));
	if (known(p->some60))
		fprintf(
		    out, "; of the last minute for %lld %%", (long long)((p->some60 + 50) / 100));
	fputs(" (memory pressure, PSI).", out);
	return true;
}

static bool
say_kills(FILE *out, const struct event *ev, const struct witness *w)
{
	(void)ev;
	if (!known(w->oom_kills))
		return false;
	fprintf(out, "The kernel had counted %s since it booted.",
	    words_count(w->oom_kills, "OOM kill", "OOM kills").s);
	return true;
}

static bool
say_settings(FILE *out, const struct event *ev, const struct witness *w)
{
	const struct {
		const char *name;
		int64_t value;
	} set[] = {
		{ "overcommit_memory", w->sysctls.overcommit_memory },
		{ "swappiness", w->sysctls.swappiness },
		{ "min_free_kbytes", w->sysctls.min_free_kbytes },
		{ "panic_on_oom", w->sysctls.panic_on_oom },
		{ "oom_kill_allocating_task", w->sysctls.oom_kill_allocating_task },
	};
	bool any = false;

	(void)ev;
	for (size_t i = 0; i < ARRAY_LEN(set); i++) {
		if (!known(set[i].value))
			continue;
		fprintf(
		    out, "%svm.%s was %lld", any ? ", " : "", set[i].name, (long long)set[i].value);
		any = true;
	}
	fputs(any ? "." : "", out);
	return any;
}

static void
put_survivor(FILE *out, const struct survivor *s)
{
	struct arena mem = { 0 };
	struct place place = place_of(&mem, (struct str){ s->cgroup, s->cgroup_n });

	put_name(out, (struct str){ s->comm, s->comm_n }, s->pid);
	fprintf(out, " %s", words_kb(s->rss_kb).s);
	if (place.kind != PLACE_NONE && place.kind != PLACE_ROOT && place.name.n > 0) {
		fputs(" in ", out);
		str_put_escaped(out, place.name);
	}
	if (known(s->oom_score_adj) && s->oom_score_adj != 0)
		fprintf(out, " with oom_score_adj %lld", (long long)s->oom_score_adj);
	arena_done(&mem);
}

static bool
say_survivors(FILE *out, const struct event *ev, const struct witness *w)
{
	size_t shown = w->n < SURVIVORS_SHOWN ? w->n : SURVIVORS_SHOWN;

	(void)ev;
	if (w->n == 0)
		return false;
	fputs(w->n == 1 ? "The largest left was " : "The largest left were ", out);
	for (size_t i = 0; i < shown; i++) {
		fputs(i == 0 ? "" : i + 1 < shown ? ", " : " and ", out);
		put_survivor(out, &w->survivors[i]);
	}
	putc('.', out);
	return true;
}

static bool (*const sentences[WITNESS_SENTENCES])(FILE *, const struct event *,
    const struct witness *) = { say_memory, say_pressure, say_survivors, say_settings, say_kills };

size_t
witness_sentences(const struct finding *f, char *ret[static WITNESS_SENTENCES])
{
	struct witness w;
	size_t n = 0;

	if (f->event->witness.p == NULL || !witness_parse(f->event->witness, &w))
		return 0;
	for (size_t i = 0; i < WITNESS_SENTENCES; i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		bool said;

		if (out == NULL)
			return n;
		said = sentences[i](out, f->event, &w);
		if (fclose(out) == 0 && said)
			ret[n++] = text;
		else
			free(text);
	}
	return n;
}
