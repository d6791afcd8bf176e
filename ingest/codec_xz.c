/* xz, by liblzma. */
#include "ingest/codec.h"
#include "ingest/library.h"

#include "base/mem.h"
#include "base/str.h"

#include <lzma.h>

#define CALLS(F)                                                                                   \
	F(lzma_stream_decoder)                                                                     \
	F(lzma_code)                                                                               \
	F(lzma_end)

/* A decoder needs some more than its dictionary; lzma(5): 32 KiB of it, and its tables. */
#define MEMORY (CODEC_WINDOW + (1 << 20))

struct xz {
	struct calls {
		CALLS(LIBRARY_MEMBER)
	} lib;
	lzma_allocator memory;
	lzma_stream z;
};

static void *
alloc(void *ctx, size_t n, size_t size)
{
	(void)ctx;
	return codec_alloc(n, size);
}

static void
release(void *ctx, void *block)
{
	(void)ctx;
	mem_free(block);
}

static void
xz_close(void *codec)
{
	struct xz *x = codec;

	if (x->z.internal != NULL)
		x->lib.lzma_end(&x->z);
	mem_free(x);
}

static int
failure(lzma_ret rc, struct err *err)
{
	switch (rc) {
	case LZMA_MEM_ERROR:
		return err_no_memory(err);
	case LZMA_MEMLIMIT_ERROR:
		return err_set(err, "its dictionary is larger than %zu MiB", CODEC_WINDOW >> 20);
	case LZMA_OPTIONS_ERROR:
		return err_set(err, "uses what liblzma does not know");
	default:
		return err_set(err, "is damaged");
	}
}

/* Also for the next stream: what the decoder before it allocated is used again. */
static int
xz_reopen(void *codec, struct err *err)
{
	struct xz *x = codec;
	lzma_ret rc = x->lib.lzma_stream_decoder(&x->z, MEMORY, 0);

	return rc == LZMA_OK ? 0 : failure(rc, err);
}

static void *
xz_open(struct err *err)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	static const struct library liblzma = { "a file in xz", { "liblzma.so.5" }, calls,
		ARRAY_LEN(calls) };
	struct xz *x = mem_alloc(sizeof(*x));

	if (x == NULL) {
		err_no_memory(err);
		return NULL;
	}
	x->memory = (lzma_allocator){ .alloc = alloc, .free = release };
	x->z = (lzma_stream)LZMA_STREAM_INIT;
	x->z.allocator = &x->memory;
	if (library_load(&liblzma, &x->lib, err) == 0 && xz_reopen(x, err) == 0)
		return x;
	xz_close(x);
	return NULL;
}

static enum codec_step
xz_step(void *codec, struct codec_io *io, struct err *err)
{
	struct xz *x = codec;
	lzma_ret rc;

	x->z.next_in = (const uint8_t *)io->in, x->z.avail_in = io->nin;
	x->z.next_out = (uint8_t *)io->out, x->z.avail_out = io->nout;
	rc = x->lib.lzma_code(&x->z, LZMA_RUN);
	io->in += io->nin - x->z.avail_in, io->nin = x->z.avail_in;
	io->out += io->nout - x->z.avail_out, io->nout = x->z.avail_out;
	if (rc == LZMA_STREAM_END)
		return CODEC_ENDED;
	/* LZMA_BUF_ERROR: it needs more, and can go on. */
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? CODEC_GOES_ON : failure(rc, err);
}

const struct codec codec_xz = { xz_open, xz_step, xz_reopen, xz_close };
