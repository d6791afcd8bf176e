#include "analyze/compare_internal.h"

#include "analyze/arith.h"
#include "analyze/says.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ZONES_MAX = 256 };

struct compare_row *
compare_add(struct pair *p, enum compare_part part, enum compare_unit unit, struct str name)
{
	struct compare *c = p->c;
	struct compare_row *v = arena_room(&c->mem, c->rows, c->n, &c->cap, sizeof(*v));

	if (v == NULL || name.p == NULL)
		return NULL;
	c->rows = v;
	v += c->n;
	*v = (struct compare_row){ .at = c->n++,
		.part = part,
		.unit = unit,
		.name = name,
		.text = { STR_NONE, STR_NONE },
		.number = { UNKNOWN, UNKNOWN },
		.processes = { UNKNOWN, UNKNOWN },
		.delta = UNKNOWN };
	return v;
}

int
compare_numbers(struct pair *p, enum compare_part part, enum compare_unit unit, struct str name,
    int64_t a, int64_t b)
{
	struct compare_row *row;

	if (!known(a) && !known(b))
		return 0;
	row = compare_add(p, part, unit, name);
	if (row == NULL)
		return -1;
	row->number[0] = a;
	row->number[1] = b;
	row->delta = minus(b, a);
	row->differs = known(a) && known(b) && a != b;
	return 0;
}

int
compare_texts(struct pair *p, const char *name, struct str a, struct str b)
{
	struct compare_row *row;

	if (a.p == NULL && b.p == NULL)
		return 0;
	row = compare_add(p, COMPARE_EVENT, COMPARE_TEXT, str_from(name));
	if (row == NULL)
		return -1;
	row->text[0] = a;
	row->text[1] = b;
	row->differs = a.p != NULL && b.p != NULL && !str_eq(a, b);
	return 0;
}

/* What was full in both, or else the machine of both. */
static bool
pick_ledgers(struct pair *p, const struct ledger *l[static 2])
{
	const struct ledgers *a = p->side[0]->ledgers, *b = p->side[1]->ledgers;

	if (a == NULL || b == NULL)
		return false;
	l[0] = a->scope;
	l[1] = b->scope;
	if (l[0] == NULL || l[1] == NULL || l[0]->scope != l[1]->scope) {
		l[0] = a->machine;
		l[1] = b->machine;
	}
	if (l[0] == NULL || l[1] == NULL)
		return false;
	p->c->memory_is_machine = l[0]->scope == LEDGER_MACHINE;
	return true;
}

static int
add_ledger(struct pair *p)
{
	const struct ledger *l[2];

	p->c->memory_is_comparable = pick_ledgers(p, l);
	if (!p->c->memory_is_comparable)
		return 0;
	for (int name = 0; name < LEDGER_NAMES; name++) {
		if (compare_numbers(p, COMPARE_MEMORY, COMPARE_KB,
			str_from(ledger_entry_words((enum ledger_name)name)),
			ledger_kb(l[0], (enum ledger_name)name),
			ledger_kb(l[1], (enum ledger_name)name)) != 0)
			return -1;
	}
	return compare_numbers(p, COMPARE_MEMORY, COMPARE_KB, STR("what nothing explains"),
	    l[0]->unaccounted_kb, l[1]->unaccounted_kb);
}

static const struct zone *
zone_like(const struct event *ev, const struct zone *z)
{
	for (size_t i = 0; i < ev->memory.nzones && i < ZONES_MAX; i++) {
		const struct zone *other = &ev->memory.zones[i];

		if (other->node == z->node && str_eq(other->name, z->name))
			return other;
	}
	return NULL;
}

static int
add_zone(struct pair *p, const struct zone *a, const struct zone *b)
{
	const struct {
		const char *name;
		int64_t a, b;
	} rows[] = { { "managed", a->managed_kb, b->managed_kb },
		{ "free", a->free_kb, b->free_kb }, { "min", a->min_kb, b->min_kb } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str name =
		    known(a->node)
			? arena_printf(&p->c->mem, "node %" PRId64 " %.*s, %s", a->node,
			      STR_ARG(a->name), rows[i].name)
			: arena_printf(&p->c->mem, "%.*s, %s", STR_ARG(a->name), rows[i].name);

		if (compare_numbers(p, COMPARE_ZONES, COMPARE_KB, name, rows[i].a, rows[i].b) != 0)
			return -1;
	}
	return 0;
}

