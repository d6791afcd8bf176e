/* What belongs to which event: heads, endings, late lines, other lines in between. */
#include "test.h"

#include "feed.h"

#include <stdio.h>

#define HEAD "a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n"
#define CPU "CPU: 0 PID: 100 Comm: a Not tainted 6.1.0-56-cloud-amd64 #1\n"
#define KILL(pid, comm)                                                                            \
	"Out of memory: Killed process " #pid " (" comm                                            \
	") total-vm:8kB, anon-rss:4kB, file-rss:0kB, "                                             \
	"shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"
#define MEMCG_KILL(pid, comm)                                                                      \
	"Memory cgroup out of memory: Killed process " #pid " (" comm                              \
	") total-vm:8kB, anon-rss:4kB, "                                                           \
	"file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

static void
nothing_makes_no_event(void **state)
{
	static const char *const logs[] = {
		"",
		"\n\n\n",
		"[1.000000] usb 1-1: new device\n",
		"[1.000000] the oom-killer was invoked\n",
		"[1.000000] Out of memory\n",
		"[1.000000] Mem-Info:\n[1.000001] active_anon:1 inactive_anon:2\n",
		"[1.000000] a: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL), "
		"nodemask=(null)\n"
		"[1.000001] " CPU "[1.000002] Mem-Info:\n[1.000003] Node 0 DMA: 1*4kB (U) = 4kB\n",
		"[1.000000] oom_reaper: reaped process 5 (a), now anon-rss:0kB, file-rss:0kB, "
		"shmem-rss:0kB\n",
		"[1.000000] OOM killer disabled.\n",
		"[1.000000]  free:941 free_pcp:98 free_cma:0\n",
		"[1.000000] Node 0 DMA free:1292kB min:108kB low:132kB high:156kB\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
		struct fed f = feed(logs[i]);

		if (f.n != 0)
			fail_msg("an event from: %s", logs[i]);
		fed_free(&f);
	}
}

static void
a_bare_kill_line_is_an_event(void **state)
{
	struct fed f = feed("[1.000000] " KILL(5, "x") "[2.000000] " KILL(6, "y"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->completeness, COMPLETE_KILL_ONLY);
	assert_null(f.v[0]->trigger.comm.p);
	assert_int_equal(f.v[0]->constraint, CONSTRAINT_UNKNOWN);
	assert_int_equal(f.v[1]->victims[0].pid, 6);
	assert_string_not_equal(f.v[0]->id, f.v[1]->id);
	fed_free(&f);
}

static void
a_head_without_an_end_is_kept(void **state)
{
	struct fed f = feed(
	    "[1.000000] " HEAD "[1.000001] " CPU "[9.000000] " HEAD "[9.000001] " KILL(5, "x"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->outcome, OUTCOME_UNKNOWN);
	assert_int_equal(f.v[0]->completeness, COMPLETE_HEAD_ONLY);
	assert_int_equal(f.v[0]->trigger.pid, 100);
	assert_int_equal(f.v[0]->nvictims, 0);
	assert_int_equal(f.v[1]->outcome, OUTCOME_KILLED);
	fed_free(&f);
}

static void
the_chosen_of_a_group_is_one_victim(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] memory: usage 8kB, limit 8kB, failcnt 1\n"
		 "[1.000002] " MEMCG_KILL(
		     114, "main") "[1.000003] Tasks in /app are going to be killed due to "
				  "memory.oom.group set\n"
				  "[1.000004] " MEMCG_KILL(111, "helper") "[1.000005] " MEMCG_KILL(
				      114, "main"));

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0]->nvictims, 2);
	assert_int_equal(f.v[0]->victims[0].role, ROLE_CHOSEN);
	assert_int_equal(f.v[0]->victims[1].role, ROLE_GROUP);
	assert_int_equal(f.v[0]->constraint, CONSTRAINT_MEMCG);
	assert_str(f.v[0]->cgroup.oom_memcg, "/app");
	fed_free(&f);
}

static void
a_sacrificed_child_is_told_from_the_choice(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD
		 "[1.000001] Out of memory: Kill process 5 (gnome-session) score 12 or sacrifice "
		 "child\n[1.000002] Killed process 9 (ssh-agent) total-vm:8kB, anon-rss:4kB, "
		 "file-rss:0kB\n"
		 "[1.000003] Kill process 10 (ssh-agent2) sharing same memory\n");
	const struct event *ev = f.v[0];

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(ev->chosen.pid, 5);
	assert_int_equal(ev->chosen.score, 12);
	assert_int_equal(ev->nvictims, 2);
	assert_int_equal(ev->victims[0].role, ROLE_CHILD);
	assert_int_equal(ev->victims[0].score, UNKNOWN);
	assert_int_equal(ev->victims[1].role, ROLE_SHARED_MM);
	fed_free(&f);
}

