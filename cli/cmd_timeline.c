/* What happened in which order. */
#include "cli/answer.h"
#include "cli/machine.h"
#include "cli/message.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/stored.h"
#include "report/text.h"
#include "report/timeline.h"

enum { PERIOD_INCIDENTS = 200 };

struct telling {
	struct incident_list incidents;
	struct notes notes;
};

static int
keep(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct telling *t = ctx;

	return incident_add(&t->incidents, f, source) == 0 ? 0 : err_no_memory(err);
}

static void
note(void *ctx, const struct note *n, unsigned source)
{
	notes_keep(&((struct telling *)ctx)->notes, n, source);
}

/* Without a span of time or a host it is about the newest incident. */
static bool
is_period(const struct options *o)
{
	return o->all || o->last > 1 || known(o->filter.since_us) || known(o->filter.until_us);
}

static pipeline_fn *
finder(const struct options *o)
{
	if (o->npaths == 0 && o->last > 0)
		return stored_run;
	if (o->npaths == 0)
		return machine_run;
	return stored_is_event(o->paths[0]) ? stored_run : pipeline_run;
}

static int
tell_boot(struct telling *t, const struct timeline_format *format, struct report *rep,
    const struct options *o, const struct incident *const *of, size_t n)
{
	struct timeline line;
	struct note *notes;
	size_t nnotes = notes_around(&t->notes, of, n, is_period(o), &notes);

	if (notes == NULL || timeline_make(&line, of, n, notes, nnotes) != 0)
		return -1;
	format->one(rep, &line);
	timeline_done(&line);
	return 0;
}

/* The incidents of each host and boot together; the newest one alone where no period is meant. */
static int
tell(struct telling *t, const struct timeline_format *format, struct report *rep,
    const struct options *o)
{
	const struct incident *of[PERIOD_INCIDENTS];
	bool told[PERIOD_INCIDENTS] = { false };
	size_t n = t->incidents.n;

	if (!is_period(o)) {
		of[0] = n == 0 ? NULL : &t->incidents.v[n - 1];
		return n == 0 ? 0 : tell_boot(t, format, rep, o, of, 1);
	}
	for (size_t i = 0; i < n; i++) {
		size_t together = 0;

		for (size_t k = i; k < n; k++) {
			if (told[k] || !notes_same_boot(&t->incidents.v[i], &t->incidents.v[k]))
				continue;
			of[together++] = &t->incidents.v[k];
			told[k] = true;
		}
		if (together > 0 && tell_boot(t, format, rep, o, of, together) != 0)
			return -1;
	}
	return 0;
}

static int
answer_to(
    const struct options *o, struct pipeline *p, struct telling *t, FILE *out, struct err *err)
{
	const struct timeline_format *format =
	    timeline_format_find(o->format == NULL ? "text" : o->format);
	struct report rep = { .out = out, .opts = answer_opts(o, out) };
	struct digest d = { &p->searched, &t->incidents };

	if (finder(o)(p, err) != 0)
		return -1;
	if (answer_redact(o, &p->searched) != 0 || notes_redact(&t->notes, o->redactor) != 0)
		return err_no_memory(err);
	if (format->begin != NULL)
		format->begin(&rep);
	if (tell(t, format, &rep, o) != 0)
		return err_no_memory(err);
	if (format->end != NULL)
		format->end(&rep);
	if (rep.shown == 0 && format == &timeline_text)
		text_searched(&rep, &d);
	return report_finish(&rep, err);
}

static enum exit_code
timeline(const struct options *o)
{
	struct telling t = { .incidents = { .keep = PERIOD_INCIDENTS } };
	struct pipeline p = { .opts = o, .sink = keep, .note = note, .ctx = &t };
	struct output out;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;

	if (output_open(&out, o->output, &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	if (answer_to(o, &p, &t, out.f, &err) == 0)
		code = answer_code(&p);
	else
		message("%s", err.msg);
	if (code != EXIT_FAILED && output_commit(&out, &err) != 0) {
		message("%s", err.msg);
		code = EXIT_FAILED;
	}
	output_discard(&out);
	notes_done(&t.notes);
	incident_list_done(&t.incidents);
	pipeline_done(&p);
	return code;
}

static enum exit_code
run_timeline(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	code = timeline(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_timeline = { "timeline", "[OPTION...] [FILE...|EVENT...]",
	"Tell in which order it happened: allocations that failed before, who asked, who was\n"
	"chosen, killed, and what became of the unit. Of the newest incident, or of a period.",
	CMD_TIMELINE, run_timeline };
