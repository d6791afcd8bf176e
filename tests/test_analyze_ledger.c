#include "tests/test.h"

#include "analyze/ledger.h"
#include "tests/report_event.h"

static void
count(struct event *ev, struct counters *c, const char *name, int64_t v)
{
	assert_int_equal(event_add_counter(ev, c, str_from(name), v), 0);
}

/* A machine of 1000 pages of 4 KiB, of which `shmem` stand in the lists. */
static struct event *
machine(int64_t shmem)
{
	struct event *ev = make_kill("x", 1, 0);
	struct counters *c = &ev->memory.global_pages;

	ev->constraint = CONSTRAINT_NONE;
	ev->kernel = STR("6.1.0");
	ev->page_size = 4096;
	ev->memory.seen = true;
	ev->memory.ram_pages = 1100;
	ev->memory.reserved_pages = 100;
	count(ev, c, "active_anon", 100);
	count(ev, c, "inactive_anon", 300);
	count(ev, c, "active_file", 50);
	count(ev, c, "inactive_file", 50);
	count(ev, c, "unevictable", 20);
	count(ev, c, "slab_reclaimable", 60);
	count(ev, c, "slab_unreclaimable", 70);
	count(ev, c, "pagetables", 10);
	count(ev, c, "free", 40);
	count(ev, c, "free_cma", 30);
	count(ev, c, "mapped", 80);
	count(ev, c, "shmem", shmem);
	return ev;
}

static const struct ledger *
ledger(struct event *ev)
{
	const struct ledgers *all = ledgers_of(ev);

	assert_non_null(all);
	return all->scope;
}

static void
nothing_is_invented(void **state)
{
	struct event *ev = make_kill("x", 1, 0);

	(void)state;
	assert_null(ledger(ev));
	ev->memory.seen = true;
	count(ev, &ev->memory.global_pages, "free", 10);
	assert_null(ledger(ev)); /* pages of an unknown size */
	ev->page_size = 4096;
	assert_non_null(ledger(ev));
	assert_int_equal(ledger(ev)->sum_kb, 40);
	assert_true(ledger(ev)->partial);
	assert_int_equal(ledger(ev)->total_kb, UNKNOWN);
	assert_int_equal(ledger(ev)->unaccounted_kb, UNKNOWN);
	ev->constraint = CONSTRAINT_MEMCG; /* the machine's figures are not the cgroup's */
	assert_null(ledger(ev));
	event_free(ev);
}

static void
the_sum_closes(void **state)
{
	struct event *ev = machine(100);
	const struct ledger *l = ledger(ev);
	int64_t sum = 0;

	(void)state;
	assert_int_equal(l->total_kb, 4000);
	assert_false(l->partial);
	for (size_t i = 0; i < l->n; i++)
		sum += l->v[i].kb;
	assert_int_equal(sum, l->sum_kb);
	assert_int_equal(l->sum_kb + l->unaccounted_kb, l->total_kb);
	assert_int_equal(l->sum_kb, 4 * 700);
	assert_int_equal(ledger_kb(l, LEDGER_ANON), 4 * 300);
	assert_int_equal(ledger_kb(l, LEDGER_SHMEM), 4 * 100);
	assert_int_equal(ledger_kb(l, LEDGER_FREE), 4 * 40); /* CMA is part of it */
	assert_int_equal(ledger_kernel_kb(l), 4 * 140);
	assert_int_equal(ledger_kb(l, LEDGER_HUGETLB), UNKNOWN);
	event_free(ev);
}

/* More shared memory than the lists have: some of it is locked.  The sum stays. */
static void
shmem_that_is_locked(void **state)
{
	struct event *ev = machine(410);
	const struct ledger *l = ledger(ev);

	(void)state;
	assert_int_equal(ledger_kb(l, LEDGER_ANON), 0);
	assert_int_equal(ledger_kb(l, LEDGER_UNEVICTABLE), 4 * 10);
	assert_int_equal(ledger_kb(l, LEDGER_SHMEM), 4 * 410);
	assert_int_equal(l->sum_kb, 4 * 700);
	event_free(ev);
	ev = machine(9999);
	assert_int_equal(ledger(ev)->sum_kb, 4 * 700);
	event_free(ev);
}

static void
absurd_numbers(void **state)
{
	struct event *ev = machine(0);

	(void)state;
	count(ev, &ev->memory.global_pages, "bounce", INT64_MAX / 2);
	count(ev, &ev->memory.global_pages, "sec_pagetables", INT64_MAX / 2);
	ev->memory.ram_pages = INT64_MAX;
	ev->memory.reserved_pages = INT64_MIN + 1;
	assert_non_null(ledgers_of(ev));
	event_free(ev);
}

