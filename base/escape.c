#include "base/escape.h"

#include <string.h>

enum { ESCAPE_LEN = 4 }; /* \xNN */

/* Characters that move the cursor, turn the writing around or end a line. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x80, 0x9f },	    /* C1: 0x9b alone starts a terminal sequence */
	{ 0x61c, 0x61c },   /* Arabic letter mark */
	{ 0x200e, 0x200f }, /* direction marks */
	{ 0x2028, 0x202e }, /* line and paragraph separator, embeddings, overrides */
	{ 0x2066, 0x2069 }, /* isolates */
	{ 0xd800, 0xdfff }, /* surrogates are not characters */
};

static bool
is_safe(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(unsafe); i++)
		if (c >= unsafe[i].first && c <= unsafe[i].last)
			return false;
	return true;
}

/* The bytes of a multi-byte character that may pass; 0: it may not, or is none. */
static size_t
plain_multibyte(struct str s)
{
	/* By length: the lead byte's mark, its payload, the least character that needs it. */
	static const struct {
		unsigned char mask, mark;
		uint32_t least;
	} form[] = { { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 } };
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < ARRAY_LEN(form); i++) {
		size_t n = i + 2;
		uint32_t c = p[0] & ~(unsigned)form[i].mask;

		if ((p[0] & form[i].mask) != form[i].mark)
			continue;
		if (s.n < n)
			return 0;
		for (size_t k = 1; k < n; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (p[k] & 0x3f);
		}
		return c >= form[i].least && c <= 0x10ffff && is_safe(c) ? n : 0;
	}
	return 0;
}

size_t
escape_plain(struct str s)
{
	size_t at = 0;

	while (at < s.n) {
		unsigned char c = (unsigned char)s.p[at];
		size_t n = c >= 0x20 && c < 0x7f && c != '\\';

		if (c >= 0x80)
			n = plain_multibyte(str_from_at(s, at));
		if (n == 0)
			break;
		at += n;
	}
	return at;
}

static void
escape_byte(char to[static ESCAPE_LEN], char c)
{
	static const char hex[] = "0123456789abcdef";

	to[0] = '\\';
	to[1] = 'x';
	to[2] = hex[(unsigned char)c >> 4];
	to[3] = hex[(unsigned char)c & 15];
}

void
str_put_escaped(FILE *out, struct str s)
{
	while (s.n > 0) {
		size_t plain = escape_plain(s);
		char escape[ESCAPE_LEN];

		fwrite(s.p, 1, plain, out);
		s = str_from_at(s, plain);
		if (s.n == 0)
			break;
		escape_byte(escape, *s.p);
		fwrite(escape, 1, sizeof(escape), out);
		s = str_from_at(s, 1);
	}
}

/* Bytes of s once escaped; SIZE_MAX cannot be reached by text that is in memory. */
static size_t
escaped_len(struct str s)
{
	size_t len = 0;

	while (s.n > 0) {
		size_t plain = escape_plain(s);

		len += plain;
		s = str_from_at(s, plain);
		if (s.n > 0) {
			len += ESCAPE_LEN;
			s = str_from_at(s, 1);
		}
	}
	return len;
}

struct str
escape_dup(struct arena *a, struct str s)
{
	char *to;
	size_t len = 0;

	if (s.p == NULL || s.n > SIZE_MAX / ESCAPE_LEN - 1 ||
	    (to = arena_raw(a, escaped_len(s) + 1)) == NULL)
		return STR_NONE;
	while (s.n > 0) {
		size_t plain = escape_plain(s);

		memcpy(to + len, s.p, plain);
		len += plain;
		s = str_from_at(s, plain);
		if (s.n > 0) {
			escape_byte(to + len, *s.p);
			len += ESCAPE_LEN;
			s = str_from_at(s, 1);
		}
	}
	to[len] = '\0';
	return (struct str){ to, len };
}

/* Take one \xNN off the front; false when it is not whole. */
static bool
eat_escape(struct str *s, char *ret)
{
	struct str rest = *s, digits;
	uint64_t byte;

	if (!str_eat(&rest, STR("\\x")) || rest.n < 2)
		return false;
	digits = str_head(rest, 2);
	if (!str_eat_hex(&digits, &byte) || digits.n > 0)
		return false;
	*ret = (char)byte;
	*s = str_from_at(rest, 2);
	return true;
}

size_t
escape_undo(struct str s, char *to)
{
	size_t len = 0, plain;

	while (s.n > 0) {
		if (!str_chr(s, '\\', &plain))
			plain = s.n;
		memmove(to + len, s.p, plain);
		len += plain;
		s = str_from_at(s, plain);
		if (s.n == 0)
			break;
		if (!eat_escape(&s, &to[len])) {
			to[len] = *s.p;
			s = str_from_at(s, 1);
		}
		len++;
	}
	return len;
}
