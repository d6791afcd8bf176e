/* Rules about the machine: each where it fires, and where it nearly does. */
#include "tests/diagnosis_event.h"

static struct event *
with_zone(const char *gfp, int64_t order, const char *name, int64_t free, int64_t min, int64_t high)
{
	struct event *ev = make_machine("6.1.0");

	ev->trigger.gfp_mask = str_from(gfp);
	ev->trigger.order = order;
	zone(ev, name, free, min, high, 1024 * 1024);
	return ev;
}

static void
give_buddy(struct event *ev, int64_t singles, int64_t pairs, const char *types)
{
	struct zone *z = &ev->memory.zones[0];

	z->buddy = arena_alloc(&ev->mem, 2 * sizeof(*z->buddy));
	assert_non_null(z->buddy);
	z->nbuddy = 2;
	z->buddy[0] = (struct buddy_order){ singles, 4, STR("UME") };
	z->buddy[1] = (struct buddy_order){ pairs, 8, str_from(types) };
	z->buddy_total_kb = singles * 4 + pairs * 8;
}

static void
an_empty_event_says_nothing_of_causes(void **state)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	const struct diagnoses *d;

	(void)state;
	assert_non_null(ev);
	d = diagnose(ev);
	for (size_t i = 0; i < d->n; i++)
		assert_int_not_equal(d->v[i].topic, TOPIC_CAUSE);
	event_free(ev);
}

static void
fragmentation(void **state)
{
	struct event *ev = with_zone("0xcc0", 1, "Normal", 40000, 5000, 8000);

	(void)state;
	give_buddy(ev, 10000, 0, "UME");
	assert_fires(ev, "fragmentation-order-gt-0");
	ev = with_zone("0xcc0", 1, "Normal", 40000, 5000, 8000);
	give_buddy(ev, 10000, 3, "C"); /* for devices only */
	assert_fires(ev, "fragmentation-order-gt-0");
	ev = with_zone("0xcc0", 1, "Normal", 40000, 5000, 8000);
	give_buddy(ev, 10000, 1, "U");
	assert_silent(ev, "fragmentation-order-gt-0");
	ev = with_zone("0xcc0", 1, "Normal", 4000, 5000, 8000); /* full for every order */
	give_buddy(ev, 1000, 0, "U");
	assert_silent(ev, "fragmentation-order-gt-0");
	ev = with_zone("0xcc0", 0, "Normal", 40000, 5000, 8000);
	give_buddy(ev, 10000, 0, "U");
	assert_silent(ev, "fragmentation-order-gt-0");
}

static void
cma(void **state)
{
	struct event *ev = with_zone("0xcc0", 0, "Normal", 200000, 3000, 5000);

	(void)state;
	event_add_counter(ev, &ev->memory.zones[0].kb, STR("free_cma"), 199000);
	assert_fires(ev, "cma-free-unusable");
	ev = with_zone("0x100cca", 0, "Normal", 200000, 3000, 5000); /* movable: it may use it */
	event_add_counter(ev, &ev->memory.zones[0].kb, STR("free_cma"), 199000);
	assert_silent(ev, "cma-free-unusable");
	ev = with_zone("0xcc0", 0, "Normal", 200000, 3000, 5000);
	event_add_counter(ev, &ev->memory.zones[0].kb, STR("free_cma"), 99000);
	assert_silent(ev, "cma-free-unusable");
}

static struct event *
make_lowmem(const char *gfp, int64_t normal_free)
{
	struct event *ev = make_machine("3.2.0");

	ev->trigger.gfp_mask = str_from(gfp);
	ev->memory.highmem_pages = 200000;
	zone(ev, "Normal", normal_free, 3700, 5600, 880000);
	zone(ev, "HighMem", 900000, 512, 10000, 1000000);
	return ev;
}

static void
lowmem(void **state)
{
	(void)state;
	assert_fires(make_lowmem("0xd0", 3600), "lowmem-exhausted-32bit");
	assert_silent(make_lowmem("0x201da", 3600), "lowmem-exhausted-32bit"); /* may use HighMem */
	assert_silent(make_lowmem("0xd0", 9000), "lowmem-exhausted-32bit");
	/* The head is lost: that HighMem is free shows that it was not allowed. */
	assert_fires(make_lowmem(NULL, 3600), "lowmem-exhausted-32bit");
	assert_silent(make_lowmem(NULL, 9000), "lowmem-exhausted-32bit");
}

static void
dma(void **state)
{
	struct event *ev = with_zone("0xcc4", 0, "DMA32", 1000, 3000, 5000);

	(void)state;
	zone(ev, "Normal", 100000, 3000, 5000, 900000);
	assert_fires(ev, "dma-zone-exhausted");
	ev = with_zone("0xcc4", 0, "DMA32", 1000, 3000, 5000);
	zone(ev, "Normal", 4000, 3000, 5000, 900000);
	assert_silent(ev, "dma-zone-exhausted");
}

