/* Sysctls as they are, and lines of configuration that set none. */
#include "system/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SYSCTL_TEXT = 512 * 1024, CONFIG_TEXT = 256 * 1024, DEAD_MAX = 32, PATH_BYTES = 512 };

/* What `sysctl -a` said, where a report of the whole machine keeps it (sosreport). */
static const char *const dumps[] = { "sos_commands/kernel/sysctl_-a",
	"sos_commands/sysctl/sysctl_-a" };

/* clang-format off */
static const struct {
	const char *name; /* below proc/sys, and with dots in other places */
	size_t at;
} knobs[] = {
	{ "vm/panic_on_oom", offsetof(struct sysctls, panic_on_oom) },
	{ "vm/oom_kill_allocating_task", offsetof(struct sysctls, oom_kill_allocating_task) },
	{ "vm/oom_dump_tasks", offsetof(struct sysctls, oom_dump_tasks) },
	{ "vm/overcommit_memory", offsetof(struct sysctls, overcommit_memory) },
	{ "vm/overcommit_ratio", offsetof(struct sysctls, overcommit_ratio) },
	{ "vm/overcommit_kbytes", offsetof(struct sysctls, overcommit_kbytes) },
	{ "vm/min_free_kbytes", offsetof(struct sysctls, min_free_kbytes) },
	{ "vm/swappiness", offsetof(struct sysctls, swappiness) },
	{ "kernel/panic", offsetof(struct sysctls, panic) },
	{ "kernel/printk", offsetof(struct sysctls, console_loglevel) },
	{ "kernel/dmesg_restrict", offsetof(struct sysctls, dmesg_restrict) },
};
/* clang-format on */

/* "vm/x" and "vm.x" are one key; '-' in front means that sysctl(8) ignores a failure. */
static bool
same_key(struct str a, const char *b)
{
	for (size_t i = 0; i < a.n; i++) {
		char c = a.p[i] == '/' ? '.' : a.p[i];

		if (b[i] == '\0' || c != (b[i] == '/' ? '.' : b[i]))
			return false;
	}
	return b[a.n] == '\0';
}

/* "key = value"; false: a comment, or no assignment. */
static bool
assignment(struct str line, struct str *key, struct str *value)
{
	line = str_trim(line);
	if (line.n == 0 || *line.p == '#' || *line.p == ';' || !str_cut(&line, STR("="), key))
		return false;
	*key = str_trim(*key);
	str_eat_chr(key, '-');
	*value = str_trim(line);
	return key->n > 0;
}

static int64_t
dumped(struct str dump, const char *name)
{
	struct str line, key, value;
	int64_t v;

	while (str_cut_line(&dump, &line)) {
		if (assignment(line, &key, &value) && same_key(key, name))
			return str_eat_i64(&value, &v) ? v : UNKNOWN;
	}
	return UNKNOWN;
}

static struct str
dump_of(const struct root *r, struct arena *mem)
{
	struct str dump = STR_NONE;

	for (size_t i = 0; !r->live && dump.p == NULL && i < ARRAY_LEN(dumps); i++)
		dump = root_text(r, dumps[i], SYSCTL_TEXT, mem);
	return dump;
}

static int64_t *
knob_of(struct sysctls *s, size_t i)
{
	return (int64_t *)(void *)((char *)s + knobs[i].at);
}

void
sysctls_read(const struct root *r, struct sysctls *s)
{
	for (size_t i = 0; i < ARRAY_LEN(knobs); i++) {
		char path[PATH_BYTES];

		snprintf(path, sizeof(path), "proc/sys/%s", knobs[i].name);
		*knob_of(s, i) = root_number(r, path);
	}
}

void
machine_read_sysctls(const struct root *r, struct machine *m)
{
	struct arena mem = { 0 };
	struct str dump = dump_of(r, &mem);

	sysctls_read(r, &m->sysctls);
	for (size_t i = 0; dump.p != NULL && i < ARRAY_LEN(knobs); i++) {
		int64_t *to = knob_of(&m->sysctls, i);

		if (!known(*to))
			*to = dumped(dump, knobs[i].name);
	}
	arena_done(&mem);
}

