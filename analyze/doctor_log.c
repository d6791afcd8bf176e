/* Whether the next kill will be known of, and explained. */
#include "analyze/arith.h"
#include "analyze/doctor.h"

#include <inttypes.h>

enum {
	/* A report: stack trace, Mem-Info, zones; and a row of the table with its padding. */
	REPORT_BYTES = 12 * 1024,
	ROW_BYTES = 128,
	REPORTS_WANTED = 4, /* kills come in storms */
	LEVEL_WARNING = 4,
	LEVEL_INFO = 6,
	SHIFT_MIN = 17,
};

void
check_dump_tasks(const struct patient *p, struct remark *r)
{
	if (p->machine->sysctls.oom_dump_tasks != 0) {
		remark_say(
		    p, r, SEVERITY_OK, "vm.oom_dump_tasks is on: reports name every process");
		return;
	}
	remark_say(
	    p, r, SEVERITY_PROBLEM, "vm.oom_dump_tasks is 0: reports name nobody but the victim");
	remark_command(p, r, "sysctl -w vm.oom_dump_tasks=1");
}

/* Rows that the table would have: kernel threads are not in it. */
static int64_t
table_rows(const struct machine *m)
{
	int64_t n = 0;

	for (size_t i = 0; i < m->processes.n; i++)
		n += !m->processes.v[i].kernel_thread;
	return n;
}

void
check_ring(const struct patient *p, struct remark *r)
{
	const struct logging *l = &p->machine->logging;
	int64_t rows = table_rows(p->machine), need, have = l->ring_bytes;
	int64_t want = INT64_C(1) << SHIFT_MIN;

	if (rows == 0) {
		remark_say(p, r, SEVERITY_OK, "the kernel's log has room for %s (%.*s)",
		    doctor_kb(p, have / 1024), STR_ARG(l->ring_how));
		return;
	}
	need = REPORT_BYTES + rows * ROW_BYTES;
	while (want < need * REPORTS_WANTED)
		want *= 2;
	remark_say(p, r,
	    have < need			   ? SEVERITY_PROBLEM
	    : have < need * REPORTS_WANTED ? SEVERITY_NOTE
					   : SEVERITY_OK,
	    "a report with %" PRId64 " processes takes about %s, the kernel's log has room for %s "
	    "(%.*s): %" PRId64 " reports",
	    rows, doctor_kb(p, need / 1024), doctor_kb(p, have / 1024), STR_ARG(l->ring_how),
	    have / need);
	if (have < need * REPORTS_WANTED)
		remark_command(
		    p, r, "log_buf_len=%" PRId64 "K on the kernel's command line", want / 1024);
}

/* kernel.printk: messages below this level reach the console; the kill line is of level 3. */
void
check_console(const struct patient *p, struct remark *r)
{
	int64_t level = p->machine->sysctls.console_loglevel;
	bool panics =
	    known(p->machine->sysctls.panic_on_oom) && p->machine->sysctls.panic_on_oom != 0;

	if (level > LEVEL_INFO)
		remark_say(p, r, SEVERITY_OK, "the console shows whole reports (level %" PRId64 ")",
		    level);
	else
		remark_say(p, r, panics ? SEVERITY_WARNING : SEVERITY_OK,
		    "the console shows messages below level %" PRId64 ": of a report %s", level,
		    level > LEVEL_WARNING    ? "not the table of processes"
		    : level == LEVEL_WARNING ? "only the line of the kill"
					     : "nothing at all");
	if (level <= LEVEL_INFO && panics)
		remark_command(p, r, "dmesg -n 7: or loglevel=7 on the kernel's command line");
}

/* journald.conf(5) */
void
check_journal_storage(const struct patient *p, struct remark *r)
{
	const struct logging *l = &p->machine->logging;
	bool no = str_eq_z(l->storage, "none");

	if (!l->journald)
		return;
	if (str_eq_z(l->storage, "persistent") ||
	    (l->journal_on_disk && !no && !str_eq_z(l->storage, "volatile"))) {
		remark_say(p, r, SEVERITY_OK,
		    "the journal is on disk; the kernel's messages are not subject to its rate "
		    "limit");
		return;
	}
	remark_say(p, r, no ? SEVERITY_PROBLEM : SEVERITY_WARNING,
	    no ? "Storage=none: the journal keeps nothing"
	       : "the journal is in memory, and gone after a reboot");
	remark_command(p, r,
	    l->storage.p != NULL && !str_eq_z(l->storage, "auto")
		? "Storage=persistent in /etc/systemd/journald.conf.d/, and systemctl restart "
		  "systemd-journald"
		: "mkdir -p /var/log/journal && journalctl --flush");
}

