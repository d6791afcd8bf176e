/* The lines that name a victim, in every kernel's and vendor's wording. */
#include "test.h"

#include "parse/killline.h"

static void
is_no_kill_line(void **state)
{
	static const char *const lines[] = {
		"",
		"Killed process",
		"Killed process x (y)",
		"Killed process 99999999999999999999 (y)",
		"Killed process -5 (y)",
		"Killed process 12 y",
		"my-app: Killed process 12 (y)",
		"audit: Out of memory: Killed process 12 (y)",
		"not Out of memory: Killed process 12 (y)",
		"Out of memory Killed process 12 (y)",
		"Killing process 12 (y)",
	};
	struct kill_line k;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (kill_line_parse(str_from(lines[i]), &k))
			fail_msg("taken for a kill line: %s", lines[i]);
	}
}

/* FORMATS of mm/oom_kill.c, 2.4 to 7.3, and of the vendors. */
static const struct {
	const char *line;
	const char *message, *comm;
	int64_t pid, uid, total_vm, anon, file, shmem, pgtables, adj;
} kills[] = {
	{ "Out of Memory: Killed process 1234 (httpd).", "Out of Memory", "httpd", 1234, UNKNOWN,
	    UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 5098 (ssh-agent)", "", "ssh-agent", 5098, UNKNOWN, UNKNOWN, UNKNOWN,
	    UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 7 (x) vsz:10kB, anon-rss:8kB, file-rss:1kB", "", "x", 7, UNKNOWN, 10, 8,
	    1, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 7 (x) total-vm:10kB, anon-rss:8kB, file-rss:1kB", "", "x", 7, UNKNOWN, 10,
	    8, 1, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Out of memory: Killed process 7, UID 48, (httpd).", "Out of memory", "httpd", 7, 48,
	    UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 13929, UID 1002, (php-fpm) total-vm:737252kB, anon-rss:138288kB, "
	  "file-rss:79848kB",
	    "", "php-fpm", 13929, 1002, 737252, 138288, 79848, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 9 (java), UID 3, total-vm:4kB, anon-rss:3kB, file-rss:2kB, shmem-rss:1kB",
	    "", "java", 9, 3, 4, 3, 2, 1, UNKNOWN, UNKNOWN },
	{ "Memory cgroup out of memory: Killed process 9 (a b) total-vm:4kB, anon-rss:3kB, "
	  "file-rss:2kB, shmem-rss:1kB, UID:33 pgtables:44kB oom_score_adj:-500",
	    "Memory cgroup out of memory", "a b", 9, 33, 4, 3, 2, 1, 44, -500 },
	{ "Out of memory (oom_kill_allocating_task): Killed process 9 (x) total-vm:4kB, "
	  "anon-rss:3kB, "
	  "file-rss:2kB, shmem-rss:1kB, UID:0 pgtables:1kB oom_score_adj:0",
	    "Out of memory (oom_kill_allocating_task)", "x", 9, 0, 4, 3, 2, 1, 1, 0 },
	{ "Out of memory: OOM killed process 5 (x) score 3 vm:40kB, rss:30kB, swap:0kB",
	    "Out of memory", "x", 5, UNKNOWN, 40, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
	/* Names are anybody's: the rightmost reading is the kernel's. */
	{ "Killed process 132 () total-vm:9) total-vm:10kB, anon-rss:8kB, file-rss:1kB", "",
	    ") total-vm:9", 132, UNKNOWN, 10, 8, 1, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 4503 ((sd-pam)) total-vm:10kB, anon-rss:8kB, file-rss:1kB", "",
	    "(sd-pam)", 4503, UNKNOWN, 10, 8, 1, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 5 () total-vm:10kB, anon-rss:8kB, file-rss:1kB", "", "", 5, UNKNOWN, 10,
	    8, 1, UNKNOWN, UNKNOWN, UNKNOWN },
	{ "Killed process 154 (Killed process) total-vm:1kB, anon-rss:2kB, file-rss:3kB", "",
	    "Killed process", 154, UNKNOWN, 1, 2, 3, UNKNOWN, UNKNOWN, UNKNOWN },
	/* Over 2^32 kB. */
	{ "Killed process 5 (x) total-vm:8591352380kB, anon-rss:8kB, file-rss:1kB", "", "x", 5,
	    UNKNOWN, INT64_C(8591352380), 8, 1, UNKNOWN, UNKNOWN, UNKNOWN },
	/* An excerpt with elisions. */
	{ "Memory cgroup out of memory: Killed process 3370438 (crosvm) ....",
	    "Memory cgroup out of memory", "crosvm", 3370438, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN,
	    UNKNOWN, UNKNOWN, UNKNOWN },
};

static void
every_wording(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kills); i++) {
		struct kill_line k;

		if (!kill_line_parse(str_from(kills[i].line), &k))
			fail_msg("not understood: %s", kills[i].line);
		assert_str(k.message, kills[i].message);
		assert_str(k.comm, kills[i].comm);
		assert_int_equal(k.pid, kills[i].pid);
		assert_int_equal(k.uid, kills[i].uid);
		assert_int_equal(k.total_vm_kb, kills[i].total_vm);
		assert_int_equal(k.anon_rss_kb, kills[i].anon);
		assert_int_equal(k.file_rss_kb, kills[i].file);
		assert_int_equal(k.shmem_rss_kb, kills[i].shmem);
		assert_int_equal(k.pgtables_kb, kills[i].pgtables);
		assert_int_equal(k.oom_score_adj, kills[i].adj);
	}
}

