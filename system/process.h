/*
 * /proc/PID, for one process and for all.  A process may end at any moment, also between
 * two files of its own: then it is as if it had not been there.
 */
#ifndef OOMWHY_SYSTEM_PROCESS_H
#define OOMWHY_SYSTEM_PROCESS_H

#include "model/machine.h"
#include "system/root.h"

enum {
	PROCESS_MAX = 1 << 22, /* PID_MAX_LIMIT */
	/* Of a status file.  A process may be in 65,536 groups, which stand before its memory:
	 * with more than some 8,000 of them it counts as unreadable. */
	PROCESS_BUFFER = 64 * 1024,
};

enum process_status { PROCESS_READ, PROCESS_GONE, PROCESS_FAILED /* no memory */ };

/* proc_fd: of the directory "proc".  buf has PROCESS_BUFFER bytes. */
enum process_status process_read(
    int proc_fd, int64_t pid, char *buf, struct arena *, struct process *ret);
/* Everyone, in order of pid.  0, or -1 and *err. */
int processes_read(const struct root *, struct arena *, struct processes *ret, struct err *);

/* Up to `cap` bytes of /proc/PID/NAME; -1 and errno. */
int64_t process_file(int proc_fd, int64_t pid, const char *name, char *buf, size_t cap);

/* Whether two processes have one mm, as kcmp(2) tells who may trace both: 1, 0, UNKNOWN. */
int64_t process_shares(int64_t a, int64_t b);

/* The numbers among the names of a directory, one after the other. */
struct pid_dir {
	int fd;
	size_t at, n;
	char buf[2048];
};
bool pid_dir_next(struct pid_dir *, int64_t *ret_pid); /* no allocation */

/* Take the fields of a status file.  False: it holds no process. */
bool process_parse(struct str status, struct arena *, struct process *ret);
/* The path of /proc/PID/cgroup where memory is charged; STR_NONE: none. */
struct str process_cgroup(struct str text);
/* "a\nb" and "a\\b" as status prints them, undone in place; returns the length. */
size_t process_name_undo(char *name, size_t n);

#endif
