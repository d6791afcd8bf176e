/* One event is one row, whatever logs tell of it. */
#include "tests/test.h"

#include "tests/store_event.h"

#define SECOND INT64_C(1000000)
#define NOON (INT64_C(1763812800) * SECOND)

struct spot {
	struct scratch dir;
	struct store *st;
};

static int
setup(void **state)
{
	struct spot *p = malloc(sizeof(*p));

	p->dir = scratch_new();
	p->st = open_store(p->dir.db, STORE_WRITE);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct spot *p = *state;

	store_close(p->st);
	scratch_done(&p->dir);
	free(p);
	return 0;
}

/* mysqld[106], killed at a time that the log tells by one clock, the other, or both. */
static struct event *
kill_at(int64_t mono_us, int64_t real_us, const char *id)
{
	struct event *ev = make_kill("mysqld", 106, mono_us);
	struct victim *v = &ev->victims[0];

	v->total_vm_kb = 93376;
	v->anon_rss_kb = 92076;
	v->file_rss_kb = 4;
	v->mono_us = mono_us;
	v->real_us = ev->real_us = real_us;
	ev->real_source = known(real_us) ? TIME_RECORD : TIME_NONE;
	snprintf(ev->id, sizeof(ev->id), "%.16s", id);
	return ev;
}

static void
add_source(struct event *ev, const char *path, int64_t line)
{
	ev->sources = arena_alloc(&ev->mem, sizeof(*ev->sources));
	ev->sources[0] = (struct event_source){ str_from(path), line, line + 3 };
	ev->nsources = ev->sources_cap = 1;
}

/* Put one and free it; its row. */
static int64_t
put_one(struct store *st, struct event *ev, enum store_put want)
{
	int64_t event;

	assert_int_equal(put(st, ev, &event), want);
	event_free(ev);
	return event;
}

static void
ids_differ_events_differ(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *other = kill_at(9, NOON, "0000000000000002");

	other->victims[0].pid = 107;
	put_one(st, kill_at(9, NOON, "0000000000000001"), PUT_NEW);
	put_one(st, other, PUT_NEW);
	/* The same pid and sizes a moment later by the kernel's clock: killed again. */
	put_one(st, kill_at(10, NOON, "0000000000000003"), PUT_NEW);
	/* The same by the wall clock, days later. */
	put_one(st, kill_at(UNKNOWN, NOON + 3 * 86400 * SECOND, "0000000000000004"), PUT_NEW);
}

static void
hosts_and_boots_are_apart(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *a = kill_at(9, NOON, "0000000000000001");
	struct event *b = kill_at(9, NOON, "0000000000000001");
	struct event *c = kill_at(9, NOON, "0000000000000001");
	struct event *d = kill_at(9, NOON, "0000000000000001");

	a->host = STR("web1");
	b->host = STR("web2");
	c->host = d->host = STR("web1");
	a->boot_id = STR("aaaa");
	c->boot_id = STR("bbbb");
	put_one(st, a, PUT_NEW);
	put_one(st, b, PUT_NEW);
	put_one(st, c, PUT_NEW);
	put_one(st, d, PUT_KNOWN); /* of an unknown boot: the first it may be */
}

static void
a_copy_adds_its_source_once(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *ev;
	int64_t event = 0;

	for (int i = 0; i < 4; i++) {
		ev = kill_at(9, NOON, "0000000000000001");
		add_source(ev, i % 2 == 0 ? "/var/log/syslog" : "/var/log/syslog.1", 40);
		event = put_one(st, ev, i == 0 ? PUT_NEW : PUT_KNOWN);
	}
	ev = get(st, event);
	assert_int_equal(ev->nsources, 2);
	assert_str(ev->sources[0].path, "/var/log/syslog");
	assert_str(ev->sources[1].path, "/var/log/syslog.1");
	event_free(ev);
}

/* dmesg -T has no kernel stamp: the id is of the second, and it may be some off. */
static void
no_kernel_stamp(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	int64_t first = put_one(st, kill_at(9, NOON, "0000000000000001"), PUT_NEW);
	struct event *copy = kill_at(UNKNOWN, NOON + SECOND, "0000000000000002"), *ev;

	store_begin_pass(st);
	assert_int_equal(put_one(st, copy, PUT_KNOWN), first);
	store_begin_pass(st);
	copy = kill_at(UNKNOWN, NOON - 3600 * SECOND, "0000000000000003"); /* a wrong zone */
	assert_int_equal(put_one(st, copy, PUT_KNOWN), first);
	ev = get(st, first);
	assert_string_equal(ev->id, "0000000000000001");
	event_free(ev);
}

