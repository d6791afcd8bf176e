/*
 * Compressed streams, one after the other: gzip(1), xz(1), zstd(1), bzip2(1) and lz4(1) all
 * take `cat a.gz b.gz` for the two files put together, and so do the tools that compress in
 * parallel.
 */
#include "ingest/unpack_layer.h"

#include "base/mem.h"

enum {
	BLOCK = 256 << 10,
	STALLS = 4, /* steps without any effect, after which none will have one */
};

enum phase {
	PHASE_STEP,
	PHASE_STARVED, /* what was read is used up, and has given all it can */
	PHASE_BETWEEN, /* a stream has ended */
	PHASE_DONE,
	PHASE_BROKEN, /* *why */
};

struct stream {
	struct unpack base;
	enum unpack_kind kind;
	const struct codec *codec;
	void *state;
	lines_read *read;
	void *ctx;
	bool named; /* it was given as a member */
	enum phase phase;
	unsigned stalls;
	struct err why;
	char *begin, *end; /* of what is in block and not taken yet */
	char block[BLOCK];
};

void *
codec_alloc(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : mem_alloc(bytes);
}

static enum phase
damaged(struct stream *s, const char *how)
{
	err_set(&s->why, "%s: %s", unpack_name(s->kind), how);
	return PHASE_BROKEN;
}

/* More behind what is there.  1, 0: there is no more, -1. */
static int
fill(struct stream *s)
{
	size_t n = (size_t)(s->end - s->begin);
	ssize_t got;

	memmove(s->block, s->begin, n);
	s->begin = s->block, s->end = s->block + n;
	got = s->read(s->ctx, s->end, sizeof(s->block) - n, &s->why);
	s->end += got > 0 ? got : 0;
	return got > 0 ? 1 : (int)got;
}

/* NULs are padding: xz(1) has them, and whoever writes in blocks of a size. */
static enum phase
between(struct stream *s)
{
	int got = 1;

	while (got == 1) {
		while (s->begin < s->end && *s->begin == '\0')
			s->begin++;
		if (s->end - s->begin >= UNPACK_SNIFF)
			break;
		got = fill(s);
	}
	if (got < 0)
		return PHASE_BROKEN;
	if (s->begin == s->end)
		return PHASE_DONE;
	if (!unpack_continues(s->kind, (struct str){ s->begin, (size_t)(s->end - s->begin) }))
		return damaged(s, "what stands behind its end is something else");
	return s->codec->reopen(s->state, &s->why) == 0 ? PHASE_STEP : PHASE_BROKEN;
}

/* Bytes that were given. */
static size_t
step(struct stream *s, char *to, size_t n)
{
	struct codec_io io = { s->begin, (size_t)(s->end - s->begin), to, n };
	enum codec_step was = s->codec->step(s->state, &io, &s->why);
	bool idle = io.in == s->begin && io.nout == n;

	s->begin = s->end - io.nin;
	s->stalls = idle ? s->stalls + 1 : 0;
	if (was == CODEC_BROKEN) {
		err_prefix(&s->why, "%s", unpack_name(s->kind));
		s->phase = PHASE_BROKEN;
	} else if (was == CODEC_ENDED) {
		s->phase = PHASE_BETWEEN;
	} else if (idle && io.nin == 0) {
		s->phase = PHASE_STARVED;
	} else if (s->stalls == STALLS) {
		s->phase = damaged(s, "is damaged");
	}
	return n - io.nout;
}

static ssize_t
stream_read(struct unpack *u, char *to, size_t n, struct err *err)
{
	struct stream *s = (struct stream *)u;
	size_t given;
	int got;

	for (;;) {
		switch (s->phase) {
		case PHASE_STEP:
			if ((given = step(s, to, n)) > 0)
				return (ssize_t)given;
			break;
		case PHASE_STARVED:
			s->stalls = 0;
			got = fill(s);
			s->phase = got > 0    ? PHASE_STEP
				   : got == 0 ? damaged(s, "is cut off, its end is missing")
					      : PHASE_BROKEN;
			break;
		case PHASE_BETWEEN:
			s->phase = between(s);
			break;
		case PHASE_DONE:
			return 0;
		case PHASE_BROKEN:
			return err_set(err, "%s", s->why.msg);
		}
	}
}

static int
stream_next(struct unpack *u, struct unpack_member *ret, struct err *err)
{
	struct stream *s = (struct stream *)u;

	(void)err;
	if (s->named)
		return 0;
	s->named = true;
	*ret = (struct unpack_member){ .name = STR(""), .mtime_us = UNKNOWN, .is_file = true };
	return 1;
}

static void
stream_free(struct unpack *u)
{
	struct stream *s = (struct stream *)u;

	s->codec->close(s->state);
	mem_free(s);
}

static const struct unpack_layer stream_layer = { stream_next, stream_read, NULL, stream_free };

struct unpack *
unpack_stream_new(
    enum unpack_kind kind, const struct codec *codec, lines_read *read, void *ctx, struct err *err)
{
	struct stream *s = mem_alloc(sizeof(*s));

	if (s == NULL) {
		err_no_memory(err);
		return NULL;
	}
	s->base.layer = &stream_layer;
	s->kind = kind, s->codec = codec;
	s->read = read, s->ctx = ctx;
	s->named = false;
	s->phase = PHASE_STEP;
	s->stalls = 0;
	s->begin = s->end = s->block;
	if ((s->state = codec->open(err)) != NULL)
		return &s->base;
	mem_free(s);
	return NULL;
}
