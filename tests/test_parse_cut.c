/* Reports whose beginning is lost. */
#include "test.h"

#include "feed.h"

#include <stdio.h>

#define KILL                                                                                       \
	"Out of memory: Killed process 5 (x) total-vm:8kB, anon-rss:4kB, file-rss:0kB, "           \
	"shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

/* A ring that has gone round, a tail: the log begins in the numbers of a report. */
static void
what_is_left_of_the_memory_is_read(void **state)
{
	static const char *const begins[] = { " free:941 free_pcp:98 free_cma:0\n",
		"Node 0 active_anon:8kB inactive_anon:16kB active_file:0kB\n",
		"Node 0 DMA free:1292kB min:108kB low:132kB high:156kB\n",
		"Normal free:3644kB min:3732kB low:4664kB high:5596kB\n" };
	char log[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		struct fed f;

		snprintf(log, sizeof(log), "[1.000000] %s[1.000001] 83170 pages RAM\n[1.000002] %s",
		    begins[i], KILL);
		f = feed(log);
		assert_int_equal(f.n, 1);
		assert_int_equal(f.v[0]->completeness, COMPLETE_CUT_HEAD);
		assert_true(f.v[0]->memory.seen);
		assert_int_equal(f.v[0]->memory.ram_pages, 83170);
		assert_int_equal(f.v[0]->lines[0].line, 1);
		fed_free(&f);
		/* Something else stands between them: the kill is of another moment. */
		snprintf(log, sizeof(log),
		    "[1.000000] %s[1.000001] usb 1-1: new device\n"
		    "[1.000002] %s",
		    begins[i], KILL);
		f = feed(log);
		assert_int_equal(f.n, 1);
		assert_false(f.v[0]->memory.seen);
		fed_free(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_of_the_memory_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