static int
add_zones(struct pair *p)
{
	const struct memory *m = &p->side[0]->ev->memory;

	for (size_t i = 0; i < m->nzones && i < ZONES_MAX; i++) {
		const struct zone *other = zone_like(p->side[1]->ev, &m->zones[i]);

		if (other != NULL && add_zone(p, &m->zones[i], other) != 0)
			return -1;
	}
	return 0;
}

/* Part by part; where sizes are compared, what grew most first, and what shrank most last. */
static int
row_cmp(const void *va, const void *vb)
{
	const struct compare_row *a = va, *b = vb;
	int64_t da = known(a->delta) ? a->delta : 0, db = known(b->delta) ? b->delta : 0;

	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	if (da != db && (a->part == COMPARE_MEMORY || a->part == COMPARE_SERVICES))
		return da > db ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* "120.0 MiB", "none" */
static struct str
held(struct arena *mem, const struct compare_row *row, int side)
{
	if (row->processes[side] == 0)
		return STR("none");
	return size_text(mem, times(most(row->number[side], 0), 1024));
}

/* "PostgreSQL held 780.0 MiB more (120.0 MiB, then 900.0 MiB)" */
static struct str
change_says(struct arena *mem, const struct compare_row *row)
{
	struct str by = size_text(mem, times(distance(row->delta, 0), 1024));
	struct str a = held(mem, row, 0), b = held(mem, row, 1);

	if (by.p == NULL || a.p == NULL || b.p == NULL)
		return STR_NONE;
	return arena_printf(mem, "%.*s held %.*s %s (%.*s, then %.*s)",
	    STR_ARG(row->name.n == 0 ? STR("a process without a name") : row->name), STR_ARG(by),
	    row->delta > 0 ? "more" : "less", STR_ARG(a), STR_ARG(b));
}

static int
sentence(struct compare *c, bool listed)
{
	struct str more, less;

	if (c->same_event)
		c->says = STR("Both are the same event.");
	else if (!listed)
		c->says =
		    STR("Which process grew cannot be told: one of the two logs has no list of "
			"processes.");
	else if (c->grew == NULL && c->shrank == NULL)
		c->says = STR("In the second every service held as much as in the first.");
	if (c->says.p != NULL)
		return 0;
	if (c->grew == NULL || c->shrank == NULL) {
		more = change_says(&c->mem, c->grew != NULL ? c->grew : c->shrank);
		c->says = more.p == NULL
			      ? STR_NONE
			      : arena_printf(&c->mem, "In the second, %.*s.", STR_ARG(more));
		return c->says.p == NULL ? -1 : 0;
	}
	more = change_says(&c->mem, c->grew);
	less = change_says(&c->mem, c->shrank);
	if (more.p == NULL || less.p == NULL)
		return -1;
	c->says = arena_printf(&c->mem, "In the second, %.*s; %.*s.", STR_ARG(more), STR_ARG(less));
	return c->says.p == NULL ? -1 : 0;
}

int
compare_make(struct compare *c, const struct compare_side *a, const struct compare_side *b)
{
	struct pair p;

	*c = (struct compare){ .same_event = str_eq(str_from(a->ev->id), str_from(b->ev->id)),
		.apart_us = minus(b->ev->real_us, a->ev->real_us),
		.says = STR_NONE };
	p = (struct pair){ c, { a, b } };
	if (compare_facts(&p) != 0 || add_ledger(&p) != 0 || compare_services(&p) != 0 ||
	    add_zones(&p) != 0)
		return -1;
	if (c->n > 0)
		qsort(c->rows, c->n, sizeof(*c->rows), row_cmp);
	for (size_t i = 0; i < c->n; i++) {
		const struct compare_row *row = &c->rows[i];

		if (row->part != COMPARE_SERVICES || !row->differs)
			continue;
		if (row->delta > 0 && c->grew == NULL)
			c->grew = row;
		if (row->delta < 0)
			c->shrank = row;
	}
	return sentence(c, a->ev->tasks.seen && b->ev->tasks.seen);
}

void
compare_done(struct compare *c)
{
	arena_done(&c->mem);
}

const char *
compare_part_name(enum compare_part part)
{
	static const char *const names[COMPARE_PARTS] = { "event", "limits", "memory", "services",
		"zones" };

	return names[part];
}
