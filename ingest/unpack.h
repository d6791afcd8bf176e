/*
 * One layer of packing: a compressed stream, or an archive of members.  The library that does
 * the work is loaded by the first layer that needs it, so that who reads plain logs pays
 * nothing for it.
 */
#ifndef OOMWHY_INGEST_UNPACK_H
#define OOMWHY_INGEST_UNPACK_H

#include "base/err.h"
#include "base/str.h"
#include "ingest/lines.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum unpack_kind {
	UNPACK_NONE,
	UNPACK_GZIP,
	UNPACK_XZ,
	UNPACK_ZSTD,
	UNPACK_BZIP2,
	UNPACK_LZ4,
	UNPACK_TAR,
	UNPACK_ZIP,
};

enum { UNPACK_SNIFF = 512 }; /* bytes that tell the kind; a tar needs them all */

/* By content, never by name: what a log is called is anyone's choosing. */
enum unpack_kind unpack_sniff(struct str head);
const char *unpack_name(enum unpack_kind);
bool unpack_has_members(enum unpack_kind); /* else it is one stream without a name */
/* A stream of this kind goes on with another one that begins so. */
bool unpack_continues(enum unpack_kind, struct str head);

struct unpack_member {
	struct str name;  /* as the archive has it; good until the next call */
	int64_t mtime_us; /* UNKNOWN: not said */
	bool is_file;	  /* no directory, link or device */
	bool encrypted;
};

struct unpack; /* opaque: made by unpack_new, ended by unpack_free */

/* NULL and *err: no memory, or the library is not there. */
struct unpack *unpack_new(enum unpack_kind, lines_read *, void *ctx, struct err *);
/* 1; 0: no more; -1 and *err: no more can be read. */
int unpack_next(struct unpack *, struct unpack_member *ret, struct err *);
/* Bytes of the member.  As read(2), but only 0 at its end, and -1 with *err when all that was
 * decoded before was given.  A hole in a sparse file is one NUL, however large it claims to be. */
ssize_t unpack_read(struct unpack *, char *to, size_t n, struct err *);
/* Bytes of the hole that the NUL stands for which was read last; 0: it was none. */
int64_t unpack_hole(const struct unpack *);
void unpack_free(struct unpack *); /* NULL is fine */

#endif
