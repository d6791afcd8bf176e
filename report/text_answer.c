/* The first sentence: who died, and why this one; a second one where it misleads alone. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

#include <string.h>

const struct task *
text_subject(const struct finding *f, size_t *ret_row)
{
	const struct event *ev = f->event;
	const struct victim *v = event_victim(ev);
	int64_t pid = UNKNOWN;

	if (f->verdict != NULL && f->verdict->chosen.known)
		pid = f->verdict->chosen.pid;
	else if (v != NULL)
		pid = v->pid;
	for (size_t i = 0; known(pid) && i < ev->tasks.n; i++) {
		if (ev->tasks.v[i].pid == pid || ev->tasks.v[i].tgid == pid) {
			*ret_row = i;
			return &ev->tasks.v[i];
		}
	}
	return NULL;
}

/* How many tasks hold more memory than the row, and how many of those could be killed. */
struct larger {
	size_t all, eligible;
};

static struct larger
count_larger(const struct finding *f, size_t row)
{
	const struct score *s = f->verdict->scores;
	struct larger n = { 0, 0 };

	for (size_t i = 0; i < f->event->tasks.n; i++) {
		if (i == row || !known(s[i].memory_pages) ||
		    s[i].memory_pages <= s[row].memory_pages)
			continue;
		n.all++;
		n.eligible += s[i].eligible;
	}
	return n;
}

/* Why it ranked first, in a clause; nothing where the numbers do not tell. */
static void
put_ground(FILE *out, const struct finding *f)
{
	const struct verdict *v = f->verdict;
	const struct task *t;
	struct larger n;
	size_t row = 0;

	if (v != NULL && v->agrees == TRI_NO && v->expected.known) {
		fputs(", though by the numbers in the log ", out);
		put_name(out, v->expected.comm, v->expected.pid);
		fputs(" came first", out);
		return;
	}
	if (v == NULL || v->scores == NULL || v->agrees != TRI_YES ||
	    (t = text_subject(f, &row)) == NULL || !known(v->scores[row].memory_pages))
		return;
	n = count_larger(f, row);
	if (n.all == 0)
		fputs(f->event->constraint != CONSTRAINT_MEMCG ? " and it was the largest process"
		      : f->event->tasks.n == 1 ? " and it was the only process in it"
					       : " and it was the largest process in it",
		    out);
	else if (n.eligible == 0)
		fputs(" and it was the largest process that may be killed", out);
	else if (known(t->oom_score_adj) && t->oom_score_adj > 0)
		fprintf(out, " and its oom_score_adj of %lld put it before larger processes",
		    (long long)t->oom_score_adj);
	else if (v->decided_by != NULL && strcmp(v->decided_by, "badness") == 0)
		fputs(n.eligible == 1 ? " and the one larger process has a lower oom_score_adj"
				      : " and the larger processes have a lower oom_score_adj",
		    out);
}

static void
answer_killed(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct verdict *v = f->verdict;
	const struct victim *dead = event_victim(ev);

	if (dead == NULL) {
		fputs("A process was killed because ", out);
		text_cause(out, f);
		fputs(", but the log does not name it.\n", out);
		return;
	}
	put_name(out, dead->comm, dead->pid);
	fputs(" was killed because ", out);
	text_cause(out, f);
	if (ev->allocating_task && dead->role == ROLE_CHILD && ev->chosen.comm.p != NULL) {
		fputs(" and ", out);
		put_name(out, ev->chosen.comm, ev->chosen.pid);
		fputs(
		    ", its parent, was the one that asked for more: vm.oom_kill_allocating_task is "
		    "set, so the kernel compared no processes, and killed this child in its "
		    "place.\n",
		    out);
		return;
	}
	if (ev->allocating_task) {
		fputs(" and it was the one that asked for more: "
		      "vm.oom_kill_allocating_task is set, so the kernel compared no processes.\n",
		    out);
		return;
	}
	if (v != NULL && v->chosen.known && v->chosen.pid != dead->pid &&
	    dead->role == ROLE_CHILD) {
		fputs(" and the kernel chose its parent, ", out);
		put_name(out, v->chosen.comm, v->chosen.pid);
		fputs(", then killed this child in its place.\n", out);
		return;
	}
	put_ground(out, f);
	fputs(".\n", out);
	text_beside(out, f);
}

static void
answer_panic(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;
	bool chosen = str_has(ev->outcome_text, STR("panic_on_oom"));

	fputs("The kernel panicked: ", out);
	text_cause(out, f);
	fputs(chosen ? ", and vm.panic_on_oom says to panic instead of killing a process.\n"
		     : ", and there was no process that it may kill.\n",
	    out);
	if (ev->tasks.n > 0)
		fprintf(out, "Everything that ran on the machine was lost with it: %s.\n",
		    words_count((int64_t)ev->tasks.n, "process", "processes").s);
}

static void
answer_no_killable(FILE *out, const struct finding *f)
{
	fputs("Nobody was killed: ", out);
	text_cause(out, f);
	fputs(", but there was no process that the kernel may kill.\n", out);
}

static void
answer_nobody(FILE *out, const struct finding *f)
{
	fputs("Nobody was killed, though ", out);
	text_cause(out, f);
	fputs(".\n", out);
}

/* Who was chosen, where the kill line is not in the log. */
static bool
put_chosen(FILE *out, const struct event *ev)
{
	bool summary = ev->summary.task.p != NULL && known(ev->summary.pid);

	if (!summary && (ev->chosen.comm.p == NULL || !known(ev->chosen.pid)))
		return false;
	put_name(out, summary ? ev->summary.task : ev->chosen.comm,
	    summary ? ev->summary.pid : ev->chosen.pid);
	return true;
}

static void
answer_unknown(FILE *out, const struct finding *f)
{
	if (put_chosen(out, f->event)) {
		fputs(" was chosen to be killed because ", out);
		text_cause(out, f);
		fputs("; the kill line is not in the log.\n", out);
		return;
	}
	fputs("The log does not say who was killed, or whether anybody was: ", out);
	text_cause(out, f);
	fputs(".\n", out);
}

static void
answer_userspace(FILE *out, const struct event *ev)
{
	const struct victim *dead = event_victim(ev);

	if (dead != NULL)
		put_victim_name(out, dead);
	else
		fputs("Something", out);
	fputs(" was killed by ", out);
	str_put_escaped(out, ev->killer.p == NULL ? STR("a user-space killer") : ev->killer);
	fputs(", not by the kernel", out);
	if (ev->killer_reason.n > 0) {
		fputs(": ", out);
		str_put_escaped(out, ev->killer_reason);
	}
	fputs(".\n", out);
}

static void
answer(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;

	if (ev->kind == EVENT_USERSPACE_KILL) {
		answer_userspace(out, ev);
		return;
	}
	switch (ev->outcome) {
	case OUTCOME_KILLED:
		answer_killed(out, f);
		break;
	case OUTCOME_PANIC:
		answer_panic(out, f);
		break;
	case OUTCOME_NO_KILLABLE:
		answer_no_killable(out, f);
		break;
	case OUTCOME_NONE:
		answer_nobody(out, f);
		break;
	case OUTCOME_UNKNOWN:
		answer_unknown(out, f);
		break;
	}
}

void
text_answer(struct report *rep, const struct finding *f)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, rep->out, 0, rep->opts.columns);

	fputs(rep->opts.color ? "\033[1m" : "", rep->out);
	if (to != NULL) {
		answer(to, f);
		fclose(to);
	} else {
		rep->failed = true;
	}
	fputs(rep->opts.color ? "\033[0m" : "", rep->out);
}
