/* What the options of export, check and report mean. */
#include "cli/options_take.h"
#include "cli/when.h"
#include "report/period.h"
#include "report/report.h"

#include <string.h>

int
option_take_export_format(struct options *o, const char *arg, struct err *err)
{
	const struct renderer *r = renderer_find(arg);

	o->format = arg;
	if (strcmp(arg, "prometheus") == 0 || (r != NULL && r->lines))
		return 0;
	return err_set(
	    err, "nothing is exported as '%s'; there are ndjson, ecs, otlp and prometheus", arg);
}

int
option_take_report_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (period_format_find(arg) != NULL)
		return 0;
	return err_set(
	    err, "there is no report as '%s'; there are text, markdown, html, json and csv", arg);
}

int
option_take_since_last(struct options *o, const char *arg, struct err *err)
{
	o->since_last = arg == NULL ? "default" : arg;
	return *o->since_last != '\0' ? 0 : err_set(err, "--since-last: the name is empty");
}

int
option_take_after(struct options *o, const char *arg, struct err *err)
{
	struct str s = str_from(arg);

	if (str_eat_i64(&s, &o->after) && s.n == 0 && o->after >= 0)
		return 0;
	return err_set(err, "--after is a sequence number such as 120, not '%s'", arg);
}

int
option_take_span(struct options *o, const char *arg, struct err *err)
{
	int64_t us;

	(void)err;
	o->since = NULL;
	if (when_duration(arg, &us) && us <= o->source.now_us)
		o->filter.since_us = o->source.now_us - us;
	else
		o->since = arg; /* a time, or a mistake that is told later */
	return 0;
}

int
option_take_max_age(struct options *o, const char *arg, struct err *err)
{
	int64_t us;

	if (strcmp(arg, "0") == 0) {
		o->max_age_s = UNKNOWN;
		return 0;
	}
	if (!when_duration(arg, &us) || us <= 0)
		return err_set(err, "--max-age is a time such as 15m, 1h or 2d, not '%s'", arg);
	o->max_age_s = us / 1000000;
	return 0;
}

static int
take_threshold(const char *name, const char *arg, struct threshold *to, struct err *err)
{
	if (threshold_parse(arg, to))
		return 0;
	return err_set(
	    err, "--%s is a range such as 10, 10:, ~:10, 10:20 or @10:20, not '%s'", name, arg);
}

int
option_take_warning(struct options *o, const char *arg, struct err *err)
{
	return take_threshold("warning", arg, &o->warn, err);
}

int
option_take_critical(struct options *o, const char *arg, struct err *err)
{
	return take_threshold("critical", arg, &o->crit, err);
}
