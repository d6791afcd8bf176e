/*
 * One library's decoder of one format: packed bytes in, plain bytes out.  What a decoder has
 * decoded is given, whatever comes after it; a stream that breaks costs nothing before the
 * break.  (libarchive drops the block in which it happens: of a small log, all of it.)
 */
#ifndef OOMWHY_INGEST_CODEC_H
#define OOMWHY_INGEST_CODEC_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* What one stream may need to be unpacked: its window, or dictionary, is at most this large. */
#define CODEC_WINDOW_LOG 27
#define CODEC_WINDOW ((size_t)1 << CODEC_WINDOW_LOG)

/* step() moves these on. */
struct codec_io {
	const char *in;
	size_t nin;
	char *out;
	size_t nout;
};

enum codec_step {
	CODEC_BROKEN = -1, /* see *err; what was given before it, also by this step, is good */
	CODEC_GOES_ON,	   /* it has taken or given something, or needs more of `in` */
	CODEC_ENDED,	   /* the stream; others may follow */
};

struct codec {
	void *(*open)(struct err *); /* NULL and *err: no memory, or the library is not there */
	enum codec_step (*step)(void *, struct codec_io *, struct err *);
	int (*reopen)(void *, struct err *); /* for a stream that follows the one that ended */
	void (*close)(void *);
};

extern const struct codec codec_gzip, codec_xz, codec_zstd, codec_bzip2, codec_lz4;

/* The allocation of zlib and libbz2 (of items), and of liblzma: through base/mem.h. */
void *codec_alloc(size_t n, size_t size);

#endif
