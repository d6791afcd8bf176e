/*
 * Borrowed slices of bytes, and the few ways log text is taken apart.
 *
 * No function here needs a NUL, reads past the slice, or allocates.  Text from
 * a log is a struct str from the moment it is read until a renderer escapes it.
 */
#ifndef OOMWHY_BASE_STR_H
#define OOMWHY_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A borrowed run of bytes: never owned, never freed, not NUL-terminated.
 * It lives exactly as long as the buffer it points into.  p == NULL means
 * "unknown"; n == 0 with a p is text known to be empty.
 */
struct str {
	const char *p;
	size_t n;
};

/* A number a log did not carry.  Never zero: "no swap" is not "swap unknown". */
#define UNKNOWN INT64_MIN

static inline bool
known(int64_t v)
{
	return v != UNKNOWN;
}

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
#define STR_ARG(s) (int)(s).n, (s).p		  /* printf("%.*s", STR_ARG(s)) */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0])) /* NOLINT(bugprone-sizeof-expression) */

/*
 * str_eat*: take something off the front.  They either consume and return
 * true, or change nothing and return false, so that they chain with &&.
 * What every byte of a log passes through is inline.
 */

static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* The same with a NUL-terminated literal; for tables, where the first byte decides. */
static inline bool
str_starts_z(struct str s, const char *prefix)
{
	for (size_t i = 0; prefix[i] != '\0'; i++) {
		if (i == s.n || s.p[i] != prefix[i])
			return false;
	}
	return true;
}

static inline bool
str_eq_z(struct str s, const char *z)
{
	for (size_t i = 0; i < s.n; i++) {
		if (z[i] == '\0' || z[i] != s.p[i])
			return false;
	}
	return z[s.n] == '\0';
}

static inline struct str
str_head(struct str s, size_t n)
{
	return (struct str){ s.p, n < s.n ? n : s.n };
}

static inline struct str
str_from_at(struct str s, size_t at)
{
	if (at > s.n)
		at = s.n;
	return (struct str){ s.p == NULL ? NULL : s.p + at, s.n - at };
}

static inline bool
str_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
str_eat(struct str *s, struct str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_from_at(*s, prefix.n);
	return true;
}

/* The same of a NUL-terminated literal; for tables. */
static inline bool
str_eat_z(struct str *s, const char *prefix)
{
	if (!str_starts_z(*s, prefix))
		return false;
	*s = str_from_at(*s, strlen(prefix));
	return true;
}

static inline bool
str_eat_chr(struct str *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	s->p++, s->n--;
	return true;
}

static inline bool
str_eat_blanks(struct str *s)
{
	while (s->n > 0 && (*s->p == ' ' || *s->p == '\t'))
		s->p++, s->n--;
	return true;
}

static inline bool
str_eat_u64(struct str *s, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < s->n && str_is_digit(s->p[i]); i++) {
		unsigned digit = (unsigned)(s->p[i] - '0');

		if (i >= 19 && v > (UINT64_MAX - digit) / 10) /* 19 digits always fit */
			return false;
		v = v * 10 + digit;
	}
	if (i == 0)
		return false;
	*s = str_from_at(*s, i);
	*ret = v;
	return true;
}

static inline bool
str_eat_i64(struct str *s, int64_t *ret)
{
	struct str rest = *s;
	bool negative = str_eat_chr(&rest, '-');
	uint64_t v;

	if (!str_eat_u64(&rest, &v) || v > INT64_MAX)
		return false;
	*s = rest;
	*ret = negative ? -(int64_t)v : (int64_t)v;
	return true;
}

struct str str_from(const char *z); /* of a NUL-terminated string; NULL gives STR_NONE */
bool str_eq(struct str, struct str);
int str_cmp(struct str, struct str); /* by bytes, the shorter first */
bool str_ends(struct str, struct str suffix);
bool str_find(struct str, struct str needle, size_t *ret_at);
bool str_rfind(struct str, struct str needle, size_t *ret_at); /* the last one */
bool str_has(struct str, struct str needle);
bool str_chr(struct str, char c, size_t *ret_at);
struct str str_trim(struct str); /* without blanks (space, \t \r \n) at both ends */
struct str str_trim_end(struct str);

bool str_eat_hex(struct str *, uint64_t *ret);		       /* with or without 0x */
bool str_eat_digits(struct str *, size_t count, int64_t *ret); /* exactly `count` digits */
bool str_eat_word(struct str *, struct str *ret); /* up to a blank; at least one byte */

/* Take everything before sep, and sep itself, off the front of s. */
bool str_cut(struct str *s, struct str sep, struct str *ret_head);
/* Take the next line (without its \n) off the front; false when nothing is left. */
bool str_cut_line(struct str *s, struct str *ret_line);

#endif
