/* What was read: the whole answer where nothing was found. */
#include "report/text.h"

#include "base/escape.h"

static void
put_span(struct report *rep, const struct searched_source *s)
{
	struct instant_text from, to;

	if (instant_human(&rep->opts, s->first_us, &from) &&
	    instant_human(&rep->opts, s->last_us, &to))
		fprintf(rep->out, ", from %s to %s", from.s, to.s);
	else if (known(s->first_mono_us) && s->first_mono_us >= 0 && known(s->last_mono_us))
		fprintf(rep->out, ", from %s to %s after boot", duration_human(s->first_mono_us).s,
		    duration_human(s->last_mono_us).s);
}

static void
put_source(struct report *rep, const struct searched_source *s)
{
	FILE *out = rep->out;

	fputs("  ", out);
	str_put_escaped(out, str_from(s->path));
	fprintf(out, "%s %s", str_ends(str_from(s->path), STR(":")) ? "" : ":",
	    words_count(s->lines, "line", "lines").s);
	if (s->records != s->lines)
		fprintf(out, ", %s", words_count(s->records, "record", "records").s);
	fprintf(out, ", %s", s->format == NULL ? "no known log format" : s->format);
	if (s->members > 1 || s->members_passed > 0)
		fprintf(out, ", %s read", words_count(s->members, "log", "logs").s);
	if (s->members_passed > 0)
		fprintf(out, ", %s passed over",
		    words_count(s->members_passed, "other file", "other files").s);
	put_span(rep, s);
	if (s->lost_records > 0)
		fprintf(out, "; %s known to be lost",
		    words_count(s->lost_records, "record is", "records are").s);
	if (s->failed != NULL) {
		fputs(s->bytes > 0 ? "; NOT READ TO THE END: " : "; NOT READ: ", out);
		str_put_escaped(out, str_from(s->failed));
	}
	putc('\n', out);
}

void
text_searched(struct report *rep, const struct digest *d)
{
	const struct searched *s = d->searched;
	bool failed = false;

	for (size_t i = 0; i < s->n; i++)
		failed |= s->v[i].failed != NULL;
	if (s->events == 0)
		fprintf(rep->out, "No OOM kill %s.\n",
		    failed ? "was found in what could be read" : "in this log");
	else
		fprintf(rep->out, "None of the %s in this log is what was asked for.\n",
		    words_count(s->events, "OOM event", "OOM events").s);
	fputs("\nSearched:\n", rep->out);
	for (size_t i = 0; i < s->n; i++)
		put_source(rep, &s->v[i]);
	if (s->n == 0)
		fputs("  nothing: there is no file where it was looked for one\n", rep->out);
}
