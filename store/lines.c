/*
 * The report's own lines.  `raw` is the lines as they stood, joined by newlines, so that
 * "zstd -d" alone gives the report back; `marks` says where each begins, what it was used
 * for, and its text where that is not a part of the line as it stood.
 */
#include "store/db.h"

#include "base/mem.h"

#include <string.h>

enum {
	LEVEL = 3,
	NO_RAW = 1, /* flags of a mark */
	OWN_TEXT = 2,
	NO_TEXT = 4,
	USE_SHIFT = 3,
	VARINT_MAX = 10,
};
/* Of the parser's 128 MiB for an event the lines are a part; twice that is never right. */
#define UNPACKED_MAX (256 * INT64_C(1024) * 1024)

struct buffer {
	char *p;
	size_t n, cap;
};

static int
add_bytes(struct buffer *b, const char *p, size_t n)
{
	size_t cap = b->cap;
	char *more;

	if (n > SIZE_MAX / 4 - b->n)
		return -1;
	while (cap < b->n + n)
		cap = cap == 0 ? 4096 : cap * 2;
	if (cap != b->cap) {
		if ((more = mem_grow(b->p, cap)) == NULL)
			return -1;
		b->p = more;
		b->cap = cap;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}

static int
add_number(struct buffer *b, uint64_t v)
{
	char buf[VARINT_MAX];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		buf[n++] = (char)(v | 0x80);
	buf[n++] = (char)v;
	return add_bytes(b, buf, n);
}

static bool
eat_number(struct str *s, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && s->n > 0; shift += 7) {
		unsigned char c = (unsigned char)*s->p;

		*s = str_from_at(*s, 1);
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*ret = v;
			return true;
		}
	}
	return false;
}

/* Differences of neighbours are small, of either sign. */
static uint64_t
zigzag(int64_t v)
{
	return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t
unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static int
add_line(struct buffer *raw, struct buffer *marks, const struct event_line *l, int64_t before)
{
	bool inside = l->raw.p != NULL && l->text.p >= l->raw.p &&
		      l->text.p + l->text.n <= l->raw.p + l->raw.n;
	unsigned flags = (unsigned)l->use << USE_SHIFT;

	if (l->raw.p == NULL)
		flags |= NO_RAW;
	if (l->text.p == NULL)
		flags |= NO_TEXT;
	else if (!inside)
		flags |= OWN_TEXT;
	if (add_number(marks, flags) != 0 ||
	    add_number(marks, zigzag((int64_t)((uint64_t)l->line - (uint64_t)before))) != 0 ||
	    add_number(marks, l->raw.n) != 0 || add_bytes(raw, l->raw.p, l->raw.n) != 0 ||
	    add_bytes(raw, "\n", 1) != 0)
		return -1;
	if (l->text.p == NULL)
		return 0;
	if (add_number(marks, l->text.n) != 0)
		return -1;
	return inside ? add_number(marks, (uint64_t)(l->text.p - l->raw.p))
		      : add_bytes(marks, l->text.p, l->text.n);
}

static struct str
press(struct store *st, struct arena *mem, const struct buffer *from)
{
	size_t room = ZSTD_compressBound(from->n), n;
	char *to = arena_raw(mem, room);

	if (st->press == NULL && (st->press = ZSTD_createCCtx()) != NULL) {
		ZSTD_CCtx_setParameter(st->press, ZSTD_c_compressionLevel, LEVEL);
		ZSTD_CCtx_setParameter(st->press, ZSTD_c_checksumFlag, 1);
	}
	if (to == NULL || st->press == NULL)
		return STR_NONE;
	n = ZSTD_compress2(st->press, to, room, from->p, from->n);
	return ZSTD_isError(n) ? STR_NONE : (struct str){ to, n };
}

int
lines_pack(struct store *st, const struct event *ev, struct arena *mem, struct str *ret_raw,
    struct str *ret_marks, struct err *err)
{
	struct buffer raw = { 0 }, marks = { 0 };
	int64_t before = 0;
	int failed = 0;

	for (size_t i = 0; i < ev->nlines && failed == 0; i++) {
		failed = add_line(&raw, &marks, &ev->lines[i], before);
		before = ev->lines[i].line;
	}
	*ret_raw = failed != 0 ? STR_NONE : press(st, mem, &raw);
	*ret_marks = failed != 0 ? STR_NONE : press(st, mem, &marks);
	mem_free(raw.p);
	mem_free(marks.p);
	return ret_raw->p == NULL || ret_marks->p == NULL ? err_no_memory(err) : 0;
}

static int
damaged(struct err *err)
{
	return err_set(err, "the stored lines of an event are damaged");
}

static int
unpress(struct store *st, struct arena *mem, struct str from, struct str *ret, struct err *err)
{
	unsigned long long size = ZSTD_getFrameContentSize(from.p, from.n);
	char *to;

	if (size > UNPACKED_MAX) /* unknown and wrong are greater than any size */
		return damaged(err);
	if (st->unpress == NULL)
		st->unpress = ZSTD_createDCtx();
	if (st->unpress == NULL || (to = arena_raw(mem, (size_t)size + 1)) == NULL)
		return err_no_memory(err);
	if (ZSTD_decompressDCtx(st->unpress, to, (size_t)size, from.p, from.n) != size)
		return damaged(err);
	*ret = (struct str){ to, (size_t)size };
	return 0;
}

/* Take one line off the front of both. */
static bool
eat_line(struct str *raw, struct str *marks, struct event_line *l, int64_t before)
{
	uint64_t flags, line, n, at;

	if (!eat_number(marks, &flags) || !eat_number(marks, &line) || !eat_number(marks, &n) ||
	    flags >> USE_SHIFT > LINE_UNKNOWN || n >= raw->n)
		return false;
	*l = (struct event_line){ .line = (int64_t)((uint64_t)before + (uint64_t)unzigzag(line)),
		.use = (enum line_use)(flags >> USE_SHIFT) };
	if ((flags & NO_RAW) == 0)
		l->raw = str_head(*raw, (size_t)n);
	*raw = str_from_at(*raw, (size_t)n + 1);
	if ((flags & NO_TEXT) != 0)
		return true;
	if (!eat_number(marks, &n))
		return false;
	if ((flags & OWN_TEXT) != 0) {
		if (n > marks->n)
			return false;
		l->text = str_head(*marks, (size_t)n);
		*marks = str_from_at(*marks, (size_t)n);
		return true;
	}
	if (!eat_number(marks, &at) || at > l->raw.n || n > l->raw.n - at)
		return false;
	l->text = (struct str){ l->raw.p + at, (size_t)n };
	return true;
}

int
lines_unpack(struct store *st, struct event *ev, struct str raw, struct str marks, struct err *err)
{
	struct event_line l = { 0 };
	int64_t before = 0;

	if (unpress(st, &ev->mem, raw, &raw, err) != 0 ||
	    unpress(st, &ev->mem, marks, &marks, err) != 0)
		return -1;
	while (marks.n > 0) {
		struct event_line *more =
		    arena_room(&ev->mem, ev->lines, ev->nlines, &ev->lines_cap, sizeof(*more));

		if (more == NULL)
			return err_no_memory(err);
		if (!eat_line(&raw, &marks, &l, before))
			return damaged(err);
		ev->lines = more;
		ev->lines[ev->nlines++] = l;
		before = l.line;
	}
	return 0;
}
