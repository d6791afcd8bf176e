/* analyze/doctor.h and reconcile.h: every remark, from the facts that call for it. */
#include "test.h"

#include "analyze/doctor.h"
#include "base/mem.h"

#include <string.h>

struct bed {
	struct machine m;
	struct reckoning r;
	struct doctor d;
};

static const struct remark *
remark(struct bed *b, const char *id)
{
	struct patient p = { &b->m.mem, &b->m, &b->r };

	assert_int_equal(doctor_examine(&p, &b->d), 0);
	for (size_t i = 0; i < b->d.n; i++) {
		if (strcmp(b->d.v[i].id, id) == 0)
			return &b->d.v[i];
	}
	return NULL;
}

static void
expect(struct bed *b, const char *id, enum severity severity, const char *text)
{
	const struct remark *r = remark(b, id);

	assert_non_null(r);
	if (r->severity != severity)
		fail_msg("%s is %s, not %s: %.*s", id, severity_name(r->severity),
		    severity_name(severity), STR_ARG(r->says));
	if (!str_has(r->says, str_from(text)))
		fail_msg("%s: no '%s' in '%.*s'", id, text, STR_ARG(r->says));
}

static int
setup(void **state)
{
	struct bed *b = test_calloc(1, sizeof(*b));

	machine_init(&b->m);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bed *b = *state;

	machine_done(&b->m);
	test_free(b);
	return 0;
}

static void
what_is_not_known_is_no_finding(void **state)
{
	struct bed *b = *state;

	expect(b, "panic-on-oom", SEVERITY_UNKNOWN, "could not be read");
	expect(b, "swap", SEVERITY_UNKNOWN, "/proc/meminfo");
	for (size_t i = 0; i < b->d.n; i++)
		assert_true(b->d.v[i].severity >= SEVERITY_UNKNOWN);
	assert_null(remark(b, "dead-setting"));
	assert_null(remark(b, "protected"));
	assert_null(remark(b, "log-access"));
}

static void
panics(void **state)
{
	struct bed *b = *state;

	b->m.sysctls.panic = 0;
	b->m.sysctls.panic_on_oom = 0;
	expect(b, "panic-on-oom", SEVERITY_OK, "one process is killed");
	assert_null(remark(b, "crash-dump"));
	b->m.sysctls.panic_on_oom = 1;
	expect(b, "panic-on-oom", SEVERITY_WARNING, "of a cgroup, of a cpuset");
	expect(b, "crash-dump", SEVERITY_PROBLEM, "neither");
	b->m.sysctls.panic = 10;
	expect(b, "panic-on-oom", SEVERITY_NOTE, "boots again");
	b->m.sysctls.panic_on_oom = 2;
	expect(b, "panic-on-oom", SEVERITY_WARNING, "any one container");
	b->m.logging.pstore = 1;
	expect(b, "crash-dump", SEVERITY_OK, "pstore");
}

static void
knobs(void **state)
{
	struct bed *b = *state;
	struct sysctls *s = &b->m.sysctls;

	s->oom_kill_allocating_task = 1;
	expect(b, "allocating-task", SEVERITY_WARNING, "asks");
	s->oom_dump_tasks = 0;
	expect(b, "dump-tasks", SEVERITY_PROBLEM, "nobody but the victim");
	s->overcommit_memory = 1;
	expect(b, "overcommit", SEVERITY_NOTE, "more likely");
	s->overcommit_memory = 2;
	expect(b, "overcommit", SEVERITY_NOTE, "fail");
	b->m.memory.committed_kb = 95;
	b->m.memory.commit_limit_kb = 100;
	expect(b, "overcommit", SEVERITY_WARNING, "95 %");
	s->overcommit_memory = 7;
	assert_null(remark(b, "overcommit"));
	s->min_free_kbytes = 600;
	b->m.memory.total_kb = 10000;
	expect(b, "min-free", SEVERITY_WARNING, "6 %");
	b->m.memory.total_kb = 0;
	assert_null(remark(b, "min-free"));
	s->console_loglevel = 4;
	expect(b, "console", SEVERITY_OK, "only the line of the kill");
}

