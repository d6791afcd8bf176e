/* The arithmetic of the choice, written out for the first of the ranking. */
#include "report/text.h"

#include "report/wrap.h"

#include <string.h>

enum {
	ROWS_TOP = 3,	  /* of the ranking */
	ROWS_MAX = 6,	  /* with the victim and the trigger */
	EXEMPT_SHOWN = 4, /* names of processes that could not be chosen */
	TAG_WIDTH = 26,
	NARROW = 90,
};

/* The rows of the table that are worth a line, by rank. */
struct pick {
	size_t row[ROWS_MAX];
	size_t n;
};

static bool
is_trigger(const struct event *ev, const struct task *t)
{
	return known(ev->trigger.pid) && (t->pid == ev->trigger.pid || t->tgid == ev->trigger.pid);
}

static void
pick_row(struct pick *p, const struct score *s, size_t row)
{
	size_t at = p->n;

	for (size_t i = 0; i < p->n; i++) {
		if (p->row[i] == row)
			return;
	}
	if (p->n == ROWS_MAX)
		return;
	for (p->n++; at > 0 && s[p->row[at - 1]].rank > s[row].rank; at--)
		p->row[at] = p->row[at - 1];
	p->row[at] = row;
}

/* What held the most memory, though another ranks before it. */
static bool
largest_row(const struct finding *f, size_t *ret)
{
	const struct score *s = f->verdict->scores;
	int64_t most = UNKNOWN;

	for (size_t i = 0; i < f->event->tasks.n; i++) {
		if (known(s[i].rank) && known(s[i].memory_pages) && s[i].memory_pages > most) {
			most = s[i].memory_pages;
			*ret = i;
		}
	}
	return known(most);
}

static struct pick
pick_rows(const struct finding *f)
{
	const struct score *s = f->verdict->scores;
	struct pick p = { .n = 0 };
	size_t subject;

	for (size_t i = 0; i < f->event->tasks.n; i++) {
		if (known(s[i].rank) && s[i].rank <= ROWS_TOP)
			pick_row(&p, s, i);
	}
	if (text_subject(f, &subject) != NULL && known(s[subject].rank))
		pick_row(&p, s, subject);
	if (largest_row(f, &subject))
		pick_row(&p, s, subject);
	for (size_t i = 0; i < f->event->tasks.n; i++) {
		if (known(s[i].rank) && is_trigger(f->event, &f->event->tasks.v[i]))
			pick_row(&p, s, i);
	}
	return p;
}

/* What the terms do not say: the bonus of root (until 4.17), and that 1 is the least. */
static void
put_rest(FILE *out, const struct task *t, const struct score *s, int64_t sum)
{
	if (!known(s->badness) || s->badness == sum)
		return;
	if (s->badness == 1 && sum < 1)
		fputs(", but 1 at least", out);
	else if (t->uid != 0)
		return; /* 2.6.39 - 3.1 multiply in 32 bits: the verdict says so */
	else if (s->badness == 1)
		fputs(" - the bonus of root, but 1 at least", out);
	else if (s->badness < sum)
		fprintf(out, " - %lld for root", (long long)(sum - s->badness));
}

/* adj x scale + the other terms; UNKNOWN if one is, or where the sum is too large. */
static int64_t
sum_of(int64_t terms, int64_t adj, int64_t scale)
{
	int64_t n;

	if (!known(terms) || !known(scale) || __builtin_mul_overflow(adj, scale, &n) ||
	    __builtin_add_overflow(n, terms, &n))
		return UNKNOWN;
	return n;
}

static void
put_sum(FILE *out, const struct verdict *v, const struct task *t, const struct score *s)
{
	int64_t adj = known(t->oom_score_adj) ? t->oom_score_adj : 0, n;

	if (!v->in_pages) {
		fprintf(out, "1000 x %s / %s + %lld", words_number(s->memory_pages).s,
		    words_number(v->totalpages).s, (long long)adj);
		if (known(v->totalpages) && v->totalpages > 0 && known(s->memory_pages) &&
		    !__builtin_mul_overflow(s->memory_pages, (int64_t)1000, &n))
			put_rest(out, t, s, sum_of(n / v->totalpages, adj, 1));
		return;
	}
	fprintf(out, "%s + %s + %s", words_number(t->rss_pages).s,
	    words_number(t->swapents_pages).s, words_number(s->pgtable_pages).s);
	if (adj != 0)
		fprintf(out, " %c %lld x %s", adj < 0 ? '-' : '+',
		    (long long)(adj < 0 ? -adj : adj),
		    known(v->totalpages) ? words_number(v->totalpages / 1000).s : "?");
	n = sum_of(s->memory_pages, adj,
	    known(v->totalpages) ? v->totalpages / 1000
	    : adj == 0		 ? 0
				 : UNKNOWN);
	if (known(n))
		put_rest(out, t, s, n);
}

