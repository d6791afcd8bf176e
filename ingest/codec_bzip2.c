/* bzip2, by libbz2. */
#include "ingest/codec.h"
#include "ingest/library.h"

#include "base/mem.h"
#include "base/str.h"

#include <bzlib.h>
#include <limits.h>

#define CALLS(F)                                                                                   \
	F(BZ2_bzDecompressInit)                                                                    \
	F(BZ2_bzDecompress)                                                                        \
	F(BZ2_bzDecompressEnd)

struct bzip2 {
	struct calls {
		CALLS(LIBRARY_MEMBER)
	} lib;
	bz_stream z;
};

static void *
alloc(void *ctx, int n, int size)
{
	(void)ctx;
	return n < 0 || size < 0 ? NULL : codec_alloc((size_t)n, (size_t)size);
}

static void
release(void *ctx, void *block)
{
	(void)ctx;
	mem_free(block);
}

static void
bzip2_close(void *codec)
{
	struct bzip2 *b = codec;

	if (b->z.state != NULL)
		b->lib.BZ2_bzDecompressEnd(&b->z);
	mem_free(b);
}

static int
failure(int rc, struct err *err)
{
	return rc == BZ_MEM_ERROR ? err_no_memory(err) : err_set(err, "is damaged");
}

static int
begin(struct bzip2 *b, struct err *err)
{
	int rc;

	b->z = (bz_stream){ .bzalloc = alloc, .bzfree = release };
	rc = b->lib.BZ2_bzDecompressInit(&b->z, 0, 0);
	return rc == BZ_OK ? 0 : failure(rc, err);
}

static void *
bzip2_open(struct err *err)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	/* Debian's name, and all others'. */
	static const struct library libbz2 = { "a file in bzip2",
		{ "libbz2.so.1.0", "libbz2.so.1" }, calls, ARRAY_LEN(calls) };
	struct bzip2 *b = mem_alloc(sizeof(*b));

	if (b == NULL) {
		err_no_memory(err);
		return NULL;
	}
	b->z.state = NULL;
	if (library_load(&libbz2, &b->lib, err) == 0 && begin(b, err) == 0)
		return b;
	bzip2_close(b);
	return NULL;
}

static enum codec_step
bzip2_step(void *codec, struct codec_io *io, struct err *err)
{
	struct bzip2 *b = codec;
	unsigned nin = io->nin < UINT_MAX ? (unsigned)io->nin : UINT_MAX;
	unsigned nout = io->nout < UINT_MAX ? (unsigned)io->nout : UINT_MAX;
	int rc;

	b->z.next_in = (char *)io->in, b->z.avail_in = nin; /* it does not write there */
	b->z.next_out = io->out, b->z.avail_out = nout;
	rc = b->lib.BZ2_bzDecompress(&b->z);
	io->in += nin - b->z.avail_in, io->nin -= nin - b->z.avail_in;
	io->out += nout - b->z.avail_out, io->nout -= nout - b->z.avail_out;
	if (rc == BZ_STREAM_END)
		return CODEC_ENDED;
	return rc == BZ_OK ? CODEC_GOES_ON : failure(rc, err);
}

static int
bzip2_reopen(void *codec, struct err *err)
{
	struct bzip2 *b = codec;

	b->lib.BZ2_bzDecompressEnd(&b->z);
	return begin(b, err);
}

const struct codec codec_bzip2 = { bzip2_open, bzip2_step, bzip2_reopen, bzip2_close };
