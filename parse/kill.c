/*
 * How a report ends: who was chosen, who was killed with it, what the reaper
 * took back, or that nobody could be killed (mm/oom_kill.c @2.4 - 7.3).
 */
#include "parse/killline.h"

#include <string.h>

static void
reached_end(struct stream *s)
{
	s->section = SECTION_END;
	s->tentative = false;
	s->foreign_memory = false;
}

/* A kill that the open event cannot be the report of gets an event of its own. */
static bool
contradicts(const struct event *ev, const struct kill_line *k)
{
	bool memcg = str_starts(k->message, STR("Memory cgroup out of memory"));

	if (ev->constraint == CONSTRAINT_MEMCG)
		return k->message.n > 0 && !memcg;
	return memcg && ev->constraint != CONSTRAINT_UNKNOWN;
}

/*
 * 2.4 and 2.6.9 print one line for every thread of the victim and nothing else
 * tells; the next kill comes 5 s later at the soonest (out_of_memory @2.4.22).
 */
static bool
same_mm_sharer(const struct context *c, const struct event *ev, const struct kill_line *k)
{
	const struct victim *last = ev->nvictims == 0 ? NULL : &ev->victims[ev->nvictims - 1];
	const int64_t apart_us = 4 * INT64_C(1000000);

	if (last == NULL || known(k->total_vm_kb) || !str_eq(k->message, STR("Out of Memory")) ||
	    !str_eq(last->comm, k->comm) || last->pid == k->pid)
		return false;
	if (known(c->rec->mono_us) && known(last->mono_us))
		return c->rec->mono_us - last->mono_us < apart_us;
	if (known(c->rec->real_us) && known(last->real_us))
		return c->rec->real_us - last->real_us < apart_us;
	return c->rec->line == last->line + 1;
}

/*
 * Mem-Info without a head is no OOM; a kill right behind it makes it the report
 * of one: RHEL 3 prints no head, elsewhere it was lost.
 */
static bool
is_no_event(const struct stream *s)
{
	return s->ev == NULL || (s->tentative && s->stray > 0);
}

/* The event a kill line belongs to, opened if it is a bare one. */
static struct event *
kill_event(struct context *c, const struct kill_line *k, enum role *ret_role)
{
	struct stream *s = c->stream;
	struct event *ev = s->ev;

	*ret_role = ROLE_CHOSEN;
	if (is_no_event(s))
		return stream_open(c, SECTION_END);
	if (s->section != SECTION_END)
		return contradicts(ev, k) ? stream_aside(c) : ev;
	if (ev->group_kill) {
		*ret_role = ROLE_GROUP;
		return ev;
	}
	/* "Kill process ... or sacrifice child" came, and this is the killed line of it. */
	if (ev->nvictims == 0 && known(ev->chosen.line))
		return ev;
	if (same_mm_sharer(c, ev, k)) {
		*ret_role = ROLE_SHARED_MM;
		return ev;
	}
	return stream_open(c, SECTION_END);
}

static struct victim *
victim_of(struct event *ev, int64_t pid)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (ev->victims[i].pid == pid)
			return &ev->victims[i];
	}
	return NULL;
}

static void
victim_fill(struct victim *v, const struct context *c, const struct kill_line *k)
{
	v->pid = k->pid;
	v->comm = k->open ? STR_NONE : k->comm; /* cut in the name: the rest is not known */
	v->message = k->message;
	v->uid = k->uid;
	v->total_vm_kb = k->total_vm_kb;
	v->anon_rss_kb = k->anon_rss_kb;
	v->file_rss_kb = k->file_rss_kb;
	v->shmem_rss_kb = k->shmem_rss_kb;
	v->pgtables_kb = k->pgtables_kb;
	v->oom_score_adj = k->oom_score_adj;
	v->score = k->score;
	v->line = c->rec->line;
	v->mono_us = c->rec->mono_us;
	v->real_us = c->rec->real_us;
}

