/* Lists, and that each filter has its index. */
#include "tests/test.h"

#include "tests/store_event.h"

#include <sqlite3.h>

#define SECOND INT64_C(1000000)
#define NOON (INT64_C(1763812800) * SECOND)

struct seen {
	int64_t events[64], per[64];
	size_t n;
	bool summarised;
	char says[64];
};

static int
see(void *ctx, const struct store_row *row, struct err *err)
{
	struct seen *s = ctx;

	(void)err;
	if (s->n == ARRAY_LEN(s->events))
		return 0;
	s->per[s->n] = row->events;
	s->events[s->n++] = row->event;
	s->summarised = row->summarised;
	snprintf(s->says, sizeof(s->says), "%.*s", STR_ARG(row->summary.says));
	return 0;
}

static struct seen
list(struct store *st, struct store_filter w)
{
	struct seen s = { .n = 0 };
	struct err err = { "" };

	if (w.since_us == 0)
		w.since_us = UNKNOWN;
	if (w.until_us == 0)
		w.until_us = UNKNOWN;
	w.analyzer = "1";
	if (store_list(st, &w, see, &s, &err) != 0)
		fail_msg("%s", err.msg);
	return s;
}

/* 1: web1, a, now; 2: web1, b, +10 s; 3: web2, a, +20 s; 4: web1, a, an hour on; 5: no time. */
static void
fill(struct store *st)
{
	static const int64_t after[] = { 0, 10, 20, 3600, 0 };

	for (int i = 0; i < 5; i++) {
		struct event *ev = make_kill(i == 1 ? "b" : "a", 100 + i, i + 1);
		int64_t event;

		ev->host = i == 2 ? STR("web2") : STR("web1");
		ev->real_us = i == 4 ? UNKNOWN : NOON + after[i] * SECOND;
		ev->constraint = i == 1 ? CONSTRAINT_MEMCG : CONSTRAINT_NONE;
		if (i == 1)
			ev->cgroup.oom_memcg = STR("/system.slice/a.service");
		if (i == 3)
			ev->outcome = OUTCOME_PANIC;
		assert_int_equal(put(st, ev, &event), PUT_NEW);
		assert_int_equal(event, i + 1);
		event_free(ev);
	}
}

static void
filters(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	struct seen s;

	(void)state;
	assert_int_equal(list(st, (struct store_filter){ 0 }).n, 0);
	fill(st);
	s = list(st, (struct store_filter){ 0 });
	assert_int_equal(s.n, 5);
	assert_int_equal(s.events[0], 4);
	assert_int_equal(s.events[4], 5); /* without a time: last */
	s = list(st, (struct store_filter){ .limit = 2, .offset = 1 });
	assert_int_equal(s.n, 2);
	assert_int_equal(s.events[0], 3);
	assert_int_equal(list(st, (struct store_filter){ .host = "web2" }).events[0], 3);
	assert_int_equal(list(st, (struct store_filter){ .host = "web" }).n, 0);
	assert_int_equal(list(st, (struct store_filter){ .victim = "a" }).n, 4);
	assert_int_equal(list(st, (struct store_filter){ .victim = "a' OR 1 --" }).n, 0);
	assert_int_equal(list(st, (struct store_filter){ .cgroup = "/system.slice" }).n, 1);
	assert_int_equal(list(st, (struct store_filter){ .cgroup = "/system.slice/a" }).n, 0);
	assert_int_equal(list(st, (struct store_filter){ .constraint = "memcg" }).events[0], 2);
	assert_int_equal(list(st, (struct store_filter){ .outcome = "panic" }).events[0], 4);
	assert_int_equal(list(st, (struct store_filter){ .since_us = NOON + 15 * SECOND }).n, 2);
	assert_int_equal(list(st, (struct store_filter){ .until_us = NOON + 10 * SECOND }).n, 2);
	store_close(st);
	scratch_done(&dir);
}

