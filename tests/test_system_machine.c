/* system/: what is not there, what lies, settings, and the trees of cgroups. */
#include "test.h"

#include "base/mem.h"
#include "system/machine.h"
#include "system/process.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
make(void **state)
{
	struct tree *t = malloc(sizeof(*t));

	tree_make(t);
	*state = t;
	return 0;
}

static int
undo(void **state)
{
	tree_remove(*state);
	free(*state);
	return 0;
}

static void
read_machine(const struct tree *t, struct machine *m)
{
	struct err err = { "" };

	assert_int_equal(
	    machine_read(m, &t->root, PART_PROCESSES | PART_GROUPS | PART_SETTINGS, &err), 0);
}

static void
an_empty_root_is_all_unknown(void **state)
{
	struct machine m;

	read_machine(*state, &m);
	assert_int_equal(m.processes.n, 0);
	assert_int_equal(m.groups.n, 0);
	assert_int_equal(m.groups.version, GROUPS_NONE);
	assert_false(known(m.memory.total_kb));
	assert_false(known(m.sysctls.panic_on_oom));
	assert_false(known(m.oom_kills));
	assert_false(known(m.pressure.some60));
	assert_false(known(m.page_size));
	assert_null(m.boot_id.p);
	assert_int_equal(m.nunread, 0);
	machine_done(&m);
}

static void
a_root_that_is_none_is_an_error(void **state)
{
	struct root r;
	struct err err = { "" };
	(void)state;

	assert_int_equal(root_open(&r, "/nonexistent/root", &err), -1);
	assert_true(strlen(err.msg) > 0);
	assert_int_equal(root_open(&r, "/etc/passwd", &err), -1);
}

static void
links_lead_nowhere_outside(void **state)
{
	struct tree *t = *state;
	struct arena mem = { 0 };

	tree_put(t, "etc/inside", "inside\n");
	tree_link(t, "etc/passwd", "/etc/inside");
	tree_link(t, "etc/up", "../../../../../../../../../etc/inside");
	tree_link(t, "etc/hostname", "/etc/hostname");
	assert_int_equal(root_number(&t->root, "etc/hostname"), UNKNOWN);
	assert_null(root_line(&t->root, "etc/hostname", &mem).p);
	/* Where the kernel cannot resolve inside a root, links are not followed. */
	if (root_has(&t->root, "etc/up")) {
		struct str s = root_line(&t->root, "etc/up", &mem);

		assert_true(s.p == NULL || str_eq_z(s, "inside"));
	}
	arena_done(&mem);
}

static void
a_pipe_is_not_waited_for(void **state)
{
	struct tree *t = *state;
	char path[PATH_MAX + 32];
	struct machine m;

	tree_dir(t, "proc");
	snprintf(path, sizeof(path), "%s/proc/meminfo", t->path);
	assert_int_equal(mkfifo(path, 0644), 0);
	tree_dir(t, "proc/vmstat");
	read_machine(t, &m);
	assert_false(known(m.memory.total_kb));
	machine_done(&m);
}

static void
numbers_that_are_none(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_put(t, "proc/meminfo",
	    "MemTotal: 99999999999999999999 kB\nSwapTotal: -5 kB\nMemFree: x\nMemFreeX: 7 kB\n"
	    "MemAvailable:");
	tree_put(t, "proc/vmstat", "oom_killer 7\noom_kill\noom_kill x\n");
	tree_put(t, "proc/sys/vm/panic_on_oom", "one\n");
	tree_put(t, "proc/sys/vm/oom_dump_tasks", "");
	tree_put(t, "proc/sys/kernel/printk", "4\t4\t1\t7\n");
	tree_put(t, "proc/pressure/memory", "some avg10=1000.00 avg60=0.5 total=\nfull\n");
	tree_put(t, "proc/uptime", "99999999999999999 1\n");
	read_machine(t, &m);
	assert_false(known(m.memory.total_kb));
	assert_false(known(m.memory.swap_total_kb));
	assert_false(known(m.memory.free_kb));
	assert_false(known(m.memory.available_kb));
	assert_false(known(m.oom_kills));
	assert_false(known(m.sysctls.panic_on_oom));
	assert_false(known(m.sysctls.oom_dump_tasks));
	assert_int_equal(m.sysctls.console_loglevel, 4);
	assert_false(known(m.pressure.some10));
	assert_false(known(m.pressure.some60));
	assert_false(known(m.uptime_us));
	machine_done(&m);
}