/* One copy has only the kernel's clock, the other only the wall's: the order tells. */
static void
no_clock_in_common(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	int64_t a, b;
	struct event *ev;

	a = put_one(st, kill_at(9 * SECOND, UNKNOWN, "0000000000000001"), PUT_NEW);
	b = put_one(st, kill_at(99 * SECOND, UNKNOWN, "0000000000000002"), PUT_NEW);
	store_begin_pass(st);
	assert_int_equal(put_one(st, kill_at(UNKNOWN, NOON, "0000000000000003"), PUT_COMPLETED), a);
	assert_int_equal(
	    put_one(st, kill_at(UNKNOWN, NOON + 90 * SECOND, "0000000000000004"), PUT_COMPLETED),
	    b);
	put_one(st, kill_at(UNKNOWN, NOON + 200 * SECOND, "0000000000000005"), PUT_NEW);
	ev = get(st, a);
	assert_string_equal(ev->id, "0000000000000001");
	assert_int_equal(ev->real_us, NOON);
	assert_int_equal(ev->mono_us, 9 * SECOND);
	event_free(ev);
	store_begin_pass(st); /* and read again, nothing is new */
	assert_int_equal(put_one(st, kill_at(UNKNOWN, NOON, "0000000000000003"), PUT_KNOWN), a);
	assert_int_equal(
	    put_one(st, kill_at(UNKNOWN, NOON + 90 * SECOND, "0000000000000004"), PUT_KNOWN), b);
}

static void
a_guessed_year(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *ev = kill_at(UNKNOWN, NOON - 365 * 86400 * SECOND, "0000000000000002");
	int64_t first = put_one(st, kill_at(UNKNOWN, NOON, "0000000000000001"), PUT_NEW);

	ev->real_source = TIME_INFERRED_YEAR;
	store_begin_pass(st);
	assert_int_equal(put_one(st, ev, PUT_KNOWN), first);
}

/* The first kill line was lost: another victim gives the id, the microsecond joins them. */
static void
a_lost_kill_line(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *whole = kill_at(9, NOON, "0000000000000001");
	struct event *poor = make_kill("child", 107, 9);
	struct victim *v = event_add_victim(whole);
	int64_t first;

	v->pid = 107;
	v->comm = STR("child");
	v->mono_us = poor->victims[0].mono_us = 10;
	strcpy(poor->id, "0000000000000002");
	first = put_one(st, poor, PUT_NEW);
	assert_int_equal(put_one(st, whole, PUT_COMPLETED), first);
	whole = get(st, first);
	assert_int_equal(whole->nvictims, 2);
	assert_string_equal(whole->id, "0000000000000002");
	event_free(whole);
}

static void
the_fuller_copy_completes(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *poor = kill_at(9, UNKNOWN, "0000000000000001");
	struct event *full = kill_at(9, NOON, "0000000000000001");
	struct event *ev;
	int64_t event;

	poor->host = STR("web1");
	poor->victims[0].reaped = true;
	poor->victims[0].reaped_anon_kb = 7;
	add_source(poor, "poor", 1);
	full->completeness = COMPLETE_FULL;
	full->kernel = STR("6.1.0");
	add_row(full, "mysqld", 106, 23000);
	add_source(full, "full", 100);
	event = put_one(st, poor, PUT_NEW);
	assert_int_equal(put_one(st, full, PUT_COMPLETED), event);
	ev = get(st, event);
	assert_int_equal(ev->completeness, COMPLETE_FULL);
	assert_int_equal(ev->tasks.n, 1);
	assert_str(ev->host, "web1");
	assert_str(ev->kernel, "6.1.0");
	assert_int_equal(ev->real_us, NOON);
	assert_true(ev->victims[0].reaped);
	assert_int_equal(ev->victims[0].reaped_anon_kb, 7);
	assert_int_equal(ev->nsources, 2);
	assert_str(ev->sources[0].path, "full"); /* whose lines the evidence is */
	event_free(ev);
}

static void
nobody_killed(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct event *a = event_new(EVENT_KERNEL_OOM), *b = event_new(EVENT_KERNEL_OOM), *c;
	struct event *const all[] = { a, b };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		all[i]->trigger.line = 1;
		all[i]->trigger.pid = 5;
		all[i]->trigger.comm = STR("init");
		snprintf(all[i]->id, sizeof(all[i]->id), "000000000000000%zu", i);
	}
	a->mono_us = b->mono_us = 77;
	b->outcome = OUTCOME_PANIC; /* the other copy was cut before */
	c = kill_at(78, UNKNOWN, "0000000000000009");
	c->trigger = a->trigger;
	put_one(st, a, PUT_NEW);
	put_one(st, b, PUT_KNOWN);
	put_one(st, c, PUT_NEW);
}

static void
ids_are_found_by_their_beginning(void **state)
{
	struct store *st = ((struct spot *)*state)->st;
	struct err err;
	int64_t a = put_one(st, kill_at(1, NOON, "abcdef0000000001"), PUT_NEW), found = 0;

	put_one(st, kill_at(2, NOON, "abcdef0000000002"), PUT_NEW);
	assert_int_equal(store_find(st, "abcdee", &found, &err), 0);
	assert_int_equal(store_find(st, "abcdef0000000001f", &found, &err), 0);
	assert_int_equal(store_find(st, "abcdef", &found, &err), 2);
	assert_int_equal(store_find(st, "abcdef0000000001", &found, &err), 1);
	assert_int_equal(found, a);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ids_differ_events_differ),
		TEST(hosts_and_boots_are_apart),
		TEST(a_copy_adds_its_source_once),
		TEST(no_kernel_stamp),
		TEST(no_clock_in_common),
		TEST(a_guessed_year),
		TEST(a_lost_kill_line),
		TEST(the_fuller_copy_completes),
		TEST(nobody_killed),
		TEST(ids_are_found_by_their_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
