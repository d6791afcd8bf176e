#include "cli/options.h"

#include "cli/when.h"
#include "report/report.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int option_take(struct options *, const char *arg, struct err *);

static option_take take_color, take_constraint, take_format, take_year;

enum { CMD_ANY = CMD_EXPLAIN | CMD_PARSE };

#define AT(member) offsetof(struct options, member)

/* clang-format off */
static const struct option_row {
	const char *name;
	const char *arg; /* NULL: takes none */
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
	{ "format", "FORMAT", 'f', CMD_EXPLAIN, 0, take_format, "text (the default) or json" },
	{ "facts", NULL, 0, CMD_ANY, AT(facts), NULL, "only what the log says, no verdict" },
	{ "output", "FILE", 'o', CMD_ANY, AT(output), NULL,
	    "write FILE, and replace it only when all went well" },
	{ "color", "WHEN", 0, CMD_EXPLAIN, 0, take_color, "auto (the default), always or never" },
	{ "host", "NAME", 0, CMD_ANY, AT(filter.host), NULL, "only events of this host" },
	{ "victim", "NAME", 0, CMD_ANY, AT(filter.victim), NULL,
	    "only events that killed a process of this name" },
	{ "constraint", "KIND", 0, CMD_ANY, 0, take_constraint,
	    "only none, memcg, cpuset or memory_policy events" },
	{ "since", "TIME", 0, CMD_ANY, AT(since), NULL,
	    "only events from TIME on: 2026-11-22, yesterday, -2d" },
	{ "until", "TIME", 0, CMD_ANY, AT(until), NULL, "only events up to TIME" },
	{ "utc", NULL, 'u', CMD_ANY, AT(utc), NULL, "show and understand times in UTC" },
	{ "tz", "ZONE", 0, CMD_ANY, AT(source.zone), NULL,
	    "time zone of the log, such as Europe/Berlin" },
	{ "year", "YEAR", 0, CMD_ANY, 0, take_year, "the year of times that have none" },
	{ "source", "KIND", 0, CMD_ANY, AT(source.kind), NULL,
	    "what the input is, instead of finding out" },
	{ "help", NULL, 'h', CMD_ANY, AT(help), NULL, "this help" },
};
/* clang-format on */

enum { NROWS = ARRAY_LEN(rows), HELP_COLUMN = 26, LONG_CODE = 256 };

static int
take_format(struct options *o, const char *arg, struct err *err)
{
	o->format = arg;
	if (renderer_find(arg) != NULL)
		return 0;
	return err_set(err, "there is no format '%s'; there are text and json", arg);
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

/* What getopt_long wants, made of the rows that this command takes. */
static void
getopt_tables(
    const struct cmd *cmd, struct option longs[static NROWS + 1], char shorts[static 2 * NROWS + 2])
{
	size_t n = 0, at = 0;

	shorts[at++] = ':'; /* a missing argument is told apart from an unknown option */
	for (size_t i = 0; i < NROWS; i++) {
		if ((rows[i].commands & cmd->options) == 0)
			continue;
		longs[n++] =
		    (struct option){ rows[i].name, rows[i].arg != NULL, NULL, LONG_CODE + (int)i };
		if (rows[i].letter == 0)
			continue;
		shorts[at++] = rows[i].letter;
		if (rows[i].arg != NULL)
			shorts[at++] = ':';
	}
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
	shorts[at] = '\0';
}

/* The row of what getopt_long returned; NULL: it is an error of its. */
static const struct option_row *
row_of(int code)
{
	if (code >= LONG_CODE)
		return &rows[code - LONG_CODE];
	for (size_t i = 0; i < NROWS; i++) {
		if (rows[i].letter != 0 && rows[i].letter == code)
			return &rows[i];
	}
	return NULL;
}

/* The zone of the log is the zone of the answer, and of --since. */
static int
settle(struct options *o, struct err *err)
{
	if (o->source.zone != NULL && setenv("TZ", o->source.zone, 1) != 0)
		return err_no_memory(err);
	tzset();
	if (o->brief || o->raw)
		o->format = o->brief ? "brief" : "raw";
	if (o->since != NULL &&
	    when_parse(o->since, o->source.now_us, o->utc, &o->filter.since_us, err) != 0)
		return err_prefix(err, "--since");
	if (o->until != NULL &&
	    when_parse(o->until, o->source.now_us, o->utc, &o->filter.until_us, err) != 0)
		return err_prefix(err, "--until");
	return 0;
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
	char shorts[2 * NROWS + 2];
	int code;

	*o = (struct options){ .filter = { .since_us = UNKNOWN, .until_us = UNKNOWN },
		.source = { .year = UNKNOWN, .now_us = now_us() } };
	getopt_tables(cmd, longs, shorts);
	opterr = 0;
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(code);

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
	return settle(o, err) == 0 ? OPTIONS_OK : OPTIONS_BAD;
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
			n += fprintf(out, "=%s", row->arg);
		fprintf(out, "%*s%s\n", n < HELP_COLUMN ? HELP_COLUMN - n : 1, "", row->about);
	}
}
