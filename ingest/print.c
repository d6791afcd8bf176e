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

/* FNV-1a with a final mix. */
static int64_t
hash(const char *p, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	return (int64_t)h;
}

static bool
hash_at(int fd, int64_t at, size_t n, int64_t *ret)
{
	char buf[PRINT_BYTES];
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, buf + have, n - have, (off_t)at + (off_t)have);

		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	*ret = hash(buf, n);
	return true;
}

bool
print_take(const struct print_file *f, int64_t offset, struct file_print *ret)
{
	size_t n = offset < PRINT_BYTES ? (size_t)offset : PRINT_BYTES;

	if (f->fd == -1 || offset < 0)
		return false;
	ret->offset = offset;
	return hash_at(f->fd, 0, n, &ret->head) &&
	       hash_at(f->fd, offset - (int64_t)n, n, &ret->tail);
}
