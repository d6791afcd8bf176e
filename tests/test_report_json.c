#include "tests/report_event.h"

#include "base/mem.h"

#include <jansson.h>

static json_t *
event_json(struct event *ev, const struct verdict *v)
{
	struct finding f = { .event = ev, .verdict = v };
	char *text = render_one("ndjson", &f, (struct report_opts){ 0 });
	json_error_t error;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (o == NULL)
		fail_msg("%s at %d of %s", error.text, error.position, text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	return o;
}

/* The contract: every key is there, and what is not known is null. */
static void
unknown_is_null(void **state)
{
	static const char *const nulls[] = { "host", "boot_id", "kernel", "page_size", "time",
		"time_source", "time_error_us", "monotonic_us", "constraint", "reason", "trigger",
		"cgroup", "tasks", "memory", "verdict", "ledger", "services", "diagnoses" };
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	json_t *o = event_json(ev, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nulls); i++) {
		json_t *v = json_object_get(o, nulls[i]);

		if (!json_is_null(v))
			fail_msg("%s is %s", nulls[i], v == NULL ? "not there" : "not null");
	}
	assert_string_equal(json_string_value(json_object_get(o, "outcome")), "unknown");
	assert_true(json_is_array(json_object_get(o, "victims")));
	json_decref(o);
	event_free(ev);
}

static void
empty_table_is_not_unknown(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	json_t *o;

	(void)state;
	ev->tasks.seen = true;
	o = event_json(ev, NULL);
	assert_true(json_is_array(json_object_get(o, "tasks")));
	assert_int_equal(json_array_size(json_object_get(o, "tasks")), 0);
	json_decref(o);
	event_free(ev);
}

/* Names that would break out of a string, end a line or are no UTF-8. */
static void
hostile_names(void **state)
{
	static const struct {
		const char *comm, *want;
	} rows[] = {
		{ "a\"b", "a\"b" },
		{ "\"", "\"" },
		{ "", "" },
		{ "a\\b", "a\\x5cb" },
		{ "\033[31m", "\\x1b[31m" },
		{ "a\nb\x7f", "a\\x0ab\\x7f" },
		{ "\xff\xc3", "\\xff\\xc3" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\xe2\x80\xae rtl", "\\xe2\\x80\\xae rtl" },
		{ "\",\"pid\":1,\"x\":\"", "\",\"pid\":1,\"x\":\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct event *ev = make_kill(rows[i].comm, 7, 0);
		json_t *o, *victim, *task;

		add_row(ev, rows[i].comm, 7, 1);
		o = event_json(ev, NULL);
		victim = json_array_get(json_object_get(o, "victims"), 0);
		task = json_array_get(json_object_get(o, "tasks"), 0);
		assert_string_equal(
		    json_string_value(json_object_get(victim, "comm")), rows[i].want);
		assert_string_equal(json_string_value(json_object_get(task, "comm")), rows[i].want);
		json_decref(o);
		event_free(ev);
	}
}

static void
every_number_of_a_row(void **state)
{
	static const int64_t values[] = { 0, -1, 9, 10, -1000, INT64_MAX, INT64_MIN + 1 };
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	struct score scores[ARRAY_LEN(values)];
	struct verdict v = { .scores = scores };
	json_t *o, *tasks;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		add_row(ev, "x", values[i], UNKNOWN);
		scores[i] =
		    (struct score){ .badness = values[i], .rank = UNKNOWN, .why_not = "q\"" };
	}
	o = event_json(ev, &v);
	tasks = json_object_get(o, "tasks");
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		json_t *t = json_array_get(tasks, i);

		assert_true(json_integer_value(json_object_get(t, "pid")) == values[i]);
		assert_true(json_integer_value(json_object_get(t, "badness")) == values[i]);
		assert_true(json_is_null(json_object_get(t, "rss_pages")));
		assert_true(json_is_null(json_object_get(t, "rank")));
		assert_true(json_is_false(json_object_get(t, "eligible")));
		assert_string_equal(json_string_value(json_object_get(t, "why_not")), "q\"");
	}
	json_decref(o);
	event_free(ev);
}

static void
limit_that_is_none(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	json_t *o, *g;

	(void)state;
	ev->cgroup.memory = (struct cgroup_usage){ 100, 200, 3, 1 };
	ev->cgroup.swap = (struct cgroup_usage){ 0, INT64_MAX, 0, 2 };
	o = event_json(ev, NULL);
	g = json_object_get(o, "cgroup");
	assert_int_equal(json_integer_value(json_object_get(g, "limit_kb")), 200);
	assert_true(json_is_false(json_object_get(g, "limit_unlimited")));
	assert_true(json_is_null(json_object_get(g, "swap_limit_kb")));
	assert_true(json_is_true(json_object_get(g, "swap_limit_unlimited")));
	assert_true(json_is_null(json_object_get(g, "memsw")));
	json_decref(o);
	event_free(ev);
}

