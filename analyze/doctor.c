/* rows: what is looked at, in this order. */
#include "analyze/doctor.h"

#include <stdarg.h>
#include <stdio.h>

enum { NEEDS_MAX = 2, SAY_BYTES = 2048 };

/* A fact that a check cannot do without, and where it is from. */
struct need {
	size_t at; /* of an int64_t in struct machine */
	const char *path;
};

#define FACT(member, path_)                                                                        \
	{                                                                                          \
		offsetof(struct machine, member), path_                                            \
	}

/* clang-format off */
static const struct row {
	const char *id, *title;
	struct need needs[NEEDS_MAX];
	doctor_check *check;
	const char *why;
} rows[] = {
	{ "panic-on-oom", "what happens when memory runs out",
	    { FACT(sysctls.panic_on_oom, "/proc/sys/vm/panic_on_oom") }, check_panic,
	    "A panic ends everything on the machine, a kill one process." },
	{ "allocating-task", "who is killed",
	    { FACT(sysctls.oom_kill_allocating_task, "/proc/sys/vm/oom_kill_allocating_task") },
	    check_asker,
	    "The process that asks last is seldom the one that took the memory." },
	{ "dead-setting", "settings that do not exist", { { 0, NULL } }, check_dead_settings,
	    "A line that is ignored protects nothing, and hides that nothing is protected." },
	{ "protected", "processes that are never killed", { { 0, NULL } }, check_protected,
	    "What they hold cannot be freed by a kill; their children inherit the protection." },
	{ "oom-group", "limits that are reached by one of several", { { 0, NULL } },
	    check_oom_group,
	    "A service that lost one process may go on in a state that it was not written for." },
	{ "kill-disabled", "cgroups where nobody is killed", { { 0, NULL } }, check_kill_disabled,
	    "Tasks that reach such a limit hang, and no report says why." },
	{ "limits", "cgroups near their limit", { { 0, NULL } }, check_limits,
	    "The kernel kills in a cgroup at its limit, however much memory the machine has." },
	{ "unit-policy", "what systemd does after a kill", { { 0, NULL } }, check_unit_policy,
	    "A whole unit may end because of one of its processes." },
	{ "user-space-killer", "programs that kill earlier", { { 0, NULL } }, check_killers,
	    "What they kill is in no report of the kernel." },
	{ "overcommit", "what is promised to processes",
	    { FACT(sysctls.overcommit_memory, "/proc/sys/vm/overcommit_memory") },
	    check_overcommit,
	    "Refusing requests and killing are two ways; no setting of it rules out the second." },
	{ "min-free", "memory that is kept free",
	    { FACT(sysctls.min_free_kbytes, "/proc/sys/vm/min_free_kbytes"),
	      FACT(memory.total_kb, "/proc/meminfo") }, check_min_free,
	    "It is taken from what processes can have: much of it brings kills on." },
	{ "swap", "swap", { FACT(memory.swap_total_kb, "/proc/meminfo") }, check_swap,
	    "Without any, memory that is never touched again cannot be moved away." },
	{ "compressed-swap", "compressed memory", { { 0, NULL } }, check_compressed,
	    "What is compressed still needs memory, and belongs to no process." },
	{ "huge-pages", "reserved huge pages", { FACT(memory.huge_total, "/proc/meminfo") },
	    check_huge_pages,
	    "Reserved pages are lost to all others, and no kill of a process gives them back." },
	{ "pressure", "waiting for memory", { FACT(pressure.some60, "/proc/pressure/memory") },
	    check_pressure, "A machine that waits for memory now is close to a kill." },
	{ "dump-tasks", "the table of processes in the report",
	    { FACT(sysctls.oom_dump_tasks, "/proc/sys/vm/oom_dump_tasks") }, check_dump_tasks,
	    "Without it nobody can tell why this process was chosen, nor who held the memory." },
	{ "log-ring", "room for a report in the kernel's log",
	    { FACT(logging.ring_bytes, "the size of the kernel's log") }, check_ring,
	    "A report that does not fit overwrites its own beginning before anybody reads it." },
	{ "console", "what the console shows",
	    { FACT(sysctls.console_loglevel, "/proc/sys/kernel/printk") }, check_console,
	    "When the machine dies, the console may be the only copy." },
	{ "journal-storage", "where the log is kept", { { 0, NULL } }, check_journal_storage,
	    "A log in memory is gone after the reboot that people try first." },
	{ "journal-level", "what of the log is kept", { { 0, NULL } }, check_journal_level,
	    "The table and the summary are of level 6 (info), the kill line is of level 3 (err)." },
	{ "log-access", "who may read the log", { { 0, NULL } }, check_access,
	    "Who may not read it sees no kill, and may think that there was none." },
	{ "crash-dump", "the last words before a panic", { { 0, NULL } }, check_crash_dump,
	    "A panic writes nothing to the disk: only a crash kernel or pstore keep the report." },
	{ "kill-count", "kills that the log lacks", { { 0, NULL } }, check_count,
	    "A kill that is counted but in no log was lost, or not written at all." },
};
/* clang-format on */

void
remark_say(const struct patient *p, struct remark *r, enum severity severity, const char *fmt, ...)
{
	char text[SAY_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->severity = severity;
	r->says = arena_dup(p->mem, str_from(text));
}

void
remark_command(const struct patient *p, struct remark *r, const char *fmt, ...)
{
	char text[SAY_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->command = arena_dup(p->mem, str_from(text));
}

const char *
doctor_kb(const struct patient *p, int64_t kb)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double v = (double)kb;
	size_t unit = 0;
	struct str s;

	for (; v >= 1023.95 && unit + 1 < ARRAY_LEN(units); unit++)
		v /= 1024;
	s = arena_printf(p->mem, "%.*f %s", unit == 0 ? 0 : 1, v, units[unit]);
	return s.p == NULL ? "" : s.p;
}

/* The first fact that is missing; NULL: all are there. */
static const char *
missing(const struct machine *m, const struct row *row)
{
	for (size_t i = 0; i < NEEDS_MAX && row->needs[i].path != NULL; i++) {
		const char *at = (const char *)m + row->needs[i].at;

		if (!known(*(const int64_t *)(const void *)at))
			return row->needs[i].path;
	}
	return NULL;
}

/* 1: it says something, 0: it does not apply, -1: no memory. */
static int
examine_row(const struct patient *p, const struct row *row, struct remark *r)
{
	static const struct str quiet = { "", 0 };
	const char *path = missing(p->machine, row);

	*r = (struct remark){ row->id, row->title, SEVERITY_OK, quiet, row->why, STR_NONE };
	if (path != NULL)
		remark_say(p, r, SEVERITY_UNKNOWN, "%s could not be read", path);
	else
		row->check(p, r);
	if (r->says.p == NULL)
		return -1;
	return r->says.n > 0;
}

int
doctor_examine(const struct patient *p, struct doctor *d)
{
	struct remark found[ARRAY_LEN(rows)];
	size_t n = 0;

	*d = (struct doctor){ .v = arena_alloc(p->mem, sizeof(found)) };
	if (d->v == NULL)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int got = examine_row(p, &rows[i], &found[n]);

		if (got < 0)
			return -1;
		if (got > 0)
			d->count[found[n++].severity]++;
	}
	for (int s = 0; s <= SEVERITY_OK; s++) {
		for (size_t i = 0; i < n; i++) {
			if (found[i].severity == (enum severity)s)
				d->v[d->n++] = found[i];
		}
	}
	return 0;
}

const char *
severity_name(enum severity s)
{
	static const char *const names[] = { "problem", "warning", "note", "unknown", "ok" };

	return names[s];
}
