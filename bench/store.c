/*
 * store FILE EVENTS TASKS: what keeping so many events of so many tasks costs, and asking for
 * them again.  Prints "NAME VALUE" lines; FILE is made anew and stays.
 */
#include "store/store.h"
#include "base/mem.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 256, RUNS = 5 };
#define BEGIN_US (INT64_C(1700000000) * 1000000)
#define STEP_US (INT64_C(600) * 1000000)

static const char *const comms[] = { "mysqld", "apache2", "java", "python3", "postgres", "node",
	"systemd-journal", "sshd", "cron", "kubelet", "containerd-shim", "php-fpm8.2" };
static const char *const counters[] = { "active_anon", "inactive_anon", "isolated_anon",
	"active_file", "inactive_file", "isolated_file", "unevictable", "dirty", "writeback",
	"slab_reclaimable", "slab_unreclaimable", "mapped", "shmem", "pagetables", "sec_pagetables",
	"bounce", "kernel_misc_reclaimable", "free", "free_pcp", "free_cma" };
static const char *const zones[] = { "DMA", "DMA32", "Normal" };

static uint64_t seed = 1;

static int64_t
below(int64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const struct err *err)
{
	fprintf(stderr, "store: %s\n", err->msg);
	exit(1);
}

static void
add_line(struct event *ev, struct str text)
{
	struct event_line *more =
	    arena_room(&ev->mem, ev->lines, ev->nlines, &ev->lines_cap, sizeof(*more));

	if (more == NULL || text.p == NULL)
		die(&(struct err){ "out of memory" });
	ev->lines = more;
	more[ev->nlines] =
	    (struct event_line){ (int64_t)ev->nlines + 1, text, str_from_at(text, 16), LINE_USED };
	ev->nlines++;
}

static void
add_counters(struct event *ev, struct counters *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		event_add_counter(ev, c, str_from(counters[i]), below(400000));
}

static void
add_memory(struct event *ev)
{
	struct memory *m = &ev->memory;
	struct node *n = event_add_node(ev);

	m->seen = true;
	m->ram_pages = 4194304;
	m->reserved_pages = 98304;
	m->swap_total_kb = m->swap_free_kb = 0;
	add_counters(ev, &m->global_pages, ARRAY_LEN(counters));
	n->id = 0;
	add_counters(ev, &n->kb, ARRAY_LEN(counters) - 3);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		struct zone *z = event_add_zone(ev);

		z->name = str_from(zones[i]);
		z->node = 0;
		z->free_kb = below(100000);
		z->min_kb = 2000, z->low_kb = 2500, z->high_kb = 3000;
		add_counters(ev, &z->kb, 13);
		z->buddy = arena_alloc(&ev->mem, 11 * sizeof(*z->buddy));
		z->lowmem_reserve_pages = arena_alloc(&ev->mem, 5 * sizeof(int64_t));
		for (z->nbuddy = 0; z->nbuddy < 11; z->nbuddy++)
			z->buddy[z->nbuddy] =
			    (struct buddy_order){ below(200), 4 << z->nbuddy, STR("UME") };
		z->nreserve = 5;
	}
	for (int i = 0; i < 40; i++)
		add_line(ev, arena_printf(&ev->mem, "[%5d.%06d] Node 0 %s:%dkB %s:%dkB", 8000 + i,
				 (int)below(1000000), counters[i % 20], (int)below(99999),
				 counters[(i + 1) % 20], (int)below(99999)));
}

static void
add_task(struct event *ev, int64_t i)
{
	struct task *t = event_add_task(ev);

	t->pid = t->tgid = 300 + i * 7 + below(5);
	t->uid = below(5) == 0 ? 0 : 100 + below(30);
	t->comm = str_from(comms[below(ARRAY_LEN(comms))]);
	t->total_vm_pages = 500 + below(100000);
	t->rss_pages = below(t->total_vm_pages);
	t->pgtables_bytes = 4096 * (8 + below(100));
	t->swapents_pages = 0;
	t->oom_score_adj = below(10) == 0 ? -1000 : 0;
	t->line = (int64_t)ev->nlines + 1;
	add_line(
	    ev, arena_printf(&ev->mem,
		    "[ 8684.%06d] [%7lld] %5lld %5lld %8lld %8lld %8lld %8lld %13lld %s",
		    (int)(i * 13), (long long)t->pid, (long long)t->uid, (long long)t->tgid,
		    (long long)t->total_vm_pages, (long long)t->rss_pages,
		    (long long)t->pgtables_bytes, 0LL, (long long)t->oom_score_adj, t->comm.p));
}

static struct event *
make(int64_t number, int64_t tasks)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	struct victim *v;

	if (ev == NULL)
		die(&(struct err){ "out of memory" });
	snprintf(
	    ev->id, sizeof(ev->id), "%016" PRIx64, (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15));
	ev->host = arena_printf(&ev->mem, "host%lld", (long long)(number % 100));
	ev->kernel = STR("6.1.0-56-cloud-amd64");
	ev->page_size = 4096;
	ev->real_us = BEGIN_US + number * STEP_US;
	ev->real_source = TIME_RECORD;
	ev->real_error_us = 500000;
	ev->mono_us = number * STEP_US;
	ev->constraint = CONSTRAINT_NONE;
	ev->outcome = OUTCOME_KILLED;
	ev->format = "syslog";
	ev->sources = arena_alloc(&ev->mem, sizeof(*ev->sources));
	ev->sources[0] = (struct event_source){ STR("/var/log/kern.log"), 1, 240 + tasks };
	ev->nsources = ev->sources_cap = 1;
	add_memory(ev);
	ev->tasks.seen = true;
	for (int64_t i = 0; i < tasks; i++)
		add_task(ev, i);
	v = event_add_victim(ev);
	v->pid = ev->tasks.n > 0 ? ev->tasks.v[0].pid : 1;
	v->comm = str_from(comms[number % ARRAY_LEN(comms)]);
	v->total_vm_kb = below(9999999), v->anon_rss_kb = below(9999999), v->file_rss_kb = 4;
	v->mono_us = ev->mono_us, v->real_us = ev->real_us;
	v->message = STR("Out of memory");
	return ev;
}