static void
a_second_pair_without_a_head_is_a_second_event(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] Out of memory: Kill process 5 (a) score 12 or "
		 "sacrifice child\n[1.000002] Killed process 5 (a)\n"
		 "[1.100000] Out of memory: Kill process 6 (b) score 9 or sacrifice child\n"
		 "[1.100001] Killed process 6 (b)\n");

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[1]->victims[0].score, 9);
	fed_free(&f);
}

static void
threads_of_an_old_kernels_victim_are_one_event(void **state)
{
	struct fed f = feed("[1.000000] Out of Memory: Killed process 5 (httpd).\n"
			    "[1.000100] Out of Memory: Killed process 6 (httpd).\n"
			    "[9.000000] Out of Memory: Killed process 7 (httpd).\n");

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->nvictims, 2);
	assert_int_equal(f.v[0]->victims[1].role, ROLE_SHARED_MM);
	assert_int_equal(f.v[1]->victims[0].pid, 7);
	fed_free(&f);
}

static void
a_late_reaper_finds_its_victim(void **state)
{
	struct fed f = feed("[1.000000] " HEAD "[1.000001] " KILL(
	    5, "x") "[2.000000] " HEAD "[2.000001] " CPU
		    "[3.000000] oom_reaper: reaped process 5 (x), now anon-rss:0kB, file-rss:0kB, "
		    "shmem-rss:16kB\n[3.000001] " KILL(6, "y"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_true(f.v[0]->victims[0].reaped);
	assert_int_equal(f.v[0]->victims[0].reaped_shmem_kb, 16);
	assert_false(f.v[1]->victims[0].reaped);
	fed_free(&f);
}

static void
callers_keep_reports_apart(void **state)
{
	struct fed f =
	    feed("[1.000000][T1] " HEAD "[1.000001][T2] b invoked oom-killer: gfp_mask=0x0(), "
		 "order=1, oom_score_adj=7\n[1.000002][T1] " CPU
		 "[1.000003][T2] CPU: 1 PID: 200 Comm: b Not tainted 6.1.0 #1\n"
		 "[1.000004][T1] " KILL(5, "x") "[1.000005][T2] " KILL(6, "y"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->trigger.pid, 100);
	assert_int_equal(f.v[0]->victims[0].pid, 5);
	assert_int_equal(f.v[1]->trigger.order, 1);
	assert_int_equal(f.v[1]->victims[0].pid, 6);
	fed_free(&f);
}

static void
hosts_keep_reports_apart(void **state)
{
	struct fed f = feed("web1| [1.000000] " HEAD "db1| [1.000001] " HEAD "web1| [1.000002] " CPU
			    "db1| [1.000003] " KILL(6, "y") "web1| [1.000004] " KILL(5, "x"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_str(f.v[0]->host, "web1");
	assert_int_equal(f.v[0]->victims[0].pid, 5);
	assert_str(f.v[1]->host, "db1");
	assert_int_equal(f.v[1]->victims[0].pid, 6);
	fed_free(&f);
}

static void
another_scopes_kill_is_not_ours(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] oom-kill:constraint=CONSTRAINT_MEMCG,"
		 "nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=x,"
		 "pid=5,uid=0\n[1.000002] " KILL(9, "other") "[1.000003] " MEMCG_KILL(5, "x"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[1]->victims[0].pid, 9);
	assert_int_equal(f.v[1]->completeness, COMPLETE_KILL_ONLY);
	fed_free(&f);
}

static void
an_allocation_failure_inside_is_not_ours(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] Mem-Info:\n"
		 "[1.000002] Node 0 DMA free:100kB min:1kB low:2kB high:3kB\n"
		 "[1.000003] b: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)\n"
		 "[1.000004] CPU: 7 PID: 7 Comm: b Not tainted 6.1.0 #1\n"
		 "[1.000005] Mem-Info:\n[1.000006] 999 pages RAM\n"
		 "[1.000007] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
		 "oom_score_adj name\n[1.000008] [5] 0 5 2 1 4096 0 0 x\n"
		 "[1.000009] " KILL(5, "x"));

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0]->memory.ram_pages, UNKNOWN);
	assert_int_equal(f.v[0]->memory.nzones, 1);
	assert_int_equal(f.v[0]->trigger.pid, UNKNOWN);
	assert_int_equal(f.v[0]->tasks.n, 1);
	fed_free(&f);
}

static void
panics_and_no_killable_process_are_endings(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] Out of memory and no killable processes...\n"
		 "[1.000002] Kernel panic - not syncing: System is deadlocked on memory\n");

	(void)state;
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0]->outcome, OUTCOME_PANIC);
	fed_free(&f);
	f = feed("[1.000000] " HEAD "[1.000001] Out of memory and no killable processes...\n");
	assert_int_equal(f.v[0]->outcome, OUTCOME_NO_KILLABLE);
	fed_free(&f);
	f = feed("[1.000000] Kernel panic - not syncing: Attempted to kill init!\n");
	assert_int_equal(f.n, 0);
	fed_free(&f);
}

