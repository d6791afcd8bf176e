/* What becomes of the kernel's messages: the ring, the journal, and after a panic. */
#include "system/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

enum {
	CONFIG_TEXT = 256 * 1024,
	PATH_BYTES = 512,
	SYSLOG_ACTION_SIZE_BUFFER = 10,
	DROP_INS_MAX = 256,
};

struct ini_key {
	const char *section, *name;
	struct str *to;
};

/* The last assignment holds; an empty one undoes those before it. */
static void
take_ini(struct str text, const struct ini_key *keys, size_t n, struct arena *mem)
{
	struct str line, section = STR_NONE, name;

	while (str_cut_line(&text, &line)) {
		line = str_trim(line);
		if (str_eat_chr(&line, '[')) {
			section = str_head(line, line.n > 0 ? line.n - 1 : 0);
			continue;
		}
		if (line.n == 0 || *line.p == '#' || *line.p == ';' ||
		    !str_cut(&line, STR("="), &name))
			continue;
		for (size_t i = 0; i < n; i++) {
			struct str value = str_trim(line);

			if (str_eq_z(section, keys[i].section) &&
			    str_eq_z(str_trim(name), keys[i].name))
				*keys[i].to = value.n > 0 ? arena_dup(mem, value) : STR_NONE;
		}
	}
}

static int
is_drop_in(const struct dirent *e)
{
	return str_ends(str_from(e->d_name), STR(".conf"));
}

static void
take_dir(
    const struct root *r, const char *dir, const struct ini_key *keys, size_t n, struct arena *mem)
{
	DIR *d = root_dir(r, dir);
	struct dirent **v = NULL;
	int found = d == NULL ? 0 : scandirat(dirfd(d), ".", &v, is_drop_in, alphasort);

	for (int i = 0; i < found; i++) {
		char path[PATH_BYTES];

		if (i < DROP_INS_MAX &&
		    snprintf(path, sizeof(path), "%s/%s", dir, v[i]->d_name) < (int)sizeof(path))
			take_ini(root_text(r, path, CONFIG_TEXT, mem), keys, n, mem);
		free(v[i]);
	}
	free(v);
	if (d != NULL)
		closedir(d);
}

/* systemd's way: the file, then drop-ins; /etc comes last, so that it holds. */
static void
take_config(
    const struct root *r, const char *name, const struct ini_key *keys, size_t n, struct arena *mem)
{
	static const char *const tops[] = { "usr/lib/systemd", "run/systemd", "etc/systemd" };
	char path[PATH_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		snprintf(path, sizeof(path), "%s/%s", tops[i], name);
		take_ini(root_text(r, path, CONFIG_TEXT, mem), keys, n, mem);
	}
	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		snprintf(path, sizeof(path), "%s/%s.d", tops[i], name);
		take_dir(r, path, keys, n, mem);
	}
}

/* "4M", as memparse() of the kernel reads it. */
static int64_t
size_of(struct str s)
{
	int64_t v, shift = 0;

	if (!str_eat_i64(&s, &v) || v <= 0 || v > INT32_MAX)
		return UNKNOWN;
	if (s.n > 0 && (*s.p | 0x20) == 'k')
		shift = 10;
	else if (s.n > 0 && (*s.p | 0x20) == 'm')
		shift = 20;
	else if (s.n > 0 && (*s.p | 0x20) == 'g')
		shift = 30;
	return v << shift;
}

static struct str
config_of(const struct root *r, struct str release, struct arena *mem)
{
	char path[PATH_BYTES];

	if (release.p == NULL || release.n > 128 || str_has(release, STR("/")))
		return STR_NONE;
	snprintf(path, sizeof(path), "boot/config-%.*s", STR_ARG(release));
	return root_text(r, path, 2 * CONFIG_TEXT, mem);
}

