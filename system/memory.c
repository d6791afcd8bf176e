#include "system/memory.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { TEXT_BYTES = 16 * 1024, STAT_BYTES = 64 * 1024, NODES_MAX = 1024 };

/* clang-format off */
static const struct {
	const char *key;
	size_t at;
} meminfo_rows[] = {
	{ "MemTotal:", offsetof(struct meminfo, total_kb) },
	{ "MemFree:", offsetof(struct meminfo, free_kb) },
	{ "MemAvailable:", offsetof(struct meminfo, available_kb) },
	{ "SwapTotal:", offsetof(struct meminfo, swap_total_kb) },
	{ "SwapFree:", offsetof(struct meminfo, swap_free_kb) },
	{ "CommitLimit:", offsetof(struct meminfo, commit_limit_kb) },
	{ "Committed_AS:", offsetof(struct meminfo, committed_kb) },
	{ "HugePages_Total:", offsetof(struct meminfo, huge_total) },
	{ "HugePages_Free:", offsetof(struct meminfo, huge_free) },
	{ "Hugepagesize:", offsetof(struct meminfo, huge_size_kb) },
	{ "Hugetlb:", offsetof(struct meminfo, hugetlb_kb) },
	{ "Shmem:", offsetof(struct meminfo, shmem_kb) },
	{ "Zswap:", offsetof(struct meminfo, zswap_kb) },
};
/* clang-format on */

void
meminfo_parse(struct str text, struct meminfo *m)
{
	struct str line;

	while (str_cut_line(&text, &line)) {
		for (size_t i = 0; i < ARRAY_LEN(meminfo_rows); i++) {
			int64_t *to = (int64_t *)(void *)((char *)m + meminfo_rows[i].at), v;

			if (!str_eat_z(&line, meminfo_rows[i].key))
				continue;
			str_eat_blanks(&line);
			if (str_eat_i64(&line, &v) && v >= 0)
				*to = v;
			break;
		}
	}
}

/* "avg10=1.25": hundredths. */
static int64_t
hundredths(struct str line, struct str key)
{
	struct str head;
	int64_t whole, part;

	if (!str_cut(&line, key, &head) || !str_eat_i64(&line, &whole) ||
	    !str_eat_chr(&line, '.') || !str_eat_digits(&line, 2, &part) || whole < 0 ||
	    whole > 100)
		return UNKNOWN;
	return whole * 100 + part;
}

static int64_t
total_of_line(struct str line)
{
	struct str head;
	int64_t v;

	return str_cut(&line, STR("total="), &head) && str_eat_i64(&line, &v) ? v : UNKNOWN;
}

void
pressure_parse(struct str text, struct pressure *p)
{
	struct str line;

	while (str_cut_line(&text, &line)) {
		if (str_eat(&line, STR("some "))) {
			p->some10 = hundredths(line, STR("avg10="));
			p->some60 = hundredths(line, STR("avg60="));
			p->some_us = total_of_line(line);
		} else if (str_eat(&line, STR("full "))) {
			p->full10 = hundredths(line, STR("avg10="));
			p->full60 = hundredths(line, STR("avg60="));
			p->full_us = total_of_line(line);
		}
	}
}

int64_t
counter_of(struct str text, const char *key)
{
	struct str line, word;
	int64_t v;

	while (str_cut_line(&text, &line)) {
		if (str_eat_word(&line, &word) && str_eq_z(word, key) && str_eat_blanks(&line) &&
		    str_eat_i64(&line, &v) && v >= 0)
			return v;
	}
	return UNKNOWN;
}

/* "12345.67 ...": seconds since boot. */
static int64_t
uptime_of(struct str s)
{
	int64_t seconds, part;

	if (!str_eat_i64(&s, &seconds) || seconds < 0 || seconds > INT64_MAX / 2000000 ||
	    !str_eat_chr(&s, '.') || !str_eat_digits(&s, 2, &part))
		return UNKNOWN;
	return seconds * 1000000 + part * 10000;
}

/* VmSize in kB beside the same in pages: any process tells how large a page is. */
static int64_t
page_size_of(const struct root *r, char *buf, size_t cap)
{
	int64_t n = root_read(r, "proc/1/statm", buf, cap), pages = 0, kb;
	struct str s = { buf, n < 0 ? 0 : (size_t)n };

	if (!str_eat_i64(&s, &pages) || pages <= 0)
		return UNKNOWN;
	n = root_read(r, "proc/1/status", buf, cap);
	s = (struct str){ buf, n < 0 ? 0 : (size_t)n };
	kb = counter_of(s, "VmSize:");
	for (int64_t size = 4096; known(kb) && size <= 65536; size *= 2) {
		if (kb == pages * (size / 1024))
			return size;
	}
	return UNKNOWN;
}

static int64_t
nodes_of(const struct root *r)
{
	char path[64];
	int64_t n = 0;

	for (; n < NODES_MAX; n++) {
		snprintf(path, sizeof(path), "sys/devices/system/node/node%lld", (long long)n);
		if (!root_has(r, path))
			break;
	}
	return n > 0 ? n : UNKNOWN;
}

static struct str
text_of(const struct root *r, struct machine *m, const char *path, char *buf, size_t cap)
{
	int64_t n = root_read(r, path, buf, cap);

	if (n < 0)
		root_note(m, path, errno);
	return (struct str){ buf, n < 0 ? 0 : (size_t)n };
}

int
machine_read_memory(const struct root *r, struct machine *m, struct err *err)
{
	char *buf = arena_raw(&m->mem, STAT_BYTES);

	if (buf == NULL)
		return err_no_memory(err);
	meminfo_parse(text_of(r, m, "proc/meminfo", buf, TEXT_BYTES), &m->memory);
	pressure_parse(text_of(r, m, "proc/pressure/memory", buf, TEXT_BYTES), &m->pressure);
	m->oom_kills = counter_of(text_of(r, m, "proc/vmstat", buf, STAT_BYTES), "oom_kill");
	m->uptime_us = uptime_of(text_of(r, m, "proc/uptime", buf, TEXT_BYTES));
	/* btime stands behind the line of interrupts, which may be long. */
	m->boot_us = counter_of(text_of(r, m, "proc/stat", buf, STAT_BYTES), "btime");
	if (known(m->boot_us))
		m->boot_us *= 1000000;
	m->release = root_line(r, "proc/sys/kernel/osrelease", &m->mem);
	m->host = root_line(r, "proc/sys/kernel/hostname", &m->mem);
	m->boot_id = root_line(r, "proc/sys/kernel/random/boot_id", &m->mem);
	m->page_size = page_size_of(r, buf, TEXT_BYTES);
	if (!known(m->page_size) && r->live)
		m->page_size = sysconf(_SC_PAGESIZE);
	m->nodes = nodes_of(r);
	return 0;
}
