/* The ranking with the arithmetic written out, and who died. */
#include "report/html.h"

#include "base/mem.h"

#include <stdlib.h>

enum { ROWS_SHOWN = 12 };

static bool
is_pid(const struct task *t, int64_t pid)
{
	return known(pid) && (t->pid == pid || t->tgid == pid);
}

static bool
is_victim(const struct event *ev, const struct task *t)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (is_pid(t, ev->victims[i].pid))
			return true;
	}
	return false;
}

static void
put_sum(FILE *out, const struct verdict *v, const struct task *t, const struct score *s)
{
	int64_t adj = known(t->oom_score_adj) ? t->oom_score_adj : 0;

	if (!v->in_pages) {
		fprintf(out, "1000 × %s / %s + %lld", words_number(s->memory_pages).s,
		    words_number(v->totalpages).s, (long long)adj);
		return;
	}
	fprintf(out, "%s + %s + %s", words_number(t->rss_pages).s,
	    words_number(t->swapents_pages).s, words_number(s->pgtable_pages).s);
	if (adj != 0)
		fprintf(out, " %s %lld × %s", adj < 0 ? "−" : "+",
		    (long long)(adj < 0 ? -adj : adj),
		    known(v->totalpages) ? words_number(v->totalpages / 1000).s : "?");
}

static void
put_bar(FILE *out, int64_t badness, int64_t most)
{
	double width = most > 0 && badness > 0 ? 100.0 * (double)badness / (double)most : 0;

	fprintf(out,
	    "<td><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
	    "style=\"min-width:6rem;height:.7rem\"><rect class=\"back\" width=\"100\" "
	    "height=\"8\"/><rect class=\"c0\" width=\"%.1f\" height=\"8\"/></svg></td>",
	    width > 100 ? 100 : width);
}

static void
put_row(struct html *h, const struct finding *f, size_t row, int64_t most)
{
	const struct event *ev = f->event;
	const struct task *t = &ev->tasks.v[row];
	const struct score *s = &f->verdict->scores[row];
	bool dead = is_victim(ev, t), asked = is_pid(t, ev->trigger.pid);

	fprintf(h->out, "<tr%s>", dead ? " class=\"hit\"" : "");
	html_cell(h, words_number(s->rank).s);
	fputs("<th scope=\"row\">", h->out);
	put_tag(h->text, t->comm, t->pid, 0);
	fprintf(h->out, "%s%s</th>", dead ? " <span class=\"tag\">killed</span>" : "",
	    asked ? " <span class=\"tag\">asked for memory</span>" : "");
	html_cell(h, words_kb(pages_kb(ev, s->memory_pages)).s);
	html_cell(h, words_number(t->oom_score_adj).s);
	html_cell(h, words_number(s->badness).s);
	put_bar(h->out, s->badness, most);
	fputs("<td class=\"w\">", h->out);
	put_sum(h->out, f->verdict, t, s);
	fputs("</td></tr>\n", h->out);
}

/* Rows of the table by their rank: `first` is the row of rank 1; n of them, or NULL. */
static size_t *
rows_by_rank(const struct finding *f, size_t *ret_n)
{
	size_t n = f->event->tasks.n, *v = mem_alloc((n + 1) * sizeof(*v));

	*ret_n = 0;
	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		v[i] = n;
	for (size_t i = 0; i < n; i++) {
		int64_t rank = f->verdict->scores[i].rank;

		if (known(rank) && rank >= 1 && (uint64_t)rank <= n && v[rank - 1] == n)
			v[rank - 1] = i;
	}
	for (size_t i = 0; i < n; i++) {
		if (v[i] < n)
			v[(*ret_n)++] = v[i];
	}
	return v;
}

