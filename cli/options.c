#include "cli/options.h"

#include "cli/options_take.h"
#include "cli/rules.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	CMD_ASKS = CMD_WHATIF | CMD_COMPARE, /* about single events */
	CMD_READS = CMD_EXPLAIN | CMD_PARSE | CMD_TIMELINE | CMD_INGEST | CMD_ASKS, /* logs */
	CMD_NAMES = CMD_EXPLAIN | CMD_PARSE | CMD_TIMELINE | CMD_LIST,
	CMD_PICKS = CMD_NAMES | CMD_ASKS, /* events */
	CMD_MONITOR = CMD_EXPORT | CMD_CHECK | CMD_REPORT,
	CMD_TELLS = CMD_PICKS | CMD_EXPORT | CMD_REPORT,
	CMD_STORED = CMD_EXPLAIN | CMD_TIMELINE | CMD_INGEST | CMD_LIST | CMD_STORE | CMD_DOCTOR |
		     CMD_ASKS | CMD_MONITOR,
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
	{ "all", NULL, 'a', CMD_TIMELINE, AT(all), NULL,
	    "all incidents, those of a boot together" },
	{ "brief", NULL, 'b', CMD_EXPLAIN, AT(brief), NULL, "one line for each event" },
	{ "raw", NULL, 0, CMD_EXPLAIN, AT(raw), NULL,
	    "the report's own lines, marked by what they were used for" },
	{ "verbose", NULL, 'v', CMD_EXPLAIN, AT(verbose), NULL,
	    "all tasks, zones, counters, and lines not understood" },
	{ "format", "FORMAT", 'f', CMD_EXPLAIN, 0, option_take_format,
	    "text (the default), json or html; ecs or otlp for log collectors" },
	{ "format", "FORMAT", 'f', CMD_PARSE, 0, option_take_line_format,
	    "ndjson (the default); ecs or otlp for log collectors" },
	{ "format", "FORMAT", 'f', CMD_TIMELINE, 0, option_take_timeline_format,
	    "text (the default), json, or trace for trace viewers" },
	{ "format", "FORMAT", 'f', CMD_LIST, 0, option_take_list_format, "text (the default), json or csv" },
	{ "format", "FORMAT", 'f', CMD_MACHINE | CMD_ASKS, 0, option_take_machine_format, "text (the default) or json" },
	{ "format", "FORMAT", 'f', CMD_EXPORT, 0, option_take_export_format,
	    "ndjson (the default), ecs or otlp; prometheus for node_exporter" },
	{ "format", "FORMAT", 'f', CMD_REPORT, 0, option_take_report_format,
	    "text (the default), markdown, html, json or csv" },
	{ "since-last", "NAME", 0, CMD_EXPORT, AT(since_last), NULL,
	    "only what no export of this NAME has told yet" },
	{ "since-last", "[=NAME]", 0, CMD_REPORT, 0, option_take_since_last,
	    "only what no report (of this NAME) has told yet" },
	{ "after", "N", 0, CMD_EXPORT, 0, option_take_after, "only what has a sequence above N" },
	{ "quiet-if-empty", NULL, 'q', CMD_REPORT, AT(quiet_if_empty), NULL,
	    "write nothing where there is nothing to tell" },
	{ "since", "DURATION", 0, CMD_CHECK, 0, option_take_span,
	    "kills of the last DURATION, such as 1h (the default) or 2d; or since a TIME" },
	{ "warning", "RANGE", 'w', CMD_CHECK, 0, option_take_warning,
	    "WARNING where the kills are outside of RANGE: 10, 10:, ~:10, 10:20, @10:20 (0)" },
	{ "critical", "RANGE", 'c', CMD_CHECK, 0, option_take_critical,
	    "CRITICAL where they are outside of RANGE (4)" },
	{ "max-age", "DURATION", 0, CMD_CHECK, 0, option_take_max_age,
	    "UNKNOWN where no log was looked at for DURATION (1d; 0: do not ask)" },
	{ "cgroup", "PATH", 0, CMD_NEXT, AT(cgroup), NULL,
	    "within the limit of this cgroup: a path, or the name of a unit" },
	{ "watch", "[=SECONDS]", 'w', CMD_NEXT, 0, option_take_watch,
	    "again every 2 seconds, or every SECONDS" },
	{ "verbose", NULL, 'v', CMD_MACHINE | CMD_ASKS, AT(verbose), NULL, "everything, not only what matters" },
	{ "adj", "NAME=N", 0, CMD_WHATIF, 0, option_take_adj,
	    "with an oom_score_adj of N for all processes of NAME, or PID=N for one" },
	{ "gone", "NAME", 0, CMD_WHATIF, 0, option_take_gone, "without the processes of NAME, or PID" },
	{ "limit", "SIZE", 0, CMD_WHATIF, 0, option_take_limit,
	    "with this limit of the cgroup, or max" },
	{ "ram", "SIZE", 0, CMD_WHATIF, 0, option_take_ram, "with so much RAM in the machine" },
	{ "swap", "SIZE", 0, CMD_WHATIF, 0, option_take_swap, "with so much swap" },
	{ "why-not", "NAME", 0, CMD_WHATIF, 0, option_take_why_not,
	    "why NAME, or PID, was not chosen, and what would have made it so" },
	{ "root", "DIR", 0, CMD_MACHINE, AT(root), NULL,
	    "another machine: DIR holds its proc/, sys/ and etc/" },
	{ "facts", NULL, 0, CMD_EXPLAIN | CMD_PARSE, AT(facts), NULL, "only what the log says, no verdict" },
	{ "redact", NULL, 0, CMD_NAMES | CMD_EXPORT | CMD_REPORT | CMD_WHATIF | CMD_COMPARE, AT(redact), NULL,
	    "give hosts, processes, cgroups and users other names: to show it to others" },
	{ "output", "FILE", 'o', CMD_TELLS | CMD_MACHINE, AT(output), NULL,
	    "write FILE, and replace it only when all went well" },
	{ "color", "WHEN", 0, CMD_EXPLAIN, 0, option_take_color, "auto (the default), always or never" },
	{ "host", "NAME", 0, CMD_PICKS | CMD_MONITOR, AT(filter.host), NULL, "only events of this host" },
	{ "victim", "NAME", 0, CMD_PICKS | CMD_EXPORT, AT(filter.victim), NULL,
	    "only events that killed a process of this name" },
	{ "service", "NAME", 0, CMD_PICKS | CMD_MONITOR, AT(filter.service), NULL,
	    "only events that killed a process of this service, unit, container or pod" },
	{ "rules", "FILE", 0, CMD_PICKS | CMD_MONITOR | CMD_INGEST, AT(rules_file), NULL,
	    "names of services, else those of " RULES_FILE },
	{ "constraint", "KIND", 0, CMD_PICKS | CMD_EXPORT, 0, option_take_constraint,
	    "only none, memcg, cpuset or memory_policy events" },
	{ "cgroup", "PATH", 0, CMD_LIST, AT(cgroup), NULL,
	    "only events of this cgroup and of those below it" },
	{ "outcome", "KIND", 0, CMD_LIST, 0, option_take_outcome,
	    "only killed, panic, no-killable-process, none or unknown" },
	{ "since", "TIME", 0, CMD_PICKS | CMD_EXPORT | CMD_REPORT, AT(since), NULL,
	    "only events from TIME on: 2026-11-22, yesterday, -2d" },
	{ "until", "TIME", 0, CMD_PICKS | CMD_EXPORT | CMD_REPORT, AT(until), NULL, "only events up to TIME" },
	{ "incidents", NULL, 'i', CMD_LIST, AT(incidents), NULL,
	    "a line for each run of events less than a minute apart" },
	{ "last", "N", 'n', CMD_LIST | CMD_EXPLAIN | CMD_TIMELINE, 0, option_take_last, "the newest N of the store" },
	{ "offset", "N", 0, CMD_LIST, 0, option_take_offset, "leave out the newest N" },
	{ "keep", "TIME", 0, CMD_STORE, 0, option_take_keep, "prune: forget what is older, such as 2y" },
	{ "max-size", "SIZE", 0, CMD_STORE, 0, option_take_max_size,
	    "prune: forget the oldest until it fits, such as 500M" },
	{ "follow", NULL, 0, CMD_INGEST, AT(follow), NULL,
	    "stay, and take what kmsg: or journal: will say; pstore: once" },
	{ "exec", "PROGRAM", 0, CMD_INGEST, AT(exec), NULL,
	    "run PROGRAM for each new event that is followed, with its JSON to read" },
	{ "db", "FILE", 0, CMD_STORED, AT(db), NULL, "the store" },
	{ "utc", NULL, 'u', CMD_PICKS | CMD_STORE | CMD_MONITOR, AT(utc), NULL, "show and understand times in UTC" },
	{ "tz", "ZONE", 0, CMD_READS, AT(source.zone), NULL,
	    "time zone of the log, such as Europe/Berlin" },
	{ "thorough", NULL, 0, CMD_READS, AT(source.thorough), NULL,
	    "read journals entry by entry, so that damage costs no more than itself" },
	{ "year", "YEAR", 0, CMD_READS, 0, option_take_year, "the year of times that have none" },
	{ "source", "KIND", 0, CMD_READS, AT(source.kind), NULL,
	    "what the input is, instead of finding out" },
	{ "help", NULL, 'h', CMD_ANY, AT(help), NULL, "this help" },
};
/* clang-format on */

enum { NROWS = ARRAY_LEN(rows), HELP_COLUMN = 26, LONG_CODE = 256 };

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
		.ask = ask_nothing(),
		.after = UNKNOWN,
		.max_age_s = 86400,
		.warn = { 0, 0, false },
		.crit = { 0, 4, false },
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
	redactor_free(o->redactor);
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