static void
put_all(struct store *st, int64_t events, int64_t tasks)
{
	double cpu = 0, wall = 0, c, w;
	struct err err;

	for (int64_t i = 0; i < events; i++) {
		struct event *ev = make(i, tasks);
		int64_t number;

		c = now(CLOCK_PROCESS_CPUTIME_ID), w = now(CLOCK_MONOTONIC);
		if ((i % AT_ONCE == 0 && store_begin(st, &err) != 0) ||
		    store_put(st, ev, &number, &err) != PUT_NEW ||
		    ((i % AT_ONCE == AT_ONCE - 1 || i == events - 1) &&
			store_commit(st, &err) != 0))
			die(&err);
		cpu += now(CLOCK_PROCESS_CPUTIME_ID) - c, wall += now(CLOCK_MONOTONIC) - w;
		event_free(ev);
	}
	printf("rows_per_cpu_second %.0f\n", (double)(events * tasks) / cpu);
	printf("rows_per_second %.0f\n", (double)(events * tasks) / wall);
}

static int
ignore(void *ctx, const struct store_row *row, struct err *err)
{
	(void)ctx, (void)row, (void)err;
	return 0;
}

static void
list(const char *name, struct store *st, struct store_filter w)
{
	double best = 1e9;
	struct err err;

	for (int i = 0; i < RUNS; i++) {
		double begin = now(CLOCK_MONOTONIC), took;

		if (store_list(st, &w, ignore, NULL, &err) != 0)
			die(&err);
		took = now(CLOCK_MONOTONIC) - begin;
		best = took < best ? took : best;
	}
	printf("%s %.3f\n", name, best * 1e3);
}

static void
get_one(struct store *st, const char *id)
{
	double best = 1e9;
	struct err err;

	for (int i = 0; i < RUNS; i++) {
		double begin = now(CLOCK_MONOTONIC), took;
		struct event *ev = NULL;
		int64_t event;

		if (store_find(st, id, &event, &err) != 1 ||
		    (ev = store_get(st, event, &err)) == NULL)
			die(&err);
		event_free(ev);
		took = now(CLOCK_MONOTONIC) - begin;
		best = took < best ? took : best;
	}
	printf("get_ms %.3f\n", best * 1e3);
}

/* As somebody who writes SQL would. */
static void
group(const char *path)
{
	static const char sql[] = "SELECT host,victim,count(*),sum(victim_anon_kb) FROM v_events"
				  " GROUP BY host,victim";
	double best = 1e9;
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		die(&(struct err){ "cannot open the store" });
	for (int i = 0; i < RUNS; i++) {
		double begin = now(CLOCK_MONOTONIC), took;

		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			die(&(struct err){ "cannot group" });
		took = now(CLOCK_MONOTONIC) - begin;
		best = took < best ? took : best;
	}
	sqlite3_close(db);
	printf("group_ms %.3f\n", best * 1e3);
}

/* Pages of the table itself; 0 where this SQLite cannot tell (no SQLITE_ENABLE_DBSTAT_VTAB). */
static double
table_bytes(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	double bytes = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT sum(pgsize) FROM dbstat WHERE name='tasks'", -1, &s,
		NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		bytes = sqlite3_column_double(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return bytes;
}

static void
sizes(struct store *st, int64_t rows)
{
	struct store_info info;
	struct err err;

	if (store_info(st, &info, &err) != 0)
		die(&err);
	printf("task_bytes_per_row %.1f\n", table_bytes(info.path) / (double)rows);
	printf("bytes_per_row %.1f\n", (double)info.bytes / (double)rows);
	printf("raw_bytes_per_row %.1f\n", (double)info.raw_bytes / (double)rows);
}

int
main(int argc, char **argv)
{
	int64_t events, tasks;
	struct store_filter w = {
		.since_us = UNKNOWN, .until_us = UNKNOWN, .limit = 20, .analyzer = "-"
	};
	struct err err;
	struct store *st;

	if (argc != 4) {
		fputs("usage: store FILE EVENTS TASKS\n", stderr);
		return 2;
	}
	events = atoll(argv[2]), tasks = atoll(argv[3]);
	unlink(argv[1]);
	if ((st = store_open(argv[1], STORE_WRITE, 0, &err)) == NULL)
		die(&err);
	put_all(st, events, tasks);
	store_close(st);
	if ((st = store_open(argv[1], STORE_READ, 0, &err)) == NULL)
		die(&err);
	list("last_20_ms", st, w);
	w.limit = 0;
	w.victim = "mysqld";
	w.since_us = BEGIN_US + events * STEP_US - 30 * 86400 * INT64_C(1000000);
	list("victim_since_ms", st, w);
	w = (struct store_filter){ .since_us = UNKNOWN,
		.until_us = UNKNOWN,
		.limit = 20,
		.incidents = true,
		.analyzer = "-" };
	list("incidents_ms", st, w);
	get_one(st, "9e3779b97f4a7c15");
	group(argv[1]);
	sizes(st, events * tasks);
	store_close(st);
	return 0;
}