static void
version_2(void **state)
{
	struct tree *t = *state;
	const struct group *g;
	struct machine m;

	tree_put(t, "sys/fs/cgroup/cgroup.controllers", "memory\n");
	tree_put(t, "sys/fs/cgroup/a/memory.max", "max\n");
	tree_put(t, "sys/fs/cgroup/a/b/memory.max", "52428800\n");
	tree_put(t, "sys/fs/cgroup/a/b/memory.current", "1048576\n");
	tree_put(t, "sys/fs/cgroup/a/b/memory.oom.group", "1\n");
	tree_put(
	    t, "sys/fs/cgroup/a/b/memory.events", "low 0\noom 1\noom_kill 6\noom_group_kill 1\n");
	tree_put(t, "sys/fs/cgroup/a/b/memory.events.local", "oom_kill 2\n");
	tree_put(t, "sys/fs/cgroup/c/memory.max", "-7\n");
	read_machine(t, &m);
	assert_int_equal(m.groups.version, GROUPS_V2);
	assert_int_equal(m.groups.n, 4);
	assert_str(m.groups.v[0].path, "/");
	g = group_find(&m.groups, STR("/a"));
	assert_non_null(g);
	assert_true(g->limit_kb == INT64_MAX);
	g = group_find(&m.groups, STR("/a/b"));
	assert_non_null(g);
	assert_int_equal(g->limit_kb, 51200);
	assert_int_equal(g->usage_kb, 1024);
	assert_int_equal(g->kill_group, 1);
	assert_int_equal(g->kills, 6);
	assert_int_equal(g->kills_local, 2);
	assert_false(known(group_find(&m.groups, STR("/c"))->limit_kb));
	assert_null(group_find(&m.groups, STR("/none")));
	assert_null(group_find(&m.groups, STR_NONE));
	assert_ptr_equal(group_named(&m.groups, STR("/sys/fs/cgroup/a/b/")), g);
	assert_ptr_equal(group_named(&m.groups, STR("b")), g);
	assert_ptr_equal(group_named(&m.groups, STR("/sys/fs/cgroup")), &m.groups.v[0]);
	assert_null(group_named(&m.groups, STR("")));
	assert_null(group_named(&m.groups, STR("/b")));
	assert_null(group_named(&m.groups, STR_NONE));
	machine_done(&m);
}

/* Version 1, and version 2 beside it without the memory controller. */
static void
version_1_and_hybrid(void **state)
{
	struct tree *t = *state;
	const struct group *g;
	struct machine m;

	tree_put(t, "sys/fs/cgroup/unified/cgroup.controllers", "\n");
	tree_put(t, "sys/fs/cgroup/memory/memory.usage_in_bytes", "4096\n");
	tree_put(t, "sys/fs/cgroup/memory/x/memory.usage_in_bytes", "8192\n");
	tree_put(t, "sys/fs/cgroup/memory/x/memory.limit_in_bytes", "9223372036854771712\n");
	tree_put(t, "sys/fs/cgroup/memory/x/memory.memsw.limit_in_bytes", "2097152\n");
	tree_put(t, "sys/fs/cgroup/memory/x/memory.swappiness", "0\n");
	tree_put(t, "sys/fs/cgroup/memory/x/memory.oom_control",
	    "oom_kill_disable 1\nunder_oom 0\noom_kill 3\n");
	read_machine(t, &m);
	assert_int_equal(m.groups.version, GROUPS_V1);
	g = group_find(&m.groups, STR("/x"));
	assert_non_null(g);
	assert_true(g->limit_kb == INT64_MAX);
	assert_int_equal(g->memsw_limit_kb, 2048);
	assert_int_equal(g->swappiness, 0);
	assert_int_equal(g->kill_disabled, 1);
	assert_int_equal(g->kills_local, 3);
	machine_done(&m);
}

static void
paths_hold_only_what_is_below(void **state)
{
	(void)state;
	assert_true(group_holds(STR("/"), STR("/a")));
	assert_true(group_holds(STR("/a"), STR("/a")));
	assert_true(group_holds(STR("/a"), STR("/a/b")));
	assert_false(group_holds(STR("/a"), STR("/ab")));
	assert_false(group_holds(STR("/a/b"), STR("/a")));
	assert_false(group_holds(STR("/a"), STR_NONE));
	assert_false(group_holds(STR_NONE, STR("/a")));
}

