#include "tests/analyze_event.h"

#include "analyze/totalpages.h"

static struct total
total_by_release(struct event *ev)
{
	struct era_match era = era_of(ev);
	struct total t;

	assert_int_equal(total_of(ev, &era, &t), 0);
	return t;
}

static void
nothing_known_gives_no_number(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_NONE);
	struct total t = total_by_release(ev);

	(void)state;
	assert_int_equal(t.quality, QUALITY_NONE);
	assert_int_equal(t.pages, UNKNOWN);
	assert_str(t.how, "not in the log");
	event_free(ev);
}

static void
impossible_numbers_are_not_used(void **state)
{
	struct event *ev = make_global("6.1.0", 1000, 2000, 0);

	(void)state;
	assert_int_equal(total_by_release(ev).quality, QUALITY_NONE);
	ev->memory.ram_pages = INT64_MAX;
	ev->memory.reserved_pages = -INT64_MAX;
	assert_int_equal(total_by_release(ev).quality, QUALITY_NONE);
	ev->memory.reserved_pages = 0;
	ev->memory.swap_total_kb = INT64_MAX;
	assert_int_equal(total_by_release(ev).pages, INT64_MAX);
	ev->page_size = 3;
	assert_int_equal(total_by_release(ev).page_size, UNKNOWN);
	event_free(ev);
}

static void
global_is_ram_and_swap(void **state)
{
	struct event *ev = make_global("6.11.0-rc1+", 2097022, 67366, 0);
	struct total t = total_by_release(ev);

	(void)state;
	assert_int_equal(t.pages, 2029656);
	assert_int_equal(t.max, 2029656);
	assert_int_equal(t.quality, QUALITY_EXACT);
	assert_str(t.how, "RAM 2029656 + swap 0 pages");
	ev->memory.swap_total_kb = 4096;
	assert_int_equal(total_by_release(ev).pages, 2029656 + 1024);
	event_free(ev);
}

static void
swap_unknown_is_not_zero(void **state)
{
	struct event *ev = make_global("6.1.0", 1000, 100, UNKNOWN);
	struct total t = total_by_release(ev);

	(void)state;
	assert_int_equal(t.pages, 900);
	assert_int_equal(t.max, UNKNOWN);
	assert_int_equal(t.quality, QUALITY_LOWER_BOUND);
	ev->boot_swap_total_kb = 400;
	t = total_by_release(ev);
	assert_int_equal(t.pages, 1000);
	assert_int_equal(t.quality, QUALITY_APPROXIMATE);
	event_free(ev);
}

/* From 3.12 to 3.17 "pages reserved" was that of one zone. */
static void
reserved_line_of_3_12_is_not_trusted(void **state)
{
	struct event *ev = make_global("3.16.0-4-amd64", 131072, 0, 0);
	struct total t = total_by_release(ev);

	(void)state;
	assert_int_equal(t.quality, QUALITY_NONE);
	add_zone(ev, 0, 16384, 15360);
	add_zone(ev, 0, 507904, 480000);
	t = total_by_release(ev);
	assert_int_equal(t.pages, (15360 + 480000) / 4);
	assert_int_equal(t.quality, QUALITY_EXACT);
	/* RHEL 7 has it mended. */
	ev->kernel = STR("3.10.0-1160.el7.x86_64");
	ev->memory.reserved_pages = 7000;
	assert_int_equal(total_by_release(ev).pages, 131072 - 7000);
	event_free(ev);
}

static void
cma_is_apart_until_4_2(void **state)
{
	struct event *ev = make_global("4.1.15", 10000, 1000, 0);

	(void)state;
	ev->memory.cma_reserved_pages = 500;
	assert_int_equal(total_by_release(ev).pages, 8500);
	ev->kernel = STR("4.2.8");
	assert_int_equal(total_by_release(ev).pages, 9000);
	event_free(ev);
}

static void
old_totals_are_approximate(void **state)
{
	struct event *ev = make_global("3.8.13", 10000, 1000, 0);
	struct total t;

	(void)state;
	add_zone(ev, 0, 40000, 35600);
	t = total_by_release(ev);
	assert_int_equal(t.pages, 8900);
	assert_int_equal(t.max, 9000);
	assert_int_equal(t.quality, QUALITY_APPROXIMATE);
	ev->kernel = STR("2.6.32-504.el6.x86_64");
	t = total_by_release(ev);
	assert_int_equal(t.pages, 9000);
	assert_int_equal(t.quality, QUALITY_APPROXIMATE);
	event_free(ev);
}

static void
node_lists_are_read(void **state)
{
	(void)state;
	assert_true(node_listed(STR("0,2-3"), 3));
	assert_true(node_listed(STR("0,2-3"), 0));
	assert_false(node_listed(STR("0,2-3"), 1));
	assert_false(node_listed(STR("(null)"), 0));
	assert_false(node_listed(STR("0-"), 0));
	assert_false(node_listed(STR_NONE, 0));
}

static void
nodes_count_as_present_from_5_4(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_CPUSET);
	struct total t;

	(void)state;
	ev->cgroup.mems_allowed = STR("1");
	ev->memory.swap_total_kb = 0;
	add_zone(ev, 0, 400000, 390000);
	add_zone(ev, 1, 80000, 70000);
	add_zone(ev, 1, 20000, 10000);
	t = total_by_release(ev);
	assert_int_equal(t.pages, 25000);
	assert_int_equal(t.quality, QUALITY_EXACT);
	ev->kernel = STR("5.3.0");
	t = total_by_release(ev);
	assert_int_equal(t.pages, 25000);
	assert_int_equal(t.quality, QUALITY_LOWER_BOUND);
	assert_int_equal(t.max, UNKNOWN);
	ev->constraint = CONSTRAINT_MEMORY_POLICY;
	ev->cgroup.nodemask = STR("0");
	assert_int_equal(total_by_release(ev).pages, 100000);
	ev->cgroup.nodemask = STR("7");
	assert_int_equal(total_by_release(ev).quality, QUALITY_NONE);
	event_free(ev);
}

