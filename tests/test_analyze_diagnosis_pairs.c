/* Rules about what is rare: each where it fires, and where it nearly does. */
#include "tests/diagnosis_event.h"

enum { ALL = 262144 }; /* pages of the machine */

/* Memory that adds up: what is not named is free. */
static struct event *
with_counter(const char *kernel, const char *name, int64_t pages)
{
	struct event *ev = make_machine(kernel);
	struct counters *c = &ev->memory.global_pages;

	count_all(ev, 60000, 1000, 0, 2000, 0, ALL - 63000 - pages);
	for (size_t i = 0; i < c->n; i++) {
		if (str_eq_z(c->v[i].name, name))
			c->v[i].value = pages;
	}
	return ev;
}

static void
rows(struct event *ev, int n, const char *comm, int64_t rss, int64_t tables)
{
	for (int i = 0; i < n; i++)
		add_row(ev, T6, (struct row){ 1000 + i, 0, rss, tables, 0, 0, comm });
}

static void
pagetables_of_many(void **state)
{
	struct event *ev = with_counter("6.1.0", "pagetables", 40000);

	(void)state;
	rows(ev, 40, "postgres", 1000, 4000000);
	assert_fires(ev, "pagetables-without-hugepages");
	ev = with_counter("6.1.0", "pagetables", 20000); /* 8 % */
	rows(ev, 40, "postgres", 1000, 2000000);
	assert_silent(ev, "pagetables-without-hugepages");
	ev = with_counter("6.1.0", "pagetables", 40000); /* one process with a large map */
	rows(ev, 1, "sparse", 1000, 160000000);
	assert_silent(ev, "pagetables-without-hugepages");
}

static struct event *
with_huge(int64_t total, int64_t idle)
{
	struct event *ev = with_counter("6.1.0", "none", 0);
	struct hugepages *h = arena_alloc(&ev->mem, sizeof(*h));

	assert_non_null(h);
	*h = (struct hugepages){ 0, total, idle, 0, 2048, 7 };
	ev->memory.huge = h;
	ev->memory.nhuge = 1;
	return ev;
}

static void
huge_pages(void **state)
{
	(void)state;
	assert_fires(with_huge(200, 180), "hugetlb-pool-too-large"); /* 400 of 1024 MiB, idle */
	assert_fires(with_huge(400, 0), "hugetlb-pool-too-large");   /* 800 MiB, in use */
	assert_silent(with_huge(200, 10), "hugetlb-pool-too-large"); /* they are used */
	assert_silent(with_huge(100, 100), "hugetlb-pool-too-large");
}

static void
reclaimable_slab(void **state)
{
	struct event *ev = with_counter("6.1.0", "slab_reclaimable", 80000);

	(void)state;
	assert_fires(ev, "slab-reclaimable-not-reclaimed");
	assert_silent(
	    with_counter("6.1.0", "slab_reclaimable", 60000), "slab-reclaimable-not-reclaimed");
	ev = with_counter("6.1.0", "slab_reclaimable", 80000);
	ev->trigger.order = 2; /* a piece was wanted: what lies about is another matter */
	assert_silent(ev, "slab-reclaimable-not-reclaimed");
}

static struct event *
with_files(int64_t files, int64_t names)
{
	struct event *ev = with_counter("6.12.0", "none", 0);
	struct alloc_site *s = arena_alloc(&ev->mem, 2 * sizeof(*s));

	assert_non_null(s);
	s[0] = (struct alloc_site){ files * 256, files, 7,
		STR("fs/file_table.c:226 func:alloc_empty_file") };
	s[1] = (struct alloc_site){ names * 192, names, 8, STR("fs/dcache.c:1643 func:__d_alloc") };
	ev->memory.sites = s;
	ev->memory.nsites = 2;
	return ev;
}

static void
open_files(void **state)
{
	(void)state;
	assert_fires(with_files(300000, 310000), "open-files-pin-kernel-objects");
	assert_silent(with_files(90000, 95000), "open-files-pin-kernel-objects");
	assert_silent(with_files(100000, 900000), "open-files-pin-kernel-objects"); /* a walk */
}

