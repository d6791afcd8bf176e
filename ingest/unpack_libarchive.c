/* The only file that knows libarchive. */
#include "ingest/unpack.h"

#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>

enum {
	BLOCK = 256 << 10,
	RETRIES = 16, /* ARCHIVE_RETRY: "Retry might succeed" */
};

#define SONAME "libarchive.so.13"

/* What is used of it: filters and formats one by one, since "all" of them run programs. */
#define FUNCTIONS(F)                                                                               \
	F(archive_read_new)                                                                        \
	F(archive_read_free)                                                                       \
	F(archive_read_open)                                                                       \
	F(archive_read_next_header)                                                                \
	F(archive_read_data_block)                                                                 \
	F(archive_read_set_format_option)                                                          \
	F(archive_read_support_filter_bzip2)                                                       \
	F(archive_read_support_filter_gzip)                                                        \
	F(archive_read_support_filter_lz4)                                                         \
	F(archive_read_support_filter_xz)                                                          \
	F(archive_read_support_filter_zstd)                                                        \
	F(archive_read_support_format_empty)                                                       \
	F(archive_read_support_format_raw)                                                         \
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

struct library {
#define MEMBER(f) __typeof__(f) *(f);
	FUNCTIONS(MEMBER)
#undef MEMBER
};

struct unpack {
	struct library lib;
	struct archive *archive;
	enum unpack_kind kind;
	lines_read *read;
	void *ctx;
	struct err why; /* of read */
	bool failed;	/* read did */
	bool ended;
	const char *data; /* not given yet */
	size_t ndata;
	int64_t at;   /* in the member, behind what was given */
	int64_t hole; /* bytes; 0: what was given last is none */
	char block[BLOCK];
};

/* The library stays once it is there: the next file may need it too. */
static int
load(struct library *lib, struct err *err)
{
	void *handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	void *at;

	if (handle == NULL)
		return err_set(err, "compressed files and archives need %s: %s", SONAME, dlerror());
		/* POSIX: what dlsym() gives may be called; ISO C has no cast for it. */
#define LOAD(f)                                                                                    \
	if ((at = dlsym(handle, #f)) == NULL)                                                      \
		return err_set(err, "%s has no %s", SONAME, #f);                                   \
	memcpy(&lib->f, &at, sizeof(at));
	FUNCTIONS(LOAD)
#undef LOAD
	return dlclose(handle) == 0 ? 0 : err_set(err, "%s: %s", SONAME, dlerror());
}

static la_ssize_t
read_packed(struct archive *a, void *ctx, const void **ret_block)
{
	struct unpack *u = ctx;
	ssize_t got = u->read(u->ctx, u->block, sizeof(u->block), &u->why);

	if (got < 0) {
		u->failed = true;
		u->lib.archive_set_error(a, EIO, "%s", u->why.msg);
		return ARCHIVE_FATAL;
	}
	*ret_block = u->block;
	return got;
}

static int
support(const struct library *lib, struct archive *a, enum unpack_kind kind)
{
	int raw = kind == UNPACK_TAR || kind == UNPACK_ZIP
		      ? ARCHIVE_OK
		      : lib->archive_read_support_format_raw(a) |
			    lib->archive_read_support_format_empty(a);

	switch (kind) {
	case UNPACK_GZIP:
		return raw | lib->archive_read_support_filter_gzip(a);
	case UNPACK_XZ:
		return raw | lib->archive_read_support_filter_xz(a);
	case UNPACK_ZSTD:
		return raw | lib->archive_read_support_filter_zstd(a);
	case UNPACK_BZIP2:
		return raw | lib->archive_read_support_filter_bzip2(a);
	case UNPACK_LZ4:
		return raw | lib->archive_read_support_filter_lz4(a);
	case UNPACK_TAR:
		return lib->archive_read_support_format_tar(a) |
		       lib->archive_read_set_format_option(
			   a, "tar", "read_concatenated_archives", "1");
	case UNPACK_ZIP:
		return lib->archive_read_support_format_zip_streamable(a);
	case UNPACK_NONE:
		break;
	}
	return ARCHIVE_FATAL;
}

/* What it says of its own accord, or what the layer below said. */
static int
failure(struct unpack *u, struct err *err)
{
	const char *said = u->lib.archive_error_string(u->archive);

	if (u->failed)
		return err_set(err, "%s", u->why.msg);
	return err_set(err, "%s: %s", unpack_name(u->kind), said == NULL ? "is damaged" : said);
}

struct unpack *
unpack_new(enum unpack_kind kind, lines_read *read, void *ctx, struct err *err)
{
	struct unpack *u = mem_alloc(sizeof(*u));

	if (u == NULL) {
		err_no_memory(err);
		return NULL;
	}
	u->archive = NULL;
	u->kind = kind;
	u->read = read, u->ctx = ctx;
	u->failed = u->ended = false;
	u->ndata = 0, u->at = u->hole = 0;
	if (load(&u->lib, err) == 0) {
		u->archive = u->lib.archive_read_new();
		if (u->archive == NULL)
			err_no_memory(err);
		else if (support(&u->lib, u->archive, kind) < ARCHIVE_WARN ||
			 u->lib.archive_read_open(u->archive, u, NULL, read_packed, NULL) !=
			     ARCHIVE_OK)
			failure(u, err);
		else
			return u;
	}
	unpack_free(u);
	return NULL;
}

static void
describe(const struct library *lib, struct archive_entry *e, struct unpack_member *ret)
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

int
unpack_next(struct unpack *u, struct unpack_member *ret, struct err *err)
{
	struct archive_entry *e;
	int rc = ARCHIVE_RETRY;

	if (u->ended)
		return 0;
	for (int i = 0; i < RETRIES && rc == ARCHIVE_RETRY; i++)
		rc = u->lib.archive_read_next_header(u->archive, &e);
	u->ndata = 0, u->at = 0;
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

/* 1: there is data, 0: the member's end, -1. */
static int
more(struct unpack *u, struct err *err)
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
			return 0;
		n = 0;
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

ssize_t
unpack_read(struct unpack *u, char *to, size_t n, struct err *err)
{
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

int64_t
unpack_hole(const struct unpack *u)
{
	return u->hole;
}

void
unpack_free(struct unpack *u)
{
	if (u == NULL)
		return;
	if (u->archive != NULL)
		u->lib.archive_read_free(u->archive);
	mem_free(u);
}
