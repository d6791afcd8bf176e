/* What is in the store, for other programs: every event once, or counts. */
#include "cli/answer.h"
#include "cli/mark.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/periods.h"
#include "cli/stored.h"
#include "report/metrics.h"

#include <string.h>

enum { EXPORT_AT_ONCE = 256 }; /* events, between two marks in a pipe */
#define SECOND_US INT64_C(1000000)

struct export
{
	const struct options *opts;
	struct store *st;
	const struct renderer *renderer;
	struct output *out;
	struct report report;
	struct mark mark;
	int64_t at, upto; /* numbers of changes */
	int untold;	  /* since the mark was moved */
};

static int
tell(struct export *x, const struct store_change *c, struct err *err)
{
	struct finding f;
	bool wanted;

	if (stored_finding(x->st, x->opts, c->event, &f, &wanted, err) != 0)
		return -1;
	f.sequence = c->change;
	f.revision = c->revision;
	if (wanted)
		x->renderer->event(&x->report, &f);
	event_free(f.event);
	return x->report.failed ? err_no_memory(err) : 0;
}

/* A writer beside us may forget it between two looks: then it is no change any more. */
static int
tell_if_there(struct export *x, const struct store_change *c, struct err *err)
{
	struct store_change now;
	struct err failed = { "" };

	if (tell(x, c, &failed) == 0)
		return 0;
	if (store_changed(x->st, c->change - 1, c->change, &now, err) == 0)
		return 0;
	*err = failed;
	return -1;
}

static int
tell_all(struct export *x, struct err *err)
{
	struct store_change c;
	int got;

	while ((got = store_changed(x->st, x->at, x->upto, &c, err)) == 1) {
		if (tell_if_there(x, &c, err) != 0)
			return -1;
		x->at = c.change;
		if (x->mark.st == NULL || x->out->tmp[0] != '\0' || ++x->untold < EXPORT_AT_ONCE)
			continue;
		if (mark_move(&x->mark, x->out, x->at, err) != 0)
			return -1;
		x->untold = 0;
	}
	return got;
}

static int
export_events(struct export *x, struct err *err)
{
	const struct options *o = x->opts;

	x->at = known(o->after) ? o->after : 0;
	if (o->since_last != NULL) {
		if (mark_begin(&x->mark, x->st, "export", o->since_last, err) != 0)
			return -1;
		x->at = x->mark.last;
	}
	x->report = (struct report){ .out = x->out->f, .opts = answer_opts(o, x->out->f) };
	if (store_last_change(x->st, &x->upto, err) != 0 || tell_all(x, err) != 0 ||
	    report_finish(&x->report, err) != 0)
		return -1;
	return o->since_last == NULL ? output_commit(x->out, err)
				     : mark_commit(&x->mark, x->out, x->upto, err);
}

static void
take_total(void *ctx, enum store_total which, struct str scope, int64_t n)
{
	struct metrics *m = ctx;

	if (which == TOTAL_EVENTS)
		m->events[metrics_scope(scope)] += n;
	else if (which == TOTAL_VICTIMS)
		m->victims[metrics_scope(scope)] += n;
	else
		m->lost_records += n;
}

static int
export_metrics(struct export *x, struct err *err)
{
	int64_t now = x->opts->source.now_us;
	struct store_span day = { .since_us = now - METRICS_RECENT_H * 3600 * SECOND_US,
		.until_us = now,
		.after = UNKNOWN,
		.upto = UNKNOWN,
		.analyzer = STORED_ANALYZER };
	struct period recent = { .now_us = now, .since_us = day.since_us, .until_us = now };
	struct metrics m = { .version = OOMWHY_VERSION, .recent = &recent };
	struct store_info info;
	int rc = store_size(x->st, &info, err);

	m.stored_events = info.events;
	m.store_bytes = info.bytes;
	m.last_event_us = info.last_us;
	if (rc == 0 && store_totals(x->st, take_total, &m, err) == 0 &&
	    store_alive_s(x->st, &m.alive_s, err) == 0 &&
	    periods_fill(&recent, x->st, x->opts, &day, err) == 0) {
		period_finish(&recent);
		metrics_put(x->out->f, &m);
		rc = output_commit(x->out, err);
	} else {
		rc = -1;
	}
	period_done(&recent);
	return rc;
}

static enum exit_code export(const struct options *o) {
	const char *format = o->format == NULL ? "ndjson" : o->format;
	enum store_mode mode = o->since_last == NULL ? STORE_READ : STORE_WRITE;
	struct output out;
	struct export x = { .opts = o, .renderer = renderer_find(format), .out = &out };
	struct err err = { "" };
	int rc = output_open(&out, o->output, &err);

	if (rc == 0 && (x.st = stored_open_made(o, mode, &err)) == NULL) rc = -1;
	if (rc == 0) rc = x.renderer == NULL ? export_metrics(&x, &err) : export_events(&x, &err);
	if (rc != 0) message("%s", err.msg);
	store_close(x.st);
	output_discard(&out);
	return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}

static const char *
contradiction(const struct options *o)
{
	bool metrics = o->format != NULL && strcmp(o->format, "prometheus") == 0;
	const struct filter *f = &o->filter;

	if (o->npaths > 0)
		return "export takes only options";
	if (o->since_last != NULL && known(o->after))
		return "--since-last and --after are two ways to go on: give one";
	if (metrics &&
	    (o->since_last != NULL || known(o->after) || f->host != NULL || f->victim != NULL ||
		f->service != NULL || f->constraint != CONSTRAINT_UNKNOWN || known(f->since_us) ||
		known(f->until_us)))
		return "metrics are of the whole store: they go with no filter";
	return NULL;
}

static enum exit_code
run_export(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;
	const char *why;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	why = contradiction(&o);
	code = why != NULL ? usage_error(cmd, why) : export(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_export = { "export", "[OPTION...]",
	"Write the events of the store for other programs, one JSON object a line, in the order\n"
	"in which they came.  Each has a \"sequence\"; one of which more became known comes "
	"again,\n"
	"with a new sequence and a higher \"revision\".  --since-last goes on where the last "
	"export\n"
	"of that name ended.  --format=prometheus writes counts for node_exporter.",
	CMD_EXPORT, run_export };
