/* zstd, by libzstd, which is there for the store anyway. */
#include "ingest/codec.h"

#include "base/mem.h"
#include "base/str.h"

#include <zstd.h>

/* zstd_compression_format.md: what stands in front of each block. */
enum { BLOCK_HEADER = 3 };

struct zstd {
	ZSTD_DCtx *z;
	size_t hint; /* bytes that it would like to have: a block and the header after it */
	bool full;   /* it may have more to give without taking anything */
};

static void
zstd_close(void *codec)
{
	struct zstd *s = codec;

	ZSTD_freeDCtx(s->z);
	mem_free(s);
}

static int
zstd_reopen(void *codec, struct err *err)
{
	struct zstd *s = codec;
	size_t rc = ZSTD_DCtx_reset(s->z, ZSTD_reset_session_only);

	s->hint = 1;
	s->full = false;
	return ZSTD_isError(rc) ? err_set(err, "%s", ZSTD_getErrorName(rc)) : 0;
}

static void *
zstd_open(struct err *err)
{
	struct zstd *s = mem_alloc(sizeof(*s));

	if (s == NULL || (s->z = ZSTD_createDCtx()) == NULL) {
		err_no_memory(err);
		mem_free(s);
		return NULL;
	}
	if (!ZSTD_isError(ZSTD_DCtx_setParameter(s->z, ZSTD_d_windowLogMax, CODEC_WINDOW_LOG)) &&
	    zstd_reopen(s, err) == 0)
		return s;
	zstd_close(s);
	return NULL;
}

/*
 * A call that fails does not say what it gave before.  So each is given no more than one block,
 * and room for all of it before the next.
 */
static enum codec_step
zstd_step(void *codec, struct codec_io *io, struct err *err)
{
	struct zstd *s = codec;
	size_t want = s->hint > BLOCK_HEADER ? s->hint - BLOCK_HEADER : s->hint;
	ZSTD_inBuffer in = { io->in, s->full ? 0 : want < io->nin ? want : io->nin, 0 };
	ZSTD_outBuffer out = { io->out, io->nout, 0 };
	size_t rc = ZSTD_decompressStream(s->z, &out, &in);

	if (ZSTD_isError(rc))
		return err_set(err, "%s", ZSTD_getErrorName(rc));
	io->in += in.pos, io->nin -= in.pos;
	io->out += out.pos, io->nout -= out.pos;
	s->full = io->nout == 0;
	s->hint = rc;
	return rc == 0 ? CODEC_ENDED : CODEC_GOES_ON;
}

const struct codec codec_zstd = { zstd_open, zstd_step, zstd_reopen, zstd_close };
