/* The names given instead: one for each original, kept in a tree. */
#include "analyze/redact_internal.h"

#include "base/mem.h"

#include <search.h>
#include <string.h>

struct given {
	enum redact_kind kind;
	struct str from, to;
};

static int
compare(const void *a, const void *b)
{
	const struct given *x = a, *y = b;
	size_t n = x->from.n < y->from.n ? x->from.n : y->from.n;
	int order;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	order = n == 0 ? 0 : memcmp(x->from.p, y->from.p, n);
	if (order != 0)
		return order;
	return x->from.n < y->from.n ? -1 : x->from.n > y->from.n;
}

struct redactor *
redactor_new(void)
{
	struct redactor *r = mem_alloc(sizeof(*r));

	if (r != NULL)
		*r = (struct redactor){ .tree = NULL };
	return r;
}

static void
keep_node(void *node)
{
	(void)node; /* the arena's */
}

void
redactor_free(struct redactor *r)
{
	if (r == NULL)
		return;
	tdestroy(r->tree, keep_node);
	arena_done(&r->mem);
	mem_free(r);
}

/* Hex digits of an id: the number stands in the 12 of them that people are shown. */
static struct str
hex_name(struct arena *mem, size_t n, unsigned number)
{
	struct str s = arena_printf(mem, "%012x", number);
	char *p;

	if (n <= s.n || s.p == NULL)
		return s;
	p = arena_raw(mem, n);
	if (p == NULL)
		return STR_NONE;
	memset(p, '0', n);
	memcpy(p, s.p, s.n);
	return (struct str){ p, n };
}

static struct str
new_name(struct redactor *r, enum redact_kind kind, struct str from)
{
	unsigned number = r->n < REDACT_NAMES_MAX ? ++r->count[kind] : 0;
	char bar = from.n > 8 ? from.p[8] : '-';

	switch (kind) {
	case REDACT_HOST:
		return arena_printf(&r->mem, "host%u", number);
	case REDACT_COMM:
		return arena_printf(&r->mem, "proc%u", number);
	case REDACT_WORD:
		return arena_printf(&r->mem, "name%u", number);
	case REDACT_NUMBER:
		return arena_printf(&r->mem, "%u", 100000 + number);
	case REDACT_SOURCE:
		return arena_printf(&r->mem, "log%u", number);
	case REDACT_HEX:
		return hex_name(&r->mem, from.n, number);
	case REDACT_UUID:
		return arena_printf(
		    &r->mem, "%08x%c0000%c4000%c8000%c000000000000", number, bar, bar, bar, bar);
	case REDACT_KINDS:
		break;
	}
	return STR_NONE;
}

struct str
redact_name(struct redactor *r, enum redact_kind kind, struct str from)
{
	struct given key = { .kind = kind, .from = from }, *new, **found;

	if (from.p == NULL || from.n == 0)
		return from;
	found = tfind(&key, &r->tree, compare);
	if (found != NULL)
		return (*found)->to;
	if (r->n >= REDACT_NAMES_MAX)
		return new_name(r, kind, from);
	new = arena_alloc(&r->mem, sizeof(*new));
	if (new == NULL)
		return STR_NONE;
	*new = (struct given){ kind, arena_dup(&r->mem, from), new_name(r, kind, from) };
	if (new->from.p == NULL || new->to.p == NULL || tsearch(new, &r->tree, compare) == NULL)
		return STR_NONE;
	r->n++;
	return new->to;
}