static void
memory(void **state)
{
	struct bed *b = *state;
	struct meminfo *m = &b->m.memory;

	m->swap_total_kb = 0;
	expect(b, "swap", SEVERITY_NOTE, "no swap");
	m->swap_total_kb = 1000;
	m->swap_free_kb = 10;
	expect(b, "swap", SEVERITY_WARNING, "full");
	m->swap_free_kb = 900;
	b->m.sysctls.swappiness = 0;
	expect(b, "swap", SEVERITY_NOTE, "swappiness");
	m->huge_total = m->huge_free = 100;
	m->huge_size_kb = 2048;
	m->total_kb = 1000000;
	expect(b, "huge-pages", SEVERITY_WARNING, "200.0 MiB");
	m->huge_size_kb = INT64_MAX;
	remark(b, "huge-pages"); /* whatever it says, it does not overflow */
	b->m.zram_devices = 1;
	expect(b, "compressed-swap", SEVERITY_NOTE, "zram");
	b->m.pressure.some60 = 1234;
	b->m.pressure.full60 = 600;
	expect(b, "pressure", SEVERITY_PROBLEM, "12.34 %");
}

static void
protected_processes(void **state)
{
	struct bed *b = *state;
	struct process v[7] = { { .pid = 1 } };

	for (int i = 0; i < 7; i++)
		v[i] = (struct process){ .pid = 10 + i,
			.comm = STR("sshd"),
			.rss_kb = 1000 * (i + 1),
			.swap_kb = UNKNOWN,
			.pte_kb = UNKNOWN,
			.oom_score_adj = ADJ_NEVER,
			.has_memory = true };
	b->m.processes.v = v;
	b->m.processes.n = 7;
	b->m.memory.total_kb = 1000000;
	expect(b, "protected", SEVERITY_OK, "7 processes");
	expect(b, "protected", SEVERITY_OK, "sshd (pid 16), sshd (pid 15)");
	b->m.memory.total_kb = 100000;
	expect(b, "protected", SEVERITY_WARNING, "27.3 MiB");
}

static void
logs(void **state)
{
	struct bed *b = *state;
	struct logging *l = &b->m.logging;
	struct process v[2000] = { { .pid = 1 } };

	assert_null(remark(b, "journal-storage"));
	l->journald = true;
	expect(b, "journal-storage", SEVERITY_WARNING, "in memory");
	l->journal_on_disk = true;
	expect(b, "journal-storage", SEVERITY_OK, "on disk");
	l->storage = STR("volatile");
	expect(b, "journal-storage", SEVERITY_WARNING, "in memory");
	l->storage = STR("none");
	expect(b, "journal-storage", SEVERITY_PROBLEM, "nothing");
	l->max_level = STR("notice");
	expect(b, "journal-level", SEVERITY_PROBLEM, "table");
	l->max_level = STR("3");
	expect(b, "journal-level", SEVERITY_PROBLEM, "all but");
	l->max_level = STR("nonsense");
	expect(b, "journal-level", SEVERITY_OK, "all levels");
	l->read_kmsg = STR("no");
	expect(b, "journal-level", SEVERITY_PROBLEM, "ReadKMsg");
	l->may_read = l->may_read_journal = 0;
	b->m.sysctls.dmesg_restrict = 1;
	expect(b, "log-access", SEVERITY_WARNING, "dmesg_restrict");
	l->may_read_journal = 1;
	expect(b, "log-access", SEVERITY_OK, "journal");
	l->ring_bytes = 128 * 1024;
	l->ring_how = STR("as told");
	expect(b, "log-ring", SEVERITY_OK, "128 KiB");
	b->m.processes.v = v;
	b->m.processes.n = 2000;
	expect(b, "log-ring", SEVERITY_PROBLEM, "2000 processes");
	assert_str(
	    remark(b, "log-ring")->command, "log_buf_len=2048K on the kernel's command line");
}

static void
groups(void **state)
{
	struct bed *b = *state;
	struct process v[2] = { { .pid = 5, .cgroup = STR("/x/y") },
		{ .pid = 6, .cgroup = STR("/x") } };
	struct group g[] = { { .path = STR("/"), .limit_kb = 10, .kill_disabled = UNKNOWN },
		{ .path = STR("/x"), .limit_kb = 100, .usage_kb = 95, .kill_disabled = UNKNOWN } };

	b->m.groups = (struct groups){ .version = GROUPS_V2, .v = g, .n = 2 };
	b->m.processes.v = v;
	b->m.processes.n = 2;
	expect(b, "oom-group", SEVERITY_NOTE, "/x, 2 processes");
	expect(b, "limits", SEVERITY_NOTE, "first /x");
	assert_null(remark(b, "kill-disabled"));
	g[1].kill_disabled = 1;
	expect(b, "kill-disabled", SEVERITY_WARNING, "/x");
	g[1].kill_group = 1;
	assert_null(remark(b, "oom-group"));
}

