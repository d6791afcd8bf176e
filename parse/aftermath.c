/*
 * What happened next.  systemd's lines about a unit that lost a process, of the system's manager
 * or a user's: src/core/unit.c, service.c, scope.c @v219 .. v257.  They have no stamp of the
 * kernel, so that they are joined to the kill by its cgroup, where the report names it, and else
 * by time and name.
 */
#include "parse/internal.h"

#include <string.h>

enum { LATEST_US = 10 * 1000000, AFTERMATH_MAX = 64, UNIT_NAME_MAX = 255 };

/* "UNIT: " stands before. */
/* clang-format off */
static const struct unit_line {
	const char *starts, *ends; /* of what follows the unit; a number may stand between them */
	enum after what;
	bool certain; /* nothing but the OOM killer makes systemd say so */
} unit_lines[] = {
	{ "A process of this unit has been killed by the OOM killer.", "", AFTER_UNIT_OOM, true },
	{ "Failed with result 'oom-kill'.", "", AFTER_UNIT_FAILED, true },
	{ "Main process exited, code=killed, status=9/KILL", "", AFTER_UNIT_EXITED, false },
	{ "main process exited, code=killed, status=9/KILL", "", AFTER_UNIT_EXITED, false },
	{ "Failed with result 'signal'.", "", AFTER_UNIT_FAILED, false },
	{ "Unit entered failed state.", "", AFTER_UNIT_FAILED, false },
	{ "Scheduled restart job, restart counter is at ", ".", AFTER_UNIT_RESTARTED, false },
	{ "Service hold-off time over, scheduling restart.", "", AFTER_UNIT_RESTARTED, false },
	{ "Service RestartSec=", " expired, scheduling restart.", AFTER_UNIT_RESTARTED, false },
	{ "Start request repeated too quickly.", "", AFTER_UNIT_GAVE_UP, false },
};

/* Up to v229 the unit stood within the sentence. */
static const struct {
	const char *before, *after;
	enum after what;
} old_lines[] = {
	{ "Unit ", " entered failed state.", AFTER_UNIT_FAILED },
	{ "", " holdoff time over, scheduling restart.", AFTER_UNIT_RESTARTED },
};

/* At least one stands in every line that a row can match. */
#define ANCHOR(lit) { lit, sizeof(lit) - 1 }
static const struct str anchors[] = {
	ANCHOR(" unit has been killed by the OOM killer"),
	ANCHOR(": Failed with result '"),
	ANCHOR("ain process exited, code=killed, status=9/KILL"),
	ANCHOR(" entered failed state."),
	ANCHOR(": Scheduled restart job, restart counter is at "),
	ANCHOR(" scheduling restart."),
	ANCHOR(": Start request repeated too quickly."),
};
/* clang-format on */

const struct str *
aftermath_anchors(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(anchors);
	return anchors;
}

static bool
is_unit(struct str s)
{
	static const char *const types[] = { ".service", ".scope", ".slice", ".socket", ".mount",
		".swap" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (str_ends(s, str_from(types[i])))
			return true;
	}
	return false;
}

/* What a line says of which unit. */
struct said {
	enum after what;
	struct str unit;
	int64_t counter;
	bool certain;
};

static bool
match_old(struct str text, struct said *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(old_lines); i++) {
		struct str unit = text;

		if (!str_eat_z(&unit, old_lines[i].before) ||
		    !str_ends(unit, str_from(old_lines[i].after)))
			continue;
		unit.n -= strlen(old_lines[i].after);
		if (!is_unit(unit))
			continue;
		*ret = (struct said){ old_lines[i].what, unit, UNKNOWN, false };
		return true;
	}
	return false;
}

static bool
match(struct str text, struct said *ret)
{
	struct str said = text, unit;

	if (!str_cut(&said, STR(": "), &unit) || !is_unit(unit))
		return match_old(text, ret);
	for (size_t i = 0; i < ARRAY_LEN(unit_lines); i++) {
		const struct unit_line *l = &unit_lines[i];
		struct str rest = said;
		int64_t n;

		if (!str_eat_z(&rest, l->starts) || !str_ends(rest, str_from(l->ends)))
			continue;
		*ret = (struct said){ l->what, unit, UNKNOWN, l->certain };
		if (str_eat_i64(&rest, &n) && str_eq_z(rest, l->ends))
			ret->counter = n;
		return true;
	}
	return false;
}

