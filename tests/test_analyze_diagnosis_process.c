/* Rules about cgroups, processes and the choice: each where it fires, and where it nearly does. */
#include "tests/diagnosis_event.h"

#include "base/mem.h"

enum { MIB = 256 }; /* pages */

static struct task *
run(struct event *ev, int64_t pid, const char *comm, int64_t mib, int64_t adj)
{
	return add_row(ev, T6, (struct row){ pid, 1000, mib * MIB, 0, 0, adj, comm });
}

/* 1 GiB, in which the processes' memory is the sum of what the caller lists. */
static struct event *
make_full(void)
{
	struct event *ev = make_machine("6.1.0");

	count_all(ev, 240000, 0, 0, 10000, 0, 5000);
	return ev;
}

static struct event *
make_pool(int64_t n, int64_t mib, const char *comm)
{
	struct event *ev = make_full();

	for (int64_t i = 0; i < n; i++)
		run(ev, 100 + i, comm, mib, 0)->total_vm_pages += i;
	run(ev, 50, "mysqld", 120, 0);
	kill_row(ev, 50);
	return ev;
}

static void
pools(void **state)
{
	struct event *ev = make_pool(20, 40, "apache2");
	const struct diagnosis *d = find_diagnosis(diagnose(ev), "worker-pool-sum");

	(void)state;
	assert_non_null(d);
	assert_true(d->nadvice > 0);
	/* 1024 MiB - 120 of mysqld - 39 of the kernel - a tenth, by 40 */
	assert_true(str_starts(d->advice[0].command, STR("MaxRequestWorkers 19\n")));
	event_free(ev);
	assert_silent(make_pool(4, 200, "apache2"), "worker-pool-sum");
	assert_silent(make_pool(20, 15, "apache2"), "worker-pool-sum");
	assert_fires(make_pool(20, 40, "apache2"), "innocent-victim");
	assert_silent(make_pool(5, 20, "apache2"), "innocent-victim");
}

static void
one(void **state)
{
	struct event *ev = make_full();

	(void)state;
	run(ev, 10, "leaker", 700, 0);
	run(ev, 11, "small", 100, 0);
	kill_row(ev, 10);
	assert_fires(ev, "single-process-dominant");
	ev = make_full();
	run(ev, 10, "leaker", 400, 0);
	run(ev, 11, "other", 410, 0);
	run(ev, 12, "third", 100, 0);
	kill_row(ev, 11);
	assert_silent(ev, "single-process-dominant");
	ev = make_full();
	run(ev, 10, "mysqld", 700, 0);
	kill_row(ev, 10);
	assert_fires(ev, "database-oversized-for-host");
	ev = make_full();
	run(ev, 10, "mysqld", 300, 0);
	kill_row(ev, 10);
	assert_silent(ev, "database-oversized-for-host");
	ev = make_full();
	run(ev, 10, "java", 700, 0);
	kill_row(ev, 10);
	assert_fires(ev, "jvm-native-vs-heap");
	ev = make_full();
	run(ev, 10, "javac-like", 200, 0);
	kill_row(ev, 10);
	assert_silent(ev, "jvm-native-vs-heap");
}

static void
exempt(void **state)
{
	struct event *ev = make_full();

	(void)state;
	run(ev, 10, "hog", 700, -1000);
	run(ev, 11, "small", 100, 0);
	kill_row(ev, 11);
	assert_fires(ev, "protected-consumer");
	ev = make_full();
	run(ev, 10, "hog", 700, -500);
	run(ev, 11, "small", 100, 0);
	kill_row(ev, 10);
	assert_silent(ev, "protected-consumer");
}

static struct event *
make_shared(int64_t rss_mib)
{
	struct event *ev = make_machine("6.1.0");

	count_all(ev, 100000, 0, 0, 10000, 80000, 5000); /* 312 MiB of shared memory */
	for (int64_t i = 0; i < 6; i++)
		run(ev, 100 + i, "postgres", rss_mib, 0)->total_vm_pages += i;
	kill_row(ev, 100);
	return ev;
}

