#include "cli/histories.h"

#include "base/mem.h"

#include <stdio.h>

static void
describe(struct boot_history *b, const struct event *ev, unsigned source)
{
	*b = (struct boot_history){ .number = ev->boot, .source = source };
	snprintf(b->host, sizeof(b->host), "%.*s", STR_ARG(ev->host));
	snprintf(b->boot_id, sizeof(b->boot_id), "%.*s", STR_ARG(ev->boot_id));
}

/* A boot id names the boot in every source; a number counts within one. */
static bool
is_boot(const struct boot_history *b, const struct event *ev, unsigned source)
{
	struct str host = str_head(ev->host, sizeof(b->host) - 1);
	struct str id = str_head(ev->boot_id, sizeof(b->boot_id) - 1);

	return str_eq(str_from(b->host), host) && str_eq(str_from(b->boot_id), id) &&
	       (id.n > 0 || (b->number == ev->boot && b->source == source));
}

static struct boot_history *
oldest(const struct histories *all)
{
	struct boot_history *b = all->v[0];

	for (size_t i = 1; i < all->n; i++) {
		if (all->v[i]->used < b->used)
			b = all->v[i];
	}
	return b;
}

struct history *
histories_get(struct histories *all, const struct event *ev, unsigned source)
{
	struct boot_history *b = NULL;

	for (size_t i = 0; i < all->n && b == NULL; i++) {
		if (is_boot(all->v[i], ev, source))
			b = all->v[i];
	}
	if (b == NULL) {
		if (all->n == HISTORIES_MAX)
			b = oldest(all);
		else if ((b = mem_alloc(sizeof(*b))) != NULL)
			all->v[all->n++] = b;
		else
			return NULL;
		describe(b, ev, source);
	}
	b->used = ++all->asked;
	return &b->history;
}

void
histories_done(struct histories *all)
{
	for (size_t i = 0; i < all->n; i++)
		mem_free(all->v[i]);
	all->n = 0;
}
