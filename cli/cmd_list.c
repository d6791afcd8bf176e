/* What is in the store, a line each. */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/stored.h"
#include "report/list.h"

enum { LIST_BY_DEFAULT = 50 };

struct listing {
	struct store *st;
	const struct options *opts;
	int64_t matched; /* by --service */
	const struct list_format *format;
	struct list_report report;
};

static enum tri
tri_of(int agrees)
{
	return agrees < 0 ? TRI_UNKNOWN : agrees > 0 ? TRI_YES : TRI_NO;
}

/* Services are not in the store: with --service every event is looked at, and counted here. */
static bool
counts(struct listing *l, bool wanted)
{
	const struct options *o = l->opts;

	if (o->filter.service == NULL)
		return true;
	if (!wanted)
		return false;
	l->matched++;
	return l->matched > o->offset &&
	       l->matched <= o->offset + (o->last > 0 ? o->last : LIST_BY_DEFAULT);
}

/* False: no memory. */
static bool
redact_row(struct redactor *red, struct list_row *r)
{
	return redact_in_place(red, redact_id, &r->id) &&
	       redact_in_place(red, redact_host, &r->host) &&
	       redact_in_place(red, redact_id, &r->boot_id) &&
	       redact_in_place(red, redact_cgroup, &r->cgroup) &&
	       redact_in_place(red, redact_comm, &r->trigger) &&
	       redact_in_place(red, redact_comm, &r->victim);
}

/* Who may not write makes the verdicts that are missing anew each time. */
static int
show(void *ctx, const struct store_row *row, struct err *err)
{
	struct listing *l = ctx;
	const struct options *o = l->opts;
	struct finding f = { .event = NULL };
	struct summary_row s = row->summary;
	struct list_row r = { str_from(row->id), row->kind, row->host, row->boot_id,
		row->constraint, row->outcome, row->completeness, row->cgroup, row->trigger,
		row->victim, STR_NONE, STR_NONE, row->real_us, row->mono_us, row->last_us,
		row->victim_pid, row->victim_anon_kb, row->victims, row->events, TRI_UNKNOWN };
	bool wanted = true;
	int rc = 0;

	if (!row->summarised || o->filter.service != NULL || o->redactor != NULL) {
		if (stored_finding(l->st, o, row->event, &f, &wanted, err) != 0)
			return -1;
		s = stored_summary(&f);
	}
	if (counts(l, wanted)) {
		r.agrees = tri_of(s.agrees);
		r.decided_by = s.decided_by;
		r.says = s.says;
		if (o->redactor != NULL && !redact_row(o->redactor, &r))
			rc = err_no_memory(err);
		else
			l->format->row(&l->report, &r);
	}
	event_free(f.event);
	return rc;
}

static int
list_rows(const struct options *o, struct listing *l, struct err *err)
{
	struct store_filter w = { .host = o->filter.host,
		.victim = o->filter.victim,
		.cgroup = o->cgroup,
		.constraint = constraint_name(o->filter.constraint),
		.outcome = o->outcome,
		.since_us = o->filter.since_us,
		.until_us = o->filter.until_us,
		.incidents = o->incidents,
		.limit = o->last > 0 ? o->last : LIST_BY_DEFAULT,
		.offset = o->offset,
		.analyzer = STORED_ANALYZER };

	if (o->filter.service != NULL) {
		w.limit = INT32_MAX;
		w.offset = 0;
	}
	l->format->begin(&l->report);
	if (store_list(l->st, &w, show, l, err) != 0)
		return -1;
	l->format->end(&l->report);
	return l->report.failed ? err_no_memory(err) : 0;
}

static enum exit_code
list(const struct options *o)
{
	struct output out;
	struct err err = { "" };
	struct report_opts opts;
	struct listing l = { .opts = o,
		.format = list_format_find(o->format == NULL ? "text" : o->format) };
	enum exit_code code = EXIT_FAILED;

	if (output_open(&out, o->output, &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	opts = answer_opts(o, out.f);
	l.report = (struct list_report){ out.f, &opts, o->incidents, 0, false };
	l.st = stored_open(o, STORE_READ, &err);
	if (l.st != NULL && list_rows(o, &l, &err) == 0 && output_commit(&out, &err) == 0)
		code = EXIT_DONE;
	else
		message("%s", err.msg);
	store_close(l.st);
	output_discard(&out);
	return code;
}

static enum exit_code
run_list(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	code = o.npaths > 0 ? usage_error(cmd, "list takes only options") : list(&o);
	options_done(&o);
	return code;
}

const struct cmd cmd_list = { "list", "[OPTION...]",
	"List the events of the store, newest first, 50 of them unless --last says otherwise.",
	CMD_LIST, run_list };
