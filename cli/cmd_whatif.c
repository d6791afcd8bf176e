/* The kernel's choice under other circumstances. */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/newest.h"
#include "cli/output.h"
#include "report/whatif.h"

#include <string.h>

static int
tell(const struct options *o, FILE *out, const struct finding *f, struct err *err)
{
	struct report rep = { .out = out, .opts = answer_opts(o, out) };
	struct ask named = o->ask;
	struct whatif_ask ask = ask_get(&named);
	struct whatif w;
	int rc;

	if (o->redactor != NULL && ask_redact(&named, o->redactor) != 0)
		return err_no_memory(err);
	rc = whatif_make(&w, f->event, f->verdict, f->services, &ask, err);
	if (rc == 0 && o->format != NULL && strcmp(o->format, "json") == 0) {
		if (whatif_json(out, f, &w, &ask) != 0)
			rc = err_no_memory(err);
	} else if (rc == 0) {
		whatif_text(&rep, f, &w);
	}
	whatif_done(&w);
	return rc == 0 ? report_finish(&rep, err) : -1;
}

static enum exit_code
whatif(const struct options *o)
{
	struct finding f = { .event = NULL };
	struct output out;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;
	bool partly = false;

	if (output_open(&out, o->output, &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	if (newest_find(o, &f, &partly, &err) == 0 && tell(o, out.f, &f, &err) == 0 &&
	    output_commit(&out, &err) == 0)
		code = partly ? EXIT_PARTLY : EXIT_DONE;
	else
		message("%s", err.msg);
	event_free(f.event);
	output_discard(&out);
	return code;
}

static enum exit_code
run_whatif(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	code = whatif(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_whatif = { "whatif", "[OPTION...] [SOURCE... | EVENT]",
	"Replay the kernel's choice, of the newest kill in the logs or of an EVENT of the store,\n"
	"with another oom_score_adj, limit, RAM or swap, or with processes gone: who dies then,\n"
	"who after it, what spares the first, and how much memory was lacking at least.\n"
	"NAME is that of a process or of its service; digits are a PID.  SIZE is 512M or 1.5G.",
	CMD_WHATIF, run_whatif };
