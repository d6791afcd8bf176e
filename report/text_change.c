/* What the rules found: what is wrong, how sure that is, and what to do about it. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

enum { DIAGNOSES_SHOWN = 2, ADVICE_SHOWN = 1 };

const struct diagnosis *
text_real_cause(const struct finding *f)
{
	const struct diagnoses *all = f->diagnoses;

	if (all == NULL || all->n == 0 || all->v[0].topic != TOPIC_CAUSE ||
	    all->v[0].confidence > CONFIDENCE_LIKELY || all->v[0].says.n == 0)
		return NULL;
	return &all->v[0];
}

static void
put_head(struct report *rep, const struct diagnosis *d)
{
	fprintf(rep->out, "  %s%s%s (%s)", rep->opts.color ? "\033[1m" : "", d->title,
	    rep->opts.color ? "\033[0m" : "", confidence_name(d->confidence));
	if (rep->opts.verbose)
		fprintf(rep->out, "  [%s]", d->id);
	putc('\n', rep->out);
}

/* Lines of a file or of a shell, as they are to be typed. */
static void
put_command(FILE *out, const struct advice *a)
{
	struct str rest = a->command, line;

	if (a->file.n > 0) {
		fputs("      in ", out);
		str_put_escaped(out, a->file);
		fputs(":\n", out);
	}
	while (str_cut_line(&rest, &line)) {
		fputs("        ", out);
		str_put_escaped(out, line);
		putc('\n', out);
	}
}

static void
put_advice(struct report *rep, const struct diagnosis *d)
{
	size_t most = rep->opts.verbose ? SIZE_MAX : ADVICE_SHOWN;

	for (size_t i = 0; i < d->nadvice && i < most; i++) {
		const struct advice *a = &d->advice[i];

		put_wrapped(rep, a->text, 6);
		put_command(rep->out, a);
		if (rep->opts.verbose && a->price.n > 0)
			put_wrapped(rep, a->price, 6);
	}
}

static void
put_grounds(struct report *rep, const struct diagnosis *d)
{
	for (size_t i = 0; i < d->nevidence; i++) {
		fputs("      evidence", rep->out);
		if (known(d->evidence[i].line))
			fprintf(rep->out, ", line %lld", (long long)d->evidence[i].line);
		fputs(": ", rep->out);
		str_put_escaped(rep->out, d->evidence[i].text);
		putc('\n', rep->out);
	}
	for (size_t i = 0; i < d->nagainst; i++) {
		fputs("      against it: ", rep->out);
		str_put_escaped(rep->out, d->against[i]);
		putc('\n', rep->out);
	}
	for (size_t i = 0; i < d->nwrong; i++)
		fprintf(
		    rep->out, "      would not help: %s: %s\n", d->wrong[i].claim, d->wrong[i].why);
}

void
text_change(struct report *rep, const struct finding *f)
{
	const struct diagnoses *all = f->diagnoses;
	const struct diagnosis *told = text_real_cause(f);
	size_t most = rep->opts.verbose ? SIZE_MAX : DIAGNOSES_SHOWN, shown = 0;

	for (size_t i = 0; all != NULL && i < all->n && shown < most; i++) {
		const struct diagnosis *d = &all->v[i];

		if (!rep->opts.verbose && d->nadvice == 0)
			continue;
		if (shown++ == 0) {
			text_heading(rep, "WHAT TO CHANGE");
			putc('\n', rep->out);
		}
		put_head(rep, d);
		if (d != told || rep->opts.verbose)
			put_wrapped(rep, d->says, 6);
		if (rep->opts.verbose)
			put_grounds(rep, d);
		put_advice(rep, d);
	}
}
