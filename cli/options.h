/* The options of all commands: one table that getopt_long, the help and the defaults share. */
#ifndef OOMWHY_CLI_OPTIONS_H
#define OOMWHY_CLI_OPTIONS_H

#include "analyze/redact.h"
#include "analyze/service_rules.h"
#include "base/err.h"
#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/threshold.h"
#include "ingest/source.h"

#include <stdio.h>

/* Which commands take an option. */
enum {
	CMD_EXPLAIN = 1,
	CMD_PARSE = 2,
	CMD_INGEST = 4,
	CMD_LIST = 8,
	CMD_STORE = 16,
	CMD_NEXT = 32,
	CMD_DOCTOR = 64,
	CMD_WHATIF = 128,
	CMD_COMPARE = 256,
	CMD_TIMELINE = 512,
	CMD_EXPORT = 1 << 16,
	CMD_CHECK = 1 << 17,
	CMD_REPORT = 1 << 18,
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	const char *format; /* name of a renderer */
	const char *output; /* NULL: standard output */
	bool all, brief, raw, facts, utc, verbose, help, incidents;
	const char *db;		      /* the store; NULL: where it is by default */
	const char *cgroup, *outcome; /* filters of list */
	const char *root;	      /* of next and doctor: NULL is this machine */
	bool watch;
	int64_t watch_ms;
	int64_t last, offset;	    /* 0: not given */
	int64_t keep_us, max_bytes; /* of store prune; UNKNOWN: no limit */
	enum color color;
	struct filter filter;
	const char *rules_file;
	struct service_rules rules; /* of the services, from rules_file or the default one */
	struct source_opts source;
	const char *since_last; /* name of the mark of export and report; NULL: none */
	bool quiet_if_empty;
	int64_t after;		     /* of export: a sequence number; UNKNOWN: not given */
	struct threshold warn, crit; /* of check */
	int64_t max_age_s;	     /* of check; UNKNOWN: any */
	const char *since, *until;   /* understood after --utc and --tz are known */
	struct ask ask;		     /* of whatif */
	bool redact;
	struct redactor *redactor; /* NULL: names stay as they are */
	bool follow;
	const char *exec; /* program to run for each new event; NULL: none */
	char **paths;	  /* what is left: the sources */
	int npaths;
};

enum options_status { OPTIONS_OK, OPTIONS_HELP, OPTIONS_BAD };

/* argv[0] is the command's own name.  On OPTIONS_BAD *err says what is wrong. */
enum options_status options_parse(
    struct options *, const struct cmd *, int argc, char **argv, struct err *);
/* The end of options_parse(): 0, or -1 and *err where options contradict each other. */
int options_settle(struct options *, struct err *);
void options_done(struct options *); /* of what options_parse() found good */
void options_help(FILE *, const struct cmd *);

#endif
