/*
 * /dev/kmsg: a read() gives one record of the kernel's buffer, the oldest first
 * (Documentation/ABI/testing/dev-kmsg).
 */
#ifndef OOMWHY_INGEST_KMSG_H
#define OOMWHY_INGEST_KMSG_H

#include "ingest/source.h"

#include <sys/types.h>

/* What stands beside the buffer; a test puts its own here. */
struct kmsg_setting {
	const char *name; /* the source, as records and errors name it */
	struct str host, boot_id;
	/* Now: wall clock, the kernel's clock, and how long the machine was suspended. */
	void (*clock)(int64_t *ret_real_us, int64_t *ret_mono_us, int64_t *ret_suspended_us);
	ssize_t (*read)(int fd, void *to, size_t n);
};

/* Owns fd, which does not block, if it succeeds.  *setting is copied, what it points at is not. */
struct source *kmsg_open(
    int fd, const struct kmsg_setting *setting, const struct source_opts *, struct err *);

#endif
