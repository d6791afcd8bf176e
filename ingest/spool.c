#include "ingest/spool.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, PAGE = 4096 };

static bool
is_zero(const char *p, size_t n)
{
	return n == 0 || (p[0] == '\0' && memcmp(p, p + 1, n - 1) == 0);
}

/* Zeros stay a hole: a stream of them costs time and no room. */
static int
put(int fd, const char *p, size_t n, int64_t at, struct err *err)
{
	while (n > 0) {
		size_t part = n < PAGE ? n : PAGE;
		ssize_t done = (ssize_t)part;

		if (!is_zero(p, part))
			done = pwrite(fd, p, part, (off_t)at);
		if (done < 0 && errno != EINTR)
			return err_set(err, "no room for a copy of it: %s", strerror(errno));
		if (done < 0)
			continue;
		p += done, n -= (size_t)done, at += done;
	}
	return 0;
}

static int
fill(int fd, char *block, lines_read *read, int64_t (*hole)(void *), void *ctx, struct err *err)
{
	int64_t at = 0;
	ssize_t got;

	while ((got = read(ctx, block, BLOCK, err)) > 0) {
		int64_t zeros = got == 1 ? hole(ctx) : 0;
		int64_t size = zeros > 0 ? zeros : got;

		if (size > SPOOL_MAX - at)
			return err_set(err, "not read: larger than %d MiB", SPOOL_MAX >> 20);
		if (zeros == 0 && put(fd, block, (size_t)got, at, err) != 0)
			return -1;
		at += size;
	}
	if (got < 0)
		return -1;
	return ftruncate(fd, (off_t)at) == 0
		   ? 0
		   : err_set(err, "no room for a copy of it: %s", strerror(errno));
}

static int
make(struct spool *s, struct err *err)
{
	const char *dir = secure_getenv("TMPDIR");
	int n;

	if (dir == NULL || *dir != '/')
		dir = "/tmp";
	n = snprintf(s->path, sizeof(s->path), "%s/oomwhy-XXXXXX", dir);
	if (n >= (int)sizeof(s->path))
		return err_set(err, "no room for a copy of it: %s", strerror(ENAMETOOLONG));
	s->fd = mkostemp(s->path, O_CLOEXEC);
	return s->fd < 0 ? err_set(err, "no room for a copy of it in %s: %s", dir, strerror(errno))
			 : 0;
}

int
spool_fill(
    struct spool *s, lines_read *read, int64_t (*hole)(void *ctx), void *ctx, struct err *err)
{
	char *block = mem_alloc(BLOCK);
	int rc;

	*s = (struct spool){ .fd = -1 };
	if (block == NULL)
		return err_no_memory(err);
	rc = make(s, err);
	if (rc == 0 && (rc = fill(s->fd, block, read, hole, ctx, err)) != 0)
		spool_done(s);
	mem_free(block);
	return rc;
}

void
spool_done(struct spool *s)
{
	unlink(s->path);
	close(s->fd);
	s->fd = -1;
}
