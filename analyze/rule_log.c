/* What the log itself shows: who asked, and what is missing. */
#include "analyze/rule.h"

static const struct wrong_advice trigger_wrong[] = {
	{ "restart or limit the process that \"invoked oom-killer\"",
	    "It only asked for a page at the wrong moment." },
};

static bool
trigger_differs(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && f->victim != NULL && f->ev->trigger.comm.n > 0 &&
	       f->victim->comm.n > 0 && known(f->ev->trigger.pid) &&
	       f->ev->trigger.pid != f->victim->pid &&
	       !str_eq(f->ev->trigger.comm, f->victim->comm) &&
	       (!known(f->trigger_need) || !known(f->largest_need) ||
		   f->trigger_need < f->largest_need);
}

static void
tell_trigger(struct brief *b)
{
	const struct facts *f = b->f;

	says(b,
	    "%s only asked for a page when none was left; that it is named first does not make it "
	    "the "
	    "cause.",
	    name(b, f->ev->trigger.comm));
	proof(b, f->ev->trigger.line, "%.*s invoked the OOM killer", STR_ARG(f->ev->trigger.comm));
	if (f->trigger_row != NULL)
		proof(b, f->trigger_row->line, "%.*s held %s", STR_ARG(f->trigger_row->comm),
		    size(b, f->trigger_need));
}

static bool
incomplete(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && f->ev->completeness != COMPLETE_FULL;
}

static void
tell_incomplete(struct brief *b)
{
	const struct event *ev = b->f->ev;

	says(b, "The report is not whole (%s), so what can be said is limited.",
	    completeness_name(ev->completeness));
	for (size_t i = 0; i < ev->nmissing && i < 4; i++)
		proof(b, UNKNOWN, "not in the log: %.*s", STR_ARG(ev->missing[i]));
	advise(b, "Look for the rest of it, and let the next one be kept whole.");
	by_command(b, "journalctl -k -o short-monotonic; sysctl vm.oom_dump_tasks");
	if (ev->completeness == COMPLETE_NO_TASK_TABLE) {
		advise(b, "Have the kernel print the list of processes.");
		by_lines(b, "/etc/sysctl.d/90-oom.conf", "vm.oom_dump_tasks = 1");
	} else {
		advise(b, "Give the kernel's log more room.");
		by_lines(b, "kernel command line", "log_buf_len=4M");
	}
	at_price(b, "Some memory or some lines of log for each kill.");
}

const struct diagnosis_rule rules_log[] = {
	{ .id = "trigger-is-not-culprit",
	    .title = "Who asked is not who ate",
	    .band = BAND_BESIDE,
	    .fires = trigger_differs,
	    .tell = tell_trigger,
	    WRONG(trigger_wrong) },
	{ .id = "report-incomplete",
	    .title = "The report is not whole",
	    .band = BAND_BESIDE,
	    .fires = incomplete,
	    .tell = tell_incomplete },
	{ .id = NULL },
};
