#include "ingest/salvage.h"

#include "base/mem.h"
#include "ingest/lines.h"
#include "ingest/salvage_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum object_type { OBJECT_DATA = 1, OBJECT_ENTRY = 3, OBJECT_LAST = 7 };

enum {
	PAGE = 8 << 10,
	PAGES = 32,
	/* struct Header */
	AT_INCOMPATIBLE = 12,
	AT_HEADER_SIZE = 88,
	AT_ENTRIES = 152,
	HEADER_MIN = 208,
	HEADER_MAX = 4096,
	/* struct ObjectHeader */
	OBJECT_HEAD = 16,
	/* struct EntryObject */
	ENTRY_SEQNUM = 16,
	ENTRY_REALTIME = 24,
	ENTRY_MONOTONIC = 32,
	ENTRY_ITEMS = 64,
	ITEM_REGULAR = 16,
	ITEM_COMPACT = 4,
	ITEMS_MAX = 1024, /* ENTRY_FIELD_COUNT_MAX */
	/* struct DataObject */
	DATA_REGULAR = 64,
	DATA_COMPACT = 72,
	FIELD_MIN = 2, /* "A=" */
};

/* HEADER_INCOMPATIBLE_: compressed (xz, lz4), keyed hash, zstd, compact. */
#define KNOWN_FLAGS 0x1fU
#define FLAG_COMPACT 0x10U

/* Bytes of the file as they were when they were first looked at.  Not mapped: a file that is cut
 * off meanwhile would end the program. */
struct page {
	int64_t at; /* UNKNOWN: holds nothing */
	size_t n;
	unsigned char bytes[PAGE];
};

enum layout { LAYOUT_UNKNOWN, LAYOUT_REGULAR, LAYOUT_COMPACT };

struct salvage {
	int fd, error; /* error: of a read that failed */
	int64_t size, next;
	int64_t counted, broken;
	enum layout layout;
	struct salvage_unpacker *unpacker;
	struct page *pages; /* PAGES of them */
	char packed[LINES_MAX + 1], field[LINES_MAX];
};

struct object {
	int64_t at, size;
	unsigned type, flags;
};

