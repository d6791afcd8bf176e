#include "ingest/salvage_file.h"

#include "base/mem.h"
#include "base/str.h"
#include "ingest/salvage_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 8 << 10, PAGES = 32 };

/* Bytes of the file as they were when they were first looked at.  Not mapped: a file that is cut
 * off meanwhile would end the program. */
struct salvage_page {
	int64_t at; /* UNKNOWN: holds nothing */
	size_t n;
	unsigned char bytes[PAGE];
};

static int
open_pages(struct salvage_file *f, struct err *err)
{
	f->pages = mem_alloc(PAGES * sizeof(*f->pages));
	if (f->pages == NULL)
		return err_no_memory(err);
	for (size_t i = 0; i < PAGES; i++)
		f->pages[i].at = UNKNOWN;
	return 0;
}

int
salvage_file_open(struct salvage_file *f, const char *path, struct err *err)
{
	struct stat st;
	int rc = -1;

	*f =
	    (struct salvage_file){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) };
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		err_set(err, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err_set(err, "not a file");
	else
		f->size = st.st_size, rc = open_pages(f, err);
	if (rc != 0)
		salvage_file_close(f);
	return rc;
}

void
salvage_file_close(struct salvage_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	mem_free(f->pages);
	f->fd = -1;
	f->pages = NULL;
}

uint64_t
salvage_le64(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 8; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static const struct salvage_page *
page_of(struct salvage_file *f, int64_t at)
{
	int64_t begin = at / PAGE * PAGE;
	struct salvage_page *p = &f->pages[at / PAGE % PAGES];

	if (p->at == begin)
		return p;
	p->at = begin;
	p->n = 0;
	while (p->n < PAGE) {
		ssize_t n = pread(f->fd, p->bytes + p->n, PAGE - p->n, begin + (int64_t)p->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			f->error = errno;
		if (n <= 0)
			break;
		p->n += (size_t)n;
	}
	return p;
}

bool
salvage_take(struct salvage_file *f, int64_t at, void *to, size_t n)
{
	if (at < 0 || at > f->size || (int64_t)n > f->size - at)
		return false;
	while (n > 0) {
		const struct salvage_page *p = page_of(f, at);
		size_t from = (size_t)(at - p->at), have = p->n > from ? p->n - from : 0;

		if (have == 0)
			return false;
		if (have > n)
			have = n;
		memcpy(to, p->bytes + from, have);
		to = (char *)to + have;
		at += (int64_t)have, n -= have;
	}
	return true;
}

/* The six reserved bytes are zero. */
bool
salvage_object(struct salvage_file *f, int64_t at, struct object *ret)
{
	unsigned char head[OBJECT_HEAD];
	uint64_t first, size;

	if (at % 8 != 0 || !salvage_take(f, at, head, sizeof(head)))
		return false;
	first = salvage_le64(head);
	size = salvage_le64(head + 8);
	*ret = (struct object){ at, (int64_t)size, first & 0xff, (unsigned)first >> 8 };
	return first < 0x10000 && ret->type >= 1 && ret->type <= OBJECT_LAST &&
	       (ret->flags == 0 || (ret->type == OBJECT_DATA && salvage_is_packing(ret->flags))) &&
	       size >= OBJECT_HEAD && size <= (uint64_t)(f->size - at);
}

int64_t
salvage_object_end(const struct object *o)
{
	return (o->at + o->size + 7) / 8 * 8;
}

int64_t
salvage_past_hole(const struct salvage_file *f, int64_t at)
{
	off_t data = lseek(f->fd, at, SEEK_DATA);

	if (data < 0)
		return errno == ENXIO ? f->size : at;
	return data > at ? (int64_t)data / 8 * 8 : at;
}