/* "info" or "6"; UNKNOWN: neither. */
static int64_t
level_of(struct str s)
{
	static const char *const names[] = { "emerg", "alert", "crit", "err", "warning", "notice",
		"info", "debug" };
	int64_t v;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq_z(s, names[i]))
			return (int64_t)i;
	}
	return str_eat_i64(&s, &v) && s.n == 0 && v >= 0 && v <= 7 ? v : UNKNOWN;
}

void
check_journal_level(const struct patient *p, struct remark *r)
{
	const struct logging *l = &p->machine->logging;
	int64_t level = level_of(l->max_level);

	if (!l->journald)
		return;
	if (str_eq_z(l->read_kmsg, "no") || str_eq_z(l->read_kmsg, "0") ||
	    str_eq_z(l->read_kmsg, "false")) {
		remark_say(p, r, SEVERITY_PROBLEM,
		    "ReadKMsg=no: the journal does not take the kernel's messages at all");
		remark_command(p, r, "ReadKMsg=yes in /etc/systemd/journald.conf.d/");
		return;
	}
	if (!known(level) || level >= LEVEL_INFO) {
		remark_say(p, r, SEVERITY_OK, "the journal takes all levels of a report");
		return;
	}
	remark_say(p, r, SEVERITY_PROBLEM, "MaxLevelStore=%.*s: the journal drops %s of a report",
	    STR_ARG(l->max_level),
	    level >= LEVEL_WARNING ? "the table of processes" : "all but the line of the kill");
	remark_command(p, r, "MaxLevelStore=debug in /etc/systemd/journald.conf.d/");
}

void
check_access(const struct patient *p, struct remark *r)
{
	const struct logging *l = &p->machine->logging;

	if (!known(l->may_read) && !known(l->may_read_journal))
		return;
	if (l->may_read == 1 || l->may_read_journal == 1) {
		remark_say(p, r, SEVERITY_OK, "this user may read %s",
		    l->may_read == 1 ? "/dev/kmsg" : "the system's journal");
		return;
	}
	remark_say(p, r, SEVERITY_WARNING,
	    "this user may read neither /dev/kmsg%s nor the system's journal: what it finds is no "
	    "proof that nothing was killed",
	    p->machine->sysctls.dmesg_restrict == 1 ? " (kernel.dmesg_restrict is 1)" : "");
	remark_command(p, r, "usermod -aG systemd-journal USER");
}

void
check_crash_dump(const struct patient *p, struct remark *r)
{
	const struct logging *l = &p->machine->logging;
	const struct sysctls *s = &p->machine->sysctls;
	bool kept = l->crash_kernel == 1 || l->pstore == 1;

	if (!known(s->panic_on_oom) || s->panic_on_oom == 0)
		return;
	if (kept) {
		remark_say(p, r, SEVERITY_OK, "vm.panic_on_oom is set, and %s keeps the report",
		    l->crash_kernel == 1 ? "a crash kernel" : "pstore");
		return;
	}
	remark_say(p, r, SEVERITY_PROBLEM,
	    "vm.panic_on_oom is set, and neither a crash kernel nor pstore is there to keep the "
	    "report: after the reboot nobody can say why");
	remark_command(p, r, "sysctl -w vm.panic_on_oom=0: or install kdump-tools");
}

void
check_count(const struct patient *p, struct remark *r)
{
	const struct reckoning *c = p->reckoning;

	if (p->machine->oom_kills == 0) {
		remark_say(p, r, SEVERITY_OK, "the kernel has killed nobody since it booted");
		return;
	}
	if (c == NULL || !known(c->counted)) {
		if (known(p->machine->oom_kills))
			remark_say(p, r, SEVERITY_UNKNOWN,
			    "the kernel counted %" PRId64 " kills since it booted; %s",
			    p->machine->oom_kills,
			    c != NULL && c->why_not != NULL ? c->why_not
							    : "no log was compared with that");
		return;
	}
	if (c->logged >= c->counted)
		remark_say(p, r, SEVERITY_OK,
		    "the kernel counted %" PRId64 " kills since it booted, %s shows %" PRId64
		    " lines of them",
		    c->counted, c->where, c->logged);
	else if (plus(c->logged, c->unsure) >= c->counted)
		remark_say(p, r, SEVERITY_NOTE,
		    "the kernel counted %" PRId64 " kills since it booted, %s shows %" PRId64
		    " lines of them, and %" PRId64 " that do not tell their boot",
		    c->counted, c->where, c->logged, c->unsure);
	else
		remark_say(p, r, SEVERITY_WARNING,
		    "the kernel counted %" PRId64 " kills since it booted, %s shows %" PRId64
		    ": %" PRId64 " are missing there%s",
		    c->counted, c->where, c->logged, minus(c->counted, c->logged),
		    c->unsure > 0 ? ", or stand in it without their boot" : "");
	if (c->logged < c->counted)
		remark_command(p, r, "oomwhy ingest: from all places where the log is kept");
}