static uint64_t
le64(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 8; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static const struct page *
page_of(struct salvage *s, int64_t at)
{
	int64_t begin = at / PAGE * PAGE;
	struct page *p = &s->pages[at / PAGE % PAGES];

	if (p->at == begin)
		return p;
	p->at = begin;
	p->n = 0;
	while (p->n < PAGE) {
		ssize_t n = pread(s->fd, p->bytes + p->n, PAGE - p->n, begin + (int64_t)p->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			s->error = errno;
		if (n <= 0)
			break;
		p->n += (size_t)n;
	}
	return p;
}

/* False: the file ends before. */
static bool
take(struct salvage *s, int64_t at, void *to, size_t n)
{
	if (at < 0 || at > s->size || (int64_t)n > s->size - at)
		return false;
	while (n > 0) {
		const struct page *p = page_of(s, at);
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

/* A header that can be one.  The six reserved bytes are zero. */
static bool
object_at(struct salvage *s, int64_t at, struct object *ret)
{
	unsigned char head[OBJECT_HEAD];
	uint64_t first, size;

	if (at % 8 != 0 || !take(s, at, head, sizeof(head)))
		return false;
	first = le64(head);
	size = le64(head + 8);
	*ret = (struct object){ at, (int64_t)size, first & 0xff, (unsigned)first >> 8 };
	return first < 0x10000 && ret->type >= 1 && ret->type <= OBJECT_LAST &&
	       (ret->flags == 0 || (ret->type == OBJECT_DATA && salvage_is_packing(ret->flags))) &&
	       size >= OBJECT_HEAD && size <= (uint64_t)(s->size - at);
}

static int64_t
end_of(const struct object *o)
{
	return (o->at + o->size + 7) / 8 * 8;
}

static int64_t
item_at(struct salvage *s, enum layout layout, const struct object *entry, int64_t i)
{
	unsigned char b[8] = { 0 };
	bool compact = layout == LAYOUT_COMPACT;

	if (!take(s, entry->at + ENTRY_ITEMS + i * (compact ? ITEM_COMPACT : ITEM_REGULAR), b,
		compact ? 4 : 8) ||
	    le64(b) > INT64_MAX)
		return UNKNOWN;
	return (int64_t)le64(b);
}

static bool
is_data(struct salvage *s, enum layout layout, int64_t at)
{
	struct object o;

	return known(at) && object_at(s, at, &o) && o.type == OBJECT_DATA &&
	       o.size >= (layout == LAYOUT_COMPACT ? DATA_COMPACT : DATA_REGULAR) + FIELD_MIN;
}

/* Of the layout, as far as its size tells. */
static bool
fits(enum layout layout, const struct object *o)
{
	int64_t items = o->size - ENTRY_ITEMS;
	int item = layout == LAYOUT_COMPACT ? ITEM_COMPACT : ITEM_REGULAR;

	return items >= item && items % item == 0 && items / item <= ITEMS_MAX;
}

/* And its first field is one. */
static bool
is_proven(struct salvage *s, enum layout layout, const struct object *o)
{
	return fits(layout, o) && is_data(s, layout, item_at(s, layout, o, 0));
}

/* Without a header to say so, the first entry tells which layout the file has. */
static bool
entry_of(struct salvage *s, const struct object *o, bool proven, struct salvage_entry *ret)
{
	unsigned char b[ENTRY_ITEMS];

	if (o->type != OBJECT_ENTRY || !take(s, o->at, b, sizeof(b)))
		return false;
	if (s->layout == LAYOUT_UNKNOWN && is_proven(s, LAYOUT_REGULAR, o))
		s->layout = LAYOUT_REGULAR;
	else if (s->layout == LAYOUT_UNKNOWN && is_proven(s, LAYOUT_COMPACT, o))
		s->layout = LAYOUT_COMPACT;
	if (s->layout == LAYOUT_UNKNOWN ||
	    !(proven ? is_proven(s, s->layout, o) : fits(s->layout, o)))
		return false;
	*ret = (struct salvage_entry){ .seqnum = le64(b + ENTRY_SEQNUM),
		.real_us = le64(b + ENTRY_REALTIME),
		.mono_us = le64(b + ENTRY_MONOTONIC),
		.at = o->at,
		.items = (uint32_t)((o->size - ENTRY_ITEMS) /
				    (s->layout == LAYOUT_COMPACT ? ITEM_COMPACT : ITEM_REGULAR)),
		.sure = s->broken == 0 };
	return ret->seqnum > 0 && ret->real_us > 0 && ret->real_us < UINT64_C(1) << 55;
}

/* From here on the next place where two objects follow each other, or an entry stands. */
static int64_t
resume_at(struct salvage *s, int64_t at)
{
	struct salvage_entry entry;
	struct object o, after;

	for (; at <= s->size - OBJECT_HEAD; at += 8) {
		if (!object_at(s, at, &o))
			continue;
		if (object_at(s, end_of(&o), &after) || entry_of(s, &o, true, &entry))
			return at;
	}
	return s->size;
}

int
salvage_next(struct salvage *s, struct salvage_entry *ret, struct err *err)
{
	struct object o, after;

	while (s->next <= s->size - OBJECT_HEAD && s->error == 0) {
		bool follows, is_entry;

		if (!object_at(s, s->next, &o)) {
			int64_t at = resume_at(s, s->next + 8);

			s->broken += at < s->size;
			s->next = at;
			continue;
		}
		follows = end_of(&o) >= s->size || object_at(s, end_of(&o), &after);
		is_entry = entry_of(s, &o, !follows, ret);
		/* A size that is wrong must not carry us over what is good. */
		if (!follows) {
			s->next = resume_at(s, o.at + (is_entry ? o.size / 8 * 8 : OBJECT_HEAD));
			s->broken += s->next < s->size;
		} else {
			s->next = end_of(&o);
		}
		if (is_entry)
			return 1;
	}
	return s->error == 0 ? 0 : err_set(err, "%s", strerror(s->error));
}

int
salvage_field(
    struct salvage *s, const struct salvage_entry *e, uint32_t i, struct str *ret, struct err *err)
{
	const struct object entry = { .at = e->at };
	int64_t head = s->layout == LAYOUT_COMPACT ? DATA_COMPACT : DATA_REGULAR, n;
	struct object o;
	int64_t at = item_at(s, s->layout, &entry, i);

	if (!is_data(s, s->layout, at) || !object_at(s, at, &o))
		return 0;
	n = o.size - head;
	if (o.flags != 0 && n > (int64_t)sizeof(s->packed))
		return 0;
	if (n > LINES_MAX && o.flags == 0)
		n = LINES_MAX;
	if (!take(s, at + head, o.flags == 0 ? s->field : s->packed, (size_t)n))
		return 0;
	*ret = (struct str){ s->field, (size_t)n };
	if (o.flags == 0)
		return 1;
	if (s->unpacker == NULL && (s->unpacker = salvage_unpacker_new(err)) == NULL)
		return -1;
	ret->n = salvage_unpack(
	    s->unpacker, o.flags, (struct str){ s->packed, (size_t)n }, s->field, sizeof(s->field));
	return ret->n > 0;
}

/* What the header says, where there is one. */
static int
read_header(struct salvage *s, struct err *err)
{
	unsigned char head[HEADER_MIN];
	uint64_t flags, size, entries;

	if (!take(s, 0, head, sizeof(head)) || memcmp(head, "LPKSHHRH", 8) != 0)
		return 0;
	flags = le64(head + AT_INCOMPATIBLE) & UINT32_MAX;
	size = le64(head + AT_HEADER_SIZE);
	entries = le64(head + AT_ENTRIES);
	if ((flags & ~(uint64_t)KNOWN_FLAGS) != 0)
		return err_set(err, "of a later systemd");
	s->layout = flags & FLAG_COMPACT ? LAYOUT_COMPACT : LAYOUT_REGULAR;
	if (size >= HEADER_MIN && size <= HEADER_MAX && size % 8 == 0)
		s->next = (int64_t)size;
	if (entries < (uint64_t)s->size)
		s->counted = (int64_t)entries;
	return 0;
}

static struct salvage *
make(int fd, int64_t size, struct err *err)
{
	struct salvage *s = mem_alloc(sizeof(*s));
	struct page *pages = mem_alloc(PAGES * sizeof(*pages));

	if (s == NULL || pages == NULL) {
		mem_free(s);
		mem_free(pages);
		err_no_memory(err);
		return NULL;
	}
	for (size_t i = 0; i < PAGES; i++)
		pages[i].at = UNKNOWN;
	s->fd = fd;
	s->error = 0;
	s->size = size;
	s->next = 0;
	s->counted = UNKNOWN;
	s->broken = 0;
	s->layout = LAYOUT_UNKNOWN;
	s->unpacker = NULL;
	s->pages = pages;
	return s;
}

struct salvage *
salvage_open(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct salvage *s = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		err_set(err, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err_set(err, "not a file");
	else
		s = make(fd, st.st_size, err);
	if (s != NULL && read_header(s, err) == 0)
		return s;
	if (s != NULL)
		salvage_close(s);
	else if (fd >= 0)
		close(fd);
	return NULL;
}

int64_t
salvage_counted(const struct salvage *s)
{
	return s->counted;
}

int64_t
salvage_broken(const struct salvage *s)
{
	return s->broken;
}

void
salvage_close(struct salvage *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	salvage_unpacker_free(s->unpacker);
	mem_free(s->pages);
	mem_free(s);
}
