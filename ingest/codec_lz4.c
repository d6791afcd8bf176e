/* The frames of lz4, by liblz4. */
#include "ingest/codec.h"
#include "ingest/library.h"

#include "base/mem.h"
#include "base/str.h"

#include <lz4frame.h>

#define CALLS(F)                                                                                   \
	F(LZ4F_createDecompressionContext)                                                         \
	F(LZ4F_freeDecompressionContext)                                                           \
	F(LZ4F_resetDecompressionContext)                                                          \
	F(LZ4F_decompress)                                                                         \
	F(LZ4F_isError)                                                                            \
	F(LZ4F_getErrorName)

/* lz4_Frame_format.md: the size in front of each block. */
enum { BLOCK_HEADER = 4 };

struct lz4 {
	struct calls {
		CALLS(LIBRARY_MEMBER)
	} lib;
	LZ4F_dctx *z;
	size_t hint; /* bytes that it would like to have: a block and the header after it */
	bool full;   /* it may have more to give without taking anything */
};

static void
lz4_close(void *codec)
{
	struct lz4 *s = codec;

	if (s->z != NULL)
		s->lib.LZ4F_freeDecompressionContext(s->z);
	mem_free(s);
}

static void *
lz4_open(struct err *err)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	static const struct library liblz4 = { "a file in lz4", { "liblz4.so.1" }, calls,
		ARRAY_LEN(calls) };
	struct lz4 *s = mem_alloc(sizeof(*s));

	if (s == NULL) {
		err_no_memory(err);
		return NULL;
	}
	s->z = NULL;
	s->hint = 1;
	s->full = false;
	if (library_load(&liblz4, &s->lib, err) == 0) {
		if (!s->lib.LZ4F_isError(
			s->lib.LZ4F_createDecompressionContext(&s->z, LZ4F_VERSION)))
			return s;
		err_no_memory(err);
	}
	lz4_close(s);
	return NULL;
}

/*
 * A call that fails does not say what it gave before.  So each is given no more than one block,
 * and room for all of it before the next.
 */
static enum codec_step
lz4_step(void *codec, struct codec_io *io, struct err *err)
{
	struct lz4 *s = codec;
	size_t want = s->hint > BLOCK_HEADER ? s->hint - BLOCK_HEADER : s->hint;
	size_t taken = s->full ? 0 : want < io->nin ? want : io->nin;
	size_t given = io->nout;
	size_t rc = s->lib.LZ4F_decompress(s->z, io->out, &given, io->in, &taken, NULL);

	if (s->lib.LZ4F_isError(rc))
		return err_set(err, "%s", s->lib.LZ4F_getErrorName(rc));
	io->in += taken, io->nin -= taken;
	io->out += given, io->nout -= given;
	s->full = io->nout == 0;
	s->hint = rc;
	return rc == 0 ? CODEC_ENDED : CODEC_GOES_ON;
}

static int
lz4_reopen(void *codec, struct err *err)
{
	struct lz4 *s = codec;

	(void)err;
	s->lib.LZ4F_resetDecompressionContext(s->z);
	s->hint = 1;
	s->full = false;
	return 0;
}

const struct codec codec_lz4 = { lz4_open, lz4_step, lz4_reopen, lz4_close };
