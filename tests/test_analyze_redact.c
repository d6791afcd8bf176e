#include "tests/test.h"

#include "analyze/redact.h"

#include <stdio.h>
#include <string.h>

static struct redactor *
redactor(void)
{
	struct redactor *r = redactor_new();

	assert_non_null(r);
	return r;
}

static void
expect(struct redactor *r, redact_fn *name, const char *from, const char *to)
{
	struct str s = name(r, str_from(from));

	if (!str_eq(s, str_from(to)))
		fail_msg("'%s' became '%.*s', not '%s'", from, STR_ARG(s), to);
}

static void
unknown_stays_unknown(void **state)
{
	struct redactor *r = redactor();
	struct str none = STR_NONE;

	(void)state;
	assert_null(redact_host(r, STR_NONE).p);
	assert_true(redact_in_place(r, redact_comm, &none));
	assert_null(none.p);
	assert_int_equal(redact_comm(r, STR("")).n, 0);
	redactor_free(r);
	redactor_free(NULL);
}

static void
one_name_for_one_thing(void **state)
{
	struct redactor *r = redactor();

	(void)state;
	expect(r, redact_host, "db1.example.com", "host1");
	expect(r, redact_host, "db2.example.com", "host2");
	expect(r, redact_host, "db1.example.com", "host1");
	expect(r, redact_comm, "db1.example.com", "proc1");

	redactor_free(r);
}

/* Programs that many machines have are not somebody's own; what stands behind them may be. */
static void
programs(void **state)
{
	struct redactor *r = redactor();

	(void)state;
	expect(r, redact_comm, "mysqld", "mysqld");
	expect(r, redact_comm, "php-fpm8.2", "php-fpm8.2");
	expect(r, redact_comm, "gunicorn: acme", "gunicorn");
	expect(r, redact_comm, "kworker/u8:acme", "kworker");
	expect(r, redact_comm, "acme-mysqld", "proc1");
	expect(r, redact_comm, "<script>", "proc2");
	redactor_free(r);
}

static void
paths(void **state)
{
	struct redactor *r = redactor();
	static const char *const same[] = { "/", "/system.slice/mysqld.service",
		"/user.slice/user-0.slice", "/system.slice/systemd-journald.service",
		"/kubepods.slice/kubepods-burstable.slice" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		expect(r, redact_cgroup, same[i], same[i]);
	expect(r, redact_cgroup, "/system.slice/acme-shop.service",
	    "/system.slice/name1-name2.service");
	expect(r, redact_cgroup, "/user.slice/user-1001.slice/session-3.scope",
	    "/user.slice/user-100001.slice/session-3.scope");
	expect(r, redact_cgroup,
	    "/system.slice/"
	    "docker-f00df00df00df00df00df00df00df00df00df00df00df00df00df00df00df00d.scope",
	    "/system.slice/"
	    "docker-0000000000010000000000000000000000000000000000000000000000000000.scope");
	expect(r, redact_cgroup, "/kubepods/pod0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f/x\n",
	    "/kubepods/pod00000001-0000-4000-8000-000000000000/name3");
	redactor_free(r);
}

static void
events(void **state)
{
	struct redactor *r = redactor();
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	struct event_line line = { .line = 1, .raw = STR("acme"), .text = STR("acme") };
	struct task *t;
	char id[sizeof(ev->id)];

	(void)state;
	assert_non_null(ev);
	t = event_add_task(ev);
	assert_non_null(t);
	t->comm = STR("acme");
	t->uid = 1001;
	ev->host = ev->hardware = ev->killer_reason = STR("acme");
	ev->outcome_text = STR("OOM victim 7 (acme) is already exiting");
	ev->cgroup.oom_memcg = STR("/acme");
	ev->witness = STR("oomwhy-witness 1\noom_kill 3\nsurvivor 7 8 0\tacme\t/acme\n");
	ev->lines = &line;
	ev->nlines = 1;
	snprintf(ev->id, sizeof(ev->id), "0123456789abcdef");
	memcpy(id, ev->id, sizeof(id));
	assert_int_equal(redact_event(r, ev), 0);
	redact_lines(ev);
	assert_string_not_equal(ev->id, id);
	assert_true(str_eq(t->comm, STR("proc1")));
	assert_int_equal(t->uid, 100001);
	assert_true(str_eq(ev->host, STR("host1")));
	assert_true(str_eq(ev->cgroup.oom_memcg, STR("/name1")));
	assert_true(str_eq(ev->outcome_text, STR("OOM victim 7 (redacted)")));
	assert_false(str_has(ev->hardware, STR("acme")) ||
		     str_has(ev->killer_reason, STR("acme")) || str_has(line.raw, STR("acme")) ||
		     str_has(line.text, STR("acme")));
	assert_true(str_eq(
	    ev->witness, STR("oomwhy-witness 1\noom_kill 3\nsurvivor 7 8 0\tproc1\t/name1\n")));
	event_free(ev);
	redactor_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_stays_unknown),
		cmocka_unit_test(one_name_for_one_thing),
		cmocka_unit_test(programs),
		cmocka_unit_test(paths),
		cmocka_unit_test(events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
