/* User-space killers: who killed whom, and lines that only look like it. */
#include "test.h"

#include "feed.h"
#include "parse/userspace.h"

static void
lines_that_only_look_like_it(void **state)
{
	static const struct {
		const char *ident, *text;
	} lines[] = {
		{ NULL, "" },
		{ NULL, "Killed" },
		{ NULL, "Killed process 5 (x) due to memory" },
		{ NULL, "Out of memory! we are lost" },
		{ NULL, "Killing process 5 x" },
		{ "sshd", "sending SIGTERM to process 5 uid 0 \"x\": badness 3, VmRSS 2 MiB" },
		{ "myapp", "Killed /user.slice due to memory pressure" },
		{ "systemd", "Killing process 1234 (x) with signal SIGKILL." },
		{ "earlyoom", "sending SIGTERM to process x uid 0 \"x\": badness 3, VmRSS 2 MiB" },
		{ "earlyoom", "sending SIGTERM to process 99999999999999999999 uid 0 \"x\": "
			      "badness 3, VmRSS 2 MiB" },
		{ "kernel", "lowmemorykiller: Kill 'x' (y), uid 1" },
		{ "kubelet", "System OOM encountered, victim process: x, pid: 5" },
	};
	struct userspace_kill k;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (userspace_match(str_from(lines[i].ident), str_from(lines[i].text), &k))
			fail_msg("taken for a kill: %s", lines[i].text);
	}
}

static const struct {
	const char *ident, *text, *killer;
	int64_t pid, score, rss_kb;
	const char *comm, *cgroup, *unit;
} kills[] = {
	{ "systemd-oomd",
	    "Killed /user.slice/user-1000.slice/a.scope due to memory pressure for "
	    "/user.slice/user-1000.slice "
	    "being 65.22% > 60.00% for > 20s with reclaim activity",
	    "systemd-oomd", UNKNOWN, UNKNOWN, UNKNOWN, NULL, "/user.slice/user-1000.slice/a.scope",
	    NULL },
	{ NULL,
	    "Killed /system.slice/b.service due to memory used (1) / total (2) being more than "
	    "90.00%",
	    "systemd-oomd", UNKNOWN, UNKNOWN, UNKNOWN, NULL, "/system.slice/b.service", NULL },
	{ "systemd-oomd", "Marked /a for killing due to memory used (1) / total (2)",
	    "systemd-oomd", UNKNOWN, UNKNOWN, UNKNOWN, NULL, "/a", NULL },
	{ "earlyoom",
	    "sending SIGTERM to process 3113 uid 1000 \"fire fox\": badness 832, VmRSS 2500 MiB",
	    "earlyoom", 3113, 832, 2500 * 1024, "fire fox", NULL, NULL },
	{ NULL,
	    "sending SIGKILL to process 3113 uid 1000 \"x\": oom_score 832, VmRSS 1 MiB, cmdline "
	    "\"x --y\"",
	    "earlyoom", 3113, 832, 1024, "x", NULL, NULL },
	{ "earlyoom", "Killing process 31344 stress", "earlyoom", 31344, UNKNOWN, UNKNOWN, "stress",
	    NULL, NULL },
	{ "oomd",
	    "oomd kill: 61.66 62.01 50.10 system.slice/foo.service 97845248 ruleset:[low swap] "
	    "detectorgroup:[swap] killer:[kill_by_swap_usage] v2",
	    "oomd", UNKNOWN, UNKNOWN, UNKNOWN, NULL, "system.slice/foo.service", NULL },
	{ "nohang", "  PID: 9185, Name: tail, badness: 879", "nohang", 9185, 879, UNKNOWN, "tail",
	    NULL, NULL },
	{ "lowmemorykiller",
	    "Kill 'com.x.y' (17757), uid 10101, oom_score_adj 900 to free 4445960kB rss, 2413008kB "
	    "swap; "
	    "reason: min watermark is breached",
	    "lmkd", 17757, UNKNOWN, 4445960, "com.x.y", NULL, NULL },
	{ "kernel", "lowmemorykiller: Killing 'com.old' (4711), adj 1000,", "lmkd", 4711, UNKNOWN,
	    UNKNOWN, "com.old", NULL, NULL },
	{ "kubelet",
	    "I0101 00:00:00.0 1 eviction_manager.go:627] \"Eviction manager: pod is evicted "
	    "successfully\" "
	    "pod=\"default/web-0\"",
	    "kubelet", UNKNOWN, UNKNOWN, UNKNOWN, NULL, NULL, "default/web-0" },
};

static void
every_killers_wording(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kills); i++) {
		struct userspace_kill k;

		if (!userspace_match(str_from(kills[i].ident), str_from(kills[i].text), &k))
			fail_msg("not understood: %s", kills[i].text);
		assert_int_equal(k.phase, USERSPACE_KILL);
		assert_string_equal(k.killer, kills[i].killer);
		assert_int_equal(k.pid, kills[i].pid);
		assert_int_equal(k.score, kills[i].score);
		assert_int_equal(k.rss_kb, kills[i].rss_kb);
		assert_str(k.comm, kills[i].comm);
		assert_str(k.cgroup, kills[i].cgroup);
		assert_str(k.unit, kills[i].unit);
	}
}

static void
every_row_has_an_anchor(void **state)
{
	size_t n;
	const struct str *list = userspace_anchors(&n);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kills); i++) {
		struct str text = str_from(kills[i].text), ident = str_from(kills[i].ident);
		bool found = false;

		for (size_t a = 0; a < n; a++)
			found = found || str_has(text, list[a]) || str_has(ident, list[a]);
		if (!found)
			fail_msg("no anchor in: %s", kills[i].text);
	}
}

static void
term_and_kill_of_one_process_are_one_event(void **state)
{
	struct fed f =
	    feed("[1.000000] low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%\n"
		 "[1.000001] sending SIGTERM to process 7 uid 1 \"x\": badness 8, VmRSS 9 MiB\n"
		 "[2.000000] sending SIGKILL to process 7 uid 1 \"x\": badness 8, VmRSS 9 MiB\n"
		 "[3.000000] sending SIGTERM to process 8 uid 1 \"y\": badness 8, VmRSS 9 MiB\n");

	(void)state;
	assert_int_equal(f.n, 2);
	assert_int_equal(f.v[0]->kind, EVENT_USERSPACE_KILL);
	assert_int_equal(f.v[0]->nvictims, 1);
	assert_int_equal(f.v[0]->nlines, 2);
	assert_str(f.v[0]->killer_reason, "at or below SIGTERM limits: mem 10.00%, swap 10.00%");
	assert_int_equal(f.v[1]->victims[0].pid, 8);
	assert_null(f.v[1]->killer_reason.p);
	fed_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_only_look_like_it),
		cmocka_unit_test(every_killers_wording),
		cmocka_unit_test(every_row_has_an_anchor),
		cmocka_unit_test(term_and_kill_of_one_process_are_one_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