static void
incidents(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	struct seen s;

	(void)state;
	fill(st);
	s = list(st, (struct store_filter){ .incidents = true });
	assert_int_equal(s.n, 4);
	assert_int_equal(s.events[0], 4);
	assert_int_equal(s.events[1], 3);
	assert_int_equal(s.events[2], 1); /* and 2, 10 s later on the same host */
	assert_int_equal(s.per[2], 2);
	assert_int_equal(s.events[3], 5);
	s = list(st, (struct store_filter){ .incidents = true, .limit = 1, .offset = 2 });
	assert_int_equal(s.n, 1);
	assert_int_equal(s.events[0], 1);
	store_close(st);
	scratch_done(&dir);
}

/* The newest are found without looking at all, and are those that looking at all finds. */
static void
newest_incidents(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	static const int64_t limits[] = { 1, 2, 5, 40, 64 };
	struct err err;
	int64_t at = 0;

	(void)state;
	assert_int_equal(store_begin(st, &err), 0);
	for (int i = 0; i < 900; i++) {
		struct event *ev = make_kill("a", 100 + i, i + 1);
		int64_t event;

		/* Storms of up to 300, on two hosts at once. */
		at += i > 250 && i < 550 ? 1 : i % 7 == 0 ? 61 : i % 3 == 0 ? 60 : 59;
		ev->host = i % 2 == 0 ? STR("web1") : STR("web2");
		ev->real_us = i % 50 == 9 ? UNKNOWN : NOON + at * SECOND;
		assert_int_equal(store_put(st, ev, &event, &err), PUT_NEW);
		event_free(ev);
	}
	assert_int_equal(store_commit(st, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		for (int64_t from = 0; from < 60; from += 11) {
			struct store_filter w = { .incidents = true, .offset = from };
			struct seen all, some;

			w.host = i % 2 == 0 ? NULL : "web2";
			all = list(st, w);
			w.limit = limits[i];
			some = list(st, w);
			assert_int_equal(
			    some.n, all.n < (size_t)limits[i] ? all.n : (size_t)limits[i]);
			assert_memory_equal(some.events, all.events, some.n * sizeof(*some.events));
			assert_memory_equal(some.per, all.per, some.n * sizeof(*some.per));
		}
	}
	store_close(st);
	scratch_done(&dir);
}

/* A summary is of one analyzer, and of the event as it was then. */
static void
summaries(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	struct summary_row row = { 1, STR("badness"), STR("so"), STR("MySQL"), STR_NONE };
	struct err err;
	struct event *ev;
	struct seen s;

	(void)state;
	fill(st);
	assert_int_equal(store_unsummarised(st, 0, "1", &err), 1);
	for (int64_t event = 1; event <= 5; event++)
		assert_int_equal(store_set_summary(st, event, "1", &row, &err), 0);
	assert_int_equal(store_unsummarised(st, 0, "1", &err), 0);
	assert_int_equal(store_unsummarised(st, 0, "2", &err), 1);
	assert_int_equal(store_unsummarised(st, 3, "2", &err), 4);
	s = list(st, (struct store_filter){ .host = "web2" });
	assert_true(s.summarised);
	assert_string_equal(s.says, "so");
	ev = get(st, 3);
	assert_int_equal(store_replace(st, 3, ev, &err), 0);
	event_free(ev);
	assert_int_equal(store_unsummarised(st, 0, "1", &err), 3);
	store_close(st);
	scratch_done(&dir);
}

static void
prune(void **state)
{
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	struct err err;
	int64_t gone, event;

	(void)state;
	fill(st);
	assert_int_equal(store_prune(st, NOON + 5 * SECOND, UNKNOWN, &gone, &err), 0);
	assert_int_equal(gone, 1);
	assert_int_equal(list(st, (struct store_filter){ 0 }).n, 4); /* 5 was stored today */
	for (int i = 0; i < 500; i++) {
		struct event *ev = make_kill("c", 1000 + i, 1000 + i);

		for (int k = 0; k < 100; k++)
			add_row(ev, "a task with a name", k, k);
		ev->real_us = NOON + i * SECOND;
		put(st, ev, &event);
		event_free(ev);
	}
	assert_int_equal(store_prune(st, UNKNOWN, 1 << 20, &gone, &err), 0);
	assert_true(gone > 0);
	assert_int_equal(store_check(st, &event, &err), 0);
	{
		struct store_info info;

		assert_int_equal(store_info(st, &info, &err), 0);
		assert_true(info.bytes <= 1 << 20);
		assert_true(info.events > 0);
	}
	store_close(st);
	scratch_done(&dir);
}

static void
uses(sqlite3 *db, const char *query, const char *index)
{
	char sql[512], plan[2048] = "";
	sqlite3_stmt *s;

	snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", query);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		size_t n = strlen(plan);

		snprintf(plan + n, sizeof(plan) - n, "%s\n", sqlite3_column_text(s, 3));
	}
	sqlite3_finalize(s);
	if (strstr(plan, index) == NULL)
		fail_msg("no %s in the plan of %s:\n%s", index, query, plan);
}

