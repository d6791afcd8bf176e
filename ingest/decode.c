#include "ingest/decode.h"

#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/*
 * Without a mark: ASCII text has a NUL in every unit, nearly always on the same side.
 * A hole of NULs has them on both.
 */
static enum encoding
sniff_unmarked(struct str head)
{
	size_t nul[2] = { 0, 0 }, n = head.n & ~(size_t)1;

	for (size_t i = 0; i < n; i++)
		nul[i % 2] += head.p[i] == '\0';
	if (n < 4)
		return ENCODING_UTF8;
	if (nul[1] >= n * 2 / 5 && nul[0] * 16 < nul[1])
		return ENCODING_UTF16LE;
	if (nul[0] >= n * 2 / 5 && nul[1] * 16 < nul[0])
		return ENCODING_UTF16BE;
	return ENCODING_UTF8;
}

enum encoding
decode_sniff(struct str head, size_t *ret_mark)
{
	*ret_mark = 2;
	if (str_starts(head, STR("\xff\xfe")))
		return ENCODING_UTF16LE;
	if (str_starts(head, STR("\xfe\xff")))
		return ENCODING_UTF16BE;
	*ret_mark = str_starts(head, STR("\xef\xbb\xbf")) ? 3 : 0;
	return sniff_unmarked(head);
}

static size_t
put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static size_t
put_replacement(char *to)
{
	memcpy(to, replacement, sizeof(replacement) - 1);
	return sizeof(replacement) - 1;
}

static size_t
put_unit(struct decoder *d, unsigned unit, char *to)
{
	size_t len = 0;

	if (d->high != 0 && unit >> 10 == 0xdc00 >> 10) {
		unsigned high = d->high;

		d->high = 0;
		return put_utf8(to, 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
	}
	if (d->high != 0)
		len += put_replacement(to);
	d->high = 0;
	if (unit >> 10 == 0xd800 >> 10)
		d->high = unit;
	else if (unit >> 10 == 0xdc00 >> 10)
		len += put_replacement(to + len);
	else
		len += put_utf8(to + len, unit);
	return len;
}

size_t
decode_utf16(struct decoder *d, struct str raw, bool end, char *to)
{
	size_t len = 0;

	for (size_t i = 0; i < raw.n; i++) {
		unsigned char byte = (unsigned char)raw.p[i];

		if (!d->has_odd)
			d->odd = byte;
		else if (d->encoding == ENCODING_UTF16LE)
			len += put_unit(d, (unsigned)byte << 8 | d->odd, to + len);
		else
			len += put_unit(d, (unsigned)d->odd << 8 | byte, to + len);
		d->has_odd = !d->has_odd;
	}
	if (end && (d->has_odd || d->high != 0)) {
		len += put_replacement(to + len);
		d->has_odd = false, d->high = 0;
	}
	return len;
}

/* The length of the sequence at the front: ESC [ parameters, a letter; or ESC and one more. */
static size_t
csi_length(struct str s)
{
	size_t i = 2;

	if (s.n < 2)
		return s.n;
	if (s.p[1] != '[')
		return s.p[1] == '(' && s.n > 2 ? 3 : 2; /* "ESC ( B": the character set */
	while (i < s.n && s.p[i] >= 0x20 && s.p[i] <= 0x3f)
		i++;
	return i < s.n && s.p[i] >= 0x40 ? i + 1 : i;
}

size_t
decode_without_csi(struct str s, char *to)
{
	size_t len = 0, at;

	while (str_chr(s, '\033', &at)) {
		memmove(to + len, s.p, at);
		len += at;
		s = str_from_at(s, at);
		s = str_from_at(s, csi_length(s));
	}
	memmove(to + len, s.p, s.n);
	return len + s.n;
}

/* "#012": a control byte; false where a number sign is one. */
static bool
octal_escape(struct str s, char *ret)
{
	int v = 0;

	*ret = '\0';
	if (s.n < 4)
		return false;
	for (size_t i = 1; i < 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
		v = v * 8 + s.p[i] - '0';
	}
	*ret = (char)v;
	return v < 0x20 || v == 0x7f;
}

size_t
decode_octal(struct str s, char *to)
{
	size_t len = 0, at;

	while (str_chr(s, '#', &at)) {
		char byte;
		bool escape = octal_escape(str_from_at(s, at), &byte);

		memmove(to + len, s.p, at);
		len += at;
		if (!escape)
			byte = '#';
		to[len++] = byte;
		s = str_from_at(s, at + (escape ? 4 : 1));
	}
	memmove(to + len, s.p, s.n);
	return len + s.n;
}
