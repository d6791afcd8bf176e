/*
 * The commands: one file each, named in the table of main.c.  Only this folder
 * prints messages or decides how the program ends.
 */
#ifndef OOMWHY_CLI_CMD_H
#define OOMWHY_CLI_CMD_H

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_PARTLY = 3, /* done, but some input could not be read */
};

struct cmd {
	const char *name, *args, *about;
	unsigned options; /* CMD_* of cli/options.h: which options it takes */
	enum exit_code (*run)(const struct cmd *, int argc, char **argv);
};

extern const struct cmd cmd_check, cmd_compare, cmd_doctor, cmd_explain, cmd_export, cmd_ingest,
    cmd_list, cmd_next, cmd_parse, cmd_report, cmd_store, cmd_timeline, cmd_whatif;

#endif
