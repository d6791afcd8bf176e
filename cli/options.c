#include "cli/options.h"

#include "cli/rules.h"
#include "report/list.h"
#include "report/report.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int option_take(struct options *, const char *arg, struct err *);

static option_take take_color, take_constraint, take_format, take_keep, take_last, take_list_format,
    take_machine_format, take_max_size, take_line_format, take_offset, take_outcome, take_watch,
    take_year;

enum {
	CMD_READS = CMD_EXPLAIN | CMD_PARSE | CMD_INGEST, /* logs */
	CMD_PICKS = CMD_EXPLAIN | CMD_PARSE | CMD_LIST,	  /* events */
	CMD_STORED = CMD_EXPLAIN | CMD_INGEST | CMD_LIST | CMD_STORE | CMD_DOCTOR,
	CMD_MACHINE = CMD_NEXT | CMD_DOCTOR, /* this one, now */
	CMD_ANY = CMD_READS | CMD_STORED | CMD_MACHINE,
};

#define AT(member) offsetof(struct options, member)

/* clang-format off */
static const struct option_row {
	const char *name;
	const char *arg; /* NULL: takes none; "[=X]": may be left out */
	char letter;	 /* 0: none */
	unsigned commands;
	size_t at;	   /* of a bool to set, or of a const char * for the argument */
	option_take *take; /* instead, where the argument has to be understood */
	const char *about;
} rows[] = {
	{ "all", NULL, 'a', CMD_EXPLAIN, AT(all), NULL,
	    "every event in full, in the log's order" },
	{ "brief", NULL, 'b', CMD_EXPLAIN, AT(brief), NULL, "one line for each event" },
	{ "raw", NULL, 0, CMD_EXPLAIN, AT(raw), NULL,
	    "the report's own lines, marked by what they were used for" },
	{ "verbose", NULL, 'v', CMD_EXPLAIN, AT(verbose), NULL,
	    "all tasks, zones, counters, and lines not understood" },
	{ "format", "FORMAT", 'f', CMD_EXPLAIN, 0, take_format,
	    "text (the default), json or html; ecs or otlp for log collectors" },
	{ "format", "FORMAT", 'f', CMD_PARSE, 0, take_line_format,
	    "ndjson (the default); ecs or otlp for log collectors" },
	{ "format", "FORMAT", 'f', CMD_LIST, 0, take_list_format, "text (the default), json or csv" },
	{ "format", "FORMAT", 'f', CMD_MACHINE, 0, take_machine_format, "text (the default) or json" },
	{ "cgroup", "PATH", 0, CMD_NEXT, AT(cgroup), NULL,
	    "within the limit of this cgroup: a path, or the name of a unit" },
	{ "watch", "[=SECONDS]", 'w', CMD_NEXT, 0, take_watch,
	    "again every 2 seconds, or every SECONDS" },
	{ "verbose", NULL, 'v', CMD_MACHINE, AT(verbose), NULL, "everything, not only what matters" },
	{ "root", "DIR", 0, CMD_MACHINE, AT(root), NULL,
	    "another machine: DIR holds its proc/, sys/ and etc/" },
	{ "facts", NULL, 0, CMD_EXPLAIN | CMD_PARSE, AT(facts), NULL, "only what the log says, no verdict" },
	{ "output", "FILE", 'o', CMD_PICKS | CMD_MACHINE, AT(output), NULL,
	    "write FILE, and replace it only when all went well" },
	{ "color", "WHEN", 0, CMD_EXPLAIN, 0, take_color, "auto (the default), always or never" },
	{ "host", "NAME", 0, CMD_PICKS, AT(filter.host), NULL, "only events of this host" },
	{ "victim", "NAME", 0, CMD_PICKS, AT(filter.victim), NULL,
	    "only events that killed a process of this name" },
	{ "service", "NAME", 0, CMD_PICKS, AT(filter.service), NULL,
	    "only events that killed a process of this service, unit, container or pod" },
	{ "rules", "FILE", 0, CMD_PICKS, AT(rules_file), NULL,
	    "names of services, else those of " RULES_FILE },
	{ "constraint", "KIND", 0, CMD_PICKS, 0, take_constraint,
	    "only none, memcg, cpuset or memory_policy events" },
	{ "cgroup", "PATH", 0, CMD_LIST, AT(cgroup), NULL,
	    "only events of this cgroup and of those below it" },
	{ "outcome", "KIND", 0, CMD_LIST, 0, take_outcome,
	    "only killed, panic, no-killable-process, none or unknown" },
	{ "since", "TIME", 0, CMD_PICKS, AT(since), NULL,
	    "only events from TIME on: 2026-11-22, yesterday, -2d" },
	{ "until", "TIME", 0, CMD_PICKS, AT(until), NULL, "only events up to TIME" },
	{ "incidents", NULL, 'i', CMD_LIST, AT(incidents), NULL,
	    "a line for each run of events less than a minute apart" },
	{ "last", "N", 'n', CMD_LIST | CMD_EXPLAIN, 0, take_last, "the newest N of the store" },
	{ "offset", "N", 0, CMD_LIST, 0, take_offset, "leave out the newest N" },
	{ "keep", "TIME", 0, CMD_STORE, 0, take_keep, "prune: forget what is older, such as 2y" },
	{ "max-size", "SIZE", 0, CMD_STORE, 0, take_max_size,
	    "prune: forget the oldest until it fits, such as 500M" },
	{ "follow", NULL, 0, CMD_INGEST, AT(follow), NULL,
	    "stay, and take what kmsg: or journal: will say" },
	{ "exec", "PROGRAM", 0, CMD_INGEST, AT(exec), NULL,
	    "run PROGRAM for each new event that is followed, with its JSON to read" },
	{ "db", "FILE", 0, CMD_STORED, AT(db), NULL, "the store" },
	{ "utc", NULL, 'u', CMD_PICKS | CMD_STORE, AT(utc), NULL, "show and understand times in UTC" },
	{ "tz", "ZONE", 0, CMD_READS, AT(source.zone), NULL,
	    "time zone of the log, such as Europe/Berlin" },
	{ "year", "YEAR", 0, CMD_READS, 0, take_year, "the year of times that have none" },
	{ "source", "KIND", 0, CMD_READS, AT(source.kind), NULL,
	    "what the input is, instead of finding out" },
	{ "help", NULL, 'h', CMD_ANY, AT(help), NULL, "this help" },
};
/* clang-format on */

