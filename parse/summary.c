/*
 * "oom-kill:constraint=%s,nodemask=%*pbl,cpuset=%s,mems_allowed=%s
 *  (,oom_memcg=%s | ,global_oom),task_memcg=%s,task=%s,pid=%d,uid=%d"
 * (dump_oom_summary, dump_oom_victim; mm/oom_kill.c @5.0 - 7.3, RHEL 8.3).
 *
 * Nothing in it is quoted: a cgroup may be called "a,task=init,pid=1", a task
 * ",pid=1,uid=0".  So the numbers are read from the right, and of several ways
 * to cut the paths the one that fits a hierarchy is taken.
 */
#include "parse/internal.h"

#include <string.h>

/* ",pid=N,uid=N" off the end. */
static bool
cut_pid_uid(struct str *text, int64_t *ret_pid, int64_t *ret_uid)
{
	struct str s = str_trim_end(*text), number;
	size_t at;

	if (!str_rfind(s, STR(",uid="), &at))
		return false;
	number = str_from_at(s, at + 5);
	if (!str_eat_i64(&number, ret_uid) || number.n > 0)
		return false;
	s = str_head(s, at);
	if (!str_rfind(s, STR(",pid="), &at))
		return false;
	number = str_from_at(s, at + 5);
	if (!str_eat_i64(&number, ret_pid) || number.n > 0)
		return false;
	*text = str_head(s, at);
	return true;
}

/* A line that was cut in its pid: the digits that are left say nothing. */
static bool
cut_broken_pid(struct str *text)
{
	size_t at;
	int64_t pid;
	struct str rest;

	if (!str_rfind(*text, STR(",pid="), &at))
		return false;
	rest = str_from_at(*text, at + 5);
	if (rest.n > 0 && (!str_eat_i64(&rest, &pid) || rest.n > 0))
		return false;
	*text = str_head(*text, at);
	return true;
}

bool
summary_complete(struct str text)
{
	int64_t pid, uid;

	return cut_pid_uid(&text, &pid, &uid);
}

static enum constraint
constraint_from(struct str name)
{
	if (str_eq(name, STR("CONSTRAINT_NONE")))
		return CONSTRAINT_NONE;
	if (str_eq(name, STR("CONSTRAINT_MEMCG")))
		return CONSTRAINT_MEMCG;
	if (str_eq(name, STR("CONSTRAINT_CPUSET")))
		return CONSTRAINT_CPUSET;
	return str_eq(name, STR("CONSTRAINT_MEMORY_POLICY")) ? CONSTRAINT_MEMORY_POLICY
							     : CONSTRAINT_UNKNOWN;
}

static bool
is_under(struct str path, struct str parent)
{
	if (str_eq(parent, STR("/")))
		return str_starts(path, parent);
	return str_starts(path, parent) && (path.n == parent.n || path.p[parent.n] == '/');
}

/* "P1,task_memcg=P2": the cut where P2 lies under P1, else the first. */
static void
cut_memcgs(struct str text, struct cgroup *g)
{
	static const struct str sep = { ",task_memcg=", 12 };
	size_t at, from = 0;
	bool first = true;

	while (str_find(str_from_at(text, from), sep, &at)) {
		struct str oom = str_head(text, from + at);
		struct str task = str_from_at(text, from + at + sep.n);

		if (first || is_under(task, oom)) {
			g->oom_memcg = oom;
			g->task_memcg = task;
		}
		if (is_under(task, oom))
			return;
		first = false;
		from += at + sep.n;
	}
	if (first)
		g->oom_memcg = text;
}

static bool
is_node_list(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!str_is_digit(s.p[i]) && s.p[i] != ',' && s.p[i] != '-')
			return false;
	}
	return true;
}

/* "X,mems_allowed=0-1": the last cut that leaves a node list. */
static void
cut_cpuset(struct str text, struct cgroup *g)
{
	static const struct str sep = { ",mems_allowed=", 14 };
	size_t at;

	if (!str_eat(&text, STR(",cpuset=")) && !str_eat(&text, STR("cpuset=")))
		return;
	if (str_rfind(text, sep, &at) && is_node_list(str_from_at(text, at + sep.n))) {
		g->mems_allowed = str_from_at(text, at + sep.n);
		text = str_head(text, at);
	}
	g->cpuset = text;
}

/* "0-1", "(null)": up to what follows, which without CONFIG_CPUSETS is no cpuset. */
static struct str
eat_nodemask(struct str *text)
{
	static const struct str next[] = { { ",cpuset=", 8 }, { ",oom_memcg=/", 12 },
		{ ",global_oom", 11 } };
	struct str mask = *text;
	size_t at;

	for (size_t i = 0; i < ARRAY_LEN(next); i++) {
		if (str_find(mask, next[i], &at))
			mask = str_head(mask, at);
	}
	*text = str_from_at(*text, mask.n);
	return mask;
}

/* Everything between the constraint and ",task=". */
static void
take_scope(struct event *ev, struct str text)
{
	struct cgroup *g = &ev->cgroup;
	struct str rest = text;
	size_t at;

	if (str_eat(&rest, STR(",nodemask=")))
		g->nodemask = eat_nodemask(&rest);
	/* Where the memcg part begins: the first place whose left side ends in a node list. */
	if (str_find(rest, STR(",oom_memcg=/"), &at)) {
		cut_cpuset(str_head(rest, at), g);
		cut_memcgs(str_from_at(rest, at + strlen(",oom_memcg=")), g);
	} else if (str_find(rest, STR(",global_oom"), &at)) {
		ev->summary.global = true;
		cut_cpuset(str_head(rest, at), g);
		rest = str_from_at(rest, at + strlen(",global_oom"));
		if (str_eat(&rest, STR(",task_memcg=")))
			g->task_memcg = rest;
	} else {
		cut_cpuset(rest, g);
	}
}

/* The event that the line belongs to: the open one unless it has another's already. */
static struct event *
summary_event(struct context *c)
{
	struct stream *s = c->stream;

	if (s->ev == NULL || s->section == SECTION_END || known(s->ev->summary.line))
		return stream_open(c, SECTION_TABLE);
	return s->ev;
}

enum take
take_summary(struct context *c, struct str text)
{
	struct event *ev = summary_event(c);
	struct str name;
	int64_t pid = UNKNOWN, uid = UNKNOWN;
	size_t at;

	if (ev == NULL)
		return TAKE_ERROR;
	c->stream->tentative = false;
	c->stream->foreign_memory = false;
	text = str_from_at(c->text, strlen("oom-kill:constraint="));
	ev->summary.line = c->rec->line;
	if ((cut_pid_uid(&text, &pid, &uid) || cut_broken_pid(&text)) &&
	    str_rfind(text, STR(",task="), &at)) {
		ev->summary.task = str_from_at(text, at + strlen(",task="));
		text = str_head(text, at);
	}
	ev->summary.pid = pid;
	ev->summary.uid = uid;
	name = str_chr(text, ',', &at) ? str_head(text, at) : text;
	ev->constraint = constraint_from(name);
	take_scope(ev, str_from_at(text, name.n));
	/* 5.0 and 5.1 print the word before they have worked it out for a cgroup; the path is
	 * printed for a cgroup's limit only (dump_oom_summary, mem_cgroup_print_oom_context). */
	if (ev->cgroup.oom_memcg.p != NULL)
		ev->constraint = CONSTRAINT_MEMCG;
	c->stream->section = SECTION_TABLE;
	return TAKE_USED;
}
