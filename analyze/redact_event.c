/* Where an event has names. */
#include "analyze/redact_internal.h"
#include "model/witness.h"

#include <stdio.h>
#include <string.h>

static const struct str left_out = { "(redacted)", sizeof("(redacted)") - 1 };

/* False: no memory; so below. */
static bool
rename_uid(struct redactor *r, int64_t *uid)
{
	char text[24];
	struct str to;

	if (!known(*uid))
		return true;
	snprintf(text, sizeof(text), "%lld", (long long)*uid);
	to = redact_number(r, str_from(text));
	return to.p != NULL && str_eat_i64(&to, uid);
}

static bool
rename_places(struct redactor *r, struct event *ev)
{
	struct cgroup *cg = &ev->cgroup;

	for (size_t i = 0; i < cg->nstats; i++) {
		if (!redact_in_place(r, redact_cgroup, &cg->stats[i].path))
			return false;
	}
	return redact_in_place(r, redact_cgroup, &cg->oom_memcg) &&
	       redact_in_place(r, redact_cgroup, &cg->task_memcg) &&
	       redact_in_place(r, redact_cgroup, &cg->cpuset);
}

static bool
rename_processes(struct redactor *r, struct event *ev)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		struct victim *v = &ev->victims[i];

		if (!redact_in_place(r, redact_comm, &v->comm) || !rename_uid(r, &v->uid) ||
		    !redact_in_place(r, redact_cgroup, &v->cgroup) ||
		    !redact_in_place(r, redact_cgroup, &v->unit))
			return false;
	}
	for (size_t i = 0; i < ev->naftermath; i++) {
		if (!redact_in_place(r, redact_cgroup, &ev->aftermath[i].unit))
			return false;
	}
	for (size_t i = 0; i < ev->tasks.n; i++) {
		struct task *t = &ev->tasks.v[i];

		if (!redact_in_place(r, redact_comm, &t->comm) || !rename_uid(r, &t->uid))
			return false;
	}
	return redact_in_place(r, redact_comm, &ev->trigger.comm) &&
	       rename_uid(r, &ev->trigger.uid) &&
	       redact_in_place(r, redact_comm, &ev->chosen.comm) &&
	       redact_in_place(r, redact_comm, &ev->summary.task) &&
	       rename_uid(r, &ev->summary.uid);
}

static size_t
put_back(char *to, size_t cap, struct str s)
{
	size_t n = s.n < cap ? s.n : cap;

	if (n > 0)
		memmove(to, s.p, n); /* a name that is kept is there already */
	return n;
}

/* Who was left, as a witness saw it. */
static bool
rename_witness(struct redactor *r, struct event *ev)
{
	struct witness w;

	if (ev->witness.p == NULL)
		return true;
	if (!witness_parse(ev->witness, &w)) {
		ev->witness = STR_NONE;
		return true;
	}
	for (size_t i = 0; i < w.n; i++) {
		struct survivor *s = &w.survivors[i];
		struct str comm = { s->comm, s->comm_n }, cgroup = { s->cgroup, s->cgroup_n };

		if (!redact_in_place(r, redact_comm, &comm) ||
		    !redact_in_place(r, redact_cgroup, &cgroup))
			return false;
		s->comm_n = put_back(s->comm, sizeof(s->comm), comm);
		s->cgroup_n = put_back(s->cgroup, sizeof(s->cgroup), cgroup);
	}
	ev->witness = witness_text(&ev->mem, &w);
	return ev->witness.p != NULL;
}

/* "OOM victim 3160 (mysqld) is already exiting": all that follows the pid may be the name. */
static bool
cut_outcome(struct redactor *r, struct event *ev)
{
	struct str text = ev->outcome_text;

	for (size_t i = 2; i < text.n; i++) {
		if (text.p[i] != '(' || text.p[i - 1] != ' ' || !str_is_digit(text.p[i - 2]))
			continue;
		ev->outcome_text =
		    arena_printf(&r->mem, "%.*s(redacted)", STR_ARG(str_head(text, i)));
		return ev->outcome_text.p != NULL;
	}
	return true;
}

static bool
rename_machine(struct redactor *r, struct event *ev)
{
	struct str id = redact_id(r, str_from(ev->id));

	if (id.p == NULL)
		return false;
	snprintf(ev->id, sizeof(ev->id), "%.*s", STR_ARG(id));
	for (size_t i = 0; i < ev->nsources; i++) {
		if (!redact_in_place(r, redact_source, &ev->sources[i].path))
			return false;
	}
	if (ev->hardware.p != NULL)
		ev->hardware = left_out;
	if (ev->killer_reason.n > 0)
		ev->killer_reason = left_out;
	return cut_outcome(r, ev) && redact_in_place(r, redact_host, &ev->host) &&
	       redact_in_place(r, redact_id, &ev->boot_id);
}

int
redact_event(struct redactor *r, struct event *ev)
{
	return rename_machine(r, ev) && rename_processes(r, ev) && rename_places(r, ev) &&
		       rename_witness(r, ev)
		   ? 0
		   : -1;
}

void
redact_lines(struct event *ev)
{
	for (size_t i = 0; i < ev->nlines; i++)
		ev->lines[i].raw = ev->lines[i].text = left_out;
}
