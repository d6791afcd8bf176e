#include "system/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAP_SYS_ADMIN_BIT = 21, THREADS_MAX = 4096, PATH_BYTES = 64, CGROUP_BYTES = 8192 };

/* The lines of /proc/PID/status that count: fs/proc/array.c, task_mem() of fs/proc/task_mmu.c. */
/* clang-format off */
static const struct {
	const char *key;
	size_t at;
} numbers[] = {
	{ "Pid:", offsetof(struct process, pid) },
	{ "PPid:", offsetof(struct process, ppid) },
	{ "Uid:", offsetof(struct process, uid) },
	{ "VmSize:", offsetof(struct process, vm_kb) },
	{ "VmRSS:", offsetof(struct process, rss_kb) },
	{ "VmPTE:", offsetof(struct process, pte_kb) },
	{ "VmPMD:", offsetof(struct process, pmd_kb) },
	{ "VmSwap:", offsetof(struct process, swap_kb) },
	{ "HugetlbPages:", offsetof(struct process, hugetlb_kb) },
	{ "Threads:", offsetof(struct process, threads) },
};
/* clang-format on */

static void
forget(struct process *p, int64_t pid)
{
	*p = (struct process){ .pid = pid,
		.ppid = UNKNOWN,
		.uid = UNKNOWN,
		.threads = UNKNOWN,
		.vm_kb = UNKNOWN,
		.rss_kb = UNKNOWN,
		.swap_kb = UNKNOWN,
		.pte_kb = UNKNOWN,
		.pmd_kb = UNKNOWN,
		.hugetlb_kb = UNKNOWN,
		.oom_score_adj = UNKNOWN,
		.oom_score = UNKNOWN };
}

size_t
process_name_undo(char *name, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		char c = name[i];

		if (c == '\\' && i + 1 < n && (name[i + 1] == 'n' || name[i + 1] == '\\'))
			c = name[++i] == 'n' ? '\n' : '\\';
		name[to++] = c;
	}
	return to;
}

static bool
take_name(struct str line, struct arena *mem, struct process *p)
{
	char name[256];
	size_t n = line.n < sizeof(name) ? line.n : sizeof(name);

	memcpy(name, line.p, n);
	p->comm = arena_dup(mem, (struct str){ name, process_name_undo(name, n) });
	return p->comm.p != NULL;
}

static void
take_number(struct str line, struct process *p)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		int64_t *to = (int64_t *)(void *)((char *)p + numbers[i].at);

		if (!str_eat_z(&line, numbers[i].key))
			continue;
		str_eat_blanks(&line);
		if (!str_eat_i64(&line, to) || *to < 0)
			*to = UNKNOWN;
		return;
	}
}

bool
process_parse(struct str status, struct arena *mem, struct process *p)
{
	struct str line;
	uint64_t caps = 0;
	bool kthread = false;

	forget(p, UNKNOWN);
	while (str_cut_line(&status, &line)) {
		if (str_eat(&line, STR("Name:\t"))) {
			if (!take_name(line, mem, p))
				return false;
		} else if (str_eat(&line, STR("CapEff:\t"))) {
			str_eat_hex(&line, &caps);
		} else if (str_eat(&line, STR("Kthread:\t"))) {
			kthread = str_eq_z(line, "1");
		} else {
			take_number(line, p);
		}
	}
	p->has_memory = known(p->rss_kb);
	p->admin = (caps >> CAP_SYS_ADMIN_BIT & 1) != 0;
	/* Kernels before 6.8 do not say; their threads are kthreadd's children and have no mm. */
	p->kernel_thread = kthread || (!p->has_memory && (p->pid == 2 || p->ppid == 2));
	return known(p->pid) && p->comm.p != NULL;
}

