/* Archives of members: the only file that knows libarchive. */
#include "ingest/library.h"
#include "ingest/unpack_layer.h"

#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

enum {
	BLOCK = 256 << 10,
	ZIP_BLOCK = 1 << 10, /* what breaks takes with it all that came of the same block */
	RETRIES = 16,	     /* ARCHIVE_RETRY: "Retry might succeed" */
};

/* What is used of it: formats one by one, since among "all" of them are some that run programs. */
#define CALLS(F)                                                                                   \
	F(archive_read_new)                                                                        \
	F(archive_read_free)                                                                       \
	F(archive_read_open)                                                                       \
	F(archive_read_next_header)                                                                \
	F(archive_read_data_block)                                                                 \
	F(archive_read_set_format_option)                                                          \
	F(archive_read_support_format_tar)                                                         \
	F(archive_read_support_format_zip_streamable)                                              \
	F(archive_error_string)                                                                    \
	F(archive_set_error)                                                                       \
	F(archive_entry_filetype)                                                                  \
	F(archive_entry_hardlink)                                                                  \
	F(archive_entry_is_data_encrypted)                                                         \
	F(archive_entry_mtime)                                                                     \
	F(archive_entry_mtime_is_set)                                                              \
	F(archive_entry_pathname)                                                                  \
	F(archive_entry_pathname_utf8)

struct calls {
	CALLS(LIBRARY_MEMBER)
};

struct packed {
	struct unpack base;
	struct calls lib;
	struct archive *archive;
	enum unpack_kind kind;
	lines_read *read;
	void *ctx;
	struct err why; /* of read */
	bool failed;	/* read did */
	bool ended;
	bool doubted; /* *doubt: its sum or size is wrong, which is told at its end */
	struct err doubt;
	const char *data; /* not given yet */
	size_t ndata;
	int64_t at;   /* in the member, behind what was given */
	int64_t hole; /* bytes; 0: what was given last is none */
	char block[BLOCK];
};

static la_ssize_t
read_packed(struct archive *a, void *ctx, const void **ret_block)
{
	struct packed *u = ctx;
	size_t n = u->kind == UNPACK_ZIP ? ZIP_BLOCK : sizeof(u->block);
	ssize_t got = u->read(u->ctx, u->block, n, &u->why);

	if (got < 0) {
		u->failed = true;
		u->lib.archive_set_error(a, EIO, "%s", u->why.msg);
		return ARCHIVE_FATAL;
	}
	*ret_block = u->block;
	return got;
}

static int
support(const struct calls *lib, struct archive *a, enum unpack_kind kind)
{
	if (kind == UNPACK_ZIP)
		return lib->archive_read_support_format_zip_streamable(a);
	return lib->archive_read_support_format_tar(a) |
	       lib->archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
}

/* What it says of its own accord, or what the layer below said. */
static int
failure(struct packed *u, struct err *err)
{
	const char *said = u->lib.archive_error_string(u->archive);

	if (u->failed)
		return err_set(err, "%s", u->why.msg);
	return err_set(err, "%s: %s", unpack_name(u->kind), said == NULL ? "is damaged" : said);
}

static void
describe(const struct calls *lib, struct archive_entry *e, struct unpack_member *ret)
{
	const char *name = lib->archive_entry_pathname(e);

	/* One that the C locale has no letters for. */
	if (name == NULL)
		name = lib->archive_entry_pathname_utf8(e);
	*ret = (struct unpack_member){ .name = name == NULL ? STR("") : str_from(name),
		.mtime_us = UNKNOWN,
		.is_file = lib->archive_entry_filetype(e) == AE_IFREG &&
			   lib->archive_entry_hardlink(e) == NULL,
		.encrypted = lib->archive_entry_is_data_encrypted(e) != 0 };
	if (lib->archive_entry_mtime_is_set(e) &&
	    __builtin_mul_overflow(
		(int64_t)lib->archive_entry_mtime(e), INT64_C(1000000), &ret->mtime_us))
		ret->mtime_us = UNKNOWN;
}