/* "memory: usage 51200kB, limit 51200kB", "swap: usage 0kB, limit 0kB" */
static void
memcg_without_swap_needs_nothing_else(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);
	struct total t;

	(void)state;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.swap.limit_kb = 0;
	t = total_by_release(ev);
	assert_int_equal(t.pages, 12800);
	assert_int_equal(t.quality, QUALITY_EXACT);
	event_free(ev);
}

static void
memcg_with_unknown_swap_is_a_range(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);
	struct total t;

	(void)state;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.swap.limit_kb = 4000;
	t = total_by_release(ev);
	assert_int_equal(t.pages, 12800);
	assert_int_equal(t.max, 13800);
	assert_int_equal(t.quality, QUALITY_LOWER_BOUND);
	ev->cgroup.swap.limit_kb = INT64_MAX;
	assert_int_equal(total_by_release(ev).max, UNKNOWN);
	ev->boot_swap_total_kb = 2000;
	t = total_by_release(ev);
	assert_int_equal(t.pages, 13300);
	assert_int_equal(t.quality, QUALITY_APPROXIMATE);
	event_free(ev);
}

static void
memcg_v1_is_capped_by_memory_and_swap(void **state)
{
	struct event *ev = make_event("4.19.40", CONSTRAINT_MEMCG);

	(void)state;
	ev->boot_swap_total_kb = 400000;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.memsw.limit_kb = 61200;
	assert_int_equal(total_by_release(ev).pages, 61200 / 4);
	ev->cgroup.memsw.limit_kb = 51200;
	assert_int_equal(total_by_release(ev).quality, QUALITY_EXACT);
	ev->cgroup.memsw.limit_kb = INT64_MAX;
	assert_int_equal(total_by_release(ev).pages, 451200 / 4);
	event_free(ev);
}

static void
memcg_without_limit_has_the_kernels_largest(void **state)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);

	(void)state;
	ev->cgroup.memory.limit_kb = INT64_MAX;
	ev->cgroup.swap.limit_kb = INT64_MAX;
	ev->boot_swap_total_kb = 0;
	assert_int_equal(total_by_release(ev).pages, INT64_MAX / 4096);
	event_free(ev);
}

/* 2.6.36 - 2.6.38: (limit in bytes + swap in pages) >> PAGE_SHIFT. */
static void
memcg_of_2_6_36_ignores_swap(void **state)
{
	struct event *ev = make_event("2.6.37", CONSTRAINT_MEMCG);

	(void)state;
	ev->memory.swap_total_kb = 4096 * 4 * 3;
	ev->cgroup.memory.limit_kb = 51200;
	assert_int_equal(total_by_release(ev).pages, 12800 + 3);
	event_free(ev);
}

static void
pages_of_other_sizes(void **state)
{
	struct event *ev = make_event("6.1.0-16k", CONSTRAINT_MEMCG);

	(void)state;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.swap.limit_kb = 0;
	ev->page_size = 16384;
	assert_int_equal(total_by_release(ev).pages, 3200);
	ev->page_size = 65536;
	assert_int_equal(total_by_release(ev).pages, 800);
	event_free(ev);
}

static void
a_page_is_4k_only_where_the_log_shows_x86(void **state)
{
	struct event *ev = make_event("6.1.0-arm64", CONSTRAINT_MEMCG);
	struct event_line line = { .text = STR("RIP: 0033:0x7f2a3c") };
	struct total t;

	(void)state;
	ev->page_size = UNKNOWN;
	ev->cgroup.memory.limit_kb = 51200;
	ev->cgroup.swap.limit_kb = 0;
	assert_int_equal(total_by_release(ev).quality, QUALITY_NONE);
	ev->lines = &line;
	ev->nlines = 1;
	t = total_by_release(ev);
	assert_int_equal(t.pages, 12800);
	assert_true(t.page_size_assumed);
	assert_true(str_has(t.how, STR("4 KiB pages")));
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_gives_no_number),
		cmocka_unit_test(impossible_numbers_are_not_used),
		cmocka_unit_test(global_is_ram_and_swap),
		cmocka_unit_test(swap_unknown_is_not_zero),
		cmocka_unit_test(reserved_line_of_3_12_is_not_trusted),
		cmocka_unit_test(cma_is_apart_until_4_2),
		cmocka_unit_test(old_totals_are_approximate),
		cmocka_unit_test(node_lists_are_read),
		cmocka_unit_test(nodes_count_as_present_from_5_4),
		cmocka_unit_test(memcg_without_swap_needs_nothing_else),
		cmocka_unit_test(memcg_with_unknown_swap_is_a_range),
		cmocka_unit_test(memcg_v1_is_capped_by_memory_and_swap),
		cmocka_unit_test(memcg_without_limit_has_the_kernels_largest),
		cmocka_unit_test(memcg_of_2_6_36_ignores_swap),
		cmocka_unit_test(pages_of_other_sizes),
		cmocka_unit_test(a_page_is_4k_only_where_the_log_shows_x86),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
