/* Filling a brief.  What does not fit is dropped: the rows of a table say little each. */
#include "analyze/rule.h"
#include "analyze/says.h"

#include <stdarg.h>
#include <stdio.h>

static struct str __attribute__((format(printf, 2, 0)))
format(struct brief *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	p = n < 0 ? NULL : arena_raw(b->mem, (size_t)n + 1);
	if (p == NULL) {
		b->failed = true;
		return STR_NONE;
	}
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){ p, (size_t)n };
}

/* Format the arguments of the function that this stands in. */
#define FORMAT(b, fmt, result)                                                                     \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		(result) = format(b, fmt, ap);                                                     \
		va_end(ap);                                                                        \
	} while (0)

void
says(struct brief *b, const char *fmt, ...)
{
	FORMAT(b, fmt, b->d->says);
}

void
proof(struct brief *b, int64_t line, const char *fmt, ...)
{
	if (b->d->nevidence == ARRAY_LEN(b->evidence))
		return;
	b->evidence[b->d->nevidence].line = line;
	FORMAT(b, fmt, b->evidence[b->d->nevidence].text);
	b->d->nevidence++;
}

void
but(struct brief *b, const char *fmt, ...)
{
	if (b->d->nagainst == ARRAY_LEN(b->against))
		return;
	FORMAT(b, fmt, b->against[b->d->nagainst]);
	b->d->nagainst++;
}

void
advise(struct brief *b, const char *fmt, ...)
{
	if (b->d->nadvice == ARRAY_LEN(b->advice))
		return;
	b->advice[b->d->nadvice] = (struct advice){ 0 };
	FORMAT(b, fmt, b->advice[b->d->nadvice].text);
	b->d->nadvice++;
}

void
by_command(struct brief *b, const char *fmt, ...)
{
	FORMAT(b, fmt, b->advice[b->d->nadvice - 1].command);
}

void
by_lines(struct brief *b, const char *file, const char *fmt, ...)
{
	b->advice[b->d->nadvice - 1].file = str_from(file);
	FORMAT(b, fmt, b->advice[b->d->nadvice - 1].command);
}

void
at_price(struct brief *b, const char *price)
{
	b->advice[b->d->nadvice - 1].price = str_from(price);
}

void
unsure(struct brief *b, enum confidence at_most)
{
	if (b->d->confidence < at_most)
		b->d->confidence = at_most;
}

static const char *
text(struct brief *b, struct str s)
{
	if (s.p == NULL)
		b->failed = true;
	return s.p == NULL ? "" : s.p;
}

const char *
size(struct brief *b, int64_t kb)
{
	if (!known(kb))
		return "an unknown size";
	return text(b, size_text(b->mem, times(most(kb, 0), 1024)));
}

const char *
percent(struct brief *b, int64_t part, int64_t whole)
{
	int64_t share = permille(part, whole);

	if (!known(share))
		return "an unknown part";
	return text(b, arena_printf(b->mem, "%lld %%", (long long)(plus(share, 5) / 10)));
}

const char *
name(struct brief *b, struct str s)
{
	return text(b, arena_printf(b->mem, "%.*s", STR_ARG(s)));
}

const char *
shell_word(struct brief *b, struct str s, const char *instead)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@._:/-";

	if (s.n == 0 || s.p[0] == '-')
		return instead;
	for (size_t i = 0; i < s.n; i++) {
		if (memchr(plain, s.p[i], sizeof(plain) - 1) == NULL)
			return instead;
	}
	return name(b, s);
}
