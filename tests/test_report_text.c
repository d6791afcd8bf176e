#include "tests/report_event.h"

#include "report/instant.h"
#include "report/words.h"

static char *
text_of(struct event *ev, bool verbose)
{
	struct finding f = { .event = ev };

	return render_one("text", &f, (struct report_opts){ .verbose = verbose });
}

/* What the text of an event must hold; the event is freed. */
static void
expect(struct event *ev, const char *part)
{
	char *text = text_of(ev, false);

	assert_has(text, part);
	free(text);
	event_free(ev);
}

static void
an_event_of_which_nothing_is_known(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	char *text;

	(void)state;
	ev->completeness = COMPLETE_HEAD_ONLY;
	text = text_of(ev, true);
	assert_ptr_equal(strstr(text, "INCOMPLETE"), text);
	assert_has(text, "does not say who was killed");
	assert_has(text, "time not in the log, host not in the log");
	assert_has_not(text, "-9223372036854775808");
	free(text);
	event_free(ev);
}

static void
escapes_do_not_reach_the_terminal(void **state)
{
	static const char *const names[] = { "text", "brief", "raw", "json", "ndjson" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct event *ev = make_kill("\033]0;x\007\x9b", 1, 0);
		struct finding f = { .event = ev };
		char *text;

		ev->host = STR("h\nost\r");
		ev->kernel = STR("6\b.1");
		ev->cgroup.oom_memcg = STR("/a\033[2J");
		ev->constraint = CONSTRAINT_MEMCG;
		add_row(ev, "\033c", 2, 3);
		text = render_one(names[i], &f, (struct report_opts){ .verbose = true });
		for (const char *p = text; *p != '\0'; p++) {
			if ((unsigned char)*p < 0x20 && *p != '\n')
				fail_msg("%s writes byte %d", names[i], *p);
		}
		assert_has_not(text, "\x9b");
		free(text);
		event_free(ev);
	}
}