enum { NROWS = ARRAY_LEN(rows), HELP_COLUMN = 26, LONG_CODE = 256 };

struct unit {
	const char *name;
	int64_t is;
};
#define DAY_US (86400 * INT64_C(1000000))

static int
take_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (renderer_find(arg) != NULL)
		return 0;
	return err_set(
	    err, "there is no format '%s'; there are text, json, html, ndjson, ecs and otlp", arg);
}

static int
take_line_format(struct options *o, const char *arg, struct err *err)
{
	const struct renderer *r = renderer_find(arg);

	o->format = arg;
	if (r != NULL && r->lines)
		return 0;
	return err_set(err, "there are no lines as '%s'; there are ndjson, ecs and otlp", arg);
}

static int
take_machine_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (strcmp(arg, "text") == 0 || strcmp(arg, "json") == 0)
		return 0;
	return err_set(err, "there is no format '%s'; there are text and json", arg);
}

/* "2", "0.5" */
static int
take_watch(struct options *o, const char *arg, struct err *err)
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

static int
take_color(struct options *o, const char *arg, struct err *err)
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

static int
take_constraint(struct options *o, const char *arg, struct err *err)
{
	for (int i = CONSTRAINT_NONE; i <= CONSTRAINT_MEMORY_POLICY; i++) {
		if (strcmp(constraint_name((enum constraint)i), arg) == 0) {
			o->filter.constraint = (enum constraint)i;
			return 0;
		}
	}
	return err_set(err, "--constraint is none, memcg, cpuset or memory_policy, not '%s'", arg);
}

static int
take_outcome(struct options *o, const char *arg, struct err *err)
{
	for (int i = OUTCOME_UNKNOWN; i <= OUTCOME_NONE; i++) {
		if (strcmp(outcome_name((enum outcome)i), arg) == 0) {
			o->outcome = arg;
			return 0;
		}
	}
	return err_set(err, "--outcome is killed, panic, no-killable-process, none or unknown");
}

static int
take_list_format(struct options *o, const char *arg, struct err *err)
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

static int
take_last(struct options *o, const char *arg, struct err *err)
{
	return take_count("last", arg, &o->last, err);
}

static int
take_offset(struct options *o, const char *arg, struct err *err)
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

static int
take_keep(struct options *o, const char *arg, struct err *err)
{
	static const struct unit units[] = { { "d", DAY_US }, { "w", 7 * DAY_US },
		{ "m", 30 * DAY_US }, { "y", 365 * DAY_US } };

	if (scaled(arg, units, ARRAY_LEN(units), &o->keep_us))
		return 0;
	return err_set(err, "--keep is a time such as 90d, 12w, 6m or 2y, not '%s'", arg);
}