/* A window in which a table as it is otherwise has no room. */
static bool
is_narrow(const struct report *rep)
{
	return rep->opts.columns > 0 && rep->opts.columns < NARROW;
}

static int
tag_width(const struct report *rep)
{
	return is_narrow(rep) ? TAG_WIDTH - 8 : TAG_WIDTH;
}

static void
put_row(struct report *rep, const struct finding *f, size_t row)
{
	const struct event *ev = f->event;
	const struct task *t = &ev->tasks.v[row];
	const struct score *s = &f->verdict->scores[row];
	size_t subject = ev->tasks.n;
	bool dead = text_subject(f, &subject) != NULL && subject == row;

	fprintf(
	    rep->out, "%s%6lld  ", rep->opts.color && dead ? "\033[31m" : "", (long long)s->rank);
	put_tag(rep->out, t->comm, t->pid, tag_width(rep));
	fprintf(rep->out, "%10s %9s = ", words_kb(pages_kb(ev, s->memory_pages)).s,
	    words_number(s->badness).s);
	put_sum(rep->out, f->verdict, t, s);
	if (dead)
		fputs(f->verdict->chosen.known ? "  chosen" : "  killed", rep->out);
	if (is_trigger(ev, t))
		fputs("  asked for memory", rep->out);
	fputs(rep->opts.color && dead ? "\033[0m\n" : "\n", rep->out);
}

static void
put_formula(FILE *out, const struct verdict *v, int64_t page_size)
{
	if (!v->in_pages) {
		fprintf(out, "score of 1000 = %s\n", v->formula == NULL ? "?" : v->formula);
		return;
	}
	fprintf(out, "badness = resident + swap + page tables + oom_score_adj x %s, in pages",
	    known(v->totalpages) ? words_number(v->totalpages / 1000).s : "?");
	if (known(page_size))
		fprintf(out, " of %s", words_kb(page_size / 1024).s);
	putc('\n', out);
}

static void
put_head(struct report *rep, const struct verdict *v, int64_t page_size)
{
	struct wrap wrap;
	FILE *out = NULL;

	if (is_narrow(rep)) {
		putc('\n', rep->out);
		out = wrap_open(&wrap, rep->out, 2, rep->opts.columns);
	} else {
		fputs("   ", rep->out);
	}
	put_formula(out == NULL ? rep->out : out, v, page_size);
	if (out != NULL)
		fclose(out);
	fprintf(rep->out, "  rank  %-*s%10s %9s\n", tag_width(rep), "process", "memory", "badness");
}

static void
put_exempt(struct report *rep, const struct finding *f)
{
	struct wrap wrap;
	FILE *out = wrap_open(&wrap, rep->out, 8, rep->opts.columns);
	const struct event *ev = f->event;
	const struct score *s = f->verdict->scores;
	size_t shown = 0, n = 0;
	const char *last = NULL;

	if (out == NULL) {
		rep->failed = true;
		return;
	}
	for (size_t i = 0; i < ev->tasks.n; i++) {
		if (s[i].eligible)
			continue;
		if (n++ >= EXEMPT_SHOWN)
			continue;
		if (shown++ == 0)
			fputs("could not be chosen: ", out);
		else if (last != s[i].why_not)
			fprintf(out, " (%s), ", last == NULL ? "reason unknown" : last);
		else
			fputs(", ", out);
		put_tag(out, ev->tasks.v[i].comm, ev->tasks.v[i].pid, 0);
		last = s[i].why_not;
	}
	if (n > 0)
		fprintf(out, " (%s)", last == NULL ? "reason unknown" : last);
	if (n > EXEMPT_SHOWN)
		fprintf(
		    out, " and %s", words_count((int64_t)(n - EXEMPT_SHOWN), "other", "others").s);
	fclose(out);
}

static size_t
count_ranked(const struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->event->tasks.n; i++)
		n += known(f->verdict->scores[i].rank);
	return n;
}