static void
reserve(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	zone(ev, "Normal", 90000, 100000, 120000, 1048576);
	assert_fires(ev, "min-free-kbytes-too-large");
	ev = make_machine("6.1.0");
	zone(ev, "Normal", 40000, 45000, 50000, 1048576);
	assert_silent(ev, "min-free-kbytes-too-large");
	ev = make_machine("6.1.0");
	zone(ev, "Normal", 40000, INT64_C(99395541895224), INT64_C(99395541895225), 1048576);
	assert_fires(ev, "balloon-or-unplug");
}

static void
slab(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	count_all(ev, 100000, 0, 0, 60000, 0, 5000);
	assert_fires(ev, "slab-unreclaimable-leak");
	ev = make_machine("6.1.0");
	count_all(ev, 100000, 0, 0, 50000, 0, 5000);
	assert_silent(ev, "slab-unreclaimable-leak");
}

static void
books(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	count_all(ev, 50000, 0, 0, 10000, 0, 5000);
	count(ev, "kernel_misc_reclaimable", 0);
	count(ev, "sec_pagetables", 0);
	assert_fires(ev, "unaccounted-kernel-memory");
	ev = make_machine("6.1.0");
	count_all(ev, 230000, 0, 0, 10000, 0, 5000);
	count(ev, "kernel_misc_reclaimable", 0);
	count(ev, "sec_pagetables", 0);
	assert_silent(ev, "unaccounted-kernel-memory");
}

static void
locked_and_files(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	count_all(ev, 100000, 0, 70000, 10000, 0, 5000);
	assert_fires(ev, "mlocked-unevictable");
	ev = make_machine("6.1.0");
	count_all(ev, 100000, 0, 60000, 10000, 0, 5000);
	assert_silent(ev, "mlocked-unevictable");
	ev = make_machine("6.1.0");
	count_all(ev, 100000, 0, 0, 10000, 60000, 5000);
	assert_fires(ev, "shmem-tmpfs-filled");
	ev = make_machine("6.1.0");
	count_all(ev, 100000, 0, 0, 10000, 50000, 5000);
	assert_silent(ev, "shmem-tmpfs-filled");
}

static void
bound(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	ev->constraint = CONSTRAINT_CPUSET;
	assert_fires(ev, "cpuset-bound");
	ev = make_machine("6.1.0");
	ev->constraint = CONSTRAINT_MEMORY_POLICY;
	assert_fires(ev, "numa-node-bound");
	assert_silent(make_machine("6.1.0"), "numa-node-bound");
	assert_silent(make_machine("6.1.0"), "cpuset-bound");
}

static void
not_out_of_memory(void **state)
{
	struct event *ev = make_machine("5.10.0");

	(void)state;
	ev->reason = REASON_PAGE_FAULT;
	ev->trigger.gfp_mask = STR("0x0");
	count_all(ev, 50000, 0, 0, 10000, 0, 150000);
	zone(ev, "Normal", 600000, 5000, 8000, 1048576);
	assert_fires(ev, "pagefault-oom-fake-global");
	ev = make_machine("5.10.0");
	ev->reason = REASON_PAGE_FAULT;
	count_all(ev, 50000, 0, 0, 10000, 0, 1500);
	zone(ev, "Normal", 6000, 5000, 8000, 1048576);
	assert_silent(ev, "pagefault-oom-fake-global");
	ev = make_machine("6.1.0");
	ev->trigger.order = -1;
	assert_fires(ev, "manual-sysrq");
	assert_silent(make_machine("6.1.0"), "manual-sysrq");
	ev = make_machine("6.1.0");
	ev->memory.swap_free_kb = -4;
	assert_fires(ev, "swapoff-running");
	assert_silent(make_machine("6.1.0"), "swapoff-running");
	ev = event_new(EVENT_USERSPACE_KILL);
	ev->killer = STR("earlyoom");
	assert_non_null(event_add_victim(ev));
	assert_fires(ev, "not-the-kernel");
	assert_silent(make_machine("6.1.0"), "not-the-kernel");
}

static struct event *
with_swap(int64_t total, int64_t free, int64_t anon)
{
	struct event *ev = make_machine("6.1.0");

	ev->memory.swap_total_kb = total;
	ev->memory.swap_free_kb = free;
	count_all(ev, anon, 0, 0, 10000, 0, 5000);
	return ev;
}

static void
swap(void **state)
{
	(void)state;
	assert_fires(with_swap(0, 0, 200000), "swap-none");
	assert_silent(with_swap(0, 0, 70000), "swap-none");
	assert_silent(with_swap(UNKNOWN, UNKNOWN, 200000), "swap-none");
	assert_fires(with_swap(100000, 4000, 200000), "swap-full");
	assert_silent(with_swap(100000, 6000, 200000), "swap-full");
	assert_fires(with_swap(100000, 60000, 200000), "swap-unused");
	assert_silent(with_swap(100000, 40000, 200000), "swap-unused");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_event_says_nothing_of_causes),
		cmocka_unit_test(fragmentation),
		cmocka_unit_test(cma),
		cmocka_unit_test(lowmem),
		cmocka_unit_test(dma),
		cmocka_unit_test(reserve),
		cmocka_unit_test(slab),
		cmocka_unit_test(books),
		cmocka_unit_test(locked_and_files),
		cmocka_unit_test(bound),
		cmocka_unit_test(not_out_of_memory),
		cmocka_unit_test(swap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
