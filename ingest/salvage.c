#include "ingest/salvage.h"

#include "base/mem.h"
#include "ingest/lines.h"
#include "ingest/salvage_file.h"
#include "ingest/salvage_unpack.h"

#include <string.h>

enum {
	/* struct Header */
	AT_INCOMPATIBLE = 12,
	AT_HEADER_SIZE = 88,
	AT_ENTRIES = 152,
	HEADER_MIN = 208,
	HEADER_MAX = 4096,
	/* struct EntryObject */
	ENTRY_SEQNUM = 16,
	ENTRY_REALTIME = 24,
	ENTRY_MONOTONIC = 32,
	ENTRY_BOOT = 40,
	ENTRY_ITEMS = 64,
	ITEM_REGULAR = 16,
	ITEM_COMPACT = 4,
	ITEMS_MAX = 1024, /* ENTRY_FIELD_COUNT_MAX */
	/* struct DataObject */
	DATA_HASH = 16,
	DATA_REGULAR = 64,
	DATA_COMPACT = 72,
	FIELD_MIN = 2, /* "A=" */
	/* struct HashItem: the first and the last object of those whose hash falls there */
	BUCKET = 16,
	/* Before the table of hashes stand the header and a table of 333 names, and it is itself
	 * longer than this: no byte before this one was anybody's to choose. */
	TABLE_BEFORE = 32 << 10,
	HOLE_STEP = 64 << 10,
};

/* HEADER_INCOMPATIBLE_: compressed (xz, lz4), keyed hash, zstd, compact; what a later one may
 * add; and where there are others, they are no flags but damage. */
#define KNOWN_FLAGS 0x1fU
#define LATER_FLAGS 0xffU
#define FLAG_COMPACT 0x10U

enum layout { LAYOUT_UNKNOWN, LAYOUT_REGULAR, LAYOUT_COMPACT };

struct salvage {
	struct salvage_file file;
	int64_t next;
	int64_t counted, broken;
	int64_t table, buckets; /* of hashes; none: 0 buckets */
	bool sure;		/* at `next` an object begins, and it is none in a message */
	enum layout layout;
	struct salvage_unpacker *unpacker;
	char packed[LINES_MAX + 1], field[LINES_MAX];
};

static int64_t
item_at(struct salvage *s, enum layout layout, const struct object *entry, int64_t i)
{
	unsigned char b[8] = { 0 };
	bool compact = layout == LAYOUT_COMPACT;

	if (!salvage_take(&s->file,
		entry->at + ENTRY_ITEMS + i * (compact ? ITEM_COMPACT : ITEM_REGULAR), b,
		compact ? 4 : 8) ||
	    salvage_le64(b) > INT64_MAX)
		return UNKNOWN;
	return (int64_t)salvage_le64(b);
}

static bool
is_data(struct salvage *s, enum layout layout, int64_t at)
{
	struct object o;

	return known(at) && salvage_object(&s->file, at, &o) && o.type == OBJECT_DATA &&
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

	if (o->type != OBJECT_ENTRY || !salvage_take(&s->file, o->at, b, sizeof(b)))
		return false;
	if (s->layout == LAYOUT_UNKNOWN && is_proven(s, LAYOUT_REGULAR, o))
		s->layout = LAYOUT_REGULAR;
	else if (s->layout == LAYOUT_UNKNOWN && is_proven(s, LAYOUT_COMPACT, o))
		s->layout = LAYOUT_COMPACT;
	if (s->layout == LAYOUT_UNKNOWN ||
	    !(proven ? is_proven(s, s->layout, o) : fits(s->layout, o)))
		return false;
	*ret = (struct salvage_entry){ .seqnum = salvage_le64(b + ENTRY_SEQNUM),
		.real_us = salvage_le64(b + ENTRY_REALTIME),
		.mono_us = salvage_le64(b + ENTRY_MONOTONIC),
		.at = o->at,
		.items = (uint32_t)((o->size - ENTRY_ITEMS) /
				    (s->layout == LAYOUT_COMPACT ? ITEM_COMPACT : ITEM_REGULAR)),
		.sure = s->sure };
	memcpy(ret->boot_id, b + ENTRY_BOOT, sizeof(ret->boot_id));
	return ret->seqnum > 0 && ret->real_us > 0 && ret->real_us < UINT64_C(1) << 55;
}

/* From here on the next place where two objects follow each other, or an entry stands. */
static int64_t
resume_at(struct salvage *s, int64_t at)
{
	struct salvage_entry entry;
	struct object o, after;

	for (; at <= s->file.size - OBJECT_HEAD; at += 8) {
		if (at % HOLE_STEP == 0)
			at = salvage_past_hole(&s->file, at);
		if (!salvage_object(&s->file, at, &o))
			continue;
		if (salvage_object(&s->file, salvage_object_end(&o), &after) ||
		    entry_of(s, &o, true, &entry))
			return at;
	}
	return s->file.size;
}