/* As a word of its own: not "room". */
static bool
speaks_of_oom(struct str key)
{
	size_t at;

	return str_find(key, STR("oom"), &at) &&
	       (at == 0 || key.p[at - 1] < 'a' || key.p[at - 1] > 'z');
}

/* Whether a listing of all keys has this one: then its kernel had it. */
static bool
lists(struct str dump, struct str key)
{
	struct str line, name, value;

	while (str_cut_line(&dump, &line)) {
		if (assignment(line, &name, &value) && str_eq(name, key))
			return true;
	}
	return false;
}

/*
 * A key that speaks of OOM and is none of the kernel's.  Mainline has exactly the three of
 * mm/oom_kill.c (2.6.25 - 7.3); RHEL 3 and 4 had vm.oom-kill, RHEL 6 vm.would_have_oomkilled.
 */
static bool
is_dead(const struct root *r, struct str dump, struct str key)
{
	static const char *const real[] = { "vm.panic_on_oom", "vm.oom_kill_allocating_task",
		"vm.oom_dump_tasks" };
	char path[PATH_BYTES];
	int n;

	if (!speaks_of_oom(key) || key.n > 128)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(real); i++) {
		if (same_key(key, real[i]))
			return false;
	}
	n = snprintf(path, sizeof(path), "proc/sys/%.*s", STR_ARG(key));
	for (int i = (int)strlen("proc/sys/"); i < n && i < (int)sizeof(path); i++) {
		if (path[i] == '.')
			path[i] = '/';
	}
	return !root_has(r, path) && !lists(dump, key);
}

static int
scan_file(
    const struct root *r, struct machine *m, struct str dump, const char *path, struct err *err)
{
	struct arena mem = { 0 };
	struct str text, line, key, value;
	int64_t number = 0;
	int rc = 0;

	errno = 0;
	text = root_text(r, path, CONFIG_TEXT, &mem);
	if (text.p == NULL)
		root_note(m, path, errno);
	while (rc == 0 && m->ndead < DEAD_MAX && str_cut_line(&text, &line)) {
		struct dead_setting *v;

		number++;
		if (!assignment(line, &key, &value) || !is_dead(r, dump, key))
			continue;
		v = arena_room(&m->mem, m->dead, m->ndead, &m->dead_cap, sizeof(*v));
		if (v != NULL) {
			m->dead = v;
			v[m->ndead++] = (struct dead_setting){ arena_dup(&m->mem, str_from(path)),
				arena_dup(&m->mem, key), arena_dup(&m->mem, value), number };
		}
		if (v == NULL || v[m->ndead - 1].value.p == NULL)
			rc = err_no_memory(err);
	}
	arena_done(&mem);
	return rc;
}

static int
scan_dir(const struct root *r, struct machine *m, struct str dump, const char *dir, struct err *err)
{
	DIR *d = root_dir(r, dir);
	const struct dirent *e;
	int rc = 0;

	while (d != NULL && rc == 0 && (e = readdir(d)) != NULL) {
		char path[PATH_BYTES];

		if (!str_ends(str_from(e->d_name), STR(".conf")) ||
		    snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) >= (int)sizeof(path))
			continue;
		rc = scan_file(r, m, dump, path, err);
	}
	if (d != NULL)
		closedir(d);
	return rc;
}

int
machine_read_dead_settings(const struct root *r, struct machine *m, struct err *err)
{
	/* sysctl.d(5) */
	static const char *const dirs[] = { "etc/sysctl.d", "run/sysctl.d",
		"usr/local/lib/sysctl.d", "usr/lib/sysctl.d" };

	struct arena mem = { 0 };
	struct str dump = dump_of(r, &mem);
	int rc = scan_file(r, m, dump, "etc/sysctl.conf", err);

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(dirs); i++)
		rc = scan_dir(r, m, dump, dirs[i], err);
	arena_done(&mem);
	return rc;
}
