/* What a stream is packed with, told by its first bytes. */
#include "ingest/unpack_layer.h"

enum {
	TAR_CHECKSUM = 148,
	TAR_CHECKSUM_BYTES = 8,
	SKIPPABLE_HEADER = 8, /* magic, and the number of bytes behind it */
};

/* clang-format off */
static const struct packing {
	enum unpack_kind kind;
	const char *name;
	char magic[6]; /* what it begins with: */
	unsigned nmagic;
	const struct codec *codec; /* NULL: an archive of members */
} packings[] = {
	{ UNPACK_GZIP,	"gzip",	"\x1f\x8b\x08", 3,		&codec_gzip },
	{ UNPACK_XZ,	"xz",	"\xfd" "7zXZ", 6,		&codec_xz },
	{ UNPACK_ZSTD,	"zstd",	"\x28\xb5\x2f\xfd", 4,	&codec_zstd },
	{ UNPACK_LZ4,	"lz4",	"\x04\x22\x4d\x18", 4,	&codec_lz4 },
	{ UNPACK_BZIP2,	"bzip2", "BZh", 3,			&codec_bzip2 },
	{ UNPACK_ZIP,	"zip",	"PK\x03\x04", 4,		NULL },
	{ UNPACK_ZIP,	"zip",	"PK\x05\x06", 4,		NULL }, /* without members */
	{ UNPACK_TAR,	"tar",	"", 0,			NULL }, /* told by its checksum */
};
/* clang-format on */

/*
 * tar.h(0posix): the checksum is the sum of the header's bytes, its own taken as blanks.  All
 * variants have it, also those from before "ustar"; a hole of NULs has not.
 */
static bool
is_tar(struct str head)
{
	struct str digits = str_from_at(head, TAR_CHECKSUM);
	int64_t said = 0, sum = 0;
	size_t n = 0;

	if (head.n < UNPACK_SNIFF || head.p[0] == '\0')
		return false;
	digits = str_head(digits, TAR_CHECKSUM_BYTES);
	str_eat_blanks(&digits);
	for (; n < digits.n && digits.p[n] >= '0' && digits.p[n] <= '7'; n++)
		said = said * 8 + (digits.p[n] - '0');
	for (size_t i = 0; i < UNPACK_SNIFF; i++) {
		bool own = i >= TAR_CHECKSUM && i < TAR_CHECKSUM + TAR_CHECKSUM_BYTES;

		sum += own ? ' ' : (unsigned char)head.p[i];
	}
	return n > 0 && sum == said;
}

/* "BZh9" and the number of a block, or of the end of a stream without one. */
static bool
is_bzip2(struct str head)
{
	struct str block = str_from_at(head, 4);

	return head.n >= 10 && head.p[3] >= '1' && head.p[3] <= '9' &&
	       (str_starts(block, STR("\x31\x41\x59\x26\x53\x59")) ||
		   str_starts(block, STR("\x17\x72\x45\x38\x50\x90")));
}

/*
 * zstd_compression_format.md and lz4_Frame_format.md: the first byte of the magic is any of
 * 16.  pzstd puts such a frame in front of each of its own.
 */
static bool
eat_skippable(struct str *s)
{
	uint64_t n = 0;

	if (s->n < SKIPPABLE_HEADER || (s->p[0] & 0xf0) != 0x50 ||
	    !str_starts(str_from_at(*s, 1), STR("\x2a\x4d\x18")))
		return false;
	for (size_t i = 0; i < 4; i++)
		n |= (uint64_t)(unsigned char)s->p[4 + i] << 8 * i;
	*s = str_from_at(*s, n < s->n ? SKIPPABLE_HEADER + n : s->n);
	return true;
}

static const struct packing *
packing_of(struct str head)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++) {
		const struct packing *p = &packings[i];

		if (!str_starts(head, (struct str){ p->magic, p->nmagic }))
			continue;
		if (p->kind == UNPACK_TAR ? is_tar(head)
					  : p->kind != UNPACK_BZIP2 || is_bzip2(head))
			return p;
	}
	return NULL;
}

static const struct packing *
packing_named(enum unpack_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++) {
		if (packings[i].kind == kind)
			return &packings[i];
	}
	return NULL;
}

enum unpack_kind
unpack_sniff(struct str head)
{
	const struct packing *p;
	bool skippable = false;

	while (eat_skippable(&head))
		skippable = true;
	p = packing_of(head);
	if (!skippable)
		return p == NULL ? UNPACK_NONE : p->kind;
	/* Either knows it; where nothing that is in sight tells, it is of the more common. */
	return p != NULL && p->kind == UNPACK_LZ4 ? UNPACK_LZ4 : UNPACK_ZSTD;
}

bool
unpack_continues(enum unpack_kind kind, struct str head)
{
	struct str behind = head;

	if (eat_skippable(&behind))
		return kind == UNPACK_ZSTD || kind == UNPACK_LZ4;
	return unpack_sniff(head) == kind;
}

const char *
unpack_name(enum unpack_kind kind)
{
	const struct packing *p = packing_named(kind);

	return p == NULL ? "text" : p->name;
}

bool
unpack_has_members(enum unpack_kind kind)
{
	const struct packing *p = packing_named(kind);

	return p != NULL && p->codec == NULL;
}

struct unpack *
unpack_new(enum unpack_kind kind, lines_read *read, void *ctx, struct err *err)
{
	const struct packing *p = packing_named(kind);

	return p->codec == NULL ? unpack_archive_new(kind, read, ctx, err)
				: unpack_stream_new(kind, p->codec, read, ctx, err);
}

int
unpack_next(struct unpack *u, struct unpack_member *ret, struct err *err)
{
	return u->layer->next(u, ret, err);
}

ssize_t
unpack_read(struct unpack *u, char *to, size_t n, struct err *err)
{
	return u->layer->read(u, to, n, err);
}

int64_t
unpack_hole(const struct unpack *u)
{
	return u->layer->hole == NULL ? 0 : u->layer->hole(u);
}

void
unpack_free(struct unpack *u)
{
	if (u != NULL)
		u->layer->free(u);
}
