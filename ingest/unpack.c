/* What a stream is packed with, told by its first bytes. */
#include "ingest/unpack.h"

enum { TAR_CHECKSUM = 148, TAR_CHECKSUM_BYTES = 8 };

/* clang-format off */
static const struct packing {
	enum unpack_kind kind;
	const char *name;
	char magic[6]; /* what it begins with: */
	unsigned nmagic;
	bool has_members;
} packings[] = {
	{ UNPACK_GZIP,	"gzip",	"\x1f\x8b\x08", 3,		false },
	{ UNPACK_XZ,	"xz",	"\xfd" "7zXZ", 6,		false },
	{ UNPACK_ZSTD,	"zstd",	"\x28\xb5\x2f\xfd", 4,	false },
	{ UNPACK_LZ4,	"lz4",	"\x04\x22\x4d\x18", 4,	false },
	{ UNPACK_BZIP2,	"bzip2", "BZh", 3,			false },
	{ UNPACK_ZIP,	"zip",	"PK\x03\x04", 4,		true },
	{ UNPACK_ZIP,	"zip",	"PK\x05\x06", 4,		true }, /* without members */
	{ UNPACK_TAR,	"tar",	"", 0,			true }, /* told by its checksum */
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

enum unpack_kind
unpack_sniff(struct str head)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++) {
		const struct packing *p = &packings[i];

		if (!str_starts(head, (struct str){ p->magic, p->nmagic }))
			continue;
		if (p->kind == UNPACK_TAR ? is_tar(head)
					  : p->kind != UNPACK_BZIP2 || is_bzip2(head))
			return p->kind;
	}
	return UNPACK_NONE;
}

const char *
unpack_name(enum unpack_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++) {
		if (packings[i].kind == kind)
			return packings[i].name;
	}
	return "text";
}

bool
unpack_has_members(enum unpack_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(packings); i++) {
		if (packings[i].kind == kind)
			return packings[i].has_members;
	}
	return false;
}
