/* gzip, by zlib. */
#include "ingest/codec.h"
#include "ingest/library.h"

#include "base/mem.h"
#include "base/str.h"

#include <limits.h>
#include <zlib.h>

#define CALLS(F)                                                                                   \
	F(inflateInit2_)                                                                           \
	F(inflate)                                                                                 \
	F(inflateReset)                                                                            \
	F(inflateEnd)

enum { GZIP_ONLY = 16 + MAX_WBITS }; /* zlib.h, inflateInit2() */

struct gzip {
	struct calls {
		CALLS(LIBRARY_MEMBER)
	} lib;
	z_stream z;
};

static voidpf
alloc(voidpf ctx, uInt n, uInt size)
{
	(void)ctx;
	return codec_alloc(n, size);
}

static void
release(voidpf ctx, voidpf block)
{
	(void)ctx;
	mem_free(block);
}

static void
gzip_close(void *codec)
{
	struct gzip *g = codec;

	if (g->z.state != NULL)
		g->lib.inflateEnd(&g->z);
	mem_free(g);
}

static int
failure(const struct gzip *g, int rc, struct err *err)
{
	if (rc == Z_MEM_ERROR)
		return err_no_memory(err);
	return err_set(err, "%s", g->z.msg == NULL ? "is damaged" : g->z.msg);
}

static void *
gzip_open(struct err *err)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	static const struct library zlib = { "a file in gzip", { "libz.so.1" }, calls,
		ARRAY_LEN(calls) };
	struct gzip *g = mem_alloc(sizeof(*g));
	int rc;

	if (g == NULL) {
		err_no_memory(err);
		return NULL;
	}
	g->z = (z_stream){ .zalloc = alloc, .zfree = release };
	if (library_load(&zlib, &g->lib, err) == 0) {
		rc = g->lib.inflateInit2_(&g->z, GZIP_ONLY, ZLIB_VERSION, (int)sizeof(g->z));
		if (rc == Z_OK)
			return g;
		failure(g, rc, err);
	}
	gzip_close(g);
	return NULL;
}

static enum codec_step
gzip_step(void *codec, struct codec_io *io, struct err *err)
{
	struct gzip *g = codec;
	uInt nin = io->nin < UINT_MAX ? (uInt)io->nin : UINT_MAX;
	uInt nout = io->nout < UINT_MAX ? (uInt)io->nout : UINT_MAX;
	int rc;

	g->z.next_in = (z_const Bytef *)io->in, g->z.avail_in = nin;
	g->z.next_out = (Bytef *)io->out, g->z.avail_out = nout;
	rc = g->lib.inflate(&g->z, Z_NO_FLUSH);
	io->in += nin - g->z.avail_in, io->nin -= nin - g->z.avail_in;
	io->out += nout - g->z.avail_out, io->nout -= nout - g->z.avail_out;
	if (rc == Z_STREAM_END)
		return CODEC_ENDED;
	/* Z_BUF_ERROR: it needs more.  "not fatal" */
	return rc == Z_OK || rc == Z_BUF_ERROR ? CODEC_GOES_ON : failure(g, rc, err);
}

static int
gzip_reopen(void *codec, struct err *err)
{
	struct gzip *g = codec;
	int rc = g->lib.inflateReset(&g->z);

	return rc == Z_OK ? 0 : failure(g, rc, err);
}

const struct codec codec_gzip = { gzip_open, gzip_step, gzip_reopen, gzip_close };
