#include "report/doctor.h"

#include "base/escape.h"
#include "report/words.h"

#include <string.h>

enum { INDENT = 4 };

static void
put_remark(struct report *rep, const struct remark *r)
{
	static const char *const marks[] = { "PROBLEM", "WARNING", "NOTE", "UNKNOWN", "OK" };

	fprintf(rep->out, "%-8s %s\n", marks[r->severity], r->title);
	put_wrapped(rep, r->says, INDENT);
	if (r->severity <= SEVERITY_WARNING || rep->opts.verbose)
		put_wrapped(rep, str_from(r->why), INDENT);
	if (r->command.p != NULL) {
		fprintf(rep->out, "%*s> ", INDENT, "");
		str_put_escaped(rep->out, r->command);
		putc('\n', rep->out);
	}
	putc('\n', rep->out);
}

static void
put_fine(struct report *rep, const struct doctor *d)
{
	const char *sep = "As it should be: ";

	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].severity != SEVERITY_OK)
			continue;
		fprintf(rep->out, "%s%s", sep, d->v[i].id);
		sep = ", ";
	}
	if (strcmp(sep, ", ") == 0)
		fputs(" (--verbose tells more)\n", rep->out);
}

void
doctor_text(struct report *rep, const struct machine *m, const struct doctor *d)
{
	fprintf(rep->out, "%s, ",
	    words_count((int64_t)d->count[SEVERITY_PROBLEM], "problem", "problems").s);
	fprintf(rep->out, "%s, ",
	    words_count((int64_t)d->count[SEVERITY_WARNING], "warning", "warnings").s);
	fprintf(rep->out, "%s; ", words_count((int64_t)d->count[SEVERITY_NOTE], "note", "notes").s);
	fputs(m->release.p == NULL ? "kernel unknown" : "kernel ", rep->out);
	str_put_escaped(rep->out, m->release);
	fputs("\n\n", rep->out);
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].severity != SEVERITY_OK || rep->opts.verbose)
			put_remark(rep, &d->v[i]);
	}
	if (!rep->opts.verbose)
		put_fine(rep, d);
}