static void
shared(void **state)
{
	(void)state;
	assert_fires(make_shared(310), "postgres-shared-buffers-double-count");
	assert_silent(make_shared(310), "shmem-tmpfs-filled");
	assert_silent(make_shared(60), "postgres-shared-buffers-double-count");
	assert_fires(make_shared(60), "shmem-tmpfs-filled");
}

static void
limits(void **state)
{
	struct event *ev = make_memcg(524288, 524288);
	const struct diagnosis *d;

	(void)state;
	stat_mib(ev, "anon", 500);
	stat_mib(ev, "file", 1);
	d = find_diagnosis(diagnose(ev), "memcg-limit-not-host");
	assert_non_null(d);
	assert_int_equal(d->confidence, CONFIDENCE_CERTAIN);
	assert_true(str_has(d->advice[0].command, STR("set-property web.service MemoryHigh=")));
	event_free(ev);
	assert_silent(make_full(), "memcg-limit-not-host");
	ev = make_memcg(524288, 524288);
	ev->cgroup.task_memcg = STR("/system.slice/web.service/child");
	assert_fires(ev, "memcg-ancestor-limit");
	ev = make_memcg(524288, 524288);
	ev->cgroup.task_memcg = STR("/system.slice/web.service-2");
	assert_silent(ev, "memcg-ancestor-limit");
	ev = make_memcg(5000, 524288);
	ev->cgroup.memsw = (struct cgroup_usage){ 524288, 524288, 1, 4 };
	assert_fires(ev, "memsw-limit-hit");
	ev = make_memcg(524288, 524288);
	ev->cgroup.memsw = (struct cgroup_usage){ 524288, INT64_MAX, 1, 4 };
	assert_silent(ev, "memsw-limit-hit");
}

/* A name from the log is not put into a command if a shell would make more of it. */
static void
commands_are_safe(void **state)
{
	struct event *ev = make_memcg(524288, 524288);
	const struct diagnosis *d;

	(void)state;
	ev->cgroup.oom_memcg = STR("/system.slice/$(reboot).service");
	d = find_diagnosis(diagnose(ev), "memcg-limit-not-host");
	assert_non_null(d);
	assert_false(str_has(d->advice[0].command, STR("$(")));
	event_free(ev);
}

static struct event *
make_cache(int64_t file, int64_t shmem, int64_t dirty)
{
	struct event *ev = make_memcg(524288, 524288);

	stat_mib(ev, "anon", 512 - file);
	stat_mib(ev, "file", file);
	stat_mib(ev, "shmem", shmem);
	stat_mib(ev, "file_dirty", dirty);
	stat_mib(ev, "file_writeback", 0);
	return ev;
}

static void
files_in_a_group(void **state)
{
	(void)state;
	assert_fires(make_cache(300, 0, 250), "dirty-writeback-stuck");
	assert_silent(make_cache(300, 0, 100), "dirty-writeback-stuck");
	assert_fires(make_cache(300, 0, 10), "memory-min-protects-everything");
	assert_silent(make_cache(100, 0, 10), "memory-min-protects-everything");
	assert_fires(make_cache(300, 200, 0), "shmem-tmpfs-filled");
	assert_silent(make_cache(300, 100, 0), "shmem-tmpfs-filled");
	assert_fires(make_cache(300, 0, 0), "memcg-cache-or-shmem-not-heap");
	assert_silent(make_cache(150, 0, 0), "memcg-cache-or-shmem-not-heap");
}

