/*
 * Where a machine is read: the root directory of this one, or a directory that holds
 * parts of another one's.  Nothing below it is trusted: a link leads nowhere outside
 * of it, and what is no plain file is not opened.
 */
#ifndef OOMWHY_SYSTEM_ROOT_H
#define OOMWHY_SYSTEM_ROOT_H

#include "base/err.h"
#include "model/machine.h"

#include <dirent.h>
#include <stdbool.h>

struct root {
	int fd;
	bool live; /* "/" itself */
};

/* 0, or -1 and *err. */
int root_open(struct root *, const char *path, struct err *);
void root_close(struct root *);

/* Paths are relative: "proc/meminfo".  A descriptor, or -1 and errno. */
int root_file(const struct root *, const char *path);
int root_dir_fd(const struct root *, const char *path); /* the same of a directory */
DIR *root_dir(const struct root *, const char *path);	/* NULL and errno */
bool root_has(const struct root *, const char *path);

/*
 * Up to `cap` bytes of a file; -1 and errno.  What does not fit is left out: files of
 * /proc are read whole or to a bound that their reader chose.
 */
int64_t root_read(const struct root *, const char *path, char *buf, size_t cap);
/* The same of a descriptor that is open, which it closes. */
int64_t read_and_close(int fd, char *buf, size_t cap);
/* The file's only number; UNKNOWN: there is none. */
int64_t root_number(const struct root *, const char *path);
/* Its first line, without blanks at the ends, in the arena; STR_NONE: there is none. */
struct str root_line(const struct root *, const char *path, struct arena *);
/* All of it, up to `max` bytes, in the arena. */
struct str root_text(const struct root *, const char *path, size_t max, struct arena *);

/* Note that a file is there and may not be read; errno says why.  Absence is no fault. */
void root_note(struct machine *, const char *path, int error);

#endif