static void
settings_that_do_not_exist(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_put(t, "etc/sysctl.conf",
	    "# vm.oom-kill = 0\n; vm.oom-kill = 0\nvm.oom-kill = 0\n-vm/oom_kill=0\n"
	    "vm.panic_on_oom=1\nvm/oom_dump_tasks = 1\nvm.swappiness = 1\noom\nvm.oom_vendor=1\n");
	tree_put(t, "proc/sys/vm/oom_vendor", "1\n"); /* somebody's kernel has it */
	tree_put(t, "etc/sysctl.d/50-x.conf", "vm.oom_score_adj=-1000\n");
	tree_put(t, "etc/sysctl.d/60-x.conf", "net.room=1\nvm.would_have_oomkilled=1\n");
	tree_put(t, "sos_commands/kernel/sysctl_-a", "vm.would_have_oomkilled = 0\n");
	tree_put(t, "etc/sysctl.d/50-x.bak", "vm.oom_other=1\n");
	read_machine(t, &m);
	assert_int_equal(m.ndead, 3);
	assert_str(m.dead[0].key, "vm.oom-kill");
	assert_str(m.dead[0].value, "0");
	assert_int_equal(m.dead[0].line, 3);
	assert_str(m.dead[1].key, "vm/oom_kill");
	assert_str(m.dead[2].path, "etc/sysctl.d/50-x.conf");
	machine_done(&m);
}

static void
a_captured_sysctl_listing_stands_for_the_files(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_put(t, "sos_commands/kernel/sysctl_-a",
	    "kernel.printk = 7\t4\t1\t7\nvm.panic_on_oom = 2\nvm.oom_dump_tasks = 0\n");
	tree_put(t, "proc/sys/vm/oom_dump_tasks", "1\n"); /* the file itself is better */
	read_machine(t, &m);
	assert_int_equal(m.sysctls.panic_on_oom, 2);
	assert_int_equal(m.sysctls.oom_dump_tasks, 1);
	assert_int_equal(m.sysctls.console_loglevel, 7);
	machine_done(&m);
}

static void
drop_ins_hold(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_put(t, "etc/systemd/journald.conf",
	    "[Journal]\n#Storage=none\nStorage=volatile\nMaxLevelStore=err\n[Other]\nReadKMsg="
	    "no\n");
	tree_put(t, "etc/systemd/journald.conf.d/90.conf", "[Journal]\nStorage = persistent\n");
	tree_put(t, "etc/systemd/journald.conf.d/10.conf", "[Journal]\nStorage=none\n");
	tree_put(t, "usr/lib/systemd/journald.conf.d/50.conf", "[Journal]\nMaxLevelStore=\n");
	tree_put(t, "proc/cmdline", "quiet log_buf_len=4M root=/dev/sda1\n");
	read_machine(t, &m);
	assert_true(m.logging.journald);
	assert_str(m.logging.storage, "persistent");
	assert_null(m.logging.max_level.p);
	assert_null(m.logging.read_kmsg.p);
	assert_int_equal(m.logging.ring_bytes, 4 << 20);
	machine_done(&m);
	tree_put(t, "proc/cmdline", "quiet\n");
	tree_put(t, "proc/sys/kernel/osrelease", "6.1.0\n");
	tree_put(t, "boot/config-6.1.0", "CONFIG_X=y\nCONFIG_LOG_BUF_SHIFT=17\n");
	read_machine(t, &m);
	assert_int_equal(m.logging.ring_bytes, 128 * 1024);
	machine_done(&m);
}

static void
no_memory_is_an_error(void **state)
{
	struct tree *t = *state;
	struct err err;
	int rc = -1;

	tree_process(t, 1, "init", 100, 0, 0);
	tree_process(t, 7, "x", 100, 0, 0);
	tree_put(t, "sys/fs/cgroup/cgroup.controllers", "memory\n");
	tree_put(t, "sys/fs/cgroup/a/memory.max", "max\n");
	tree_put(t, "etc/sysctl.conf", "vm.oom-kill = 0\n");
	for (long n = 0; n < 200 && rc != 0; n++) {
		struct machine m;

		mem_fail_after(n);
		rc = machine_read(&m, &t->root, PART_PROCESSES | PART_GROUPS | PART_SETTINGS, &err);
		mem_fail_after(-1);
		machine_done(&m);
	}
	assert_int_equal(rc, 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, undo)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_empty_root_is_all_unknown),
		CASE(a_root_that_is_none_is_an_error),
		CASE(links_lead_nowhere_outside),
		CASE(a_pipe_is_not_waited_for),
		CASE(numbers_that_are_none),
		CASE(version_2),
		CASE(version_1_and_hybrid),
		CASE(paths_hold_only_what_is_below),
		CASE(settings_that_do_not_exist),
		CASE(a_captured_sysctl_listing_stands_for_the_files),
		CASE(drop_ins_hold),
		CASE(no_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
