#include "base/words.h"

#include <inttypes.h>
#include <stdlib.h>

void
words_begin(struct words *w)
{
	*w = (struct words){ .f = NULL };
	w->f = open_memstream(&w->text, &w->size);
}

void
words_int(struct words *w, int64_t v)
{
	if (w->f == NULL)
		return;
	if (known(v))
		fprintf(w->f, " %" PRId64, v);
	else
		fputs(" ?", w->f);
}

void
words_text(struct words *w, struct str s)
{
	if (w->f == NULL)
		return;
	fprintf(w->f, " %zu:", s.n);
	fwrite(s.p == NULL ? "" : s.p, 1, s.n, w->f);
}

struct str
words_end(struct words *w, struct arena *mem)
{
	struct str s = STR_NONE;

	if (w->f != NULL && fclose(w->f) == 0)
		s = arena_dup(mem, (struct str){ w->text, w->size });
	free(w->text);
	*w = (struct words){ .f = NULL };
	return s;
}

bool
words_eat_any(struct str *s, int64_t *ret)
{
	struct str rest = *s;

	if (!str_eat_chr(&rest, ' '))
		return false;
	if (str_eat_chr(&rest, '?'))
		*ret = UNKNOWN;
	else if (!str_eat_i64(&rest, ret))
		return false;
	*s = rest;
	return true;
}

bool
words_eat_int(struct str *s, int64_t min, int64_t max, int64_t *ret)
{
	return words_eat_any(s, ret) && *ret >= min && *ret <= max;
}

bool
words_eat_text(struct str *s, size_t max, struct str *ret)
{
	uint64_t n;

	if (!str_eat_chr(s, ' ') || !str_eat_u64(s, &n) || !str_eat_chr(s, ':') || n > max ||
	    n > s->n)
		return false;
	*ret = (struct str){ s->p, (size_t)n };
	*s = str_from_at(*s, (size_t)n);
	return true;
}
