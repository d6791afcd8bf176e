/* The digest of a period, for a mail, a ticket, a page. */
#include "cli/answer.h"
#include "cli/mark.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/periods.h"
#include "cli/stored.h"

#include <string.h>

#define WEEK_US (7 * 86400 * INT64_C(1000000))

struct telling {
	const struct options *opts;
	struct store *st;
	struct mark mark;
	struct store_span span;
	struct period period;
	int64_t upto; /* number of the newest change that is told */
};

/* All that is new by number, or a span of time. */
static int
choose(struct telling *t, struct err *err)
{
	const struct options *o = t->opts;

	t->span = (struct store_span){ .host = o->filter.host,
		.since_us = o->filter.since_us,
		.until_us = o->filter.until_us,
		.after = UNKNOWN,
		.upto = UNKNOWN,
		.analyzer = STORED_ANALYZER };
	t->period = (struct period){ .now_us = o->source.now_us,
		.since_last = o->since_last != NULL,
		.kills_before = UNKNOWN };
	if (o->since_last != NULL) {
		if (mark_begin(&t->mark, t->st, "report", o->since_last, err) != 0 ||
		    store_last_change(t->st, &t->upto, err) != 0)
			return -1;
		t->span.after = t->mark.last;
		t->span.upto = t->upto;
	} else if (!known(t->span.since_us)) {
		t->span.since_us =
		    (known(t->span.until_us) ? t->span.until_us : o->source.now_us) - WEEK_US;
	}
	if (known(t->span.until_us) && t->span.until_us < t->period.now_us)
		t->period.now_us = t->span.until_us;
	t->period.since_us = t->span.since_us;
	t->period.until_us = t->span.until_us;
	return 0;
}

/* As long a time as this one, before it. */
static int
look_back(struct telling *t, struct err *err)
{
	struct store_span before = t->span;
	int64_t long_us;

	if (t->opts->since_last != NULL || !known(t->span.since_us) ||
	    __builtin_sub_overflow(t->period.now_us, t->span.since_us, &long_us) || long_us <= 0 ||
	    __builtin_sub_overflow(t->span.since_us, long_us, &before.since_us))
		return 0;
	before.until_us = t->span.since_us - 1;
	return periods_count(t->st, t->opts, &before, &t->period.kills_before, err);
}

static int
gather(struct telling *t, struct err *err)
{
	if (choose(t, err) != 0 || periods_fill(&t->period, t->st, t->opts, &t->span, err) != 0)
		return -1;
	period_finish(&t->period);
	return look_back(t, err) != 0 || periods_advise(&t->period, t->st, t->opts, err) != 0 ? -1
											      : 0;
}

/* The mark moves when it is out, over what filters left out too. */
static int
put(struct telling *t, const char *format, struct err *err)
{
	const struct options *o = t->opts;
	bool quiet = o->quiet_if_empty && t->period.events == 0;
	struct output out;
	struct report rep;
	int rc = 0;

	if (output_open(&out, quiet ? NULL : o->output, err) != 0)
		return -1;
	if (!quiet) {
		rep = (struct report){ .out = out.f, .opts = answer_opts(o, out.f) };
		period_format_find(format)->put(&rep, &t->period);
		rc = report_finish(&rep, err);
	}
	if (rc == 0)
		rc = o->since_last == NULL ? output_commit(&out, err)
					   : mark_commit(&t->mark, &out, t->upto, err);
	output_discard(&out);
	return rc;
}

static enum exit_code
report(const struct options *o)
{
	struct telling t = { .opts = o };
	struct err err = { "" };
	int rc = -1;

	t.st = stored_open_made(o, o->since_last == NULL ? STORE_READ : STORE_WRITE, &err);
	if (t.st != NULL && gather(&t, &err) == 0)
		rc = put(&t, o->format == NULL ? "text" : o->format, &err);
	if (rc != 0)
		message("%s", err.msg);
	store_close(t.st);
	period_done(&t.period);
	return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code
run_report(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	if (o.npaths > 0)
		code = usage_error(cmd, "report takes only options");
	else if (o.since_last != NULL && (known(o.filter.since_us) || known(o.filter.until_us)))
		code = usage_error(cmd, "--since-last tells all that is new: it goes with no time");
	else
		code = report(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_report = { "report", "[OPTION...]",
	"Tell what happened in a period, the last 7 days unless --since says otherwise: "
	"incidents,\n"
	"victims, services, hosts, causes, and what to do first.  --since-last tells what came "
	"into\n"
	"the store since the last report.",
	CMD_REPORT, run_report };