/* "4:memory:/path", "3:cpu,memory:/path", else "0::/path": a path may hold colons. */
struct str
process_cgroup(struct str text)
{
	struct str line, number, controllers, unified = STR_NONE;

	while (str_cut_line(&text, &line)) {
		if (!str_cut(&line, STR(":"), &number) || !str_cut(&line, STR(":"), &controllers))
			continue;
		if (controllers.n == 0)
			unified = line;
		while (controllers.n > 0) {
			struct str one = controllers;

			if (!str_cut(&controllers, STR(","), &one))
				controllers.n = 0;
			if (str_eq_z(one, "memory"))
				return line;
		}
	}
	return unified;
}

int64_t
process_file(int proc_fd, int64_t pid, const char *name, char *buf, size_t cap)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%lld/%s", (long long)pid, name);
	return read_and_close(openat(proc_fd, path, O_RDONLY | O_CLOEXEC), buf, cap);
}

static int64_t
number_at(int proc_fd, int64_t pid, const char *name)
{
	char buf[32];
	int64_t n = process_file(proc_fd, pid, name, buf, sizeof(buf)), v;
	struct str s = { buf, n < 0 ? 0 : (size_t)n };

	return str_eat_i64(&s, &v) ? v : UNKNOWN;
}

/*
 * find_lock_task_mm(): where the first thread has ended and others live, their memory is
 * the process's.
 */
static void
borrow_memory(int proc_fd, int64_t pid, char *buf, struct arena *mem, struct process *p)
{
	char path[PATH_BYTES];
	struct pid_dir d = { .n = 0 };
	int64_t tid;

	snprintf(path, sizeof(path), "%lld/task", (long long)pid);
	d.fd = openat(proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; d.fd >= 0 && i < THREADS_MAX && pid_dir_next(&d, &tid); i++) {
		struct process thread;
		int64_t n;

		snprintf(path, sizeof(path), "task/%lld/status", (long long)tid);
		n = tid == pid ? -1 : process_file(proc_fd, pid, path, buf, PROCESS_BUFFER);
		if (n <= 0 || !process_parse((struct str){ buf, (size_t)n }, mem, &thread) ||
		    !thread.has_memory)
			continue;
		thread.pid = pid;
		thread.comm = p->comm;
		*p = thread;
		break;
	}
	if (d.fd >= 0)
		close(d.fd);
}

enum process_status
process_read(int proc_fd, int64_t pid, char *buf, struct arena *mem, struct process *p)
{
	int64_t n = process_file(proc_fd, pid, "status", buf, PROCESS_BUFFER);

	if (n <= 0 && (errno == EACCES || errno == EPERM)) {
		forget(p, pid);
		p->unreadable = true;
		return PROCESS_READ;
	}
	if (n <= 0)
		return PROCESS_GONE;
	if (!process_parse((struct str){ buf, (size_t)n }, mem, p))
		return p->comm.p == NULL && known(p->pid) ? PROCESS_FAILED : PROCESS_GONE;
	p->pid = pid;
	if (p->kernel_thread)
		return PROCESS_READ;
	if (!p->has_memory && known(p->threads) && p->threads > 1)
		borrow_memory(proc_fd, pid, buf, mem, p);
	/* Cut off in front of its memory. */
	p->unreadable = n == PROCESS_BUFFER && !p->has_memory;
	p->oom_score_adj = number_at(proc_fd, pid, "oom_score_adj");
	p->oom_score = number_at(proc_fd, pid, "oom_score");
	n = process_file(proc_fd, pid, "cgroup", buf, CGROUP_BYTES);
	if (n > 0) {
		p->cgroup = process_cgroup((struct str){ buf, (size_t)n });
		if (p->cgroup.p != NULL && (p->cgroup = arena_dup(mem, p->cgroup)).p == NULL)
			return PROCESS_FAILED;
	}
	return PROCESS_READ;
}

int64_t
process_shares(int64_t a, int64_t b)
{
	long rc = syscall(SYS_kcmp, (pid_t)a, (pid_t)b, KCMP_VM, 0, 0);

	return rc < 0 ? UNKNOWN : rc == 0;
}
