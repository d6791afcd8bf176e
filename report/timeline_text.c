#include "report/timeline.h"

#include "base/escape.h"
#include "report/text.h"

#include <string.h>

enum { WHEN_WIDTH = 14 };

static void
put_after(FILE *out, int64_t us)
{
	char text[72];
	bool before = us < 0;

	if (!known(us)) {
		fprintf(out, "  %*s  ", WHEN_WIDTH, "?");
		return;
	}
	if (us == 0)
		snprintf(text, sizeof(text), "0");
	else
		snprintf(text, sizeof(text), "%s%s", before ? "-" : "+",
		    duration_human(before ? -us : us).s);
	fprintf(out, "  %*s  ", WHEN_WIDTH, text);
}

static void
put_entry(struct report *rep, const struct timeline_entry *e)
{
	put_after(rep->out, e->after_us);
	timeline_words(rep->out, e);
	putc('\n', rep->out);
}

static void
text_one(struct report *rep, const struct timeline *t)
{
	const struct timeline_entry *kill = NULL;

	for (size_t i = 0; i < t->n && kill == NULL; i++) {
		if (t->v[i].after_us == 0)
			kill = &t->v[i];
	}
	if (rep->shown++ > 0)
		putc('\n', rep->out);
	if (t->host.p != NULL) {
		str_put_escaped(rep->out, t->host);
		fputs(", ", rep->out);
	}
	if (kill != NULL)
		text_when(rep, kill->real_us, kill->mono_us);
	else
		fputs("time not in the log", rep->out);
	fprintf(rep->out, " (event %.*s)\n", (int)t->incident.n, t->incident.p);
	for (size_t i = 0; i < t->n; i++)
		put_entry(rep, &t->v[i]);
}

const struct timeline_format timeline_text = { "text", NULL, text_one, NULL };

const struct timeline_format *
timeline_format_find(const char *name)
{
	static const struct timeline_format *const all[] = { &timeline_text, &timeline_json,
		&timeline_trace };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	}
	return NULL;
}
