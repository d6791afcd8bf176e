#include "report/whatif.h"

#include "base/escape.h"
#include "report/text.h"

#include <inttypes.h>

enum { TAG_WIDTH = 26, INDENT = 2 };

static void
put_event(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct victim *v = event_victim(ev);

	fprintf(rep->out, "  event %s, ", ev->id);
	text_when(rep, ev->real_us, ev->mono_us);
	if (ev->host.p != NULL) {
		fputs(", host ", rep->out);
		str_put_escaped(rep->out, ev->host);
	}
	if (ev->kernel.p != NULL) {
		fputs(", kernel ", rep->out);
		str_put_escaped(rep->out, ev->kernel);
	}
	fputs("\n  ", rep->out);
	text_cause(rep->out, f);
	if (v != NULL) {
		fputs("; killed: ", rep->out);
		put_victim_name(rep->out, v);
	}
	putc('\n', rep->out);
}

static void
put_total(FILE *out, const struct whatif_ranking *r)
{
	fprintf(out, "  totalpages %s", words_number(r->total).s);
	if (known(r->total) && r->total_max != r->total)
		fprintf(out, " to %s",
		    known(r->total_max) ? words_number(r->total_max).s
					: "a number that is not in the log");
	fputs(" (", out);
	str_put_escaped(out, r->how);
	fputs(")\n", out);
}

static void
put_ranking(struct report *rep, const struct whatif *w)
{
	FILE *out = rep->out;
	const struct whatif_ranking *r = &w->now;
	size_t rows = rep->opts.verbose || r->n < WHATIF_ROWS ? r->n : WHATIF_ROWS;

	fprintf(out, "\nWHO DIES, AND WHO AFTER IT    %s = %s\n",
	    w->in_pages ? "badness" : "score of 1000", w->formula);
	put_total(out, r);
	fprintf(
	    out, "  rank  %-*s%10s %9s %6s\n", TAG_WIDTH, "process", "memory", "badness", "adj");
	for (size_t i = 0; i < rows; i++) {
		const struct task *t = &w->ev->tasks.v[r->v[i].row];

		fprintf(out, "%6zu  ", i + 1);
		put_tag(out, t->comm, t->pid, TAG_WIDTH);
		fprintf(out, "%10s %9s %6s%s\n", words_kb(pages_kb(w->ev, r->v[i].memory_pages)).s,
		    words_number(r->v[i].badness).s, words_number(r->v[i].adj).s,
		    r->asker_dies && r->v[i].row == r->asker ? "  asked: dies whatever its badness"
							     : "");
	}
	if (rows < r->n)
		fprintf(out, "        and %s\n",
		    words_count((int64_t)(r->n - rows), "other process", "other processes").s);
}

static void
put_why(struct report *rep, const struct whatif_why *why)
{
	FILE *out = rep->out;
	size_t shown = rep->opts.verbose || why->n < WHATIF_ROWS ? why->n : WHATIF_ROWS;

	fputs("\nWHY NOT ", out);
	if (known(why->who.pid))
		fprintf(out, "%" PRId64, why->who.pid);
	else
		str_put_escaped(out, why->who.name);
	if (why->n > 1)
		fprintf(out, "    %s%s", words_count((int64_t)why->n, "process", "processes").s,
		    why->by_service ? " of this service" : " of this name");
	putc('\n', out);
	for (size_t i = 0; i < shown; i++)
		put_wrapped(rep, why->v[i].says, INDENT);
	if (shown < why->n)
		fprintf(out, "  and %s, further down.\n",
		    words_count((int64_t)(why->n - shown), "other", "others").s);
}

static void
put_need(struct report *rep, const struct whatif *w)
{
	FILE *out = rep->out;
	const struct whatif_need *n = &w->need;

	fputs("\nMORE MEMORY\n", out);
	if (n->id == NULL) {
		fputs("  What the request lacked cannot be told from this log.\n", out);
		return;
	}
	put_wrapped(rep, n->says, INDENT);
	if (w->changed && n->helped == TRI_YES)
		fputs("  What was asked for is enough for that one request.\n", out);
	if (w->changed && n->helped == TRI_NO)
		fputs("  What was asked for would not have granted it.\n", out);
}

void
whatif_text(struct report *rep, const struct finding *f, const struct whatif *w)
{
	FILE *out = rep->out;

	if (w->refused != NULL) {
		fprintf(out, "This choice cannot be replayed: %s.\n", w->refused);
		put_event(rep, f);
		return;
	}
	put_wrapped(rep, w->says, 0);
	put_event(rep, f);
	for (size_t i = 0; i < w->nwhy; i++)
		put_why(rep, &w->why[i]);
	put_ranking(rep, w);
	if (w->nspares > 0)
		fputs("\nWHAT SPARES THE FIRST\n", out);
	for (size_t i = 0; i < w->nspares; i++)
		put_wrapped(rep, w->spares[i].says, INDENT);
	put_need(rep, w);
	if (w->nnotes > 0)
		fputs("\nWHAT THIS RESTS ON\n", out);
	for (size_t i = 0; i < w->nnotes; i++)
		put_wrapped(rep, w->notes[i], INDENT);
}