static void
put_table(struct report *rep, const struct finding *f)
{
	struct pick p = pick_rows(f);
	size_t ranked = count_ranked(f);

	put_head(rep, f->verdict, f->event->page_size);
	for (size_t i = 0; i < p.n; i++)
		put_row(rep, f, p.row[i]);
	if (ranked > p.n)
		fprintf(rep->out, "        and %s\n",
		    words_count((int64_t)(ranked - p.n), "other process", "other processes").s);
	put_exempt(rep, f);
}

/* Whether the one that died is the one that the ranking puts first. */
static bool
died_by_rank(const struct finding *f)
{
	const struct verdict *v = f->verdict;
	size_t row;

	return f->event->outcome == OUTCOME_KILLED && v->agrees == TRI_YES && v->expected.known &&
	       !f->event->allocating_task && text_subject(f, &row) != NULL &&
	       v->scores[row].rank == 1;
}

static void
put_margin(FILE *out, const struct finding *f)
{
	const struct verdict *v = f->verdict;

	if (!v->in_pages || !known(v->margin_pages) || v->margin_pages == 0 || !v->runner_up.known)
		return;
	fprintf(out, "Margin: %s", words_count(v->margin_pages, "page", "pages").s);
	if (known(pages_kb(f->event, v->margin_pages)))
		fprintf(out, " (%s)", words_kb(pages_kb(f->event, v->margin_pages)).s);
	fputs(" before ", out);
	put_name(out, v->runner_up.comm, v->runner_up.pid);
	fputs(". ", out);
}

static void
put_spare(FILE *out, const struct verdict *v)
{
	if (!known(v->spare_adj))
		return;
	put_name(out, v->expected.comm, v->expected.pid);
	if (v->spare_adj > -1000)
		fprintf(out, " would have been spared at oom_score_adj %lld or lower",
		    (long long)v->spare_adj);
	else
		fputs(" would have been spared only by oom_score_adj -1000", out);
	if (v->spared_for.known) {
		fputs("; then ", out);
		put_name(out, v->spared_for.comm, v->spared_for.pid);
		fputs(" would have been killed", out);
	}
	fputs(".\n", out);
}

static void
put_scores(FILE *out, const struct verdict *v)
{
	/* The sentence of that rule has the numbers. */
	bool said = v->decided_by != NULL && strcmp(v->decided_by, "hidden-memory") == 0;

	if (!known(v->score_printed) || said)
		return;
	fprintf(out, "  The log prints a score of %lld", (long long)v->score_printed);
	if (known(v->score_recomputed))
		fprintf(out, "; recomputed: %s%lld", v->score_is_lower_bound ? "at least " : "",
		    (long long)v->score_recomputed);
	if (known(v->hidden_pages_min) && known(v->hidden_pages_max))
		fprintf(out, ";\n  %lld to %lld pages of page tables and swap are not in the list",
		    (long long)v->hidden_pages_min, (long long)v->hidden_pages_max);
	fputs(".\n", out);
}

/* How clear the choice was, and what would have changed it. */
static void
put_numbers(struct report *rep, const struct finding *f, bool by_badness)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, rep->out, 2, rep->opts.columns);

	if (to == NULL) {
		rep->failed = true;
		return;
	}
	if (by_badness)
		fputs("The recomputed choice is the kernel's own. ", to);
	if (died_by_rank(f)) {
		put_margin(to, f);
		put_spare(to, f->verdict);
	}
	fclose(to);
}

void
text_why(struct report *rep, const struct finding *f)
{
	const struct verdict *v = f->verdict;
	FILE *out = rep->out;
	bool by_badness;

	if (v == NULL)
		return;
	by_badness =
	    v->decided_by != NULL && v->scores != NULL && strcmp(v->decided_by, "badness") == 0;
	text_heading(rep, "WHY");
	if (v->scores != NULL && count_ranked(f) > 0) {
		put_table(rep, f);
	} else {
		putc('\n', out);
		if (v->scores != NULL)
			put_exempt(rep, f);
	}
	/* That it had the highest badness is what the table shows. */
	if (!by_badness && v->says.n > 0)
		put_wrapped(rep, v->says, 2);
	if (v->scores == NULL)
		return;
	put_numbers(rep, f, by_badness);
	put_scores(out, v);
	if (v->totalpages_quality > QUALITY_EXACT && v->totalpages_matter &&
	    v->totalpages_how.n > 0) {
		fputs("  What oom_score_adj is scaled by (totalpages) is not exact:\n", out);
		put_wrapped(rep, v->totalpages_how, 4);
	}
}
