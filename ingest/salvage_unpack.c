#include "ingest/salvage_unpack.h"

#include "base/mem.h"
#include "ingest/codec.h"
#include "ingest/library.h"

#include <lz4.h>
#include <stdint.h>

enum { PACKED_XZ = 1, PACKED_LZ4 = 2, PACKED_ZSTD = 4 };

#define CALLS(F) F(LZ4_decompress_safe_partial)

struct lz4_block {
	struct calls {
		CALLS(LIBRARY_MEMBER)
	} lib;
	bool loaded, failed;
};

/* A stream of a codec that is begun anew for each field. */
struct stream {
	const struct codec *codec;
	void *state;
	bool failed; /* its library is not there */
};

struct salvage_unpacker {
	struct stream xz, zstd;
	struct lz4_block lz4;
};

struct salvage_unpacker *
salvage_unpacker_new(struct err *err)
{
	struct salvage_unpacker *u = mem_alloc(sizeof(*u));

	if (u == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*u = (struct salvage_unpacker){ .xz = { .codec = &codec_xz },
		.zstd = { .codec = &codec_zstd } };
	return u;
}

void
salvage_unpacker_free(struct salvage_unpacker *u)
{
	if (u == NULL)
		return;
	if (u->xz.state != NULL)
		u->xz.codec->close(u->xz.state);
	if (u->zstd.state != NULL)
		u->zstd.codec->close(u->zstd.state);
	mem_free(u);
}

bool
salvage_is_packing(unsigned flags)
{
	return flags == PACKED_XZ || flags == PACKED_LZ4 || flags == PACKED_ZSTD;
}

/* What was decoded before a break is good. */
static size_t
unpack_stream(struct stream *s, struct str packed, char *to, size_t cap)
{
	struct codec_io io = { packed.p, packed.n, to, cap };
	enum codec_step step = CODEC_GOES_ON;
	struct err ignored = { "" };

	if (s->failed)
		return 0;
	if (s->state == NULL)
		s->failed = (s->state = s->codec->open(&ignored)) == NULL;
	else if (s->codec->reopen(s->state, &ignored) != 0)
		return 0;
	while (!s->failed && step == CODEC_GOES_ON && io.nout > 0) {
		size_t nin = io.nin, nout = io.nout;

		step = s->codec->step(s->state, &io, &ignored);
		if (io.nin == nin && io.nout == nout)
			break;
	}
	return cap - io.nout;
}

/* compress_blob_lz4() of systemd's compress.c: the size, then a block without a frame. */
static size_t
unpack_lz4(struct lz4_block *l, struct str packed, char *to, size_t cap)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	static const struct library liblz4 = { "a field in lz4", { "liblz4.so.1" }, calls,
		ARRAY_LEN(calls) };
	struct err ignored = { "" };
	uint64_t size = 0;
	int want, got;

	if (packed.n <= 8 || packed.n > INT32_MAX)
		return 0;
	if (!l->loaded && !l->failed)
		l->loaded = library_load(&liblz4, &l->lib, &ignored) == 0, l->failed = !l->loaded;
	if (l->failed)
		return 0;
	for (int i = 8; i-- > 0;)
		size = size << 8 | (unsigned char)packed.p[i];
	want = size < cap ? (int)size : (int)cap;
	got = l->lib.LZ4_decompress_safe_partial(packed.p + 8, to, (int)(packed.n - 8), want, want);
	return got > 0 ? (size_t)got : 0;
}

size_t
salvage_unpack(struct salvage_unpacker *u, unsigned flags, struct str packed, char *to, size_t cap)
{
	switch (flags) {
	case PACKED_XZ:
		return unpack_stream(&u->xz, packed, to, cap);
	case PACKED_ZSTD:
		return unpack_stream(&u->zstd, packed, to, cap);
	case PACKED_LZ4:
		return unpack_lz4(&u->lz4, packed, to, cap);
	default:
		return 0;
	}
}