static void
read_ring(const struct root *r, struct machine *m, struct arena *mem)
{
	struct logging *l = &m->logging;
	int size = r->live ? klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0) : -1;
	int error = size < 0 ? errno : 0;
	struct str cmdline = root_text(r, "proc/cmdline", CONFIG_TEXT, mem), config, head;
	int64_t shift;

	if (size > 0) {
		l->ring_bytes = size;
		l->ring_how = STR("as the kernel says");
		return;
	}
	if (str_cut(&cmdline, STR("log_buf_len="), &head)) {
		l->ring_bytes = size_of(cmdline);
		l->ring_how = STR("log_buf_len= of the kernel's command line");
		return;
	}
	config = config_of(r, m->release, mem);
	if (str_cut(&config, STR("\nCONFIG_LOG_BUF_SHIFT="), &head) &&
	    str_eat_i64(&config, &shift) && shift >= 12 && shift <= 25) {
		l->ring_bytes = INT64_C(1) << shift;
		l->ring_how = STR("CONFIG_LOG_BUF_SHIFT; it is larger with many processors");
	} else if (r->live) {
		root_note(m, "the size of the kernel's log", error);
	}
}

static int64_t
may_open(const struct root *r, const char *path)
{
	int fd = openat(r->fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	else if (errno != EACCES && errno != EPERM)
		return UNKNOWN;
	return fd >= 0;
}

/* Whether this user sees the system's journal, and not only his own. */
static int64_t
may_read_journal(const struct root *r, struct arena *mem)
{
	static const char *const tops[] = { "var/log/journal", "run/log/journal" };
	struct str id = root_line(r, "etc/machine-id", mem);
	int64_t may = UNKNOWN;

	for (size_t i = 0; id.p != NULL && i < ARRAY_LEN(tops); i++) {
		char path[PATH_MAX];
		int64_t one;

		snprintf(path, sizeof(path), "%s/%.*s/system.journal", tops[i], STR_ARG(id));
		one = may_open(r, path);
		if (known(one) && (!known(may) || one > may))
			may = one;
	}
	return may;
}

static void
read_swap_kinds(const struct root *r, struct machine *m, struct arena *mem)
{
	struct str swaps = root_text(r, "proc/swaps", CONFIG_TEXT, mem), line;
	struct str zswap = root_line(r, "sys/module/zswap/parameters/enabled", mem);

	if (swaps.p != NULL)
		m->zram_devices = 0;
	while (str_cut_line(&swaps, &line))
		m->zram_devices += str_starts(line, STR("/dev/zram"));
	if (zswap.p != NULL)
		m->zswap_enabled = str_eq_z(zswap, "Y") || str_eq_z(zswap, "1");
}

void
machine_read_logging(const struct root *r, struct machine *m)
{
	struct arena mem = { 0 };
	struct logging *l = &m->logging;
	const struct ini_key journald[] = { { "Journal", "Storage", &l->storage },
		{ "Journal", "MaxLevelStore", &l->max_level },
		{ "Journal", "ReadKMsg", &l->read_kmsg } };
	const struct ini_key manager[] = { { "Manager", "DefaultOOMPolicy", &l->default_policy } };
	struct str backend;

	read_ring(r, m, &mem);
	l->journald = root_has(r, "run/systemd/journal") ||
		      root_has(r, "etc/systemd/journald.conf") ||
		      root_has(r, "usr/lib/systemd/systemd-journald") ||
		      root_has(r, "lib/systemd/systemd-journald");
	l->journal_on_disk = root_has(r, "var/log/journal");
	take_config(r, "journald.conf", journald, ARRAY_LEN(journald), &m->mem);
	take_config(r, "system.conf", manager, ARRAY_LEN(manager), &m->mem);
	if (r->live) {
		l->may_read = may_open(r, "dev/kmsg");
		l->may_read_journal = may_read_journal(r, &mem);
	}
	l->crash_kernel = root_number(r, "sys/kernel/kexec_crash_loaded");
	backend = root_line(r, "sys/module/pstore/parameters/backend", &mem);
	if (backend.p != NULL)
		l->pstore = backend.n > 0 && !str_eq_z(backend, "(null)");
	read_swap_kinds(r, m, &mem);
	arena_done(&mem);
}