static void
kernel_in_a_group(void **state)
{
	struct event *ev = make_memcg(524288, 524288);

	(void)state;
	stat_mib(ev, "kernel", 300);
	assert_fires(ev, "tiny-limit-kernel-memory");
	ev = make_memcg(524288, 524288);
	stat_mib(ev, "kernel", 100);
	assert_silent(ev, "tiny-limit-kernel-memory");
	ev = make_memcg(10240, 10240);
	ev->cgroup.swap.usage_kb = 6140;
	stat_mib(ev, "anon", 5);
	stat_mib(ev, "shmem", 0);
	stat_mib(ev, "active_anon", 1);
	stat_mib(ev, "inactive_anon", 9);
	stat_mib(ev, "swapcached", 5);
	assert_fires(ev, "swapcache-pinned-anon");
	ev = make_memcg(10240, 10240);
	ev->cgroup.swap.usage_kb = 6140;
	stat_mib(ev, "anon", 10);
	stat_mib(ev, "shmem", 0);
	stat_mib(ev, "active_anon", 1);
	stat_mib(ev, "inactive_anon", 9);
	stat_mib(ev, "swapcached", 5);
	assert_silent(ev, "swapcache-pinned-anon");
}

static void
choices(void **state)
{
	struct event *ev = make_full();

	(void)state;
	run(ev, 10, "batch", 300, 500);
	kill_row(ev, 10)->oom_score_adj = 500;
	assert_fires(ev, "sacrificial-adj");
	ev = make_full();
	run(ev, 10, "batch", 300, 0);
	kill_row(ev, 10)->oom_score_adj = 0;
	assert_silent(ev, "sacrificial-adj");
	ev = make_full();
	ev->allocating_task = true;
	assert_fires(ev, "oom-kill-allocating-task");
	assert_silent(make_full(), "oom-kill-allocating-task");
	ev = make_full();
	ev->group_kill = true;
	assert_fires(ev, "oom-group-kill");
	assert_silent(make_full(), "oom-group-kill");
	ev = make_full();
	ev->outcome = OUTCOME_PANIC;
	ev->outcome_text = STR("Out of memory: system-wide panic_on_oom is enabled");
	assert_fires(ev, "panic-on-oom");
	ev = make_full();
	ev->outcome = OUTCOME_PANIC;
	ev->outcome_text = STR("Out of memory and no killable processes...");
	assert_silent(ev, "panic-on-oom");
	ev = make_full();
	ev->outcome = OUTCOME_NO_KILLABLE;
	ev->outcome_text = STR("Out of memory and no killable processes...");
	assert_fires(ev, "no-killable-process");
	assert_silent(make_full(), "no-killable-process");
}

static void
who_asked(void **state)
{
	struct event *ev = make_full();

	(void)state;
	run(ev, 9, "asker", 5, 0);
	run(ev, 10, "hog", 700, 0);
	kill_row(ev, 10);
	assert_fires(ev, "trigger-is-not-culprit");
	ev = make_full();
	run(ev, 9, "asker", 700, 0);
	kill_row(ev, 9);
	assert_silent(ev, "trigger-is-not-culprit");
}

static void
no_memory_is_no_diagnosis(void **state)
{
	int failed = 0;

	(void)state;
	for (long n = 0; n < 40; n++) {
		struct event *ev = make_pool(2000, 1, "php-fpm");
		const struct verdict *v = verdict_of(ev);
		const struct ledgers *l = ledgers_of(ev);

		mem_fail_after(n);
		failed += diagnoses_of(ev, v, l) == NULL;
		mem_fail_after(-1);
		event_free(ev);
	}
	assert_true(failed > 0 && failed < 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pools),
		cmocka_unit_test(one),
		cmocka_unit_test(exempt),
		cmocka_unit_test(shared),
		cmocka_unit_test(limits),
		cmocka_unit_test(commands_are_safe),
		cmocka_unit_test(files_in_a_group),
		cmocka_unit_test(kernel_in_a_group),
		cmocka_unit_test(choices),
		cmocka_unit_test(who_asked),
		cmocka_unit_test(no_memory_is_no_diagnosis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
