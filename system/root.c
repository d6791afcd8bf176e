#include "system/root.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT_FIRST = 4096, NUMBER_BYTES = 64, LINE_BYTES = 512, UNREAD_MAX = 32 };

int
root_open(struct root *r, const char *path, struct err *err)
{
	r->live = strcmp(path, "/") == 0;
	r->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->fd >= 0)
		return 0;
	return err_set(err, "cannot open '%s': %s", path, strerror(errno));
}

void
root_close(struct root *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

/* include/uapi/linux/openat2.h, which headers older than Linux 5.6 lack. */
enum { SYSCALL_OPENAT2 = 437, IN_ROOT = 0x10 };
struct open_inside_how {
	uint64_t flags, mode, resolve;
};

/*
 * openat2(2) with RESOLVE_IN_ROOT takes absolute links as ones of the captured machine.
 * Before Linux 5.6, and where a filter forbids it, links there are not followed at all.
 */
static int
open_inside(const struct root *r, const char *path, int flags)
{
	struct open_inside_how how = { .flags = (uint64_t)flags, .resolve = IN_ROOT };
	long fd;

	if (r->live)
		return openat(r->fd, path, flags);
	fd = syscall(SYSCALL_OPENAT2, r->fd, path, &how, sizeof(how));
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
	return openat(r->fd, path, flags | O_NOFOLLOW);
}

int
root_file(const struct root *r, const char *path)
{
	/* Not to wait for a pipe that stands where a file should. */
	int fd = open_inside(r, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || r->live)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

int
root_dir_fd(const struct root *r, const char *path)
{
	return open_inside(r, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

DIR *
root_dir(const struct root *r, const char *path)
{
	int fd = root_dir_fd(r, path);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (d == NULL && fd >= 0)
		close(fd);
	return d;
}

bool
root_has(const struct root *r, const char *path)
{
	int fd = open_inside(r, path, O_PATH | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int64_t
read_and_close(int fd, char *buf, size_t cap)
{
	size_t n = 0;
	int error = 0;

	if (fd < 0)
		return -1;
	while (n < cap) {
		ssize_t got = read(fd, buf + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			error = errno;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	errno = error;
	return error != 0 ? -1 : (int64_t)n;
}

int64_t
root_read(const struct root *r, const char *path, char *buf, size_t cap)
{
	return read_and_close(root_file(r, path), buf, cap);
}

int64_t
root_number(const struct root *r, const char *path)
{
	char buf[NUMBER_BYTES];
	int64_t n = root_read(r, path, buf, sizeof(buf)), v;
	struct str s = { buf, n < 0 ? 0 : (size_t)n };

	s = str_trim(s);
	return str_eat_i64(&s, &v) && (s.n == 0 || *s.p == '\t' || *s.p == ' ' || *s.p == '\n')
		   ? v
		   : UNKNOWN;
}

struct str
root_line(const struct root *r, const char *path, struct arena *mem)
{
	char buf[LINE_BYTES];
	int64_t n = root_read(r, path, buf, sizeof(buf));
	struct str s = { buf, n < 0 ? 0 : (size_t)n }, line;

	if (n < 0 || !str_cut_line(&s, &line))
		return STR_NONE;
	return arena_dup(mem, str_trim(line));
}

struct str
root_text(const struct root *r, const char *path, size_t max, struct arena *mem)
{
	int fd = root_file(r, path);
	struct str text = STR_NONE;
	size_t cap = TEXT_FIRST, n = 0;
	char *buf = fd < 0 ? NULL : mem_alloc(cap);

	while (buf != NULL) {
		ssize_t got = read(fd, buf + n, cap - n);
		char *more;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
		if (n == max || (n == cap && (more = mem_grow(buf, cap * 2)) == NULL))
			break;
		if (n == cap) {
			buf = more;
			cap = cap * 2 < max ? cap * 2 : max;
		}
	}
	if (buf != NULL)
		text = arena_dup(mem, (struct str){ buf, n });
	mem_free(buf);
	if (fd >= 0)
		close(fd);
	return text;
}

void
root_note(struct machine *m, const char *path, int error)
{
	struct unread *v;

	if (error == 0 || error == ENOENT || error == ENOTDIR || error == ESRCH ||
	    m->nunread == UNREAD_MAX)
		return;
	v = arena_room(&m->mem, m->unread, m->nunread, &m->unread_cap, sizeof(*v));
	if (v == NULL)
		return;
	m->unread = v;
	v[m->nunread++] = (struct unread){ arena_dup(&m->mem, str_from(path)),
		arena_dup(&m->mem, str_from(strerror(error))) };
}
