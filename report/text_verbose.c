/* Everything else that the log said. */
#include "report/text.h"

#include "base/escape.h"

static void
put_tasks(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct score *scores = f->verdict == NULL ? NULL : f->verdict->scores;

	if (ev->tasks.n == 0)
		return;
	text_heading(rep, "ALL PROCESSES");
	fputs(
	    "   in the order of the log, sizes in pages\n"
	    "  rank   badness     pid    tgid     uid  total_vm       rss  pgt bytes    swap   adj"
	    "  name\n",
	    rep->out);
	for (size_t i = 0; i < ev->tasks.n; i++) {
		const struct task *t = &ev->tasks.v[i];

		fprintf(rep->out, "%6s %9s",
		    words_number(scores == NULL ? UNKNOWN : scores[i].rank).s,
		    words_number(scores == NULL ? UNKNOWN : scores[i].badness).s);
		fprintf(rep->out, " %7s %7s %7s %9s %9s", words_number(t->pid).s,
		    words_number(t->tgid).s, words_number(t->uid).s,
		    words_number(t->total_vm_pages).s, words_number(t->rss_pages).s);
		fprintf(rep->out, " %10s %7s %5s  ", words_number(t->pgtables_bytes).s,
		    words_number(t->swapents_pages).s, words_number(t->oom_score_adj).s);
		str_put_escaped(rep->out, t->comm);
		putc('\n', rep->out);
	}
}

static void
put_counters(FILE *out, const struct counters *c)
{
	enum { PER_LINE = 4 };

	for (size_t i = 0; i < c->n; i++) {
		fputs(i % PER_LINE == 0 ? i == 0 ? "    " : "\n    " : "  ", out);
		str_put_escaped(out, c->v[i].name);
		fprintf(out, ":%lld", (long long)c->v[i].value);
	}
	if (c->n > 0)
		putc('\n', out);
}

static void
put_zone(FILE *out, const struct zone *z)
{
	fputs("  zone ", out);
	str_put_escaped(out, z->name);
	if (known(z->node))
		fprintf(out, " of node %lld", (long long)z->node);
	fprintf(out, ": free %s, min %s, low %s, high %s, managed %s%s\n", words_kb(z->free_kb).s,
	    words_kb(z->min_kb).s, words_kb(z->low_kb).s, words_kb(z->high_kb).s,
	    words_kb(z->managed_kb).s, z->all_unreclaimable ? ", unreclaimable" : "");
	if (z->nbuddy > 0)
		fputs("    free pieces:", out);
	for (size_t i = 0; i < z->nbuddy; i++) {
		if (z->buddy[i].count != 0)
			fprintf(out, " %s x %s", words_number(z->buddy[i].count).s,
			    words_kb(z->buddy[i].size_kb).s);
	}
	if (z->nbuddy > 0)
		putc('\n', out);
}

static void
put_memory(struct report *rep, const struct memory *m)
{
	FILE *out = rep->out;

	text_heading(rep, "COUNTERS");
	fputs("   in pages\n", out);
	put_counters(out, &m->global_pages);
	for (size_t i = 0; i < m->nnodes; i++) {
		fprintf(out, "  node %s, in kB\n", words_number(m->nodes[i].id).s);
		put_counters(out, &m->nodes[i].kb);
	}
	for (size_t i = 0; i < m->nzones; i++)
		put_zone(out, &m->zones[i]);
	for (size_t i = 0; i < m->nslabs; i++) {
		fputs("  slab ", out);
		str_put_escaped(out, m->slabs[i].name);
		fprintf(out, ": %s in use of %s\n", words_kb(m->slabs[i].used_kb).s,
		    words_kb(m->slabs[i].total_kb).s);
	}
	for (size_t i = 0; i < m->nsites; i++) {
		fprintf(out, "  allocated %s bytes in %s calls by ",
		    words_number(m->sites[i].bytes).s, words_number(m->sites[i].calls).s);
		str_put_escaped(out, m->sites[i].where);
		putc('\n', out);
	}
}

static void
put_stats(struct report *rep, const struct cgroup *g)
{
	for (size_t i = 0; i < g->nstats; i++) {
		text_heading(rep, "CGROUP ");
		str_put_escaped(rep->out, g->stats[i].path);
		fputs(g->stats[i].truncated ? "   cut by the kernel\n" : "\n", rep->out);
		put_counters(rep->out, &g->stats[i].stat);
	}
}

static void
put_request(FILE *out, const struct event *ev)
{
	const struct trigger *t = &ev->trigger;

	if (t->gfp_mask.p == NULL)
		return;
	fputs("  request: gfp_mask ", out);
	str_put_escaped(out, t->gfp_mask);
	if (t->gfp_flags.n > 0) {
		fputs(" = ", out);
		str_put_escaped(out, t->gfp_flags);
	}
	fprintf(out, ", order %s\n", words_number(t->order).s);
}

static void
put_rest(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	FILE *out = rep->out;

	text_heading(rep, "DETAILS\n");
	fprintf(out, "  event %s, %s, constraint %s\n", ev->id,
	    ev->trust_kernel ? "proven to be the kernel's"
			     : "in plain text, which other programs can write too",
	    constraint_name(ev->constraint) == NULL ? "unknown" : constraint_name(ev->constraint));
	put_request(out, ev);
	if (f->verdict != NULL && f->verdict->era != NULL)
		fprintf(out, "  algorithm since Linux %s: %s\n", f->verdict->era,
		    f->verdict->formula == NULL ? "?" : f->verdict->formula);
	if (f->verdict != NULL && f->verdict->totalpages_how.n > 0) {
		fprintf(out, "  totalpages %s = ", words_number(f->verdict->totalpages).s);
		str_put_escaped(out, f->verdict->totalpages_how);
		putc('\n', out);
	}
	for (size_t i = 0; i < ev->nmissing; i++) {
		fputs(i == 0 ? "  not in the log: " : ", ", out);
		str_put_escaped(out, ev->missing[i]);
	}
	if (ev->nmissing > 0)
		putc('\n', out);
}

static void
put_unknown(struct report *rep, const struct event *ev)
{
	if (ev->nunknown == 0)
		return;
	text_heading(rep, "LINES NOT UNDERSTOOD\n");
	for (size_t i = 0; i < ev->nlines; i++) {
		if (ev->lines[i].use != LINE_UNKNOWN)
			continue;
		fprintf(rep->out, "  %lld: ", (long long)ev->lines[i].line);
		str_put_escaped(rep->out, ev->lines[i].text);
		putc('\n', rep->out);
	}
}

void
text_verbose(struct report *rep, const struct finding *f)
{
	put_rest(rep, f);
	if (f->event->memory.seen)
		put_memory(rep, &f->event->memory);
	put_stats(rep, &f->event->cgroup);
	put_tasks(rep, f);
	put_unknown(rep, f->event);
}