static void
queries_use_indexes(void **state)
{
	struct scratch dir = scratch_new();
	sqlite3 *db;

	(void)state;
	store_close(open_store(dir.db, STORE_WRITE));
	assert_int_equal(sqlite3_open(dir.db, &db), SQLITE_OK);
	uses(db, "SELECT event FROM events ORDER BY real_us DESC,event DESC LIMIT 20",
	    "events_by_time");
	uses(db, "SELECT event FROM events WHERE id>='abc' AND id<'abg'", "events_by_id");
	uses(db,
	    "SELECT event FROM events WHERE event IN"
	    " (SELECT event FROM victims WHERE comm='a')",
	    "victims_by_name");
	uses(db,
	    "SELECT event FROM events e WHERE e.oom_memcg=?4 OR (e.oom_memcg>=?4||'/' AND"
	    " e.oom_memcg<?4||'0') OR e.task_memcg=?4",
	    "events_by_limit");
	uses(db, "SELECT event FROM events WHERE host='a' AND boot=1 AND mono_us>4",
	    "events_by_host");
	uses(db, "SELECT * FROM keys WHERE key=7", "PRIMARY KEY (key=?)");
	uses(db, "SELECT * FROM tasks WHERE event=7 ORDER BY seq", "PRIMARY KEY (event=?)");
	uses(db, "SELECT * FROM checkpoints WHERE device=1 AND inode=2", "checkpoints_by_file");
	uses(db, "SELECT * FROM checkpoints WHERE head=1", "checkpoints_by_head");
	sqlite3_close(db);
	scratch_done(&dir);
}

/* What a person wrote into the tables by mistake is refused. */
static void
types_are_held(void **state)
{
	static const char *const wrong[] = {
		"INSERT INTO tasks(event,seq,pid) VALUES(1,999,'many')",
		"INSERT INTO tasks(event,seq,pid) VALUES(77,0,1)",
		"UPDATE events SET host=5",
		"UPDATE events SET trust_kernel=2",
		"UPDATE events SET id='short'",
		"UPDATE victims SET comm=x'00'",
		"UPDATE reports SET raw='text'",
	};
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	sqlite3 *db;

	(void)state;
	fill(st);
	store_close(st);
	assert_int_equal(sqlite3_open(dir.db, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA foreign_keys=ON", NULL, NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		if (sqlite3_exec(db, wrong[i], NULL, NULL, NULL) != SQLITE_CONSTRAINT)
			fail_msg("accepted: %s", wrong[i]);
	}
	sqlite3_close(db);
	scratch_done(&dir);
}

static void
views_can_be_read(void **state)
{
	static const char *const views[] = { "v_events", "v_victims", "v_tasks", "v_counters",
		"v_sources" };
	struct scratch dir = scratch_new();
	struct store *st = open_store(dir.db, STORE_WRITE);
	sqlite3 *db;
	char sql[64];

	(void)state;
	fill(st);
	store_close(st);
	assert_int_equal(sqlite3_open(dir.db, &db), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		snprintf(sql, sizeof(sql), "SELECT * FROM %s", views[i]);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", views[i], sqlite3_errmsg(db));
	}
	sqlite3_close(db);
	scratch_done(&dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters),
		cmocka_unit_test(incidents),
		cmocka_unit_test(newest_incidents),
		cmocka_unit_test(summaries),
		cmocka_unit_test(prune),
		cmocka_unit_test(queries_use_indexes),
		cmocka_unit_test(types_are_held),
		cmocka_unit_test(views_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
