#include "analyze/redact_internal.h"
#include "analyze/service_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_MIN = 12, UUID_LEN = 36, UIDS_OF_THE_SYSTEM = 1000 };

/* Threads of the kernel's own; what follows is a number, or the name of a device. */
static const char *const kernel_threads[] = { "kworker", "kswapd", "khugepaged", "kcompactd",
	"kthreadd", "ksoftirqd", "migration", "oom_reaper", "rcu_", "jbd2", "swapper", "kdevtmpfs",
	"kauditd", "khungtaskd", "writeback", "xfsaild", "loop", "nfsd", "md" };

/* Words of the grammars of analyze/place.c, and of unit names that every machine has. */
static const char *const words[] = { "system", "user", "init", "machine", "session", "app",
	"background", "slice", "service", "scope", "socket", "mount", "docker", "crio", "conmon",
	"cri", "containerd", "libpod", "payload", "nerdctl", "kubepods", "burstable", "besteffort",
	"guaranteed", "pod", "lxc", "monitor", "nspawn", "qemu", "libvirt", "garden", "mesos",
	"nomad", "share", "htcondor", "yarn", "container", "snap", "flatpak", "slurm", "slurmstepd",
	"lve", "emulator", "unified", "memory", "getty", "gnome", "dbus" };

static bool
is_word(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq_z(s, words[i]))
			return true;
	}
	return false;
}

static bool
is_hex(char c)
{
	return str_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!str_is_digit(s.p[i]))
			return false;
	}
	return s.n > 0;
}

static bool
all_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_hex(s.p[i]))
			return false;
	}
	return s.n >= HEX_MIN;
}

/* Bytes at the front that are a UUID, its parts between '-' or, as systemd wants it, '_'. */
static size_t
uuid_at(struct str s)
{
	if (s.n < UUID_LEN || (s.n > UUID_LEN && is_hex(s.p[UUID_LEN])))
		return 0;
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool bar = i == 8 || i == 13 || i == 18 || i == 23;

		if (bar ? s.p[i] != '-' && s.p[i] != '_' : !is_hex(s.p[i]))
			return 0;
	}
	return UUID_LEN;
}

static bool
parts_words(char c)
{
	return c == '/' || c == '-' || c == '_' || c == '.' || c == '@' || c == ':';
}

struct str
redact_number(struct redactor *r, struct str s)
{
	struct str rest = s;
	int64_t v;

	if (str_eat_i64(&rest, &v) && rest.n == 0 && v < UIDS_OF_THE_SYSTEM)
		return s;
	return redact_name(r, REDACT_NUMBER, s);
}

static struct str
word(struct redactor *r, struct str s)
{
	struct str program;

	if (is_word(s))
		return s;
	if (all_digits(s))
		return s.n < HEX_MIN ? redact_number(r, s) : redact_name(r, REDACT_HEX, s);
	if (all_hex(s))
		return redact_name(r, REDACT_HEX, s);
	program = service_program(s);
	return program.p != NULL ? program : redact_name(r, REDACT_WORD, s);
}

/* What stands at the front of the path is moved to `out`, renamed.  False: no memory. */
static bool
next_part(struct redactor *r, struct str *path, FILE *out)
{
	struct str part, to;
	size_t n = 0, uuid;

	if (parts_words(*path->p)) {
		putc(*path->p, out);
		*path = str_from_at(*path, 1);
		return true;
	}
	if (str_starts(*path, STR("pod")) && uuid_at(str_from_at(*path, 3)) > 0) {
		fputs("pod", out);
		*path = str_from_at(*path, 3);
	}
	uuid = uuid_at(*path);
	while (n < path->n && !parts_words(path->p[n]))
		n++;
	part = str_head(*path, uuid > 0 ? uuid : n);
	to = uuid > 0 ? redact_name(r, REDACT_UUID, part) : word(r, part);
	*path = str_from_at(*path, part.n);
	fwrite(to.p, 1, to.n, out);
	return to.p != NULL;
}

/* The whole of a component's name before its type: "systemd-journald.service". */
static bool
known_unit(struct str *path, FILE *out)
{
	struct str rest = *path, name;
	size_t n = 0;

	while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '.' && rest.p[n] != '@')
		n++;
	name = str_head(rest, n);
	if (!str_eq(service_program(name), name) || name.n == 0)
		return false;
	fwrite(name.p, 1, name.n, out);
	*path = str_from_at(*path, n);
	return true;
}

struct str
redact_cgroup(struct redactor *r, struct str path)
{
	struct str to = STR_NONE;
	char *text = NULL;
	size_t n = 0;
	bool begins = true, whole = true;
	FILE *out;

	if (path.p == NULL || path.n == 0)
		return path;
	out = open_memstream(&text, &n);
	if (out == NULL)
		return STR_NONE;
	while (path.n > 0 && whole) {
		bool slash = *path.p == '/';

		if (!begins || !known_unit(&path, out))
			whole = next_part(r, &path, out);
		begins = slash;
	}
	whole &= fclose(out) == 0;
	if (whole)
		to = arena_dup(&r->mem, (struct str){ text, n });
	free(text);
	return to;
}

struct str
redact_host(struct redactor *r, struct str host)
{
	return redact_name(r, REDACT_HOST, host);
}

struct str
redact_comm(struct redactor *r, struct str comm)
{
	struct str program = service_program(comm);

	if (program.p != NULL)
		return program;
	for (size_t i = 0; i < ARRAY_LEN(kernel_threads); i++) {
		if (str_starts_z(comm, kernel_threads[i]))
			return str_head(comm, strlen(kernel_threads[i]));
	}
	return redact_name(r, REDACT_COMM, comm);
}

struct str
redact_id(struct redactor *r, struct str id)
{
	return redact_name(r, uuid_at(id) == id.n ? REDACT_UUID : REDACT_HEX, id);
}

struct str
redact_source(struct redactor *r, struct str path)
{
	return redact_name(r, REDACT_SOURCE, path);
}

bool
redact_in_place(struct redactor *r, redact_fn *name, struct str *s)
{
	struct str to;

	if (s->p == NULL)
		return true;
	to = name(r, *s);
	if (to.p == NULL)
		return false;
	*s = to;
	return true;
}
