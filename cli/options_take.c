#include "cli/options_take.h"

#include "report/list.h"
#include "report/report.h"
#include "report/timeline.h"

#include <string.h>

struct unit {
	const char *name;
	int64_t is;
};
#define DAY_US (86400 * INT64_C(1000000))

int
option_take_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (renderer_find(arg) != NULL)
		return 0;
	return err_set(
	    err, "there is no format '%s'; there are text, json, html, ndjson, ecs and otlp", arg);
}

int
option_take_line_format(struct options *o, const char *arg, struct err *err)
{
	const struct renderer *r = renderer_find(arg);

	o->format = arg;
	if (r != NULL && r->lines)
		return 0;
	return err_set(err, "there are no lines as '%s'; there are ndjson, ecs and otlp", arg);
}

int
option_take_timeline_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (timeline_format_find(arg) != NULL)
		return 0;
	return err_set(err, "there is no timeline as '%s'; there are text, json and trace", arg);
}

int
option_take_machine_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (strcmp(arg, "text") == 0 || strcmp(arg, "json") == 0)
		return 0;
	return err_set(err, "there is no format '%s'; there are text and json", arg);
}

/* "2", "0.5" */
int
option_take_watch(struct options *o, const char *arg, struct err *err)
{
	struct str s = str_from(arg == NULL ? "2" : arg);
	int64_t whole, tenths = 0;

	o->watch = true;
	if (str_eat_i64(&s, &whole) && (!str_eat_chr(&s, '.') || str_eat_digits(&s, 1, &tenths)) &&
	    s.n == 0 && whole >= 0 && whole <= 86400 && whole * 10 + tenths > 0) {
		o->watch_ms = whole * 1000 + tenths * 100;
		return 0;
	}
	return err_set(err, "--watch is a number of seconds such as 2 or 0.5, not '%s'", arg);
}

int
option_take_color(struct options *o, const char *arg, struct err *err)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], arg) == 0) {
			o->color = (enum color)i;
			return 0;
		}
	}
	return err_set(err, "--color is auto, always or never, not '%s'", arg);
}

int
option_take_constraint(struct options *o, const char *arg, struct err *err)
{
	for (int i = CONSTRAINT_NONE; i <= CONSTRAINT_MEMORY_POLICY; i++) {
		if (strcmp(constraint_name((enum constraint)i), arg) == 0) {
			o->filter.constraint = (enum constraint)i;
			return 0;
		}
	}
	return err_set(err, "--constraint is none, memcg, cpuset or memory_policy, not '%s'", arg);
}

int
option_take_outcome(struct options *o, const char *arg, struct err *err)
{
	for (int i = OUTCOME_UNKNOWN; i <= OUTCOME_NONE; i++) {
		if (strcmp(outcome_name((enum outcome)i), arg) == 0) {
			o->outcome = arg;
			return 0;
		}
	}
	return err_set(err, "--outcome is killed, panic, no-killable-process, none or unknown");
}

int
option_take_list_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (list_format_find(arg) != NULL)
		return 0;
	return err_set(err, "there is no list as '%s'; there are text, json and csv", arg);
}

static int
take_count(const char *name, const char *arg, int64_t *to, struct err *err)
{
	struct str s = str_from(arg);

	if (str_eat_i64(&s, to) && s.n == 0 && *to > 0)
		return 0;
	return err_set(err, "--%s is a number such as 20, not '%s'", name, arg);
}

int
option_take_last(struct options *o, const char *arg, struct err *err)
{
	return take_count("last", arg, &o->last, err);
}

int
option_take_offset(struct options *o, const char *arg, struct err *err)
{
	return take_count("offset", arg, &o->offset, err);
}

/* "2y": a number and a unit of the rows. */
static bool
scaled(const char *arg, const struct unit *units, size_t n, int64_t *ret)
{
	struct str s = str_from(arg);
	int64_t v;

	if (!str_eat_i64(&s, &v) || v <= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (str_eq_z(s, units[i].name))
			return !__builtin_mul_overflow(v, units[i].is, ret);
	}
	return false;
}

int
option_take_keep(struct options *o, const char *arg, struct err *err)
{
	static const struct unit units[] = { { "d", DAY_US }, { "w", 7 * DAY_US },
		{ "m", 30 * DAY_US }, { "y", 365 * DAY_US } };

	if (scaled(arg, units, ARRAY_LEN(units), &o->keep_us))
		return 0;
	return err_set(err, "--keep is a time such as 90d, 12w, 6m or 2y, not '%s'", arg);
}

int
option_take_max_size(struct options *o, const char *arg, struct err *err)
{
	static const struct unit units[] = { { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 },
		{ "", 1 } };

	if (scaled(arg, units, ARRAY_LEN(units), &o->max_bytes))
		return 0;
	return err_set(err, "--max-size is a size such as 500M or 2G, not '%s'", arg);
}

int
option_take_year(struct options *o, const char *arg, struct err *err)
{
	struct str s = str_from(arg);

	if (str_eat_digits(&s, 4, &o->source.year) && s.n == 0)
		return 0;
	return err_set(err, "--year is a year such as 2026, not '%s'", arg);
}
