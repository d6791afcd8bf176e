#include "base/str.h"

#include <string.h>

struct str
str_from(const char *z)
{
	return z == NULL ? STR_NONE : (struct str){ z, strlen(z) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return d != 0 ? d : (a.n > b.n) - (a.n < b.n);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

bool
str_find(struct str s, struct str needle, size_t *ret_at)
{
	const char *at;

	if (s.n < needle.n || s.n == 0)
		return false;
	at = memmem(s.p, s.n, needle.p, needle.n);
	if (at == NULL)
		return false;
	*ret_at = (size_t)(at - s.p);
	return true;
}

bool
str_rfind(struct str s, struct str needle, size_t *ret_at)
{
	if (needle.n == 0 || s.n < needle.n)
		return false;
	for (size_t i = s.n - needle.n + 1; i-- > 0;) {
		if (s.p[i] == needle.p[0] && memcmp(s.p + i, needle.p, needle.n) == 0) {
			*ret_at = i;
			return true;
		}
	}
	return false;
}

bool
str_has(struct str s, struct str needle)
{
	size_t at;

	return str_find(s, needle, &at);
}

bool
str_chr(struct str s, char c, size_t *ret_at)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	if (at == NULL)
		return false;
	*ret_at = (size_t)(at - s.p);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim_end(struct str s)
{
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && is_blank(*s.p))
		s.p++, s.n--;
	return str_trim_end(s);
}

static int
hex_digit(char c)
{
	if (str_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
str_eat_hex(struct str *s, uint64_t *ret)
{
	struct str rest = *s;
	uint64_t v = 0;
	size_t i = 0;

	if (rest.n > 2 && rest.p[0] == '0' && (rest.p[1] | 0x20) == 'x')
		rest = str_from_at(rest, 2);
	for (int d; i < rest.n && (d = hex_digit(rest.p[i])) >= 0; i++) {
		if (v >> 60 != 0)
			return false;
		v = v << 4 | (unsigned)d;
	}
	if (i == 0)
		return false;
	*s = str_from_at(rest, i);
	*ret = v;
	return true;
}

bool
str_eat_digits(struct str *s, size_t count, int64_t *ret)
{
	int64_t v = 0;

	if (s->n < count || count == 0 || count > 18)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!str_is_digit(s->p[i]))
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_from_at(*s, count);
	*ret = v;
	return true;
}

bool
str_eat_word(struct str *s, struct str *ret)
{
	size_t n = 0;

	while (n < s->n && !is_blank(s->p[n]))
		n++;
	if (n == 0)
		return false;
	*ret = str_head(*s, n);
	*s = str_from_at(*s, n);
	return true;
}

bool
str_cut(struct str *s, struct str sep, struct str *ret_head)
{
	size_t at;

	if (!str_find(*s, sep, &at))
		return false;
	*ret_head = str_head(*s, at);
	*s = str_from_at(*s, at + sep.n);
	return true;
}

bool
str_cut_line(struct str *s, struct str *ret_line)
{
	size_t at;

	if (s->n == 0)
		return false;
	if (!str_chr(*s, '\n', &at)) {
		*ret_line = *s;
		*s = str_from_at(*s, s->n);
		return true;
	}
	*ret_line = str_head(*s, at);
	*s = str_from_at(*s, at + 1);
	return true;
}