static void
a_line_that_was_cut_gives_no_half_number(void **state)
{
	struct kill_line k;

	(void)state;
	assert_true(kill_line_parse(STR("Killed process 5 (x) total-vm:10kB, anon-rss:25"), &k));
	assert_int_equal(k.total_vm_kb, 10);
	assert_int_equal(k.anon_rss_kb, UNKNOWN);
	assert_true(kill_line_parse(STR("Killed process 5 (tidb-se"), &k));
	assert_true(k.open);
}

static void
openvz_names_the_score_of_the_killed(void **state)
{
	struct kill_line k;

	(void)state;
	assert_true(kill_line_parse(
	    STR("Out of memory: OOM killed process 5 (x) score 431 vm:40kB, rss:30kB, swap:0kB"),
	    &k));
	assert_int_equal(k.score, 431);
	assert_true(kill_line_parse(STR("OOM kill in rage task 5 (x) score -3 in ub 101"), &k));
	assert_int_equal(k.score, -3);
	assert_true(kill_line_parse(STR("Killed process 5 (x) total-vm:10kB, score 7"), &k));
	assert_int_equal(k.score, UNKNOWN);
}

static void
chosen_lines(void **state)
{
	struct chosen_line c;

	(void)state;
	assert_false(chosen_line_parse(STR("Kill process 5 (x) sharing same memory"), &c));
	assert_false(chosen_line_parse(STR("Out of memory: Kill process 5 (x)"), &c));
	assert_false(
	    chosen_line_parse(STR("foo: Kill process 5 (x) score 3 or sacrifice child"), &c));
	assert_true(chosen_line_parse(
	    STR("Out of Memory: Kill process 5 (x) score 71234567 and children."), &c));
	assert_int_equal(c.score, 71234567);
	assert_true(chosen_line_parse(
	    STR("Out of memory: kill process 5064 (gnome-session) score 69104 or a child"), &c));
	assert_int_equal(c.pid, 5064);
	assert_true(chosen_line_parse(STR("Memory cgroup out of memory: Kill process 5 (a) score "
					  "1) score 996 or sacrifice child"),
	    &c));
	assert_str(c.comm, "a) score 1");
	assert_int_equal(c.score, 996);
}

static void
reaper_lines(void **state)
{
	struct reaper_line r;

	(void)state;
	assert_false(reaper_line_parse(STR("oom_reaper: reaped process x (y)"), &r));
	assert_false(reaper_line_parse(STR("oom_reaper: something new"), &r));
	assert_true(reaper_line_parse(STR("oom_reaper: reaped process 12 (a), now anon-rss:8kB, "
					  "file-rss:4kB, shmem-rss:0kB"),
	    &r));
	assert_int_equal(r.pid, 12);
	assert_int_equal(r.anon_rss_kb, 8);
	assert_int_equal(r.shmem_rss_kb, 0);
	assert_false(r.failed);
	assert_true(reaper_line_parse(STR("oom_reaper: unable to reap pid:12 (a)"), &r));
	assert_true(r.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_no_kill_line),
		cmocka_unit_test(every_wording),
		cmocka_unit_test(a_line_that_was_cut_gives_no_half_number),
		cmocka_unit_test(openvz_names_the_score_of_the_killed),
		cmocka_unit_test(chosen_lines),
		cmocka_unit_test(reaper_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
