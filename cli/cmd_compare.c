/* Two kills side by side. */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/newest.h"
#include "cli/output.h"
#include "report/compare.h"

#include <string.h>

static struct compare_side
side_of(const struct finding *f)
{
	return (struct compare_side){ f->event, f->verdict, f->ledgers, f->services };
}

static int
tell(const struct options *o, FILE *out, const struct finding f[static 2], struct err *err)
{
	struct report rep = { .out = out, .opts = answer_opts(o, out) };
	struct compare_side a = side_of(&f[0]), b = side_of(&f[1]);
	struct compare c;
	int rc = compare_make(&c, &a, &b);

	if (rc == 0 && o->format != NULL && strcmp(o->format, "json") == 0)
		rc = compare_json(out, &f[0], &f[1], &c);
	else if (rc == 0)
		compare_text(&rep, &f[0], &f[1], &c);
	compare_done(&c);
	return rc == 0 ? report_finish(&rep, err) : err_no_memory(err);
}

/* Each argument by itself. */
static int
find(const struct options *o, int i, struct finding *ret, bool *partly, struct err *err)
{
	struct options one = *o;
	bool missed = false;
	int rc;

	one.paths = o->paths + i;
	one.npaths = 1;
	rc = newest_find(&one, ret, &missed, err);
	*partly = *partly || missed;
	return rc == 0 ? 0 : err_prefix(err, "%s", o->paths[i]);
}

static enum exit_code
compare(const struct options *o)
{
	struct finding f[2] = { { .event = NULL }, { .event = NULL } };
	struct output out;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;
	bool partly = false;

	if (output_open(&out, o->output, &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	if (find(o, 0, &f[0], &partly, &err) == 0 && find(o, 1, &f[1], &partly, &err) == 0 &&
	    tell(o, out.f, f, &err) == 0 && output_commit(&out, &err) == 0)
		code = partly ? EXIT_PARTLY : EXIT_DONE;
	else
		message("%s", err.msg);
	event_free(f[0].event);
	event_free(f[1].event);
	output_discard(&out);
	return code;
}

static enum exit_code
run_compare(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	code = o.npaths == 2 ? compare(&o) : usage_error(cmd, "compare takes two kills");
	options_done(&o);
	return code;
}

const struct cmd cmd_compare = { "compare", "[OPTION...] A B",
	"Show two kills side by side: what grew, and which limits and settings differ.  A and B\n"
	"are each an EVENT of the store, or a SOURCE of which the newest kill is taken.",
	CMD_COMPARE, run_compare };