static struct event *
group(void)
{
	struct event *ev = make_kill("x", 1, 0);
	struct cgroup_stat *s = event_add_stat(ev);

	assert_non_null(s);
	ev->constraint = CONSTRAINT_MEMCG;
	ev->cgroup.oom_memcg = STR("/a");
	ev->cgroup.memory.usage_kb = ev->cgroup.memory.limit_kb = 1000;
	s->path = STR("/a");
	return ev;
}

static void
a_cgroup_of_v2(void **state)
{
	struct event *ev = group();
	struct counters *c = &ev->cgroup.stats[0].stat;
	const struct ledger *l;

	(void)state;
	count(ev, c, "anon", 600 * 1024);
	count(ev, c, "file", 200 * 1024);
	count(ev, c, "shmem", 150 * 1024);
	count(ev, c, "kernel", 100 * 1024);
	count(ev, c, "slab_unreclaimable", 70 * 1024);
	count(ev, c, "slab", 70 * 1024);
	count(ev, c, "sock", 50 * 1024);
	l = ledger(ev);
	assert_int_equal(ledger_kb(l, LEDGER_FILE), 50);
	assert_int_equal(ledger_kb(l, LEDGER_SHMEM), 150);
	assert_int_equal(ledger_kb(l, LEDGER_KERNEL_OTHER), 30);
	assert_int_equal(ledger_kb(l, LEDGER_SOCK), 50);
	assert_int_equal(l->unaccounted_kb, 50);
	ev->cgroup.stats[0].truncated = true;
	assert_int_equal(ledger(ev)->unaccounted_kb, UNKNOWN);
	assert_int_equal(ledger(ev)->rest_kb, 50);
	event_free(ev);
}

/* v1: what each of the subtree has is printed apart, network buffers are not in the sum. */
static void
cgroups_of_v1(void **state)
{
	struct event *ev = group();
	struct cgroup_stat *below = event_add_stat(ev);
	const struct ledger *l;

	(void)state;
	assert_non_null(below);
	ev->cgroup.kmem.usage_kb = 100;
	ev->cgroup.memsw.usage_kb = 1000;
	count(ev, &ev->cgroup.stats[0].stat, "cache", 100 * 1024);
	count(ev, &ev->cgroup.stats[0].stat, "rss", 300 * 1024);
	count(ev, &ev->cgroup.stats[0].stat, "sock", 77 * 1024);
	count(ev, &below->stat, "cache", 100 * 1024);
	count(ev, &below->stat, "rss", 400 * 1024);
	l = ledger(ev);
	assert_int_equal(ledger_kb(l, LEDGER_ANON), 700);
	assert_int_equal(ledger_kb(l, LEDGER_CACHE), 200);
	assert_int_equal(ledger_kb(l, LEDGER_KERNEL_OTHER), 100);
	assert_int_equal(ledger_kb(l, LEDGER_SOCK), UNKNOWN);
	assert_int_equal(l->unaccounted_kb, 0);
	event_free(ev);
}

static void
nodes_and_zones(void **state)
{
	struct event *ev = machine(0);
	const struct ledgers *all;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct zone *z = event_add_zone(ev);

		assert_non_null(z);
		z->name = STR("Normal");
		z->node = i / 2;
		z->managed_kb = 1000;
		z->free_kb = 100;
		count(ev, &z->kb, "slab_reclaimable", 10);
		count(ev, &z->kb, "slab_unreclaimable", 20);
		count(ev, &z->kb, "active_anon", 300);
		count(ev, &z->kb, "inactive_file", 200);
		count(ev, &z->kb, "pagetables", 5);
	}
	all = ledgers_of(ev);
	assert_non_null(all);
	assert_int_equal(all->nnodes, 2);
	assert_int_equal(all->nzones, 3);
	assert_int_equal(all->nodes[0].total_kb, 2000);
	assert_int_equal(all->nodes[0].unaccounted_kb, 2000 - 2 * 635);
	assert_int_equal(all->zones[2].unaccounted_kb, 365);
	event_free(ev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_invented),
		cmocka_unit_test(absurd_numbers),
		cmocka_unit_test(the_sum_closes),
		cmocka_unit_test(shmem_that_is_locked),
		cmocka_unit_test(a_cgroup_of_v2),
		cmocka_unit_test(cgroups_of_v1),
		cmocka_unit_test(nodes_and_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
