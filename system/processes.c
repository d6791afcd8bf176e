/* All processes of a machine. */
#include "system/process.h"

#include "base/mem.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

bool
pid_dir_next(struct pid_dir *d, int64_t *ret_pid)
{
	for (;;) {
		const struct dirent64 *e;
		struct str name;

		if (d->at >= d->n) {
			/* glibc has a function for it since 2.30. */
			long got = syscall(SYS_getdents64, d->fd, d->buf, sizeof(d->buf));

			if (got <= 0)
				return false;
			d->at = 0;
			d->n = (size_t)got;
		}
		e = (const struct dirent64 *)(const void *)(d->buf + d->at);
		d->at += e->d_reclen;
		name = str_from(e->d_name);
		if (str_eat_i64(&name, ret_pid) && name.n == 0 && *ret_pid > 0)
			return true;
	}
}

/* "hidepid=2", or "hidepid=invisible" since 5.8, of the options of /proc. */
static int64_t
hidepid_of(struct str mounts)
{
	static const char *const names[] = { "off", "noaccess", "invisible" };
	struct str line, word, rest;

	while (str_cut_line(&mounts, &line)) {
		if (!str_cut(&line, STR(" /proc proc "), &word))
			continue;
		if (!str_cut(&line, STR("hidepid="), &rest))
			return 0;
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			if (str_starts_z(line, names[i]) ||
			    (line.n > 0 && *line.p == '0' + (char)i))
				return (int64_t)i;
		}
		return str_starts_z(line, "ptraceable") || str_starts_z(line, "4") ? 2 : UNKNOWN;
	}
	return UNKNOWN;
}

static int
pid_cmp(const void *va, const void *vb)
{
	const struct process *a = va, *b = vb;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

static int
read_each(int proc_fd, char *buf, struct arena *mem, struct processes *ps, struct err *err)
{
	struct pid_dir d = { .fd = proc_fd };
	int64_t pid;

	while (pid_dir_next(&d, &pid)) {
		struct process *v = arena_room(mem, ps->v, ps->n, &ps->cap, sizeof(*v));

		if (v == NULL)
			return err_no_memory(err);
		ps->v = v;
		if (ps->n == PROCESS_MAX) {
			ps->truncated = true;
			return 0;
		}
		switch (process_read(proc_fd, pid, buf, mem, &v[ps->n])) {
		case PROCESS_READ:
			ps->unreadable += v[ps->n].unreadable;
			ps->n++;
			break;
		case PROCESS_GONE:
			ps->vanished++;
			break;
		case PROCESS_FAILED:
			return err_no_memory(err);
		}
	}
	return 0;
}

int
processes_read(const struct root *r, struct arena *mem, struct processes *ps, struct err *err)
{
	DIR *proc = root_dir(r, "proc");
	char *buf = mem_alloc(PROCESS_BUFFER);
	int rc = buf == NULL ? err_no_memory(err) : 0;
	int64_t n;

	*ps = (struct processes){ .hidepid = UNKNOWN };
	if (rc == 0 && proc != NULL)
		rc = read_each(dirfd(proc), buf, mem, ps, err);
	if (rc == 0 && (n = root_read(r, "proc/mounts", buf, PROCESS_BUFFER)) > 0)
		ps->hidepid = hidepid_of((struct str){ buf, (size_t)n });
	if (ps->n > 0)
		qsort(ps->v, ps->n, sizeof(*ps->v), pid_cmp);
	mem_free(buf);
	if (proc != NULL)
		closedir(proc);
	return rc;
}
