#include "cli/answer.h"

static enum exit_code
run_explain(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	struct err err = { "" };

	switch (options_parse(&o, cmd, argc, argv, &err)) {
	case OPTIONS_HELP:
		options_help(stdout, cmd);
		return EXIT_DONE;
	case OPTIONS_BAD:
		return usage_error(cmd, err.msg);
	case OPTIONS_OK:
		break;
	}
	if (o.npaths == 0)
		return usage_error(cmd, "name the log to explain, or - for standard input");
	return answer(&o, o.format == NULL ? "text" : o.format, o.all);
}

const struct cmd cmd_explain = { "explain", "[OPTION...] FILE...",
	"Say why the OOM killer killed what it killed: the last five incidents of the logs,\n"
	"newest first.  FILE may be - for standard input.",
	CMD_EXPLAIN, run_explain };