static void
put_ranking(struct html *h, const struct finding *f)
{
	size_t n, *rows = rows_by_rank(f, &n), left = 0;
	int64_t most;

	if (rows == NULL) {
		h->rep->failed = true;
		return;
	}
	if (n > 0) {
		most = f->verdict->scores[rows[0]].badness;
		html_table(h, f->verdict->formula == NULL ? "badness" : f->verdict->formula,
		    "#Rank|Process|#Memory|#oom_score_adj|#Badness|Compared|Reckoned from");
		for (size_t i = 0; i < n; i++) {
			const struct task *t = &f->event->tasks.v[rows[i]];

			if (i < ROWS_SHOWN || is_victim(f->event, t) ||
			    is_pid(t, f->event->trigger.pid))
				put_row(h, f, rows[i], most);
			else
				left++;
		}
		html_table_end(h);
	}
	if (left > 0)
		fprintf(h->out, "<p class=\"dim\">and %s with less.</p>\n",
		    words_count((int64_t)left, "other process", "other processes").s);
	mem_free(rows);
}

static void
put_exempt(struct html *h, const struct finding *f)
{
	const struct event *ev = f->event;
	size_t n = 0;

	for (size_t i = 0; i < ev->tasks.n; i++) {
		const struct score *s = &f->verdict->scores[i];

		if (s->eligible || ++n > ROWS_SHOWN)
			continue;
		fputs(n == 1 ? "<p>Could not be chosen: " : ", ", h->out);
		put_tag(h->text, ev->tasks.v[i].comm, ev->tasks.v[i].pid, 0);
		fputs(" (", h->out);
		html_z(h, s->why_not == NULL ? "reason unknown" : s->why_not);
		putc(')', h->out);
	}
	if (n > ROWS_SHOWN)
		fprintf(h->out, " and %zu more", n - ROWS_SHOWN);
	fputs(n > 0 ? ".</p>\n" : "", h->out);
}

static void
put_margin(struct html *h, const struct finding *f)
{
	const struct verdict *v = f->verdict;

	if (v->in_pages && known(v->margin_pages) && v->margin_pages > 0 && v->runner_up.known) {
		fprintf(h->out, "<p>Margin: %s (%s) before ",
		    words_count(v->margin_pages, "page", "pages").s,
		    words_kb(pages_kb(f->event, v->margin_pages)).s);
		put_name(h->text, v->runner_up.comm, v->runner_up.pid);
		fputs(".</p>\n", h->out);
	}
	if (!known(v->spare_adj) || v->agrees != TRI_YES)
		return;
	fputs("<p>", h->out);
	put_name(h->text, v->expected.comm, v->expected.pid);
	fprintf(h->out, " would have been spared at oom_score_adj %lld or lower",
	    (long long)v->spare_adj);
	if (v->spared_for.known) {
		fputs("; then ", h->out);
		put_name(h->text, v->spared_for.comm, v->spared_for.pid);
		fputs(" would have been killed", h->out);
	}
	fputs(".</p>\n", h->out);
}

static void
put_victims(struct html *h, const struct event *ev)
{
	static const char *const roles[] = { "chosen", "child of the chosen one",
		"of the same cgroup", "shared its memory" };

	html_table(
	    h, "What those killed held", "Process|#User|#Its own|#Files|#Shared|#Page tables|How");
	for (size_t i = 0; i < ev->nvictims; i++) {
		const struct victim *v = &ev->victims[i];

		fputs("<tr><th scope=\"row\">", h->out);
		put_victim_name(h->text, v);
		fputs("</th>", h->out);
		html_cell(h, words_number(v->uid).s);
		html_cell(h, words_kb(v->anon_rss_kb).s);
		html_cell(h, words_kb(v->file_rss_kb).s);
		html_cell(h, words_kb(v->shmem_rss_kb).s);
		html_cell(h, words_kb(v->pgtables_kb).s);
		fprintf(h->out, "<td>%s</td></tr>\n", roles[v->role]);
	}
	html_table_end(h);
}

void
html_choice(struct html *h, const struct finding *f)
{
	const struct verdict *v = f->verdict;

	if (v == NULL)
		return;
	html_section(h, "choice", "Why this process");
	if (v->says.n > 0) {
		fputs("<p>", h->out);
		html_str(h, v->says);
		fputs("</p>\n", h->out);
	}
	if (v->scores != NULL) {
		put_ranking(h, f);
		put_exempt(h, f);
		put_margin(h, f);
	}
	if (f->event->nvictims > 0)
		put_victims(h, f->event);
	html_section_end(h);
}
