/* The lines of the log that tell the story: head, choice, kills, the end. */
#include "report/html.h"

#include "base/escape.h"

enum { LINES_SHOWN = 24 };

static bool
tells(const struct event *ev, int64_t line)
{
	if (line == ev->trigger.line || line == ev->chosen.line || line == ev->summary.line ||
	    line == ev->outcome_line || line == ev->group_line || line == ev->cgroup.memory.line)
		return true;
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (line == ev->victims[i].line || line == ev->victims[i].reaped_line ||
		    line == ev->victims[i].reap_failed_line)
			return true;
	}
	return false;
}

void
html_lines(struct html *h, const struct finding *f)
{
	const struct event *ev = f->event;
	size_t shown = 0;

	if (ev->nlines == 0)
		return;
	html_section(h, "lines", "The lines that prove it");
	fputs("<pre>", h->out);
	for (size_t i = 0; i < ev->nlines && shown < LINES_SHOWN; i++) {
		if (!known(ev->lines[i].line) || !tells(ev, ev->lines[i].line))
			continue;
		fprintf(h->out, "%6lld  ", (long long)ev->lines[i].line);
		html_str(h, ev->lines[i].raw);
		putc('\n', h->out);
		shown++;
	}
	fputs("</pre>\n", h->out);
	if (ev->nunknown > 0)
		fprintf(h->out, "<p class=\"dim\">%s not understood.</p>\n",
		    words_count(
			(int64_t)ev->nunknown, "line of the report was", "lines of the report were")
			.s);
	html_section_end(h);
}
