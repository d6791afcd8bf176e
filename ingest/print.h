/*
 * What a file looks like up to some offset, told from a few bytes of it: enough to know it
 * again after it was renamed, copied, or went on growing.
 */
#ifndef OOMWHY_INGEST_PRINT_H
#define OOMWHY_INGEST_PRINT_H

#include "base/err.h"
#include "model/checkpoint.h"

#include <stdbool.h>

struct print_file {
	int fd; /* -1: not a regular file, which cannot be known again */
	int64_t device, inode, size, mtime_ns;
};

/* fd is -1 for what cannot be known again; whether it can be read is for source_open() to say. */
struct print_file print_open(const char *path);
void print_close(struct print_file *);
/* Of the first `offset` bytes.  false: it has not so many, or they cannot be read. */
bool print_take(const struct print_file *, int64_t offset, struct file_print *ret);

#endif
