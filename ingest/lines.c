#include "ingest/lines.h"

#include "base/mem.h"

#include <string.h>

enum {
	ALIGN = 4096,
	HEAD = 512, /* bytes that tell the encoding */
	RAW = LINES_BLOCK / 2,
};

int
lines_init(struct lines *l, lines_read *read, void *ctx, struct err *err)
{
	uintptr_t at;

	*l = (struct lines){ .read = read, .ctx = ctx, .last = '\n' };
	l->mem = mem_alloc(ALIGN + LINES_MAX + LINES_BLOCK + ALIGN);
	if (l->mem == NULL)
		return err_no_memory(err);
	at = ((uintptr_t)l->mem + LINES_MAX + ALIGN) & ~(uintptr_t)(ALIGN - 1);
	l->block = l->mem + (at - (uintptr_t)l->mem);
	l->begin = l->end = l->block;
	return 0;
}

void
lines_done(struct lines *l)
{
	mem_free(l->mem);
	mem_free(l->raw);
	*l = (struct lines){ .eof = true };
}

/* The first bytes, enough of them to tell the encoding.  0, or -1. */
static int
start(struct lines *l, struct err *err)
{
	size_t mark;

	l->started = true;
	while (!l->eof && l->end - l->begin < HEAD) {
		ssize_t got = l->read(l->ctx, l->end, RAW - HEAD, err);

		if (got < 0)
			return -1;
		l->eof = got == 0;
		l->end += got;
	}
	l->bytes = l->end - l->begin;
	if (!l->is_utf8) {
		l->decoder.encoding =
		    decode_sniff((struct str){ l->begin, (size_t)(l->end - l->begin) }, &mark);
		l->begin += mark;
	}
	if (l->begin < l->end)
		l->last = l->end[-1];
	if (l->decoder.encoding == ENCODING_UTF8)
		return 0;
	if ((l->raw = mem_alloc(RAW)) == NULL)
		return err_no_memory(err);

	/* Less than RAW bytes, which take at most half as much again when decoded. */
	size_t n = (size_t)(l->end - l->begin);

	memcpy(l->raw, l->begin, n);
	n = decode_utf16(&l->decoder, (struct str){ l->raw, n }, l->eof, l->block);
	l->begin = l->block, l->end = l->block + n;
	if (n > 0)
		l->last = l->end[-1];
	return 0;
}

/* One more block behind what is left of the last.  0, or -1. */
static int
fill(struct lines *l, struct err *err)
{
	size_t left = (size_t)(l->end - l->begin);
	bool utf16 = l->decoder.encoding != ENCODING_UTF8;
	ssize_t got;

	l->filled++;
	if (!l->started) {
		if (start(l, err) == -1)
			return -1;
	} else {
		memmove(l->block - left, l->begin, left);
		l->begin = l->block - left;
		got = l->read(l->ctx, utf16 ? l->raw : l->block, utf16 ? RAW : LINES_BLOCK, err);
		if (got < 0)
			return -1;
		l->eof = got == 0;
		l->bytes += got;
		if (utf16)
			got = (ssize_t)decode_utf16(
			    &l->decoder, (struct str){ l->raw, (size_t)got }, l->eof, l->block);
		l->end = l->block + got;
		if (got > 0)
			l->last = l->end[-1];
	}
	l->has_nul = memchr(l->begin, '\0', (size_t)(l->end - l->begin)) != NULL;
	l->has_esc = memchr(l->begin, '\033', (size_t)(l->end - l->begin)) != NULL;
	return 0;
}

static void
pass_newline(struct lines *l, char *newline)
{
	l->begin = newline + 1;
	l->newlines++;
	l->in_rest = l->in_pieces = false;
}

/* Holes, and what nobody wanted of a line that was cut.  true: a line begins at l->begin. */
static bool
pass_dead(struct lines *l)
{
	if (l->in_rest) {
		char *newline = memchr(l->begin, '\n', (size_t)(l->end - l->begin));

		if (newline == NULL) {
			l->begin = l->end;
			return false;
		}
		pass_newline(l, newline);
	}
	while (l->has_nul && l->begin < l->end && *l->begin == '\0')
		l->begin++;
	if (l->in_pieces && l->begin < l->end && *l->begin == '\n') {
		pass_newline(l, l->begin);
		return pass_dead(l);
	}
	return l->begin < l->end;
}

static struct str
without_returns(const char *p, const char *end)
{
	/* Serial consoles write LF CR CR LF. */
	while (p < end && *p == '\r')
		p++;
	while (p < end && end[-1] == '\r')
		end--;
	return (struct str){ p, (size_t)(end - p) };
}

