/* The two ways in which a layer is unpacked; see ingest/unpack.h for what the functions do. */
#ifndef OOMWHY_INGEST_UNPACK_LAYER_H
#define OOMWHY_INGEST_UNPACK_LAYER_H

#include "ingest/codec.h"
#include "ingest/unpack.h"

struct unpack_layer {
	int (*next)(struct unpack *, struct unpack_member *ret, struct err *);
	ssize_t (*read)(struct unpack *, char *to, size_t n, struct err *);
	int64_t (*hole)(const struct unpack *); /* NULL: it has none */
	void (*free)(struct unpack *);
};

/* The first member of what the two below return. */
struct unpack {
	const struct unpack_layer *layer;
};

struct unpack *unpack_archive_new(enum unpack_kind, lines_read *, void *ctx, struct err *);
struct unpack *unpack_stream_new(
    enum unpack_kind, const struct codec *, lines_read *, void *ctx, struct err *);

#endif
