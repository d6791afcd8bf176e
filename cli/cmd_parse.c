#include "cli/answer.h"

#include <unistd.h>

static enum exit_code
run_parse(const struct cmd *cmd, int argc, char **argv)
{
	static char stdin_name[] = "-";
	char *stdin_only[] = { stdin_name, NULL };
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	if (o.npaths == 0) {
		if (isatty(STDIN_FILENO)) {
			options_done(&o);
			return usage_error(cmd, "name a log, or give it on standard input");
		}
		o.paths = stdin_only;
		o.npaths = 1;
	}
	code = answer(&o, o.format == NULL ? "ndjson" : o.format, true);
	options_done(&o);
	return code;
}

const struct cmd cmd_parse = { "parse", "[OPTION...] [FILE...]",
	"Write one JSON object a line for every OOM event of the logs (standard input if none\n"
	"is named), in the log's order, as it is found.",
	CMD_PARSE, run_parse };
