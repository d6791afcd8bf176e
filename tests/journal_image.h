/* Journal files made by hand, of either layout: an object is as large as it says, or as wrong. */
#ifndef OOMWHY_TESTS_JOURNAL_IMAGE_H
#define OOMWHY_TESTS_JOURNAL_IMAGE_H

#include "tests/test.h"

#include "ingest/salvage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADER = 256, ROOM = 64 * 1024, COMPACT = 0x10, BUCKETS = 16, FORGED_AT = 40 * 1024 };

struct image {
	unsigned char bytes[ROOM];
	size_t n;
	bool compact;
	char path[64];
};

static inline void
put_le(unsigned char *to, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		to[i] = (unsigned char)(v >> 8 * i);
}

static inline void
begin(struct image *m, bool compact, uint64_t entries)
{
	memset(m, 0, sizeof(*m));
	memcpy(m->bytes, "LPKSHHRH", 8);
	put_le(m->bytes + 12, compact ? COMPACT : 0, 4);
	put_le(m->bytes + 88, HEADER, 8);
	put_le(m->bytes + 152, entries, 8);
	m->n = HEADER;
	m->compact = compact;
}

static inline size_t
object(struct image *m, unsigned type, unsigned flags, size_t size)
{
	size_t at = m->n;

	m->bytes[at] = (unsigned char)type;
	m->bytes[at + 1] = (unsigned char)flags;
	put_le(m->bytes + at + 8, size, 8);
	m->n = (at + size + 7) / 8 * 8;
	assert_true(m->n <= ROOM);
	return at;
}

static inline size_t
data_of(struct image *m, unsigned flags, const void *payload, size_t n)
{
	size_t head = m->compact ? 72 : 64, at = object(m, 1, flags, head + n);

	memcpy(m->bytes + at + head, payload, n);
	return at;
}

static inline size_t
data(struct image *m, const char *text)
{
	return data_of(m, 0, text, strlen(text));
}

static inline size_t
entry(struct image *m, uint64_t seqnum, size_t field, size_t other)
{
	size_t item = m->compact ? 4 : 16, at = object(m, 3, 0, 64 + 2 * item);

	put_le(m->bytes + at + 16, seqnum, 8);
	put_le(m->bytes + at + 24, 1000 + seqnum, 8);
	put_le(m->bytes + at + 32, seqnum, 8);
	put_le(m->bytes + at + 64, field, m->compact ? 4 : 8);
	put_le(m->bytes + at + 64 + item, other, m->compact ? 4 : 8);
	return at;
}

static inline struct salvage *
open_image(struct image *m, size_t n)
{
	struct err err = { "" };
	struct salvage *s;
	int fd;

	strcpy(m->path, "/tmp/oomwhy-salvage-XXXXXX");
	fd = mkstemp(m->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, m->bytes, n), n);
	close(fd);
	s = salvage_open(m->path, &err);
	unlink(m->path);
	return s;
}

/* The numbers of the entries that are found, as text. */
static inline const char *
found(struct image *m, size_t n, char to[128])
{
	struct salvage *s = open_image(m, n);
	struct salvage_entry e;
	struct err err;

	to[0] = '\0';
	assert_non_null(s);
	while (salvage_next(s, &e, &err) > 0)
		snprintf(
		    to + strlen(to), 128 - strlen(to), "%s%d ", e.sure ? "" : "?", (int)e.seqnum);
	salvage_close(s);
	return to;
}

#endif