static void
go_on_at(struct salvage *s, int64_t at)
{
	s->broken += at < s->file.size;
	s->next = at;
	s->sure = false;
}

/* Whether the file's own table, which nobody's message can change, leads to this field. */
static bool
is_in_table(struct salvage *s, const struct object *data)
{
	unsigned char hash[8], bucket[BUCKET];

	if (s->buckets == 0 || !salvage_take(&s->file, data->at + DATA_HASH, hash, sizeof(hash)) ||
	    !salvage_take(&s->file,
		s->table + (int64_t)(salvage_le64(hash) % (uint64_t)s->buckets) * BUCKET, bucket,
		sizeof(bucket)))
		return false;
	return salvage_le64(bucket) == (uint64_t)data->at ||
	       salvage_le64(bucket + 8) == (uint64_t)data->at;
}

/* An object that another one follows. */
static void
learn_of(struct salvage *s, const struct object *o)
{
	if (o->type == OBJECT_DATA_TABLE && o->at < TABLE_BEFORE) {
		s->table = o->at + OBJECT_HEAD;
		s->buckets = (o->size - OBJECT_HEAD) / BUCKET;
	}
	if (!s->sure && o->type == OBJECT_DATA)
		s->sure = is_in_table(s, o);
}

int
salvage_next(struct salvage *s, struct salvage_entry *ret, struct err *err)
{
	struct object o, after;

	while (s->next <= s->file.size - OBJECT_HEAD && s->file.error == 0) {
		bool follows, is_entry;
		int64_t end;

		if (!salvage_object(&s->file, s->next, &o)) {
			go_on_at(s, resume_at(s, s->next + 8));
			continue;
		}
		end = salvage_object_end(&o);
		follows = end >= s->file.size || salvage_object(&s->file, end, &after);
		is_entry = entry_of(s, &o, !follows, ret);
		/* A size that is wrong must not carry us over what is good. */
		if (follows)
			learn_of(s, &o), s->next = end;
		else
			go_on_at(s, resume_at(s, o.at + (is_entry ? o.size / 8 * 8 : OBJECT_HEAD)));
		if (is_entry)
			return 1;
	}
	return s->file.error == 0 ? 0 : err_set(err, "%s", strerror(s->file.error));
}

int
salvage_field(
    struct salvage *s, const struct salvage_entry *e, uint32_t i, struct str *ret, struct err *err)
{
	const struct object entry = { .at = e->at };
	int64_t head = s->layout == LAYOUT_COMPACT ? DATA_COMPACT : DATA_REGULAR, n;
	struct object o;
	int64_t at = item_at(s, s->layout, &entry, i);

	if (!is_data(s, s->layout, at) || !salvage_object(&s->file, at, &o))
		return 0;
	n = o.size - head;
	if (o.flags != 0 && n > (int64_t)sizeof(s->packed))
		return 0;
	if (n > LINES_MAX && o.flags == 0)
		n = LINES_MAX;
	if (!salvage_take(&s->file, at + head, o.flags == 0 ? s->field : s->packed, (size_t)n))
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

	if (!salvage_take(&s->file, 0, head, sizeof(head)) || memcmp(head, "LPKSHHRH", 8) != 0)
		return 0;
	flags = salvage_le64(head + AT_INCOMPATIBLE) & UINT32_MAX;
	size = salvage_le64(head + AT_HEADER_SIZE);
	entries = salvage_le64(head + AT_ENTRIES);
	if (flags > KNOWN_FLAGS && flags <= LATER_FLAGS)
		return err_set(err, "of a later systemd");
	if (flags <= KNOWN_FLAGS)
		s->layout = flags & FLAG_COMPACT ? LAYOUT_COMPACT : LAYOUT_REGULAR;
	if (size >= HEADER_MIN && size <= HEADER_MAX && size % 8 == 0)
		s->next = (int64_t)size;
	if (entries < (uint64_t)s->file.size)
		s->counted = (int64_t)entries;
	return 0;
}

struct salvage *
salvage_open(const char *path, struct err *err)
{
	struct salvage *s = mem_alloc(sizeof(*s));

	if (s == NULL) {
		err_no_memory(err);
		return NULL;
	}
	s->next = s->broken = s->table = s->buckets = 0;
	s->counted = UNKNOWN;
	s->sure = true;
	s->layout = LAYOUT_UNKNOWN;
	s->unpacker = NULL;
	if (salvage_file_open(&s->file, path, err) != 0) {
		mem_free(s);
		return NULL;
	}
	if (read_header(s, err) == 0)
		return s;
	salvage_close(s);
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
	salvage_file_close(&s->file);
	salvage_unpacker_free(s->unpacker);
	mem_free(s);
}
