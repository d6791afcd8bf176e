/* Logs into the store, every event once. */
#include "cli/answer.h"
#include "cli/follow.h"
#include "cli/intake.h"
#include "cli/message.h"
#include "cli/stored.h"

/* A new analyzer may have years to look at: others may write in between. */
static int
summarise(struct intake *in, struct err *err)
{
	int64_t event = 0;

	do {
		if (intake_begin(in, err) != 0 ||
		    stored_summarise(in->st, INTAKE_AT_ONCE, &event, err) != 0 ||
		    ((!in->partly || in->any_read) && store_note_alive(in->st, err) != 0) ||
		    intake_commit(in, err) != 0)
			return -1;
	} while (event > 0);
	return 0;
}

static enum exit_code
ingest(const struct options *o, struct err *err)
{
	struct intake in = { .st = stored_open(o, STORE_WRITE, err), .opts = o };
	struct source_list list = { 0 };
	int rc = in.st == NULL ? -1 : source_list_make(&list, o->paths, (size_t)o->npaths, err);

	for (size_t i = 0; i < list.n && rc == 0; i++)
		rc = intake_set(&in, &list.v[i], err);
	source_list_done(&list);
	if (rc == 0)
		rc = summarise(&in, err);
	store_close(in.st);
	if (rc != 0)
		return EXIT_FAILED;
	printf("%lld new, %lld completed, %lld known; %lld of %lld files unchanged\n",
	    (long long)in.fresh, (long long)in.completed,
	    (long long)(in.found - in.fresh - in.completed), (long long)in.unchanged_files,
	    (long long)in.files);
	return !in.partly ? EXIT_DONE : in.any_read ? EXIT_PARTLY : EXIT_FAILED;
}

static enum exit_code
run_ingest(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	struct err err = { "" };
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	if (o.exec != NULL && !o.follow)
		code = usage_error(cmd, "--exec goes with --follow");
	else if (o.follow)
		code = follow(&o);
	else if (o.npaths == 0)
		code = usage_error(cmd, "name the logs to read, or - for standard input");
	else
		code = ingest(&o, &err);
	options_done(&o);
	if (err.msg[0] != '\0' && code == EXIT_FAILED)
		message("%s", err.msg);
	return code;
}

const struct cmd cmd_ingest = { "ingest", "[OPTION...] FILE... | --follow [SOURCE...]",
	"Put the OOM events of logs into the store, each once, wherever and however often it\n"
	"is read.  Files that have not changed since are not read again, of those that have\n"
	"grown only what is new.",
	CMD_INGEST, run_ingest };