static void
each_ending_is_said(void **state)
{
	static const struct {
		enum outcome outcome;
		const char *line, *want;
	} rows[] = {
		{ OUTCOME_PANIC, "Out of memory: system-wide panic_on_oom is enabled",
		    "The kernel panicked: memory ran out, and vm.panic_on_oom says to panic" },
		{ OUTCOME_PANIC, "System is deadlocked on memory", "no process that it may kill" },
		{ OUTCOME_NO_KILLABLE, "", "Nobody was killed: memory ran out, but there was no" },
		{ OUTCOME_NONE, "", "Nobody was killed, though memory ran out." },
		{ OUTCOME_KILLED, "", "but the log does not name it" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct event *ev = event_new(EVENT_KERNEL_OOM);

		ev->outcome = rows[i].outcome;
		ev->outcome_text = str_from(rows[i].line);
		expect(ev, rows[i].want);
	}
}

static void
whose_limit_it_was(void **state)
{
	struct event *ev = make_kill("x", 1, 0);

	(void)state;
	ev->constraint = CONSTRAINT_MEMCG;
	ev->cgroup.oom_memcg = ev->cgroup.task_memcg = STR("/a");
	ev->cgroup.memory.limit_kb = 51200;
	expect(
	    ev, "x (pid 1) was killed because the cgroup /a reached its memory limit of 50.0 MiB.");

	ev = make_kill("x", 1, 0);
	ev->constraint = CONSTRAINT_MEMCG;
	ev->cgroup.memory.limit_kb = INT64_MAX;
	expect(ev, "its cgroup reached its memory limit.");

	ev = make_kill("x", 1, 0);
	ev->constraint = CONSTRAINT_CPUSET;
	ev->cgroup.mems_allowed = STR("0-1");
	expect(ev, "the memory nodes that the cpuset allows (0-1) ran out of memory");

	ev = make_kill("x", 1, 0);
	ev->reason = REASON_SYSRQ;
	ev->constraint = CONSTRAINT_NONE;
	expect(ev, "because somebody asked for an OOM kill (SysRq-F)");
}

/* Free memory that is of no use is not "out of memory". */
static void
memory_in_pieces(void **state)
{
	struct event *ev = make_kill("x", 1, 0);
	struct zone *z = event_add_zone(ev);

	(void)state;
	ev->constraint = CONSTRAINT_NONE;
	ev->page_size = 4096;
	ev->trigger.order = 2;
	ev->memory.seen = true;
	event_add_counter(ev, &ev->memory.global_pages, STR("free"), 256);
	z->free_kb = 1024;
	z->high_kb = 100;
	expect(ev, "found no 16 KiB of memory in one piece (1.0 MiB was\nfree, but");
}

static void
one_and_many(void **state)
{
	struct event *ev = make_kill("x", 1, 0);

	(void)state;
	event_add_victim(ev)->role = ROLE_GROUP;
	expect(ev, "With it died 1 other process of its cgroup");
	ev = make_kill("x", 1, 0);
	event_add_victim(ev)->role = ROLE_GROUP;
	event_add_victim(ev)->role = ROLE_GROUP;
	expect(ev, "With it died 2 other processes of its cgroup");
	assert_string_equal(words_count(1, "page", "pages").s, "1 page");
	assert_string_equal(words_count(0, "page", "pages").s, "0 pages");
}

static void
a_crowd_that_held_more(void **state)
{
	struct event *ev = make_kill("big", 1, 0);

	(void)state;
	ev->page_size = 4096;
	add_row(ev, "big", 1, 1000);
	for (int64_t i = 2; i < 10; i++)
		add_row(ev, "small", i, 500);
	expect(ev, "8 small processes together held more: 15.6 MiB against 3.9 MiB");
}

static void
by_user_space(void **state)
{
	struct event *ev = event_new(EVENT_USERSPACE_KILL);
	struct victim *v = event_add_victim(ev);

	(void)state;
	v->cgroup = STR("/user.slice/x.scope");
	ev->killer = STR("systemd-oomd");
	ev->killer_reason = STR("memory pressure");
	expect(ev, "/user.slice/x.scope was killed by systemd-oomd, not by the kernel: memory");
}

static void
sizes(void **state)
{
	static const struct {
		int64_t kb;
		const char *want;
	} rows[] = {
		{ UNKNOWN, "unknown" },
		{ 0, "0 KiB" },
		{ 1023, "1023 KiB" },
		{ 1024, "1.0 MiB" },
		{ 1048575, "1.0 GiB" },
		{ 92972, "90.8 MiB" },
		{ -2048, "-2.0 MiB" },
		{ INT64_MAX, "8192.0 EiB" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(words_kb(rows[i].kb).s, rows[i].want);
}

static void
instants(void **state)
{
	struct instant_text t;

	(void)state;
	assert_false(instant_rfc3339(UNKNOWN, &t));
	assert_false(instant_rfc3339(INT64_MAX, &t));
	assert_true(instant_rfc3339(-1, &t));
	assert_string_equal(t.s, "1969-12-31T23:59:59.999999Z");
	assert_true(instant_rfc3339(1600000000000001, &t));
	assert_string_equal(t.s, "2020-09-13T12:26:40.000001Z");
	assert_string_equal(duration_human(8684015).s, "8.684 s");
	assert_string_equal(duration_human(INT64_C(86400) * 1000000).s, "1 day 0 h");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_of_which_nothing_is_known),
		cmocka_unit_test(escapes_do_not_reach_the_terminal),
		cmocka_unit_test(each_ending_is_said),
		cmocka_unit_test(whose_limit_it_was),
		cmocka_unit_test(memory_in_pieces),
		cmocka_unit_test(one_and_many),
		cmocka_unit_test(a_crowd_that_held_more),
		cmocka_unit_test(by_user_space),
		cmocka_unit_test(sizes),
		cmocka_unit_test(instants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
