#include "cli/answer.h"
#include "cli/machine.h"
#include "cli/stored.h"

/* 1: all are events of the store, 0: none is, -1: they cannot be told together. */
static int
are_events(const struct options *o)
{
	int n = 0;

	for (int i = 0; i < o->npaths; i++)
		n += stored_is_event(o->paths[i]);
	return n == 0 ? 0 : n == o->npaths ? 1 : -1;
}

static enum exit_code
explain(const struct cmd *cmd, struct options *o)
{
	if (o->format == NULL)
		o->format = "text";
	if (o->last > 0 && o->npaths > 0)
		return usage_error(
		    cmd, "--last is of the store: it goes with no FILE and no EVENT");
	if (o->last > 0)
		return answer_from(o, o->format, true, stored_run);
	if (o->npaths == 0)
		return answer_from(o, o->format, o->all, machine_run);
	switch (are_events(o)) {
	case 0:
		/* A line for each event is read as a list: none is left out of it. */
		return answer(o, o->format, o->all || o->brief);
	case 1:
		return answer_from(o, o->format, true, stored_run);
	default:
		return usage_error(cmd, "files and events of the store cannot be told together");
	}
}

static enum exit_code
run_explain(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	code = explain(cmd, &o);
	options_done(&o);
	return code;
}

const struct cmd cmd_explain = { "explain", "[OPTION...] [SOURCE... | EVENT... | --last N]",
	"Say why the OOM killer killed what it killed: the last five incidents of the logs,\n"
	"newest first.  SOURCE is a file, - for standard input, journal:, kmsg: or pstore: of "
	"this\n"
	"machine, a journal's file or directory; without one, this machine's pstore and journal, "
	"or\n"
	"else what is in the kernel's buffer.  What is no file, and is 16 hex digits or the first\n"
	"6 or more of them, is an EVENT of the store.",
	CMD_EXPLAIN, run_explain };