static void
flags_and_zone(void **state)
{
	static const struct {
		const char *flags, *zone;
		size_t n;
	} rows[] = {
		{ "", NULL, 0 },
		{ "GFP_KERNEL", "Normal", 1 },
		{ "GFP_HIGHUSER_MOVABLE|__GFP_ZERO", "Normal", 2 },
		{ "GFP_KERNEL|GFP_DMA", "DMA", 2 },
		{ "GFP_USER|__GFP_DMA32|__GFP_ZERO", "DMA32", 3 },
		{ "GFP_DMANOT", "Normal", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct event *ev = event_new(EVENT_KERNEL_OOM);
		json_t *o, *t, *zone;

		ev->trigger.comm = STR("x");
		ev->trigger.gfp_flags = str_from(rows[i].flags);
		o = event_json(ev, NULL);
		t = json_object_get(o, "trigger");
		zone = json_object_get(t, "zone");
		assert_int_equal(json_array_size(json_object_get(t, "gfp_flags")), rows[i].n);
		if (rows[i].zone == NULL)
			assert_true(json_is_null(zone));
		else
			assert_string_equal(json_string_value(zone), rows[i].zone);
		json_decref(o);
		event_free(ev);
	}
}

/* Pages times a page size may not fit, and without one there is nothing to say. */
static void
counters_without_page_size(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	json_t *o, *m;

	(void)state;
	ev->memory.seen = true;
	ev->memory.ram_pages = INT64_MAX;
	event_add_counter(ev, &ev->memory.global_pages, STR("free"), 5);
	o = event_json(ev, NULL);
	m = json_object_get(o, "memory");
	assert_true(json_is_null(json_object_get(m, "counters")));
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(m, "counters_pages"), "free")), 5);
	json_decref(o);
	ev->page_size = 16384;
	o = event_json(ev, NULL);
	m = json_object_get(o, "memory");
	assert_true(json_is_null(json_object_get(m, "ram_kb")));
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(m, "counters"), "free")), 80);
	json_decref(o);
	event_free(ev);
}

/* However little memory there is: an error, never half a truth taken for whole. */
static void
no_memory(void **state)
{
	struct event *ev = make_kill("a\nb", 1, 0);
	struct finding f = { .event = ev };
	const struct renderer *r = renderer_find("ndjson");
	bool done = false;

	(void)state;
	event_add_counter(ev, &ev->memory.global_pages, STR("fr\nee"), 5);
	ev->memory.seen = true;
	ev->page_size = 4096;
	for (long n = 0; !done && n < 10000; n++) {
		struct report rep = { .out = fopen("/dev/null", "w") };
		struct err err;

		assert_non_null(rep.out);
		mem_fail_after(n);
		r->event(&rep, &f);
		mem_fail_after(-1);
		done = report_finish(&rep, &err) == 0;
		fclose(rep.out);
	}
	assert_true(done);
	event_free(ev);
}

static void
document(void **state)
{
	const struct renderer *r = renderer_find("json");
	struct searched_source source = {
		.path = "a\"b", .failed = "x\ny", .lines = 3, .first_us = 0, .last_us = UNKNOWN
	};
	struct searched searched = { .v = &source, .n = 1, .events = 7, .filtered = 5 };
	struct incident_list list = { 0 };
	struct digest d = { &searched, &list };
	struct report rep = { 0 };
	char *text = NULL;
	size_t size;
	json_t *o, *s;

	(void)state;
	incident_add(&list, (struct finding){ .event = make_kill("a", 1, 0) }, 0);
	incident_add(&list, (struct finding){ .event = make_kill("b", 2, 1) }, 0);
	rep.out = open_memstream(&text, &size);
	report_begin(r, &rep);
	report_incidents(r, &rep, &d);
	fclose(rep.out);
	o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(o);
	assert_int_equal(json_array_size(json_object_get(o, "events")), 2);
	assert_int_equal(json_array_size(json_object_get(o, "incidents")), 1);
	s = json_object_get(o, "searched");
	assert_int_equal(json_integer_value(json_object_get(s, "events_filtered")), 5);
	assert_string_equal(
	    json_string_value(json_object_get(s, "from")), "1970-01-01T00:00:00.000000Z");
	assert_true(json_is_null(json_object_get(s, "to")));
	json_decref(o);
	free(text);
	incident_list_done(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(empty_table_is_not_unknown),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(every_number_of_a_row),
		cmocka_unit_test(limit_that_is_none),
		cmocka_unit_test(flags_and_zone),
		cmocka_unit_test(counters_without_page_size),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(document),
	};

	json_set_alloc_funcs(mem_alloc, mem_free);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