/* Whether one of the path's components is this unit; the names of nested ones are escaped. */
static bool
is_in(struct str path, struct str unit)
{
	struct str part;

	while (str_cut(&path, STR("/"), &part)) {
		if (str_eq(part, unit))
			return true;
	}
	return str_eq(path, unit);
}

/* "mysqld" and mysqld.service, "postgres" and postgresql@15-main.service */
static bool
is_named_after(struct str unit, struct str comm)
{
	return comm.n >= 3 && str_starts(unit, comm);
}

static bool
has_aftermath(const struct event *ev, struct str unit)
{
	for (size_t i = 0; i < ev->naftermath; i++) {
		if (str_eq(ev->aftermath[i].unit, unit))
			return true;
	}
	return false;
}

static bool
is_soon_after(const struct event *ev, const struct record *r)
{
	for (size_t i = ev->nvictims; i-- > 0;) {
		const struct victim *v = &ev->victims[i];
		bool wall = known(v->real_us) && known(r->real_us);
		int64_t then = wall ? v->real_us : v->mono_us;
		int64_t now = wall ? r->real_us : r->mono_us, later;

		/* Syslog's seconds and two writers: a line may seem a second early. */
		if (known(then) && known(now) && !__builtin_sub_overflow(now, then, &later) &&
		    later >= -1000000 && later <= LATEST_US)
			return true;
	}
	return false;
}

/* What is not sure by itself is about the kill where the unit is the victim's. */
static bool
belongs(const struct event *ev, const struct record *r, const struct said *said)
{
	struct str unit = said->unit;
	const struct victim *v = event_victim(ev);
	struct str path =
	    ev->cgroup.task_memcg.p != NULL ? ev->cgroup.task_memcg : ev->cgroup.oom_memcg;

	if (v == NULL || !str_eq(ev->host, r->host) || ev->boot != r->boot)
		return false;
	if (has_aftermath(ev, unit)) /* what goes on may take its time */
		return true;
	if (!is_soon_after(ev, r))
		return false;
	if (ev->kind == EVENT_USERSPACE_KILL)
		return is_in(v->cgroup, unit) || str_eq(v->unit, unit) ||
		       is_named_after(unit, v->comm);
	if (path.n > 1)
		return is_in(path, unit);
	return said->certain || is_named_after(unit, v->comm);
}

int
aftermath_add(struct context *c, struct event *ev, struct aftermath what)
{
	struct aftermath *a;

	if (ev->naftermath >= AFTERMATH_MAX)
		return 0;
	a = event_add_aftermath(ev);
	if (a == NULL)
		return err_no_memory(c->err);
	what.real_us = c->rec->real_us;
	what.mono_us = c->rec->mono_us;
	what.line = c->rec->line;
	/* A line that was held comes after those that follow it. */
	for (; a > ev->aftermath && a[-1].line > what.line; a--)
		*a = a[-1];
	*a = what;
	return 0;
}

static int
add_unit_line(struct parser *p, const struct record *r, struct event *ev, struct aftermath what,
    struct err *err)
{
	struct context c = { .parser = p, .rec = r, .err = err };
	bool trusted = ev->trust_kernel;

	if (ev->naftermath >= AFTERMATH_MAX)
		return 0;
	what.unit = arena_dup(&ev->mem, what.unit);
	if (what.unit.p == NULL)
		return err_no_memory(err);
	if (aftermath_add(&c, ev, what) != 0 || context_keep(&c, ev) != 0 ||
	    event_note(&c, ev, LINE_USED) != 0)
		return -1;
	ev->trust_kernel = trusted; /* the kernel's part is as good as before */
	return 0;
}

int
aftermath_feed(struct parser *p, const struct record *r, struct err *err)
{
	struct moment now = moment_of(r);
	struct said said;

	if (r->ident.p != NULL && !str_eq(r->ident, STR("systemd")))
		return 0;
	if (!match(r->text, &said) || said.unit.n > UNIT_NAME_MAX)
		return 0;
	/* The kill line may be held for a rest, which does not come after this one. */
	if (parser_hurry(p, err) != 0)
		return -1;
	for (size_t i = p->nqueue; i-- > 0;) {
		struct event *ev = p->queue[i].ev;

		if (!moment_is_late(&p->queue[i].seen, &now) && belongs(ev, r, &said))
			return add_unit_line(p, r, ev,
			    (struct aftermath){
				said.what, UNKNOWN, said.unit, said.counter, 0, 0, 0 },
			    err);
	}
	return 0;
}
