/* Events made by hand, as a parser would have made them of a log. */
#ifndef OOMWHY_TESTS_ANALYZE_EVENT_H
#define OOMWHY_TESTS_ANALYZE_EVENT_H

#include "tests/test.h"

#include "analyze/verdict.h"
#include "model/event.h"

/* Which columns a row has. */
enum table { T1, T2, T3, T4, T5, T6, T7 };

struct row {
	int64_t pid, uid, rss, tables, swap, adj;
	const char *comm;
};

static inline struct event *
make_event(const char *kernel, enum constraint constraint)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);

	assert_non_null(ev);
	ev->kernel = str_from(kernel);
	ev->constraint = constraint;
	ev->page_size = 4096;
	ev->trigger.line = 1;
	return ev;
}

/* A global report with these totals. */
static inline struct event *
make_global(const char *kernel, int64_t ram, int64_t reserved, int64_t swap_kb)
{
	struct event *ev = make_event(kernel, CONSTRAINT_NONE);

	ev->memory.seen = true;
	ev->memory.ram_pages = ram;
	ev->memory.reserved_pages = reserved;
	ev->memory.swap_total_kb = swap_kb;
	return ev;
}

static inline void
add_zone(struct event *ev, int64_t node, int64_t present_kb, int64_t managed_kb)
{
	struct zone *z = event_add_zone(ev);

	assert_non_null(z);
	z->node = node;
	z->present_kb = present_kb;
	z->managed_kb = managed_kb;
}

static inline struct task *
add_row(struct event *ev, enum table columns, struct row r)
{
	struct task *t = event_add_task(ev);

	assert_non_null(t);
	ev->tasks.seen = true;
	ev->tasks.header = columns >= T6 ? STR("[  pid  ]   uid") : STR("[ pid ]   uid");
	t->pid = t->tgid = r.pid;
	t->uid = r.uid;
	t->comm = str_from(r.comm);
	t->total_vm_pages = (r.rss & INT64_C(0xffffffffffff)) * 2 + r.pid;
	t->rss_pages = r.rss;
	if (columns >= T2)
		t->oom_score_adj = r.adj;
	if (columns <= T2)
		t->oom_adj = 0;
	if (columns >= T3)
		t->swapents_pages = r.swap;
	if (columns == T3 || columns == T4)
		t->nr_ptes = r.tables;
	if (columns == T4)
		t->nr_pmds = 0;
	if (columns >= T5)
		t->pgtables_bytes = r.tables;
	if (columns == T7)
		t->rss_anon_pages = r.rss;
	return t;
}

/* "Out of memory: Killed process PID (COMM) total-vm:..kB, anon-rss:..kB": of a row. */
static inline struct victim *
kill_row(struct event *ev, int64_t pid)
{
	const struct task *t = event_task(ev, pid);
	struct victim *v = event_add_victim(ev);

	assert_non_null(v);
	v->pid = pid;
	v->message = STR("Out of memory");
	ev->outcome = OUTCOME_KILLED;
	if (t == NULL)
		return v;
	v->comm = t->comm;
	v->uid = t->uid;
	v->total_vm_kb = t->total_vm_pages * 4;
	v->anon_rss_kb = t->rss_pages * 4;
	v->file_rss_kb = v->shmem_rss_kb = 0;
	return v;
}

/* "Out of memory: Kill process PID (COMM) score N or sacrifice child" */
static inline void
choose(struct event *ev, int64_t pid, const char *comm, int64_t score)
{
	ev->chosen = (struct chosen){ pid, str_from(comm), score, 7 };
}

static inline const struct verdict *
judge(struct event *ev)
{
	const struct verdict *v = verdict_of(ev);

	assert_non_null(v);
	assert_non_null(v->says.p);
	assert_true(v->says.n > 0 && v->says.p[v->says.n - 1] == '.');
	assert_non_null(v->era_how.p);
	assert_non_null(v->totalpages_how.p);
	return v;
}

#define assert_decided(v, by, yes)                                                                 \
	do {                                                                                       \
		assert_string_equal((v)->decided_by, by);                                          \
		assert_int_equal((v)->agrees, yes);                                                \
	} while (0)

static inline void
assert_says(const struct verdict *v, const char *part)
{
	if (!str_has(v->says, str_from(part)))
		fail_msg("'%.*s' does not say '%s'", STR_ARG(v->says), part);
}

/* mysqld beside two apache2; T = 83143 pages, no swap. */
static inline struct event *
make_lamp(const char *kernel, enum table columns)
{
	struct event *ev = make_global(kernel, 90000, 90000 - 83143, 0);

	add_row(ev, columns, (struct row){ 105, 0, 900, 40960, 0, -1000, "sshd" });
	add_row(ev, columns, (struct row){ 106, 33, 23197, 221184, 0, 0, "mysqld" });
	add_row(ev, columns, (struct row){ 154, 33, 3396, 69632, 0, 0, "apache2" });
	add_row(ev, columns, (struct row){ 165, 33, 3660, 69632, 0, 0, "apache2" });
	return ev;
}

static inline struct event *
make_equals(const char *kernel, enum table columns, enum constraint constraint)
{
	struct event *ev = make_global(kernel, 90000, 0, 0);

	ev->constraint = constraint;
	for (int64_t pid = 10; pid < 13; pid++)
		add_row(ev, columns, (struct row){ pid, 1, 5000, 0, 0, 0, "same" });
	return ev;
}

/* 3.2: score 493 of root's java, of which the table shows 452. */
static inline struct event *
make_hidden(int64_t other_rss)
{
	struct event *ev = make_global("3.2.0-4-amd64", 1961984, 0, 524287 * 4);

	add_row(ev, T2, (struct row){ 50, 0, 1200000, 0, 0, 0, "java" });
	add_row(ev, T2, (struct row){ 60, 7, other_rss, 0, 0, 0, "other" });
	choose(ev, 50, "java", 493);
	kill_row(ev, 50);
	return ev;
}

#endif
