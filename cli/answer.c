#include "cli/answer.h"

#include "cli/message.h"
#include "cli/output.h"
#include "cli/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct telling {
	const struct renderer *renderer;
	struct report report;
	struct incident_list incidents;
};

static int
tell_now(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct telling *t = ctx;

	(void)source;
	t->renderer->event(&t->report, &f);
	event_free(f.event);
	return report_finish(&t->report, err); /* who reads a pipe waits for this one */
}

static int
keep(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct telling *t = ctx;

	return incident_add(&t->incidents, f, source) == 0 ? 0 : err_no_memory(err);
}

/* https://no-color.org: present and not empty. */
static bool
wants_color(const struct options *o, FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (o->color != COLOR_AUTO)
		return o->color == COLOR_ALWAYS;
	return (no == NULL || *no == '\0') && (term == NULL || strcmp(term, "dumb") != 0) &&
	       isatty(fileno(out));
}

static bool
local_time(int64_t second, struct tm *ret)
{
	time_t t = (time_t)second;

	return localtime_r(&t, ret) != NULL;
}

int
answer_redact(const struct options *o, const struct searched *s)
{
	struct redactor *r = o->redactor;

	for (size_t i = 0; r != NULL && i < s->n; i++) {
		s->v[i].path = redact_source(r, str_from(s->v[i].path)).p;
		if (s->v[i].path == NULL)
			return -1;
		if (s->v[i].failed != NULL)
			s->v[i].failed = "it could not be read to its end";
	}
	return 0;
}

static int
run(struct telling *t, struct pipeline *p, bool stream, pipeline_fn *find, struct err *err)
{
	struct digest d = { &p->searched, stream ? NULL : &t->incidents };

	report_begin(t->renderer, &t->report);
	if (find(p, err) != 0)
		return -1;
	if (answer_redact(p->opts, &p->searched) != 0)
		return err_no_memory(err);
	if (stream)
		report_end(t->renderer, &t->report, &d);
	else
		report_incidents(t->renderer, &t->report, &d);
	return report_finish(&t->report, err);
}

static bool
nothing_read(const struct searched *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].failed == NULL || s->v[i].bytes > 0)
			return false;
	}
	return true;
}

enum exit_code
answer_code(const struct pipeline *p)
{
	if (!p->failed)
		return EXIT_DONE;
	return nothing_read(&p->searched) ? EXIT_FAILED : EXIT_PARTLY;
}

enum { COLUMNS_MIN = 60, COLUMNS_MAX = 120 /* longer lines are hard to read */ };

/* Of the window, where there is one: what is kept or sent on looks the same for everybody. */
static int
columns_of(FILE *out)
{
	struct str set = str_from(getenv("COLUMNS"));
	struct winsize w = { .ws_col = 0 };
	int64_t n = 0;

	if (!isatty(fileno(out)))
		return 0;
	if (ioctl(fileno(out), TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		n = w.ws_col;
	else if (!str_eat_i64(&set, &n) || set.n > 0 || n <= 0)
		return 0;
	return n < COLUMNS_MIN ? COLUMNS_MIN : n > COLUMNS_MAX ? COLUMNS_MAX : (int)n;
}

struct report_opts
answer_opts(const struct options *o, FILE *out)
{
	return (struct report_opts){ .color = wants_color(o, out),
		.verbose = o->verbose,
		.columns = columns_of(out),
		.local = o->utc ? NULL : local_time };
}

enum exit_code
answer(const struct options *o, const char *format, bool stream)
{
	return answer_from(o, format, stream, pipeline_run);
}

enum exit_code
answer_from(const struct options *o, const char *format, bool stream, pipeline_fn *find)
{
	struct telling t = { .renderer = renderer_find(format) };
	struct pipeline p = { .opts = o, .sink = stream ? tell_now : keep, .ctx = &t };
	struct output out;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;

	if (output_open(&out, o->output, &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	t.report = (struct report){ .out = out.f, .opts = answer_opts(o, out.f) };
	if (run(&t, &p, stream, find, &err) == 0) {
		code = answer_code(&p);
		if (code != EXIT_FAILED && output_commit(&out, &err) != 0) {
			message("%s", err.msg);
			code = EXIT_FAILED;
		}
	} else {
		message("%s", err.msg);
	}
	output_discard(&out);
	incident_list_done(&t.incidents);
	pipeline_done(&p);
	return code;
}

bool
options_take(struct options *o, const struct cmd *cmd, int argc, char **argv, enum exit_code *ret)
{
	struct err err = { "" };

	switch (options_parse(o, cmd, argc, argv, &err)) {
	case OPTIONS_HELP:
		options_help(stdout, cmd);
		*ret = EXIT_DONE;
		return false;
	case OPTIONS_BAD:
		*ret = usage_error(cmd, err.msg);
		return false;
	case OPTIONS_OK:
		break;
	}
	return true;
}

enum exit_code
usage_error(const struct cmd *cmd, const char *why)
{
	message("%s", why);
	message("see: oomwhy %s --help", cmd->name);
	return EXIT_USAGE;
}
