/* For Nagios, Icinga and their like: https://www.monitoring-plugins.org/doc/guidelines.html */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/periods.h"
#include "cli/stored.h"
#include "report/plugin.h"

#include <string.h>

#define HOUR_US (3600 * INT64_C(1000000))

/* What a plugin has to exit with: not what other commands do. */
enum { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

static enum exit_code
unknown(const char *why)
{
	plugin_put_unknown(stdout, why);
	return (enum exit_code)PLUGIN_UNKNOWN;
}

/* A silent log is no news only while somebody listens. */
static int
check_age(struct store *st, const struct options *o, struct err *err)
{
	int64_t alive_s, age_s;

	if (!known(o->max_age_s))
		return 0;
	if (store_alive_s(st, &alive_s, err) != 0)
		return -1;
	if (!known(alive_s))
		return err_set(err, "no log was ever read into %s", store_path(st));
	age_s = o->source.now_us / 1000000 - alive_s;
	if (age_s <= o->max_age_s)
		return 0;
	return err_set(err, "no log was looked at for %s: is 'oomwhy ingest' running?",
	    duration_human(age_s * 1000000).s);
}

static enum exit_code
tell(const struct options *o, const struct period *p)
{
	struct threshold_text warn = threshold_text(&o->warn), crit = threshold_text(&o->crit);
	struct plugin_limits limits = { warn.s, crit.s };
	int state = threshold_alerts(&o->crit, p->kills)   ? PLUGIN_CRITICAL
		    : threshold_alerts(&o->warn, p->kills) ? PLUGIN_WARNING
							   : PLUGIN_OK;

	plugin_put(stdout, state, p, &limits);
	return (enum exit_code)state;
}

static enum exit_code
check(const struct options *o)
{
	struct store_span span = { .host = o->filter.host,
		.since_us = o->filter.since_us,
		.until_us = UNKNOWN,
		.after = UNKNOWN,
		.upto = UNKNOWN,
		.analyzer = STORED_ANALYZER };
	struct period p = { .now_us = o->source.now_us, .until_us = UNKNOWN };
	struct err err = { "" };
	enum exit_code code;
	struct store *st;

	if (!known(span.since_us))
		span.since_us = o->source.now_us - HOUR_US;
	p.since_us = span.since_us;
	st = stored_open_made(o, STORE_READ, &err);
	if (st == NULL || check_age(st, o, &err) != 0 ||
	    periods_fill(&p, st, o, &span, &err) != 0) {
		code = unknown(err.msg);
	} else {
		period_finish(&p);
		code = tell(o, &p);
	}
	store_close(st);
	period_done(&p);
	return code;
}

static enum exit_code
run_check(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code == EXIT_USAGE ? unknown("wrong options") : code;
	code = o.npaths > 0 ? unknown("check takes only options") : check(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_check = { "check", "[OPTION...]",
	"A check for Nagios, Icinga and their like: one line, and exit 0 (OK), 1 (WARNING),\n"
	"2 (CRITICAL) or 3 (UNKNOWN: the store cannot be read, or nobody feeds it).",
	CMD_CHECK, run_check };