static int
take_max_size(struct options *o, const char *arg, struct err *err)
{
	static const struct unit units[] = { { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 },
		{ "", 1 } };

	if (scaled(arg, units, ARRAY_LEN(units), &o->max_bytes))
		return 0;
	return err_set(err, "--max-size is a size such as 500M or 2G, not '%s'", arg);
}

static int
take_year(struct options *o, const char *arg, struct err *err)
{
	struct str s = str_from(arg);

	if (str_eat_digits(&s, 4, &o->source.year) && s.n == 0)
		return 0;
	return err_set(err, "--year is a year such as 2026, not '%s'", arg);
}

static int
take(struct options *o, const struct option_row *row, const char *arg, struct err *err)
{
	char *to = (char *)o + row->at;

	if (row->take != NULL)
		return row->take(o, arg, err);
	if (row->arg == NULL) {
		*(bool *)to = true;
		return 0;
	}
	if (*arg == '\0')
		return err_set(err, "--%s needs a %s", row->name, row->arg);
	*(const char **)(void *)to = arg;
	return 0;
}

/* In the words of getopt_long; their numbers are those of its colons. */
static int
takes(const struct option_row *row)
{
	if (row->arg == NULL)
		return no_argument;
	return *row->arg == '[' ? optional_argument : required_argument;
}

/* What getopt_long wants, made of the rows that this command takes. */
static void
getopt_tables(
    const struct cmd *cmd, struct option longs[static NROWS + 1], char shorts[static 3 * NROWS + 2])
{
	size_t n = 0, at = 0;

	shorts[at++] = ':'; /* a missing argument is told apart from an unknown option */
	for (size_t i = 0; i < NROWS; i++) {
		if ((rows[i].commands & cmd->options) == 0)
			continue;
		longs[n++] =
		    (struct option){ rows[i].name, takes(&rows[i]), NULL, LONG_CODE + (int)i };
		if (rows[i].letter == 0)
			continue;
		shorts[at++] = rows[i].letter;
		for (int colons = takes(&rows[i]); colons > 0; colons--)
			shorts[at++] = ':';
	}
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
	shorts[at] = '\0';
}

/* The row of what getopt_long returned; NULL: it is an error of its. */
static const struct option_row *
row_of(const struct cmd *cmd, int code)
{
	if (code >= LONG_CODE)
		return &rows[code - LONG_CODE];
	for (size_t i = 0; i < NROWS; i++) {
		if ((rows[i].commands & cmd->options) != 0 && rows[i].letter != 0 &&
		    rows[i].letter == code)
			return &rows[i];
	}
	return NULL;
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

enum options_status
options_parse(struct options *o, const struct cmd *cmd, int argc, char **argv, struct err *err)
{
	struct option longs[NROWS + 1];
	char shorts[3 * NROWS + 2];
	int code;

	*o = (struct options){ .keep_us = UNKNOWN,
		.max_bytes = UNKNOWN,
		.filter = { .since_us = UNKNOWN, .until_us = UNKNOWN },
		.source = { .year = UNKNOWN, .now_us = now_us() } };
	getopt_tables(cmd, longs, shorts);
	opterr = 0;
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(cmd, code);

		if (code == ':')
			err_set(err, "option '%s' needs an argument", argv[optind - 1]);
		else if (row == NULL)
			err_set(err, "there is no option '%s'", argv[optind - 1]);
		else if (take(o, row, optarg, err) == 0)
			continue;
		return OPTIONS_BAD;
	}
	o->paths = argv + optind;
	o->npaths = argc - optind;
	if (o->help)
		return OPTIONS_HELP;
	if (options_settle(o, err) == 0)
		return OPTIONS_OK;
	options_done(o);
	return OPTIONS_BAD;
}

void
options_done(struct options *o)
{
	arena_done(&o->rules.mem);
}

void
options_help(FILE *out, const struct cmd *cmd)
{
	fprintf(out, "usage: oomwhy %s %s\n\n%s\n\n", cmd->name, cmd->args, cmd->about);
	for (size_t i = 0; i < NROWS; i++) {
		const struct option_row *row = &rows[i];
		int n;

		if ((row->commands & cmd->options) == 0)
			continue;
		n = row->letter != 0 ? fprintf(out, "  -%c, --%s", row->letter, row->name)
				     : fprintf(out, "      --%s", row->name);
		if (row->arg != NULL)
			n += fprintf(out, "%s%s", *row->arg == '[' ? "" : "=", row->arg);
		fprintf(out, "%*s%s\n", n < HELP_COLUMN ? HELP_COLUMN - n : 1, "", row->about);
	}
}