/* Give the line that stands whole in begin..end; false: more bytes are needed. */
static bool
take_line(struct lines *l, struct line *ret)
{
	size_t n = (size_t)(l->end - l->begin);
	char *newline = memchr(l->begin, '\n', n);
	char *end = newline;
	char *nul = NULL;

	if (l->has_nul)
		nul = memchr(l->begin, '\0', newline == NULL ? n : (size_t)(newline - l->begin));
	if (nul != NULL)
		end = nul;
	*ret = (struct line){ .number = l->newlines + 1 };
	if (end == NULL && n <= LINES_MAX) {
		if (!l->eof)
			return false;
		end = l->end;
		l->unfinished = l->in_pieces ? 0 : n;
	}
	if (end == NULL || end - l->begin > LINES_MAX) {
		ret->text = (struct str){ l->begin, LINES_MAX };
		ret->cut = true;
		l->begin += LINES_MAX;
		l->cuts++;
		l->in_rest = true;
		return true;
	}
	ret->text = without_returns(l->begin, end);
	if (end == newline)
		pass_newline(l, newline);
	else
		l->begin = end, l->in_pieces = true;
	return true;
}

enum lines_status
lines_next(struct lines *l, struct line *ret, struct err *err)
{
	for (;;) {
		if (pass_dead(l) && take_line(l, ret))
			return LINES_LINE;
		if (l->eof && l->begin == l->end)
			return LINES_END;
		if (fill(l, err) == -1)
			return LINES_ERROR;
	}
}

/* Nothing wanted stands in begin..end: pass all whole lines.  true: *ret is the last one. */
static bool
pass_block(struct lines *l, size_t newlines, struct line *ret)
{
	char *newline = memrchr(l->begin, '\n', (size_t)(l->end - l->begin));
	char *before;

	if (newline == NULL)
		return false;
	before = memrchr(l->begin, '\n', (size_t)(newline - l->begin));
	before = before == NULL ? l->begin : before + 1;
	l->newlines += (int64_t)newlines;
	*ret = (struct line){ without_returns(before, newline), l->newlines, false };
	ret->text = str_head(ret->text, LINES_MAX);
	l->begin = newline + 1;
	l->in_pieces = false;
	return true;
}

enum lines_status
lines_skip(struct lines *l, const struct scan *wanted, struct line *ret, struct err *err)
{
	for (;;) {
		size_t n, newlines = 0, hit;
		char *newline;

		if (pass_dead(l)) {
			n = (size_t)(l->end - l->begin);
			hit = scan_find(wanted, l->begin, n, 0, &newlines);
			if (hit < n) {
				newline = memrchr(l->begin, '\n', hit);
				l->newlines += (int64_t)newlines;
				if (newline != NULL)
					l->begin = newline + 1, l->in_pieces = false;
				return LINES_LINE;
			}
			if (pass_block(l, newlines, ret))
				return LINES_PASSED;
			if (l->eof || n > LINES_MAX) {
				l->cuts += n > LINES_MAX;
				l->unfinished = n > LINES_MAX || l->in_pieces ? 0 : n;
				l->in_rest = true;
				l->begin = l->end;
			}
		}
		if (l->eof && l->begin == l->end)
			return LINES_END;
		if (fill(l, err) == -1)
			return LINES_ERROR;
	}
}

enum lines_status
lines_rest(struct lines *l, struct str *ret, struct err *err)
{
	size_t n;
	char *newline;

	if (!l->in_rest)
		return LINES_END;
	while (l->begin == l->end) {
		if (l->eof)
			return LINES_END;
		if (fill(l, err) == -1)
			return LINES_ERROR;
	}
	n = (size_t)(l->end - l->begin);
	newline = memchr(l->begin, '\n', n);
	*ret = (struct str){ l->begin, newline == NULL ? n : (size_t)(newline - l->begin) };
	if (newline != NULL)
		pass_newline(l, newline);
	else
		l->begin = l->end;
	return LINES_LINE;
}

enum lines_status
lines_raw(struct lines *l, uint64_t n, char *keep, size_t keep_n, struct err *err)
{
	size_t kept = 0;

	while (n > 0) {
		size_t have = (size_t)(l->end - l->begin);

		if (have == 0) {
			if (l->eof)
				return LINES_END;
			if (fill(l, err) == -1)
				return LINES_ERROR;
			continue;
		}
		if (have > n)
			have = (size_t)n;
		for (size_t i = 0; i < have; i++)
			l->newlines += l->begin[i] == '\n';
		if (kept < keep_n) {
			size_t more = have < keep_n - kept ? have : keep_n - kept;

			memcpy(keep + kept, l->begin, more);
			kept += more;
		}
		l->begin += have;
		n -= have;
	}
	return LINES_LINE;
}

int64_t
lines_count(const struct lines *l)
{
	return l->newlines + (l->eof && l->begin == l->end && l->bytes > 0 && l->last != '\n');
}

int64_t
lines_offset(const struct lines *l)
{
	if (l->decoder.encoding != ENCODING_UTF8 || l->in_rest || l->in_pieces)
		return UNKNOWN;
	return l->bytes - (l->end - l->begin);
}

int64_t
lines_end(const struct lines *l)
{
	if (l->decoder.encoding != ENCODING_UTF8)
		return UNKNOWN;
	if (l->last == '\n')
		return l->bytes;
	return l->unfinished > 0 ? l->bytes - (int64_t)l->unfinished : UNKNOWN;
}