/* The messages of memcg and, in 2.6.18 - 2.6.35, of a policy or a cpuset: __out_of_memory(). */
static void
constraint_of(struct event *ev, struct str message)
{
	if (str_starts(message, STR("Memory cgroup out of memory")))
		ev->constraint = CONSTRAINT_MEMCG;
	else if (str_has(message, STR("MPOL_BIND")))
		ev->constraint = CONSTRAINT_MEMORY_POLICY;
	else if (str_has(message, STR("in cpuset")))
		ev->constraint = CONSTRAINT_CPUSET;
}

enum take
take_killed(struct context *c, struct str text)
{
	struct kill_line k;
	struct event *ev;
	struct victim *v;
	enum role role;

	if (!kill_line_parse(text, &k))
		return TAKE_NOT;
	if ((ev = kill_event(c, &k, &role)) == NULL)
		return TAKE_ERROR;
	kill_line_parse(c->text, &k); /* again: slices of the kept line */
	if (ev == c->stream->ev)
		reached_end(c->stream);
	ev->outcome = OUTCOME_KILLED;
	if (str_has(k.message, STR("(oom_kill_allocating_task)")))
		ev->allocating_task = true;
	/* The chosen of a group is printed once as the choice and once as a member. */
	if (role == ROLE_GROUP && victim_of(ev, k.pid) != NULL)
		return TAKE_USED;
	if ((v = event_add_victim(ev)) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	victim_fill(v, c, &k);
	if (ev->constraint == CONSTRAINT_UNKNOWN)
		constraint_of(ev, k.message);
	v->role = role;
	if (known(ev->chosen.pid) && role == ROLE_CHOSEN) {
		if (ev->chosen.pid == k.pid)
			v->score = ev->chosen.score;
		else
			v->role = ROLE_CHILD;
	}
	return TAKE_USED;
}

/* "%s: Kill process %d (%s) score %d or sacrifice child", 2.6.18 - 5.1. */
enum take
take_chosen(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct chosen_line ch;
	struct event *ev = s->ev;

	if (!chosen_line_parse(text, &ch))
		return TAKE_NOT;
	if (is_no_event(s) || s->section == SECTION_END) {
		/* 2.6.30 - 3.8 may try again without a new head; the head may be rate-limited. */
		if ((ev = stream_open(c, SECTION_END)) == NULL)
			return TAKE_ERROR;
	}
	chosen_line_parse(c->text, &ch);
	reached_end(s);
	ev->chosen = (struct chosen){ ch.pid, ch.comm, ch.score, c->rec->line };
	if (str_has(ch.message, STR("(oom_kill_allocating_task)")))
		ev->allocating_task = true;
	constraint_of(ev, ch.message);
	return TAKE_USED;
}

/* "Kill process %d (%s) sharing same memory", 2.6.37 - 4.3. */
enum take
take_sharing(struct context *c, struct str text)
{
	struct event *ev = c->stream->ev;
	struct victim *v;
	struct str comm;
	int64_t pid;

	if (!sharing_line_parse(text, &pid, &comm))
		return TAKE_NOT;
	if (ev == NULL && (ev = stream_open(c, SECTION_END)) == NULL)
		return TAKE_ERROR;
	sharing_line_parse(c->text, &pid, &comm);
	if (victim_of(ev, pid) != NULL)
		return TAKE_USED;
	if ((v = event_add_victim(ev)) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	v->pid = pid;
	v->comm = comm;
	v->role = ROLE_SHARED_MM;
	v->line = c->rec->line;
	ev->outcome = OUTCOME_KILLED;
	return TAKE_USED;
}

/* "Tasks in %s are going to be killed due to memory.oom.group set", 4.19 and newer. */
enum take
take_group(struct context *c, struct str text)
{
	static const struct str tail = { " are going to be killed due to memory.oom.group set",
		51 };
	struct event *ev = c->stream->ev;
	size_t at;

	if (!str_find(text, tail, &at))
		return TAKE_NOT;
	if (ev == NULL && (ev = stream_open(c, SECTION_END)) == NULL)
		return TAKE_ERROR;
	ev->group_kill = true;
	ev->group_line = c->rec->line;
	if (ev->cgroup.oom_memcg.p == NULL)
		ev->cgroup.oom_memcg = str_from_at(str_head(c->text, at), strlen("Tasks in "));
	return TAKE_USED;
}

/* "oom_reaper: reaped process %d (%s), now anon-rss:...", 4.6 and newer: comes up to seconds
 * later, with other reports in between, so it is joined by its pid. */
enum take
take_reaper(struct context *c, struct str text)
{
	struct reaper_line r;
	struct victim *v;

	if (!reaper_line_parse(text, &r))
		return TAKE_NOT;
	if ((v = find_victim(c, r.pid)) == NULL)
		return TAKE_FOREIGN; /* the kill itself is not in the log */
	if (aftermath_add(c, c->late,
		(struct aftermath){ r.failed ? AFTER_REAP_FAILED : AFTER_REAPED, r.pid, STR_NONE,
		    UNKNOWN, 0, 0, 0 }) != 0)
		return TAKE_ERROR;
	if (r.failed) {
		v->reap_failed_line = c->rec->line;
		return TAKE_USED;
	}
	v->reaped = true;
	v->reaped_line = c->rec->line;
	v->reaped_anon_kb = r.anon_rss_kb;
	v->reaped_file_kb = r.file_rss_kb;
	v->reaped_shmem_kb = r.shmem_rss_kb;
	return TAKE_USED;
}

/* "%s: OOM victim %d (%s) is already exiting. Skip killing the task", 5.9 and newer. */
enum take
take_exiting(struct context *c, struct str text)
{
	struct event *ev = c->stream->ev;
	struct str comm;
	int64_t pid;

	if (!exiting_line_parse(text, &pid, &comm))
		return TAKE_NOT;
	if ((ev == NULL || c->stream->section == SECTION_END) &&
	    (ev = stream_open(c, SECTION_END)) == NULL)
		return TAKE_ERROR;
	exiting_line_parse(c->text, &pid, &comm);
	reached_end(c->stream);
	ev->outcome = OUTCOME_NONE;
	ev->outcome_text = c->text;
	ev->outcome_line = c->rec->line;
	ev->chosen = (struct chosen){ pid, comm, UNKNOWN, c->rec->line };
	return TAKE_USED;
}

static enum take
ending(struct context *c, enum outcome outcome)
{
	struct stream *s = c->stream;
	struct event *ev = s->ev;

	/* "no killable processes" then panics "System is deadlocked on memory": one ending. */
	if (is_no_event(s) || (s->section == SECTION_END && ev->nvictims > 0)) {
		if ((ev = stream_open(c, SECTION_END)) == NULL)
			return TAKE_ERROR;
	}
	reached_end(s);
	ev->outcome = outcome;
	ev->outcome_text = c->text;
	ev->outcome_line = c->rec->line;
	return TAKE_USED;
}

enum take
take_no_killable(struct context *c, struct str text)
{
	(void)text;
	return ending(c, OUTCOME_NO_KILLABLE);
}

/* panic(): check_panic_on_oom and out_of_memory, mm/oom_kill.c @2.4 - 7.3. */
static const char *const panics[] = {
	"Out of memory and no killable processes",
	"System is deadlocked on memory",
	"out of memory. panic_on_oom is selected",
	"out of memory. Compulsory panic_on_oom is selected",
	"out of memory from page fault. panic_on_oom is selected",
	"out of memory(memcg). panic_on_oom is selected",
	"Out of memory: compulsory panic_on_oom is enabled",
	"Out of memory: system-wide panic_on_oom is enabled",
};

bool
is_panic(struct str text)
{
	if (!str_eat(&text, STR("Kernel panic")) ||
	    (!str_eat(&text, STR(" - not syncing: ")) && !str_eat(&text, STR(": "))))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(panics); i++) {
		if (str_starts_z(text, panics[i]))
			return true;
	}
	return false;
}

enum take
take_panic(struct context *c, struct str text)
{
	(void)text;
	return ending(c, OUTCOME_PANIC);
}

/* RHEL 4 with vm.oom-kill=0, RHEL 6 with vm.would_have_oomkilled=1. */
enum take
take_would_have(struct context *c, struct str text)
{
	(void)text;
	return ending(c, OUTCOME_NONE);
}
