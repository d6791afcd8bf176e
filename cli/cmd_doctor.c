/* Would the next kill be explained, and do the settings mean what people think? */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/reckoning.h"
#include "cli/stored.h"
#include "report/doctor.h"
#include "system/machine.h"

#include <string.h>

struct visit {
	const struct options *o;
	struct machine machine;
	struct reckoning reckoning;
	struct doctor doctor;
	bool partly; /* something that was asked for could not be read */
};

/* A store that is not there is no fault, unless it was named. */
static int
compare_store(struct visit *v, struct err *err)
{
	struct err why = { "" };
	struct store *st = stored_open(v->o, STORE_READ, &why);
	int rc;

	if (st == NULL) {
		v->reckoning = (struct reckoning){ .counted = UNKNOWN,
			.why_not =
			    "no store could be opened to compare it with; name a log, or --db" };
		if (v->o->db == NULL)
			return 0;
		*err = why;
		return -1;
	}
	rc = reckon_store(&v->reckoning, &v->machine, st, err);
	store_close(st);
	return rc;
}

/* Counters of another machine compare only with logs that are named. */
static int
compare(struct visit *v, struct err *err)
{
	bool failed = false;
	int rc = 0;

	if (v->o->npaths > 0)
		rc = reckon_logs(&v->reckoning, &v->machine, v->o, &failed, err);
	else if (v->machine.live || v->o->db != NULL)
		rc = compare_store(v, err);
	else
		v->reckoning = (struct reckoning){ .counted = UNKNOWN };
	v->partly = failed;
	return rc;
}

static int
examine(struct visit *v, const struct root *r, struct err *err)
{
	struct patient p = { &v->machine.mem, &v->machine, &v->reckoning };

	if (machine_read(&v->machine, r, PART_PROCESSES | PART_GROUPS | PART_SETTINGS, err) != 0 ||
	    compare(v, err) != 0)
		return -1;
	return doctor_examine(&p, &v->doctor) == 0 ? 0 : err_no_memory(err);
}

static int
tell(const struct visit *v, FILE *out, struct err *err)
{
	struct report rep = { .out = out, .opts = answer_opts(v->o, out) };

	if (v->o->format == NULL || strcmp(v->o->format, "text") == 0)
		doctor_text(&rep, &v->machine, &v->doctor);
	else if (doctor_json(out, &v->machine, &v->doctor, &v->reckoning, v->o->source.now_us) != 0)
		return err_no_memory(err);
	return report_finish(&rep, err);
}

static enum exit_code
read_all(const struct visit *v)
{
	const struct machine *m = &v->machine;

	for (size_t i = 0; i < m->nunread; i++)
		message("%.*s: %.*s", STR_ARG(m->unread[i].path), STR_ARG(m->unread[i].why));
	if (m->processes.unreadable > 0)
		message("%zu processes cannot be read by this user", m->processes.unreadable);
	return v->partly || m->nunread > 0 || m->processes.unreadable > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static enum exit_code
doctor(const struct options *o)
{
	struct visit v = { .o = o };
	struct output out;
	struct root r;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;

	if (root_open(&r, o->root != NULL ? o->root : "/", &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	if (output_open(&out, o->output, &err) == 0) {
		if (examine(&v, &r, &err) == 0 && tell(&v, out.f, &err) == 0 &&
		    output_commit(&out, &err) == 0)
			code = read_all(&v);
		output_discard(&out);
		machine_done(&v.machine);
	}
	if (code == EXIT_FAILED)
		message("%s", err.msg);
	root_close(&r);
	return code;
}

static enum exit_code
run_doctor(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	return doctor(&o);
}

const struct cmd cmd_doctor = { "doctor", "[OPTION...] [LOG...]",
	"Look whether the next OOM kill of this machine would be explained, and whether its "
	"settings\n"
	"mean what people think.  The kernel's count of kills is compared with the store, or with\n"
	"the LOGs.  Finding something is no failure: the exit status is 0.",
	CMD_DOCTOR, run_doctor };
