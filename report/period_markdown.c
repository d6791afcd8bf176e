/* A period for a ticket, in the Markdown that GitHub, GitLab and their like share. */
#include "base/escape.h"
#include "report/period_formats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Escaped for people first; NULL: no memory.  Free it. */
static char *
escaped(struct str s, size_t *n)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, n);

	if (f == NULL)
		return NULL;
	str_put_escaped(f, s);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

/*
 * Sentences that hold log text.  A backslash takes the meaning from a character; what sites make
 * links and calls for people of ("@team", "#12", addresses) is cut by an empty comment.
 */
static void
put_text(FILE *out, struct str s)
{
	static const char *const links[] = { "@", "#", "://", "www." };
	size_t n = 0;
	char *text = escaped(s, &n);

	for (size_t i = 0; text != NULL && i < n; i++) {
		if (strchr("\\`*_[]<>|&~$", text[i]) != NULL)
			putc('\\', out);
		putc(text[i], out);
		for (size_t k = 0; k < ARRAY_LEN(links); k++) {
			if (str_starts_z((struct str){ text + i, n - i }, links[k]))
				fputs("<!-- -->", out);
		}
	}
	free(text);
}

static int
longest_run(struct str s)
{
	int longest = 0, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void
put_fence(FILE *out, int n)
{
	while (n-- > 0)
		putc('`', out);
}

/* A name in a table is a code span, in which nothing means anything but the end of the cell. */
static void
put_code(FILE *out, struct str s)
{
	size_t n = 0;
	char *text = escaped(s, &n);
	int fence = 1 + longest_run((struct str){ text, n });

	if (text != NULL && n > 0) {
		put_fence(out, fence);
		putc(' ', out); /* one at both ends is no part of it */
		for (size_t i = 0; i < n; i++) {
			if (text[i] == '|')
				putc('\\', out);
			putc(text[i], out);
		}
		putc(' ', out);
		put_fence(out, fence);
	}
	free(text);
}

static void
put_when(FILE *out, const struct report_opts *opts, int64_t us)
{
	struct instant_text t;

	fputs(instant_human(opts, us, &t) ? t.s : "unknown", out);
}

/* Of commands: a fence longer than any run of backquotes in them cannot be closed by them. */
static void
put_block(FILE *out, struct str s)
{
	int fence = longest_run(s) < 3 ? 3 : longest_run(s) + 1;
	struct str line;

	put_fence(out, fence);
	putc('\n', out);
	while (str_cut_line(&s, &line)) {
		str_put_escaped(out, line);
		putc('\n', out);
	}
	put_fence(out, fence);
	fputs("\n\n", out);
}

static void
put_advice(FILE *out, const struct period *p)
{
	if (p->nadvice == 0)
		return;
	fputs("## What to do first\n\n", out);
	for (size_t i = 0; i < p->nadvice; i++) {
		const struct period_advice *a = &p->advice[i];

		fprintf(out, "### %zu. ", i + 1);
		put_text(out, a->title);
		fprintf(out, "\n\n`%.*s` (%.*s), %s, the newest `%s`\n\n", STR_ARG(a->cause),
		    STR_ARG(a->confidence), words_count(a->events, "event", "events").s, a->id);
		put_text(out, a->says);
		fputs("\n\n", out);
		if (a->text.p != NULL) {
			put_text(out, a->text);
			fputs("\n\n", out);
		}
		if (a->file.p != NULL) {
			fputs("In ", out);
			put_text(out, a->file);
			fputs(":\n\n", out);
		}
		if (a->command.p != NULL)
			put_block(out, a->command);
		if (a->price.p != NULL) {
			fputs("But: ", out);
			put_text(out, a->price);
			fputs("\n\n", out);
		}
	}
}

static void
put_incidents(FILE *out, const struct report_opts *opts, const struct period *p)
{
	if (p->nnewest == 0)
		return;
	fputs("## Incidents\n\n| Time | Host | Killed | Kills | What ran out | Event |\n"
	      "|---|---|---|---:|---|---|\n",
	    out);
	for (size_t i = 0; i < p->nnewest; i++) {
		const struct period_incident *in = &p->newest[i];

		fputs("| ", out);
		put_when(out, opts, in->first_us);
		fputs(" | ", out);
		put_code(out, period_str(&in->host));
		fputs(" | ", out);
		put_code(out, period_who(in));
		fprintf(out, " | %" PRId64 " | %s | `%s` |\n", in->kills, period_scope(in), in->id);
	}
	if (p->incidents > (int64_t)p->nnewest)
		fprintf(out, "\nand %" PRId64 " more\n", p->incidents - (int64_t)p->nnewest);
	putc('\n', out);
}

static void
put_names(FILE *out, const struct report_opts *opts, const struct period *p, enum period_by by)
{
	const struct period_names *all = &p->by[by];

	if (all->n == 0)
		return;
	fprintf(out, "## %s\n\n| %s | Kills | Events | Newest |\n|---|---:|---:|---|\n",
	    period_by_title(by), period_by_one(by));
	for (size_t i = 0; i < all->n && i < PERIOD_TOP; i++) {
		const struct period_name *v = &all->v[i];

		fputs("| ", out);
		put_code(out, v->name);
		fprintf(out, " | %" PRId64 " | %" PRId64 " | ", v->kills, v->events);
		put_when(out, opts, v->last_us);
		fputs(" |\n", out);
	}
	fprintf(out, "%s%s\n", period_more(all).s[0] != '\0' ? "\n" : "", period_more(all).s);
}

static void
put_trend(FILE *out, const struct report_opts *opts, const struct period *p)
{
	if (p->nbuckets < 2 || period_peak(p) == 0)
		return;
	fprintf(out, "## Kills, each %s\n\n| From | Kills |\n|---|---:|\n",
	    period_length(p->bucket_us).s);
	for (size_t i = 0; i < p->nbuckets; i++)
		fprintf(out, "| %s | %" PRId64 " |\n", period_bucket_at(opts, p, i).s,
		    p->buckets[i].kills);
	putc('\n', out);
}

static void
markdown_put(struct report *rep, const struct period *p)
{
	fprintf(rep->out, "# %s\n\n", period_title(p).s);
	period_put_counts(rep->out, p);
	fputs("\n\n", rep->out);
	put_advice(rep->out, p);
	put_incidents(rep->out, &rep->opts, p);
	for (int i = 0; i < PERIOD_BY; i++)
		put_names(rep->out, &rep->opts, p, (enum period_by)i);
	put_trend(rep->out, &rep->opts, p);
}

const struct period_format period_markdown = { "markdown", markdown_put };
