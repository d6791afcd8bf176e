/* What is missing first, then the sentence that answers, then when and where. */
#include "report/html.h"

#include "report/text.h"

/* The text report's own words, on one line for each of its lines. */
static void
put_part(struct html *h, const char *open, const char *close, const struct finding *f,
    void (*part)(struct report *, const struct finding *))
{
	struct report words = { .out = h->text,
		.opts = { .color = false, .verbose = false, .local = h->rep->opts.local } };

	fputs(open, h->out);
	part(&words, f);
	fputs(close, h->out);
	h->rep->failed |= words.failed;
}

static bool
is_partial(const struct event *ev)
{
	return ev->kind == EVENT_KERNEL_OOM &&
	       (ev->completeness != COMPLETE_FULL || ev->lost_records > 0);
}

static void
put_fact(struct html *h, const char *what)
{
	fprintf(h->out, "<dt>%s</dt><dd>", what);
}

static void
put_facts(struct html *h, const struct event *ev)
{
	struct report words = { .out = h->text, .opts = { .local = h->rep->opts.local } };

	fputs("<dl>\n", h->out);
	put_fact(h, "When");
	text_when(&words, ev->real_us, ev->mono_us);
	fputs("</dd>\n", h->out);
	put_fact(h, "Host");
	html_str(h, ev->host.p == NULL ? STR("not in the log") : ev->host);
	fputs("</dd>\n", h->out);
	if (ev->kind == EVENT_KERNEL_OOM) {
		put_fact(h, "Kernel");
		html_str(h, ev->kernel.p == NULL ? STR("not in the log") : ev->kernel);
		fputs("</dd>\n", h->out);
	}
	if (ev->trigger.comm.p != NULL) {
		put_fact(h, "Asked for memory");
		put_name(h->text, ev->trigger.comm, ev->trigger.pid);
		fputs(" (that does not make it the cause)</dd>\n", h->out);
	}
	if (text_has_units(ev)) {
		put_fact(h, "Then");
		text_units(h->text, ev);
		fputs("</dd>\n", h->out);
	}
	put_fact(h, "Event");
	fprintf(h->out, "<code>%s</code></dd>\n", ev->id);
	for (size_t i = 0; i < ev->nsources; i++) {
		put_fact(h, i == 0 ? "Read in" : "and in");
		html_str(h, ev->sources[i].path);
		fprintf(h->out, ", lines %lld to %lld</dd>\n", (long long)ev->sources[i].first_line,
		    (long long)ev->sources[i].last_line);
	}
	fputs("</dl>\n", h->out);
}

void
html_answer(struct html *h, const struct finding *f)
{
	if (is_partial(f->event))
		put_part(h, "<p class=\"warn\">", "</p>\n", f, text_missing);
	put_part(h, "<h2>", "</h2>\n", f, text_answer);
	put_facts(h, f->event);
}