static int
packed_next(struct unpack *unpack, struct unpack_member *ret, struct err *err)
{
	struct packed *u = (struct packed *)unpack;
	struct archive_entry *e;
	int rc = ARCHIVE_RETRY;

	if (u->ended)
		return 0;
	for (int i = 0; i < RETRIES && rc == ARCHIVE_RETRY; i++)
		rc = u->lib.archive_read_next_header(u->archive, &e);
	u->ndata = 0, u->at = 0;
	u->doubted = false;
	if (rc == ARCHIVE_EOF) {
		u->ended = true;
		return 0;
	}
	if (rc < ARCHIVE_WARN) {
		u->ended = true;
		return failure(u, err);
	}
	describe(&u->lib, e, ret);
	return 1;
}

/* 0, or -1 and *err. */
static int
end_member(struct packed *u, struct err *err)
{
	if (!u->doubted)
		return 0;
	u->doubted = false;
	return err_set(err, "%s", u->doubt.msg);
}

/* 1: there is data, 0: the member's end, -1. */
static int
more(struct packed *u, struct err *err)
{
	const void *block = NULL;
	size_t n = 0;
	int64_t at = u->at;
	int rc = ARCHIVE_RETRY;

	for (int i = 0; i < RETRIES && rc == ARCHIVE_RETRY; i++)
		rc = u->lib.archive_read_data_block(u->archive, &block, &n, &at);
	if (rc == ARCHIVE_EOF) {
		/* The hole at the end of a file, of which tar tells the size alone. */
		if (u->kind != UNPACK_TAR || at <= u->at)
			return end_member(u, err);
		n = 0;
	} else if (rc == ARCHIVE_WARN) {
		u->doubted = true;
		failure(u, &u->doubt);
	} else if (rc < ARCHIVE_WARN) {
		/* ARCHIVE_FAILED is of this member alone. */
		u->ended = rc != ARCHIVE_FAILED;
		return failure(u, err);
	}
	u->data = block, u->ndata = n;
	if (at > u->at) { /* give the NUL first, then what stands behind the hole */
		u->hole = at - u->at;
		u->at = at;
		return 2;
	}
	return 1;
}

static ssize_t
packed_read(struct unpack *unpack, char *to, size_t n, struct err *err)
{
	struct packed *u = (struct packed *)unpack;

	u->hole = 0;
	while (u->ndata == 0) {
		int got = u->ended ? 0 : more(u, err);

		if (got <= 0)
			return got;
		if (got == 2 && n > 0) {
			*to = '\0';
			return 1;
		}
	}
	if (n > u->ndata)
		n = u->ndata;
	memcpy(to, u->data, n);
	u->data += n, u->ndata -= n;
	u->at += (int64_t)n;
	return (ssize_t)n;
}

static int64_t
packed_hole(const struct unpack *unpack)
{
	return ((const struct packed *)unpack)->hole;
}

static void
packed_free(struct unpack *unpack)
{
	struct packed *u = (struct packed *)unpack;

	if (u->archive != NULL)
		u->lib.archive_read_free(u->archive);
	mem_free(u);
}

static const struct unpack_layer packed_layer = { packed_next, packed_read, packed_hole,
	packed_free };

struct unpack *
unpack_archive_new(enum unpack_kind kind, lines_read *read, void *ctx, struct err *err)
{
	static const struct library_call calls[] = { CALLS(LIBRARY_ROW) };
	static const struct library libarchive = { "an archive", { "libarchive.so.13" }, calls,
		ARRAY_LEN(calls) };
	struct packed *u = mem_alloc(sizeof(*u));

	if (u == NULL) {
		err_no_memory(err);
		return NULL;
	}
	u->base.layer = &packed_layer;
	u->archive = NULL;
	u->kind = kind;
	u->read = read, u->ctx = ctx;
	u->failed = u->ended = u->doubted = false;
	u->ndata = 0, u->at = u->hole = 0;
	if (library_load(&libarchive, &u->lib, err) == 0) {
		u->archive = u->lib.archive_read_new();
		if (u->archive == NULL)
			err_no_memory(err);
		else if (support(&u->lib, u->archive, kind) < ARCHIVE_WARN ||
			 u->lib.archive_read_open(u->archive, u, NULL, read_packed, NULL) !=
			     ARCHIVE_OK)
			failure(u, err);
		else
			return &u->base;
	}
	packed_free(&u->base);
	return NULL;
}
