/* system/process.h: what is no process, what vanishes, and names of any bytes. */
#include "test.h"

#include "base/mem.h"
#include "system/machine.h"
#include "system/process.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>

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

	assert_int_equal(machine_read(m, &t->root, PART_PROCESSES, &err), 0);
}

static void
processes_that_are_not_whole(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_dir(t, "proc/10");			/* ended after its directory was listed */
	tree_put(t, "proc/11/status", "");	/* ended while it was read */
	tree_put(t, "proc/12/status", "x\n\n"); /* nonsense */
	tree_put(t, "proc/self/status", "Name:\tnot\nPid:\t1\n");
	tree_put(t, "proc/12x/status", "Name:\tnot\nPid:\t12\n");
	tree_put(t, "proc/0/status", "Name:\tnot\nPid:\t0\n");
	tree_put(
	    t, "proc/13/status", "Name:\tzombie\nState:\tZ\nPid:\t13\nPPid:\t1\nThreads:\t1\n");
	tree_put(t, "proc/14/status", "Name:\tkworker/0:1\nPid:\t14\nPPid:\t2\nThreads:\t1\n");
	tree_put(t, "proc/15/status", "Name:\tnew kthread\nPid:\t15\nPPid:\t9\nKthread:\t1\n");
	tree_process(t, 16, "whole", 4000, 40, -17);
	read_machine(t, &m);
	assert_int_equal(m.processes.n, 4);
	assert_int_equal(m.processes.vanished, 3);
	assert_int_equal(m.processes.v[0].pid, 13);
	assert_false(m.processes.v[0].has_memory);
	assert_false(m.processes.v[0].kernel_thread);
	assert_true(m.processes.v[1].kernel_thread);
	assert_true(m.processes.v[2].kernel_thread);
	assert_true(m.processes.v[3].has_memory);
	assert_int_equal(m.processes.v[3].rss_kb, 4000);
	assert_int_equal(m.processes.v[3].swap_kb, 40);
	assert_int_equal(m.processes.v[3].pte_kb, 40);
	assert_int_equal(m.processes.v[3].oom_score_adj, -17);
	assert_false(known(m.processes.v[3].oom_score));
	machine_done(&m);
}

static void
names_of_any_bytes(void **state)
{
	struct arena mem = { 0 };
	struct process p;
	(void)state;

	assert_true(process_parse(
	    STR("Name:\tVmRSS:\\n9 kB\\\\n\x1b[31m\nPid:\t7\nVmRSS:\t8 kB\n"), &mem, &p));
	assert_str(p.comm, "VmRSS:\n9 kB\\n\x1b[31m");
	assert_int_equal(p.rss_kb, 8);
	assert_true(process_parse(STR("Name:\t\nPid:\t7\n"), &mem, &p));
	assert_str(p.comm, "");
	assert_false(process_parse(STR("Pid:\t7\n"), &mem, &p));
	assert_false(process_parse(STR("Name:\tx\n"), &mem, &p));
	assert_true(process_parse(STR("Name:\tx\nPid:\t7\nCapEff:\t0000000000200000\n"), &mem, &p));
	assert_true(p.admin);
	mem_fail_after(0);
	arena_done(&mem);
	assert_false(process_parse(STR("Name:\tx\nPid:\t7\n"), &mem, &p));
	mem_fail_after(-1);
	arena_done(&mem);
}

static void
a_dead_leader_has_the_memory_of_its_threads(void **state)
{
	struct tree *t = *state;
	struct machine m;

	tree_put(
	    t, "proc/20/status", "Name:\tleader\nState:\tZ\nPid:\t20\nPPid:\t1\nThreads:\t2\n");
	tree_put(t, "proc/20/task/20/status", "Name:\tleader\nPid:\t20\nThreads:\t2\n");
	tree_put(t, "proc/20/task/23/status",
	    "Name:\tworker\nPid:\t23\nPPid:\t1\nVmRSS:\t 900 kB\nThreads:\t2\n");
	read_machine(t, &m);
	assert_int_equal(m.processes.n, 1);
	assert_int_equal(m.processes.v[0].pid, 20);
	assert_true(m.processes.v[0].has_memory);
	assert_int_equal(m.processes.v[0].rss_kb, 900);
	assert_str(m.processes.v[0].comm, "leader");
	machine_done(&m);
}

static void
cgroup_files_of_every_kind(void **state)
{
	(void)state;
	assert_str(process_cgroup(STR("0::/a:b,c\n")), "/a:b,c");
	assert_str(process_cgroup(STR("4:memory:/v1\n0::/v2\n")), "/v1");
	assert_str(process_cgroup(STR("0::/v2\n3:cpu,memory:/v1\n")), "/v1");
	assert_str(process_cgroup(STR("3:cpu,memoryx:/no\n0::/v2")), "/v2");
	assert_null(process_cgroup(STR("")).p);
	assert_null(process_cgroup(STR("x\n:\n7:cpu:/y\n")).p);
}

/* /proc may hide others, in the words of two kernels. */
static void
a_mount_that_hides(void **state)
{
	static const struct {
		const char *options;
		int64_t hidepid;
	} rows[] = { { "rw", 0 }, { "rw,hidepid=2", 2 }, { "rw,gid=4,hidepid=invisible", 2 },
		{ "hidepid=noaccess", 1 }, { "hidepid=0", 0 }, { "hidepid=ptraceable", 2 },
		{ "hidepid=x", UNKNOWN } };
	struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[256];
		struct machine m;

		snprintf(text, sizeof(text), "x /y ext4 hidepid=1 0 0\nproc /proc proc %s 0 0\n",
		    rows[i].options);
		tree_put(t, "proc/mounts", text);
		read_machine(t, &m);
		assert_int_equal(m.processes.hidepid, rows[i].hidepid);
		machine_done(&m);
	}
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, make, undo)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(processes_that_are_not_whole),
		CASE(names_of_any_bytes),
		CASE(a_dead_leader_has_the_memory_of_its_threads),
		CASE(cgroup_files_of_every_kind),
		CASE(a_mount_that_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
