#include "system/witness.h"

#include "system/machine.h"
#include "system/memory.h"
#include "system/process.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_BYTES = 4096, STAT_BYTES = 16 * 1024 };

static int64_t
clock_us(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		return UNKNOWN;
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static struct str
text_of(const struct root *r, const char *path, char *buf, size_t cap)
{
	int64_t n = root_read(r, path, buf, cap);

	return (struct str){ buf, n < 0 ? 0 : (size_t)n };
}

/* "size resident ...", in pages; kernel threads have 0 of both. */
static int64_t
resident_pages(int proc_fd, int64_t pid)
{
	char buf[128];
	int64_t n = process_file(proc_fd, pid, "statm", buf, sizeof(buf)), size, resident;
	struct str s = { buf, n < 0 ? 0 : (size_t)n };

	return str_eat_i64(&s, &size) && str_eat_chr(&s, ' ') && str_eat_i64(&s, &resident) &&
		       resident >= 0
		   ? resident
		   : 0;
}

/* Keep it if it is among the largest so far. */
static void
consider(struct witness *w, int64_t pid, int64_t kb)
{
	size_t at = w->n;

	while (at > 0 && w->survivors[at - 1].rss_kb < kb)
		at--;
	if (at == WITNESS_SURVIVORS)
		return;
	if (w->n < WITNESS_SURVIVORS)
		w->n++;
	memmove(
	    &w->survivors[at + 1], &w->survivors[at], (w->n - 1 - at) * sizeof(w->survivors[0]));
	w->survivors[at] = (struct survivor){ .pid = pid, .rss_kb = kb };
}

static size_t
keep(char *to, size_t cap, struct str s)
{
	size_t n = s.n < cap ? s.n : cap;

	if (n > 0)
		memcpy(to, s.p, n);
	return n;
}

/* Names and places of those that were kept; who has ended since is left out. */
static void
name_survivors(int proc_fd, struct witness *w)
{
	char buf[TEXT_BYTES];
	size_t left = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct survivor s = w->survivors[i];
		int64_t n = process_file(proc_fd, s.pid, "comm", buf, sizeof(buf));
		struct str adj;

		if (n <= 0)
			continue;
		n -= buf[n - 1] == '\n';
		s.comm_n = keep(s.comm, sizeof(s.comm), (struct str){ buf, (size_t)n });
		n = process_file(proc_fd, s.pid, "oom_score_adj", buf, sizeof(buf));
		adj = (struct str){ buf, n < 0 ? 0 : (size_t)n };
		if (!str_eat_i64(&adj, &s.oom_score_adj))
			s.oom_score_adj = UNKNOWN;
		n = process_file(proc_fd, s.pid, "cgroup", buf, sizeof(buf));
		s.cgroup_n = keep(s.cgroup, sizeof(s.cgroup),
		    process_cgroup((struct str){ buf, n < 0 ? 0 : (size_t)n }));
		w->survivors[left++] = s;
	}
	w->n = left;
}

static void
take_survivors(const struct root *r, struct witness *w)
{
	struct pid_dir d = { .fd = root_dir_fd(r, "proc") };
	int64_t page_kb = sysconf(_SC_PAGESIZE) / 1024, pid;

	if (d.fd < 0)
		return;
	w->processes = 0;
	while (w->processes < WITNESS_PIDS && pid_dir_next(&d, &pid)) {
		int64_t pages = resident_pages(d.fd, pid);

		w->processes++;
		if (pages > 0 && pages < INT64_MAX / page_kb)
			consider(w, pid, pages * page_kb);
	}
	name_survivors(d.fd, w);
	close(d.fd);
}

void
witness_take(const struct root *r, struct witness *w)
{
	char buf[STAT_BYTES];

	witness_init(w);
	w->real_us = clock_us(CLOCK_REALTIME);
	w->mono_us = clock_us(CLOCK_MONOTONIC);
	/* What changes soonest comes first. */
	meminfo_parse(text_of(r, "proc/meminfo", buf, sizeof(buf)), &w->memory);
	pressure_parse(text_of(r, "proc/pressure/memory", buf, sizeof(buf)), &w->pressure);
	take_survivors(r, w);
	w->oom_kills = counter_of(text_of(r, "proc/vmstat", buf, sizeof(buf)), "oom_kill");
	sysctls_read(r, &w->sysctls);
}
