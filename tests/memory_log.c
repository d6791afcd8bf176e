#include "tests/memory_log.h"

#include "tests/test.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

const struct source_opts memory_log_opts = {
	.year = 2026, .now_us = 1795400000000000, .zone = "UTC"
};

struct memory_log
memory_log(const void *data, size_t n)
{
	struct memory_log m = { .fd = memfd_create("test", MFD_CLOEXEC) };

	assert_int_not_equal(m.fd, -1);
	assert_int_equal(write(m.fd, data, n), n);
	snprintf(m.path, sizeof(m.path), "/proc/self/fd/%d", m.fd);
	return m;
}

struct source *
memory_log_open(const struct memory_log *m)
{
	struct err err = { "" };
	struct source *src = source_open(m->path, &memory_log_opts, &err);

	if (src == NULL)
		fail_msg("%s", err.msg);
	return src;
}

struct source_stats
memory_log_read(const void *data, size_t n, const struct scan *wanted, size_t *ret_n)
{
	struct memory_log m = memory_log(data, n);
	struct source *src = memory_log_open(&m);
	enum source_status st;
	struct source_stats stats;
	struct record r;
	struct err err;

	*ret_n = 0;
	while ((st = source_next(src, wanted, &r, &err)) == SOURCE_RECORD)
		*ret_n = r.text.n;
	assert_int_equal(st, SOURCE_END);
	assert_int_equal(source_next(src, wanted, &r, &err), SOURCE_END);
	stats = source_stats(src);
	source_close(src);
	close(m.fd);
	return stats;
}
