/* Events that wait for late lines, and for how many of them there is room. */
#include "tests/test.h"

#include "tests/feed.h"

#include <stdio.h>

#define HEAD "a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n"
#define CPU "CPU: 0 PID: 100 Comm: a Not tainted 6.1.0-56-cloud-amd64 #1\n"
#define KILL(pid, comm)                                                                            \
	"Out of memory: Killed process " #pid " (" comm                                            \
	") total-vm:8kB, anon-rss:4kB, file-rss:0kB, "                                             \
	"shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

static void
more_hosts_than_can_wait(void **state)
{
	char text[64 * 1024], *at = text;
	struct fed f;

	(void)state;
	for (int i = 0; i < 100; i++)
		at += snprintf(at, 200, "h%d| [1.000000] %s", i, HEAD);
	for (int i = 0; i < 100; i++)
		at += snprintf(at, 200,
		    "h%d| [1.000001] %sh%d| [1.000002] a cpuset=/ mems_allowed=0\n", i, CPU, i);
	f = feed(text);
	assert_int_equal(f.rc, -1); /* FEED_MAX events are kept, the sink refuses more */
	assert_int_equal(f.n, FEED_MAX);
	fed_free(&f);
}

/* The machine went down after the kill: no line comes to show that its kill line has no rest. */
static void
a_last_kill_line_is_not_parted(void **state)
{
	char text[64 * 1024], *at = text;
	struct fed f;

	(void)state;
	at += snprintf(at, 400, "gone| [1.000000] %sgone| [1.000001] %s", HEAD, KILL(7, "x"));
	for (int i = 0; i < 100; i++)
		at += snprintf(at, 200, "h%d| [1.000000] %s", i, HEAD);
	f = feed(text);
	assert_int_equal(f.n, FEED_MAX);
	assert_str(f.v[0]->host, "gone");
	assert_int_equal(f.v[0]->nvictims, 1);
	assert_int_equal(f.v[0]->outcome, OUTCOME_KILLED);
	fed_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_hosts_than_can_wait),
		cmocka_unit_test(a_last_kill_line_is_not_parted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