static struct event *
with_processes(int many, int others, int64_t slab)
{
	struct event *ev = make_machine("6.1.0");

	struct node *n = event_add_node(ev);

	assert_non_null(n);
	n->id = 0;
	assert_int_equal(
	    event_add_counter(ev, &n->kb, STR("kernel_stack"), 16L * (many + others)), 0);
	count_all(ev, 60000, 1000, 0, slab, 0, ALL - 61000 - slab);
	rows(ev, many, "sh", 20, 40960);
	for (int i = 0; i < others; i++)
		add_row(
		    ev, T6, (struct row){ 9000 + i, 0, 20, 40960, 0, 0, i % 2 ? "httpd" : "cron" });
	return ev;
}

static void
process_explosion(void **state)
{
	(void)state;
	assert_fires(with_processes(600, 100, 60000), "process-explosion");
	assert_silent(with_processes(400, 100, 60000), "process-explosion");
	assert_silent(with_processes(600, 100, 20000), "process-explosion"); /* they cost little */
	assert_silent(with_processes(600, 1400, 60000), "process-explosion");
}

static void
all_together(void **state)
{
	struct event *ev = make_machine("6.1.0");
	static const char *const names[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta" };

	(void)state;
	count_all(ev, 200000, 1000, 0, 2000, 0, ALL - 203000);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		add_row(ev, T6, (struct row){ 1000 + (int64_t)i, 0, 30000, 40960, 0, 0, names[i] });
	assert_fires(ev, "capacity-exceeded");
	ev = make_machine("6.1.0"); /* the half of it is not theirs */
	count_all(ev, 100000, 1000, 0, 2000, 0, ALL - 103000);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		add_row(ev, T6, (struct row){ 1000 + (int64_t)i, 0, 15000, 40960, 0, 0, names[i] });
	assert_silent(ev, "capacity-exceeded");
	ev = make_machine("6.1.0"); /* one stands out: that is the better answer */
	count_all(ev, 200000, 1000, 0, 2000, 0, ALL - 203000);
	rows(ev, 1, "alpha", 190000, 40960);
	assert_silent(ev, "capacity-exceeded");
}

static struct event *
with_frame(const char *frame)
{
	struct event *ev = make_machine("6.1.0");
	struct event_line *l = arena_alloc(&ev->mem, sizeof(*l));

	assert_non_null(l);
	*l = (struct event_line){ 5, str_from(frame), str_from(frame), LINE_NOISE };
	ev->lines = l;
	ev->nlines = 1;
	return ev;
}

static void
early_boot(void **state)
{
	(void)state;
	assert_fires(with_frame(" do_populate_rootfs+0x66/0x10d"), "early-boot-or-kdump");
	assert_silent(with_frame(" do_user_addr_fault+0x1d8/0x670"), "early-boot-or-kdump");
}

static struct event *
with_pod(const char *path, int64_t anon_kb)
{
	struct event *ev = with_counter("6.1.0", "none", 0);

	rows(ev, 1, "hungry", anon_kb / 4, 40960);
	ev->cgroup.task_memcg = str_from(path);
	kill_row(ev, 1000)->anon_rss_kb = anon_kb;
	ev->outcome = OUTCOME_KILLED;
	return ev;
}

static void
best_effort(void **state)
{
	static const char path[] = "/kubepods.slice/kubepods-besteffort.slice/x";

	(void)state;
	assert_fires(with_pod(path, 500000), "besteffort-took-the-node");
	assert_silent(with_pod(path, 200000), "besteffort-took-the-node");
	assert_silent(with_pod("/kubepods.slice/kubepods-burstable.slice/x", 500000),
	    "besteffort-took-the-node");
}

static void
child_sacrificed(void **state)
{
	struct event *ev = make_machine("4.4.0");
	struct victim *v;

	(void)state;
	rows(ev, 2, "parent", 50000, 100);
	ev->chosen = (struct chosen){ 1000, STR("parent"), 300, 6 };
	v = kill_row(ev, 1001);
	v->role = ROLE_CHILD;
	assert_fires(ev, "child-sacrificed");
	ev = make_machine("4.4.0");
	rows(ev, 2, "parent", 50000, 100);
	ev->chosen = (struct chosen){ 1001, STR("parent"), 300, 6 }; /* no child of its own */
	kill_row(ev, 1001);
	assert_silent(ev, "child-sacrificed");
}

static struct event *
with_order(const char *kernel, int64_t order, int64_t file)
{
	struct event *ev = make_machine(kernel);

	count_all(ev, 60000, file, 0, ALL - 70000 - file, 0, 10000);
	ev->trigger.order = order;
	return ev;
}

static void
premature(void **state)
{
	(void)state;
	assert_fires(with_order("4.8.6", 2, 100000), "premature-oom-regression");
	assert_fires(with_order("4.7.0", 3, 100000), "premature-oom-regression");
	assert_silent(with_order("4.9.0", 2, 100000), "premature-oom-regression");
	assert_silent(with_order("4.6.7", 2, 100000), "premature-oom-regression");
	assert_silent(with_order("4.8.6", 0, 100000), "premature-oom-regression");
	assert_silent(with_order("4.8.6", 2, 10000), "premature-oom-regression"); /* it is full */
}

static struct event *
with_free(int64_t free_kb, enum reason reason)
{
	struct event *ev = make_machine("6.1.0");

	ev->reason = reason;
	zone(ev, "Normal", free_kb, 5000, 8000, 1048576);
	return ev;
}

static void
free_again(void **state)
{
	(void)state;
	assert_fires(with_free(9000, REASON_ALLOCATION), "free-above-watermarks");
	assert_silent(with_free(7000, REASON_ALLOCATION), "free-above-watermarks");
	assert_silent(with_free(9000, REASON_PAGE_FAULT), "free-above-watermarks");
}

static void
report_incomplete(void **state)
{
	struct event *ev = make_machine("6.1.0");

	(void)state;
	ev->completeness = COMPLETE_NO_TASK_TABLE;
	assert_int_equal(event_add_missing(ev, STR("task table")), 0);
	assert_fires(ev, "report-incomplete");
	ev = make_machine("6.1.0");
	ev->completeness = COMPLETE_FULL;
	assert_silent(ev, "report-incomplete");
}

static void
limit_of_a_cgroup(void **state)
{
	struct event *ev = make_memcg(524288, 524288);

	(void)state;
	assert_fires(ev, "memcg-limit-not-host");
	assert_silent(make_machine("6.1.0"), "memcg-limit-not-host");
}

static struct event *
with_workers(int n, int64_t rss)
{
	struct event *ev = make_machine("6.1.0");

	count_all(ev, 200000, 1000, 0, 2000, 0, ALL - 203000);
	rows(ev, n, "worker", rss, 40960);
	return ev;
}

static void
workers(void **state)
{
	(void)state;
	assert_fires(with_workers(20, 8000), "worker-pool-sum");
	assert_silent(with_workers(2, 80000), "worker-pool-sum");
	assert_silent(with_workers(20, 1000), "worker-pool-sum"); /* they are not what fills it */
}

static void
broken_counters(void **state)
{
	struct event *ev = make_machine("5.4.0");

	(void)state;
	zone(ev, "DMA32", 3000, INT64_C(18014398509481000), INT64_C(18014398509481900), 1048576);
	assert_fires(ev, "balloon-or-unplug");
	ev = make_machine("5.4.0");
	zone(ev, "DMA32", 3000, 200000, 250000, 1048576); /* large, but possible */
	assert_silent(ev, "balloon-or-unplug");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pagetables_of_many),
		cmocka_unit_test(huge_pages),
		cmocka_unit_test(reclaimable_slab),
		cmocka_unit_test(open_files),
		cmocka_unit_test(process_explosion),
		cmocka_unit_test(all_together),
		cmocka_unit_test(early_boot),
		cmocka_unit_test(best_effort),
		cmocka_unit_test(child_sacrificed),
		cmocka_unit_test(premature),
		cmocka_unit_test(free_again),
		cmocka_unit_test(report_incomplete),
		cmocka_unit_test(limit_of_a_cgroup),
		cmocka_unit_test(workers),
		cmocka_unit_test(broken_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