static void
dead_settings(void **state)
{
	struct bed *b = *state;
	struct dead_setting d[40];

	for (size_t i = 0; i < ARRAY_LEN(d); i++)
		d[i] = (struct dead_setting){ STR("etc/sysctl.conf"), STR("vm.oom-kill"), STR("0"),
			(int64_t)i };
	b->m.dead = d;
	b->m.ndead = ARRAY_LEN(d);
	expect(b, "dead-setting", SEVERITY_PROBLEM, "vm.oom-kill (/etc/sysctl.conf, line 1)");
	assert_true(str_has(remark(b, "dead-setting")->command, STR("OOMScoreAdjust=")));
}

static struct event *
event_of(const char *boot, int64_t real_us, const char *line, bool twice)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	static struct event_line lines[3];

	assert_non_null(ev);
	ev->boot_id = str_from(boot);
	ev->real_us = real_us;
	lines[0] = (struct event_line){ 1, STR_NONE, str_from(line), LINE_USED };
	lines[1] = lines[0];
	lines[2] = (struct event_line){ 3, STR_NONE, str_from(line), LINE_FOREIGN };
	ev->lines = lines;
	ev->nlines = 3;
	if (!twice)
		lines[1].text = STR("Killed process  invoked oom-killer: gfp_mask=0x0");
	return ev;
}

static void
kills_are_lines_of_this_boot(void **state)
{
	struct bed *b = *state;
	struct event *ev;

	b->m.boot_id = STR("753760b9-1e18-4df3-a83f-5f2afbee9613");
	b->m.boot_us = INT64_C(1000) * 1000000;
	ev = event_of("753760B91E184DF3A83F5F2AFBEE9613", UNKNOWN,
	    "Memory cgroup out of memory: Killed process 7 (x) total-vm:1kB", true);
	reckon(&b->r, ev, &b->m);
	assert_int_equal(b->r.logged, 2); /* chosen, and one of its group */
	event_free(ev);
	ev = event_of(
	    "853760b91e184df3a83f5f2afbee9613", b->m.boot_us + 1, "Killed process 7 (x)", true);
	reckon(&b->r, ev, &b->m);
	assert_int_equal(b->r.logged, 2);
	event_free(ev);
	ev = event_of(NULL, b->m.boot_us + 1, "Out of memory: Killed process 7 (x)", false);
	reckon(&b->r, ev, &b->m);
	assert_int_equal(b->r.logged, 3);
	event_free(ev);
	ev = event_of(NULL, UNKNOWN, "Killed process 7 (x)", false);
	reckon(&b->r, ev, &b->m);
	assert_int_equal(b->r.unsure, 1);
	event_free(ev);
	b->m.host = STR("web1.example.org");
	ev = event_of(NULL, b->m.boot_us + 1, "Killed process 7 (x)", false);
	ev->host = STR("web2");
	assert_int_equal(event_boot(ev, &b->m), BOOT_OTHER);
	ev->host = STR("web1");
	assert_int_equal(event_boot(ev, &b->m), BOOT_THIS);
	event_free(ev);
	ev = event_of(NULL, 1, "Killed process 7 (x)", false);
	assert_int_equal(event_boot(ev, &b->m), BOOT_OTHER);
	ev->kind = EVENT_USERSPACE_KILL;
	assert_int_equal(event_kill_lines(ev), 0);
	event_free(ev);
}

static void
kills_that_are_missing(void **state)
{
	struct bed *b = *state;

	b->m.oom_kills = 0;
	expect(b, "kill-count", SEVERITY_OK, "killed nobody");
	b->m.oom_kills = 7;
	b->r = (struct reckoning){ .counted = UNKNOWN, .why_not = "no store" };
	expect(b, "kill-count", SEVERITY_UNKNOWN, "7 kills since it booted; no store");
	b->r = (struct reckoning){ .counted = 7, .logged = 5, .where = "the store" };
	expect(b, "kill-count", SEVERITY_WARNING, "2 are missing");
	b->r.unsure = 2;
	expect(b, "kill-count", SEVERITY_NOTE, "do not tell their boot");
	b->r.logged = 7;
	expect(b, "kill-count", SEVERITY_OK, "7 lines");
}

static void
no_memory_is_an_error(void **state)
{
	struct bed *b = *state;
	struct patient p = { &b->m.mem, &b->m, NULL };

	mem_fail_after(0);
	assert_int_equal(doctor_examine(&p, &b->d), -1);
	mem_fail_after(-1);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_not_known_is_no_finding),
		CASE(panics),
		CASE(knobs),
		CASE(memory),
		CASE(protected_processes),
		CASE(logs),
		CASE(groups),
		CASE(dead_settings),
		CASE(kills_are_lines_of_this_boot),
		CASE(kills_that_are_missing),
		CASE(no_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
