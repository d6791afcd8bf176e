/* A period for a mail: 72 columns, ASCII. */
#include "report/period_formats.h"

#include "base/escape.h"
#include "report/wrap.h"

#include <inttypes.h>

enum { COLUMNS = 72, NAME_WIDTH = 40, BAR_WIDTH = 40 };

/* Mail is ASCII wherever it goes: what else stands in a name is escaped too, byte by byte. */
static int
put_ascii(FILE *out, struct str s)
{
	int width = width_of(s);

	while (s.n > 0) {
		size_t n = 0;

		while (n < s.n && (s.p[n] & 0x80) == 0)
			n++;
		str_put_escaped(out, str_head(s, n));
		s = str_from_at(s, n);
		if (s.n > 0) {
			fprintf(out, "\\x%02x", (unsigned char)*s.p);
			width += (*s.p & 0xc0) == 0x80 ? 4 : 3;
			s = str_from_at(s, 1);
		}
	}
	return width;
}

static void
put_paragraph(FILE *out, int indent, const char *label, struct str s)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, out, indent, COLUMNS);

	if (to == NULL)
		return;
	fputs(label, to);
	put_ascii(to, s);
	fclose(to);
}

/* Commands and configurations have lines of their own, and are not broken. */
static void
put_lines(FILE *out, int indent, struct str s)
{
	struct str line;

	while (str_cut_line(&s, &line)) {
		fprintf(out, "%*s", indent, "");
		put_ascii(out, line);
		putc('\n', out);
	}
}

static void
put_day(FILE *out, const struct report_opts *opts, int64_t us)
{
	struct instant_text t;

	if (instant_human(opts, us, &t))
		fprintf(out, "%.16s", t.s); /* without seconds and zone */
	else
		fputs("unknown", out);
}

static void
put_advice(FILE *out, const struct period *p)
{
	if (p->nadvice == 0)
		return;
	fputs("\nWHAT TO DO FIRST\n", out);
	for (size_t i = 0; i < p->nadvice; i++) {
		const struct period_advice *a = &p->advice[i];

		fprintf(out, "\n  %zu. ", i + 1);
		put_ascii(out, a->cause);
		fprintf(out, " (%.*s), %s, the newest %s\n", STR_ARG(a->confidence),
		    words_count(a->events, "event", "events").s, a->id);
		put_paragraph(out, 5, "", a->says);
		if (a->text.p != NULL)
			put_paragraph(out, 5, "Do: ", a->text);
		if (a->file.p != NULL)
			put_paragraph(out, 5, "In ", a->file);
		if (a->command.p != NULL)
			put_lines(out, 7, a->command);
		if (a->price.p != NULL)
			put_paragraph(out, 5, "But: ", a->price);
	}
}

static void
put_names(FILE *out, const struct report_opts *opts, const struct period *p, enum period_by by)
{
	const struct period_names *all = &p->by[by];

	/* One host is in the headline of every incident. */
	if (all->n == 0 || (by == BY_HOST && all->n == 1))
		return;
	fprintf(out, "\n%-*s  kills  newest\n", NAME_WIDTH + 2, period_by_title(by));
	for (size_t i = 0; i < all->n && i < PERIOD_TOP; i++) {
		int width;

		fputs("  ", out);
		width = put_ascii(out, all->v[i].name);
		if (width > NAME_WIDTH) {
			fprintf(out, "\n  ");
			width = 0;
		}
		fprintf(out, "%*s  %5" PRId64 "  ", NAME_WIDTH - width, "", all->v[i].kills);
		put_day(out, opts, all->v[i].last_us);
		putc('\n', out);
	}
	if (period_more(all).s[0] != '\0')
		fprintf(out, "  %s\n", period_more(all).s);
}

static void
put_trend(FILE *out, const struct report_opts *opts, const struct period *p)
{
	int64_t peak = period_peak(p);

	if (p->nbuckets < 2 || peak == 0)
		return;
	fprintf(out, "\nKills, each line %s\n", period_length(p->bucket_us).s);
	for (size_t i = 0; i < p->nbuckets; i++) {
		int64_t kills = p->buckets[i].kills;
		int n = (int)(kills * BAR_WIDTH / peak) + (kills > 0 && kills * BAR_WIDTH < peak);

		fprintf(out, "  %-16s %6" PRId64, period_bucket_at(opts, p, i).s, kills);
		fputs(n > 0 ? " " : "", out);
		for (int k = 0; k < n; k++)
			putc('#', out);
		putc('\n', out);
	}
}

static void
put_incidents(FILE *out, const struct report_opts *opts, const struct period *p)
{
	if (p->nnewest == 0)
		return;
	fprintf(out, "\nIncidents, the newest first\n");
	for (size_t i = 0; i < p->nnewest; i++) {
		const struct period_incident *in = &p->newest[i];

		fputs("  ", out);
		put_day(out, opts, in->first_us);
		fprintf(out, "  %s  ", in->id);
		put_ascii(out, in->host.n < 0 ? STR("(host unknown)") : period_str(&in->host));
		fputs("\n    ", out);
		put_ascii(out, period_who(in));
		if (in->kills > 1)
			fprintf(out, " and %s", words_count(in->kills - 1, "other", "others").s);
		fprintf(out, ": %s\n", period_scope(in));
	}
	if (p->incidents > (int64_t)p->nnewest)
		fprintf(out, "  and %" PRId64 " more\n", p->incidents - (int64_t)p->nnewest);
	fputs("\n'oomwhy explain ID' tells why, by the ID of an incident.\n", out);
}

static void
put_counts(FILE *out, const struct period *p)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, out, 0, COLUMNS);

	if (to == NULL)
		return;
	period_put_counts(to, p);
	fclose(to);
}

static void
text_put(struct report *rep, const struct period *p)
{
	static const enum period_by order[] = { BY_SERVICE, BY_VICTIM, BY_HOST, BY_CGROUP,
		BY_CAUSE };
	struct instant_text now;

	fputs(period_title(p).s, rep->out);
	if (instant_human(&rep->opts, p->now_us, &now))
		fprintf(rep->out, ", %s", now.s);
	fputs("\n\n", rep->out);
	put_counts(rep->out, p);
	put_advice(rep->out, p);
	put_incidents(rep->out, &rep->opts, p);
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		put_names(rep->out, &rep->opts, p, order[i]);
	put_trend(rep->out, &rep->opts, p);
}

const struct period_format period_text = { "text", text_put };
