/* What the tests of the rules share: an event's diagnoses by their ids. */
#ifndef OOMWHY_TESTS_DIAGNOSIS_EVENT_H
#define OOMWHY_TESTS_DIAGNOSIS_EVENT_H

#include "tests/analyze_event.h"

#include "analyze/diagnosis.h"

/* A machine of 1 GiB: 262144 pages, all managed; order 0, user pages. */
static inline struct event *
make_machine(const char *kernel)
{
	struct event *ev = make_global(kernel, 262144, 0, 0);

	ev->memory.swap_free_kb = 0;
	ev->memory.line = 2;
	ev->trigger.comm = STR("asker");
	ev->trigger.pid = 9;
	ev->trigger.order = 0;
	ev->trigger.gfp_mask = STR("0x100cca");
	ev->reason = REASON_ALLOCATION;
	return ev;
}

/* A counter of Mem-Info, in pages. */
static inline void
count(struct event *ev, const char *name, int64_t pages)
{
	assert_int_equal(event_add_counter(ev, &ev->memory.global_pages, str_from(name), pages), 0);
}

/* All that a sum needs; the rest of the 262144 pages is what the test adds. */
static inline void
count_all(struct event *ev, int64_t anon, int64_t file, int64_t unevictable, int64_t slab,
    int64_t shmem, int64_t free)
{
	static const char *const zeros[] = { "isolated_anon", "isolated_file", "dirty", "writeback",
		"slab_reclaimable", "mapped", "pagetables", "bounce", "free_pcp", "free_cma",
		"active_anon", "active_file" };

	for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
		count(ev, zeros[i], 0);
	count(ev, "inactive_anon", anon + shmem);
	count(ev, "inactive_file", file);
	count(ev, "unevictable", unevictable);
	count(ev, "slab_unreclaimable", slab);
	count(ev, "shmem", shmem);
	count(ev, "free", free);
}

static inline struct zone *
zone(struct event *ev, const char *name, int64_t free, int64_t min, int64_t high, int64_t managed)
{
	struct zone *z = event_add_zone(ev);

	assert_non_null(z);
	z->node = 0;
	z->name = str_from(name);
	z->free_kb = free;
	z->min_kb = min;
	z->low_kb = high;
	z->high_kb = high;
	z->present_kb = z->managed_kb = managed;
	return z;
}

/* A cgroup's report: usage and limit in kB, statistics in bytes. */
static inline struct event *
make_memcg(int64_t usage, int64_t limit)
{
	struct event *ev = make_event("6.1.0", CONSTRAINT_MEMCG);

	ev->reason = REASON_MEMCG;
	ev->trigger.order = 0;
	ev->cgroup.oom_memcg = ev->cgroup.task_memcg = STR("/system.slice/web.service");
	ev->cgroup.memory = (struct cgroup_usage){ usage, limit, 1, 3 };
	assert_non_null(event_add_stat(ev));
	return ev;
}

static inline void
stat_mib(struct event *ev, const char *name, int64_t mib)
{
	assert_int_equal(
	    event_add_counter(ev, &ev->cgroup.stats[0].stat, str_from(name), mib * 1024 * 1024), 0);
}

static inline const struct diagnoses *
diagnose(struct event *ev)
{
	const struct verdict *v = ev->kind == EVENT_KERNEL_OOM ? verdict_of(ev) : NULL;
	const struct ledgers *l = ev->kind == EVENT_KERNEL_OOM ? ledgers_of(ev) : NULL;
	const struct diagnoses *d = diagnoses_of(ev, v, l);

	assert_non_null(d);
	for (size_t i = 0; i < d->n; i++) {
		assert_true(diagnosis_id_known(str_from(d->v[i].id)));
		assert_non_null(d->v[i].says.p);
		assert_true(d->v[i].nevidence > 0);
		for (size_t k = 0; k < d->v[i].nadvice; k++)
			assert_non_null(d->v[i].advice[k].text.p);
	}
	return d;
}

static inline const struct diagnosis *
find_diagnosis(const struct diagnoses *d, const char *id)
{
	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(d->v[i].id, id) == 0)
			return &d->v[i];
	}
	return NULL;
}

/* Both free the event. */
static inline void
assert_fires(struct event *ev, const char *id)
{
	const struct diagnoses *d = diagnose(ev);

	if (find_diagnosis(d, id) == NULL)
		fail_msg("%s did not fire; the first of %zu is %s", id, d->n,
		    d->n > 0 ? d->v[0].id : "none");
	event_free(ev);
}

static inline void
assert_silent(struct event *ev, const char *id)
{
	if (find_diagnosis(diagnose(ev), id) != NULL)
		fail_msg("%s fired", id);
	event_free(ev);
}

#endif
