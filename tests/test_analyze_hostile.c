#include "tests/analyze_event.h"

#include "analyze/history.h"

/* xorshift64: the same numbers in every run. */
struct dice {
	uint64_t state;
};

static uint64_t
roll(struct dice *d, uint64_t sides)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return d->state % sides;
}

/* The ends of the range more often than chance would have them. */
static int64_t
any_number(struct dice *d)
{
	static const int64_t ends[] = { UNKNOWN, INT64_MAX, INT64_MIN + 1, 0, -1 };
	uint64_t which = roll(d, 10);

	if (which < ARRAY_LEN(ends))
		return ends[which];
	if (which == 5)
		return (int64_t)roll(d, 2001) - 1000;
	if (which == 6)
		return INT64_C(1) << roll(d, 63);
	return which == 7 ? (int64_t)roll(d, UINT64_MAX) : (int64_t)roll(d, 100000);
}

static const char *const kernels[] = { NULL, "", "2.4.20", "2.6.26", "2.6.32-1.el6", "2.6.37",
	"2.6.39", "3.2.0", "3.5.0", "3.10.0-1.el7", "3.13.0-57-generic", "3.16.0-4-amd64", "4.1.15",
	"4.4.0", "4.7.0", "4.15.0", "4.18.0-80.el8", "4.19.0", "5.2.0", "5.3.0", "6.1.0-amd64",
	"7.3.0", "99999999.5" };

static void
any_totals(struct event *ev, struct dice *d)
{
	struct memory *m = &ev->memory;

	ev->page_size = roll(d, 3) > 0 ? 4096 : any_number(d);
	ev->mono_us = any_number(d);
	m->ram_pages = any_number(d);
	m->reserved_pages = any_number(d);
	m->cma_reserved_pages = any_number(d);
	m->swap_total_kb = any_number(d);
	ev->boot_swap_total_kb = any_number(d);
	ev->cgroup.memory.limit_kb = any_number(d);
	ev->cgroup.swap.limit_kb = any_number(d);
	ev->cgroup.memsw.limit_kb = any_number(d);
	ev->cgroup.mems_allowed = STR("0,2-3");
	ev->cgroup.nodemask = STR("0-9223372036854775807");
	for (uint64_t n = roll(d, 4); n > 0; n--)
		add_zone(ev, any_number(d), any_number(d), any_number(d));
}

static void
any_rows(struct event *ev, struct dice *d)
{
	enum table columns = (enum table)roll(d, T7 + 1);

	for (uint64_t n = roll(d, 7); n > 0; n--) {
		struct task *t = add_row(ev, columns,
		    (struct row){ (int64_t)roll(d, 6), (int64_t)roll(d, 2), 5, any_number(d),
			any_number(d), roll(d, 3) > 0 ? 0 : any_number(d), "sh" });

		t->tgid = (int64_t)roll(d, 6);
		t->total_vm_pages = any_number(d);
		t->oom_adj = any_number(d);
		if (roll(d, 4) == 0)
			t->rss_pages = any_number(d);
	}
}

static void
any_ending(struct event *ev, struct dice *d)
{
	for (uint64_t n = roll(d, 3); n > 0; n--) {
		struct victim *v = event_add_victim(ev);

		assert_non_null(v);
		v->pid = (int64_t)roll(d, 6);
		v->comm = STR("sh");
		v->uid = (int64_t)roll(d, 2);
		v->total_vm_kb = any_number(d);
		v->anon_rss_kb = any_number(d);
		v->file_rss_kb = any_number(d);
		v->pgtables_kb = any_number(d);
		v->oom_score_adj = any_number(d);
		v->mono_us = any_number(d);
	}
	if (roll(d, 2) == 0)
		choose(ev, (int64_t)roll(d, 6), "swapoff", any_number(d));
	if (roll(d, 3) == 0)
		ev->summary.pid = (int64_t)roll(d, 6);
	ev->outcome = (enum outcome)roll(d, OUTCOME_NONE + 1);
	ev->reason = (enum reason)roll(d, REASON_SYSRQ + 1);
	ev->allocating_task = roll(d, 10) == 0;
	ev->group_kill = roll(d, 10) == 0;
}

/* Whoever is expected is first, and the only one who is. */
static void
check(const struct event *ev, const struct verdict *v)
{
	size_t firsts = 0;

	for (size_t i = 0; v->scores != NULL && i < ev->tasks.n; i++) {
		firsts += v->scores[i].rank == 1;
		assert_true(known(v->scores[i].rank) <= v->scores[i].eligible);
	}
	assert_int_equal(firsts, v->expected.known);
	assert_true(v->totalpages_quality == QUALITY_NONE || v->totalpages > 0);
	assert_true(!known(v->spare_adj) || v->spared_for.known);
	assert_true(!known(v->hidden_pages_min) || v->hidden_pages_min <= v->hidden_pages_max);
}

static void
any_numbers_make_a_verdict(void **state)
{
	struct dice d = { UINT64_C(88172645463325252) };
	struct history h = { .n = 0 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct event *ev =
		    make_event(kernels[roll(&d, ARRAY_LEN(kernels))], (enum constraint)roll(&d, 5));
		const struct verdict *v;

		any_totals(ev, &d);
		any_rows(ev, &d);
		any_ending(ev, &d);
		v = verdict_of_with(ev, &h);
		assert_non_null(v);
		assert_non_null(v->says.p);
		check(ev, v);
		history_add(&h, ev);
		event_free(ev);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_numbers_make_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
