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

struct str str_from(const char *z); /* of a NUL-terminated string; NULL gives STR_NONE */
bool str_eq(struct str, struct str);
int str_cmp(struct str, struct str); /* by bytes, the shorter first */
bool str_starts(struct str, struct str prefix);
bool str_ends(struct str, struct str suffix);
bool str_find(struct str, struct str needle, size_t *ret_at);
bool str_rfind(struct str, struct str needle, size_t *ret_at); /* the last one */
bool str_has(struct str, struct str needle);
bool str_chr(struct str, char c, size_t *ret_at);
struct str str_from_at(struct str, size_t at); /* without the first `at` bytes */
struct str str_head(struct str, size_t n);     /* the first n bytes, or all there are */
struct str str_trim(struct str);	       /* without blanks (space, \t \r \n) at both ends */
struct str str_trim_end(struct str);
bool str_is_digit(char c);

/*
 * str_eat*: take something off the front.  They either consume and return
 * true, or change nothing and return false, so that they chain with &&.
 */
bool str_eat(struct str *, struct str prefix);
bool str_eat_chr(struct str *, char c);
bool str_eat_blanks(struct str *);	       /* spaces and tabs; always true */
bool str_eat_i64(struct str *, int64_t *ret);  /* decimal, with '-'; false on overflow */
bool str_eat_u64(struct str *, uint64_t *ret); /* digits only; false on overflow */
bool str_eat_hex(struct str *, uint64_t *ret); /* with or without 0x */
bool str_eat_digits(struct str *, size_t count, int64_t *ret); /* exactly `count` digits */
bool str_eat_word(struct str *, struct str *ret); /* up to a blank; at least one byte */

/* Take everything before sep, and sep itself, off the front of s. */
bool str_cut(struct str *s, struct str sep, struct str *ret_head);
/* Take the next line (without its \n) off the front; false when nothing is left. */
bool str_cut_line(struct str *s, struct str *ret_line);

#endif