static void
an_exiting_victim_is_not_killed(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD "[1.000001] Out of memory: OOM victim 77 (x) is already "
		 "exiting. Skip killing the task\n");

	(void)state;
	assert_int_equal(f.v[0]->outcome, OUTCOME_NONE);
	assert_int_equal(f.v[0]->chosen.pid, 77);
	assert_int_equal(f.v[0]->nvictims, 0);
	fed_free(&f);
}

static void
unknown_lines_are_kept_and_counted(void **state)
{
	struct fed f = feed("[1.000000] " HEAD "[1.000001] Something new of kernel 9.9: 12\n"
			    "[1.000002] " KILL(5, "x") "[1.000003] after the end\n");

	(void)state;
	assert_int_equal(f.v[0]->nunknown, 1);
	assert_int_equal(f.v[0]->lines[1].use, LINE_UNKNOWN);
	assert_str(f.v[0]->lines[1].text, "Something new of kernel 9.9: 12");
	fed_free(&f);
}

static void
a_report_that_falls_silent_ends(void **state)
{
	struct fed f = feed("[1.000000] " HEAD "[500.000000] usb 1-1: new device\n"
			    "[500.000001] " KILL(5, "x"));

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->outcome, OUTCOME_UNKNOWN);
	assert_int_equal(f.v[1]->completeness, COMPLETE_KILL_ONLY);
	fed_free(&f);
}

static void
a_line_after_the_silence_is_of_no_report(void **state)
{
	struct fed f = feed("[100.000000] " HEAD "[9000.000000] a cpuset=/ mems_allowed=0\n"
			    "[9000.000001] " CPU);

	(void)state;
	assert_int_equal(f.n, 1);
	assert_null(f.v[0]->cgroup.cpuset.p);
	assert_int_equal(f.v[0]->trigger.pid, UNKNOWN);
	fed_free(&f);
}

static void
a_pasted_table_has_hard_blanks(void **state)
{
	struct fed f =
	    feed("[1.000000] " HEAD
		 "[1.000001] [\xc2\xa0 pid\xc2\xa0 ]\xc2\xa0 uid\xc2\xa0 tgid total_vm rss "
		 "pgtables_bytes swapents oom_score_adj name\n"
		 "[1.000002] [\xc2\xa0 2424]\xc2\xa0 1000\xc2\xa0 2424 116824 622\n"
		 "\xc2\xa0 159744\xc2\xa0 0 200 gsd-print\n[1.000003] " KILL(2424, "a\xc2\xa0z"));

	(void)state;
	assert_int_equal(f.v[0]->tasks.n, 1);
	assert_int_equal(f.v[0]->tasks.v[0].oom_score_adj, 200);
	assert_str(f.v[0]->tasks.v[0].comm, "gsd-print");
	fed_free(&f);
}

static void
sysrq_is_named(void **state)
{
	struct fed f =
	    feed("[1.000000] sysrq: Manual OOM execution\n[1.000001] kworker/0:2 invoked "
		 "oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0\n"
		 "[1.000002] " KILL(5, "x"));

	(void)state;
	assert_int_equal(f.v[0]->reason, REASON_SYSRQ);
	assert_int_equal(f.v[0]->trigger.order, -1);
	fed_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_makes_no_event),
		cmocka_unit_test(a_bare_kill_line_is_an_event),
		cmocka_unit_test(a_head_without_an_end_is_kept),
		cmocka_unit_test(the_chosen_of_a_group_is_one_victim),
		cmocka_unit_test(a_sacrificed_child_is_told_from_the_choice),
		cmocka_unit_test(a_second_pair_without_a_head_is_a_second_event),
		cmocka_unit_test(threads_of_an_old_kernels_victim_are_one_event),
		cmocka_unit_test(a_late_reaper_finds_its_victim),
		cmocka_unit_test(callers_keep_reports_apart),
		cmocka_unit_test(hosts_keep_reports_apart),
		cmocka_unit_test(another_scopes_kill_is_not_ours),
		cmocka_unit_test(an_allocation_failure_inside_is_not_ours),
		cmocka_unit_test(panics_and_no_killable_process_are_endings),
		cmocka_unit_test(an_exiting_victim_is_not_killed),
		cmocka_unit_test(unknown_lines_are_kept_and_counted),
		cmocka_unit_test(a_report_that_falls_silent_ends),
		cmocka_unit_test(a_line_after_the_silence_is_of_no_report),
		cmocka_unit_test(a_pasted_table_has_hard_blanks),
		cmocka_unit_test(sysrq_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
