#include "ingest/print.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct print_file
print_open(const char *path)
{
	struct print_file f = { .fd = -1 };
	struct stat st;

	/* A pipe nobody writes to must not hold us up: it is opened again to be read. */
	if (strcmp(path, "-") != 0)
		f.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (f.fd == -1)
		return f;
	if (fstat(f.fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		print_close(&f);
		return f;
	}
	f.device = (int64_t)st.st_dev;
	f.inode = (int64_t)st.st_ino;
	f.size = st.st_size;
	f.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return f;
}

void
print_close(struct print_file *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

/* FNV-1a, going on from `h`. */
static uint64_t
hash(uint64_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	return h;
}

static uint64_t
begin(int64_t n)
{
	return UINT64_C(14695981039346656037) ^ (uint64_t)n;
}

static int64_t
mixed(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	return (int64_t)h;
}

static bool
add(int fd, int64_t at, size_t n, uint64_t *h)
{
	char buf[PRINT_BYTES];
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, buf + have, n - have, (off_t)at + (off_t)have);

		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	*h = hash(*h, buf, n);
	return true;
}

/* Logs may begin and end with the same report: all of a short one, else pieces all over it. */
static bool
add_pieces(int fd, int64_t offset, uint64_t *h)
{
	int64_t step = offset / PRINT_PIECES, last = offset - PRINT_BYTES;

	if (step < PRINT_BYTES)
		step = PRINT_BYTES;
	for (int64_t at = 0; at < last; at += step) {
		if (!add(fd, at, PRINT_BYTES, h))
			return false;
	}
	return true;
}

bool
print_take(const struct print_file *f, int64_t offset, struct file_print *ret)
{
	size_t n = offset < PRINT_BYTES ? (size_t)offset : PRINT_BYTES;
	uint64_t head = begin((int64_t)n), tail = begin((int64_t)n);

	if (f->fd == -1 || offset < 0 || !add(f->fd, 0, n, &head) ||
	    !add_pieces(f->fd, offset, &tail) || !add(f->fd, offset - (int64_t)n, n, &tail))
		return false;
	*ret = (struct file_print){ offset, mixed(head), mixed(tail) };
	return true;
}
