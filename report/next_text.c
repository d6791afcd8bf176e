#include "report/next.h"

#include "analyze/arith.h"
#include "base/escape.h"
#include "report/text.h"

#include <inttypes.h>

enum { TAG_WIDTH = 26, EXEMPT_SHOWN = 6, INDENT = 2 };

static struct words
pages_words(const struct next *n, int64_t pages)
{
	return words_kb(times(pages, n->machine->page_size / 1024));
}

static void
put_scope(FILE *out, const struct next *n)
{
	fputs("  kernel ", out);
	str_put_escaped(out, n->machine->release);
	if (n->group == NULL) {
		fputs(", whole machine\n", out);
	} else {
		fputs(", cgroup ", out);
		str_put_escaped(out, n->group->path);
		fprintf(out, ", uses %s of %s\n", words_kb(n->group->usage_kb).s,
		    n->group->limit_kb == INT64_MAX ? "no limit" : words_kb(n->group->limit_kb).s);
	}
	fprintf(out, "  totalpages %" PRId64 " (", n->total);
	str_put_escaped(out, n->total_how);
	fputs(")\n", out);
}

static void
put_row(FILE *out, const struct next *n, const struct next_row *row)
{
	const struct score *s = &row->score;

	fprintf(out, "%5s  ", words_number(s->rank).s);
	put_tag(out, row->p->comm, row->p->pid, TAG_WIDTH);
	fprintf(out, " %10s %10" PRId64, pages_words(n, s->memory_pages).s, s->badness);
	fprintf(out, "  %" PRId64 " + %" PRId64 " + %s + %" PRId64 " x %" PRId64, row->pages,
	    row->swap_pages, words_number(s->pgtable_pages).s, row->p->oom_score_adj,
	    n->total / 1000);
	if (row->shares == 1)
		fputs("  shares memory with the first", out);
	if (known(row->p->hugetlb_kb) && row->p->hugetlb_kb > 0)
		fprintf(out, "  and %s of huge pages, which do not count",
		    words_kb(row->p->hugetlb_kb).s);
	putc('\n', out);
}

/* Who cannot be chosen, by reason. */
static void
put_exempt(FILE *out, const struct next *n)
{
	for (size_t i = n->nranked; i < n->n; i++) {
		const char *why = n->v[i].score.why_not;
		size_t same = 0;

		for (size_t k = n->nranked; k < i && why != NULL; k++) {
			if (n->v[k].score.why_not == why)
				why = NULL; /* told with the first of them */
		}
		if (why == NULL)
			continue;
		fputs("  not eligible: ", out);
		for (size_t k = i; k < n->n; k++) {
			if (n->v[k].score.why_not != why)
				continue;
			if (same++ < EXEMPT_SHOWN) {
				fputs(same > 1 ? ", " : "", out);
				put_tag(out, n->v[k].p->comm, n->v[k].p->pid, 0);
			}
		}
		if (same > EXEMPT_SHOWN)
			fprintf(out, " and %zu more", same - EXEMPT_SHOWN);
		fprintf(out, " (%s)\n", why);
	}
}

static void
put_ranking(struct report *rep, const struct next *n)
{
	FILE *out = rep->out;
	size_t rows = rep->opts.verbose || n->nranked < NEXT_ROWS ? n->nranked : NEXT_ROWS;

	fprintf(out, "\nWHO IS NEXT    badness = %s\n", n->formula);
	for (size_t i = 0; i < rows; i++)
		put_row(out, n, &n->v[i]);
	if (rows < n->nranked)
		fprintf(out, "       ... %s\n",
		    words_count((int64_t)(n->nranked - rows), "other process", "other processes")
			.s);
	put_exempt(out, n);
	if (n->agree + n->differ > 0)
		fprintf(out,
		    "  The kernel's own oom_score is what this gives for %zu of %zu processes.\n",
		    n->agree, n->agree + n->differ);
}

void
next_text(struct report *rep, const struct next *n)
{
	put_wrapped(rep, n->says, 0);
	putc('\n', rep->out);
	put_scope(rep->out, n);
	put_ranking(rep, n);
	if (n->neffects > 0)
		fputs("\nWHAT MAY MAKE IT OTHERWISE\n", rep->out);
	for (size_t i = 0; i < n->neffects; i++)
		put_wrapped(rep, n->effects[i].says, INDENT);
}

void
next_brief(FILE *out, const struct next *n)
{
	if (n->first == NULL) {
		fputs("nobody can be chosen\n", out);
		return;
	}
	put_name(out, n->first->p->comm, n->first->p->pid);
	fprintf(out, ", badness %" PRId64 " pages", n->first->score.badness);
	if (n->second != NULL) {
		fputs(", leads ", out);
		put_name(out, n->second->p->comm, n->second->p->pid);
		fprintf(out, " by %" PRId64, n->margin_pages);
	}
	putc('\n', out);
}
