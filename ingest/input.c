#include "ingest/input.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct input {
	const char *where;
	int fd;
	bool borrowed; /* fd is the caller's */
	int64_t left;  /* bytes that may be read */
	int64_t mtime_us;
	input_tick *tick;
	void *tick_ctx;
	size_t nhead, taken; /* of head */
	char head[INPUT_HEAD];
};

static ssize_t
read_fd(struct input *in, char *to, size_t n, struct err *err)
{
	ssize_t got;

	if ((int64_t)n > in->left)
		n = (size_t)in->left;
	do
		got = read(in->fd, to, n);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		err_set(err, "%s: %s", in->where, strerror(errno));
	else
		in->left -= got;
	return got;
}

static int
find_part(struct input *in, const struct source_part *part)
{
	int flags = fcntl(part->fd, F_GETFL);

	in->fd = part->fd;
	in->borrowed = true;
	in->left = part->end > part->place.offset ? part->end - part->place.offset : 0;
	if (flags == -1 || fcntl(part->fd, F_SETFL, flags & ~O_NONBLOCK) == -1)
		return -1;
	return lseek(part->fd, (off_t)part->place.offset, SEEK_SET) == -1 ? -1 : 0;
}

static int
open_fd(struct input *in, const struct source_part *part, struct err *err)
{
	struct stat st;

	if (part != NULL) {
		if (find_part(in, part) == -1)
			return err_set(err, "%s: %s", in->where, strerror(errno));
	} else {
		in->fd = strcmp(in->where, "-") == 0
			     ? STDIN_FILENO
			     : open(in->where, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (in->fd == -1 || fstat(in->fd, &st) == -1)
		return err_set(err, "%s: %s", in->where, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, "%s: %s", in->where, strerror(EISDIR));
	if (S_ISREG(st.st_mode))
		in->mtime_us = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
	return 0;
}

struct input *
input_open(const char *where, const struct source_part *part, struct err *err)
{
	struct input *in = mem_alloc(sizeof(*in));
	ssize_t got = 1;

	if (in == NULL) {
		err_no_memory(err);
		return NULL;
	}
	in->where = where;
	in->mtime_us = UNKNOWN;
	in->tick = NULL;
	in->nhead = in->taken = 0;
	in->borrowed = false;
	in->left = INT64_MAX;
	if (open_fd(in, part, err) == 0) {
		/* A pipe gives what it has: more, only while that tells nothing. */
		while (got > 0 && in->nhead < sizeof(in->head) / 8) {
			got = read_fd(in, in->head + in->nhead, sizeof(in->head) - in->nhead, err);
			in->nhead += got > 0 ? (size_t)got : 0;
		}
		if (got >= 0)
			return in;
	}
	input_close(in);
	return NULL;
}

const char *
input_name(const struct input *in)
{
	return in->where;
}

struct str
input_head(const struct input *in)
{
	return (struct str){ in->head, in->nhead };
}

int64_t
input_mtime_us(const struct input *in)
{
	return in->mtime_us;
}

void
input_watch(struct input *in, input_tick *tick, void *ctx)
{
	in->tick = tick;
	in->tick_ctx = ctx;
}

ssize_t
input_read(void *input, char *to, size_t n, struct err *err)
{
	struct input *in = input;
	ssize_t got;

	if (in->taken < in->nhead) {
		if (n > in->nhead - in->taken)
			n = in->nhead - in->taken;
		memcpy(to, in->head + in->taken, n);
		in->taken += n;
		return (ssize_t)n;
	}
	got = read_fd(in, to, n, err);
	if (got > 0 && in->tick != NULL)
		in->tick(in->tick_ctx, (size_t)got);
	return got;
}

void
input_close(void *input)
{
	struct input *in = input;

	if (in == NULL)
		return;
	if (in->fd > STDIN_FILENO && !in->borrowed)
		close(in->fd);
	mem_free(in);
}
