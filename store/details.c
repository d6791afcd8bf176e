/* What hangs below the rows of an event: named numbers, reserves, buddy lists. */
#include "store/db.h"

#include "base/mem.h"

#include <string.h>

/* Whose numbers: the column "part". */
enum part { PART_MACHINE, PART_NODE, PART_ZONE, PART_CGROUP, PARTS };

static struct counters *
counters_at(struct event *ev, int64_t part, int64_t number)
{
	size_t i = (size_t)number;

	if (number < 0)
		return NULL;
	switch (part) {
	case PART_MACHINE:
		return i == 0 ? &ev->memory.global_pages : NULL;
	case PART_NODE:
		return i < ev->memory.nnodes ? &ev->memory.nodes[i].kb : NULL;
	case PART_ZONE:
		return i < ev->memory.nzones ? &ev->memory.zones[i].kb : NULL;
	case PART_CGROUP:
		return i < ev->cgroup.nstats ? &ev->cgroup.stats[i].stat : NULL;
	default:
		return NULL;
	}
}

static size_t
hash_name(struct str s)
{
	size_t h = 2166136261U;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619U;
	return (h ^ h >> 15) % NAMES_CACHED;
}

static int
look_up_name(struct store *st, struct str text, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_FIND_NAME, err, "s", text);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got == 1) {
		*ret = db_int(s, 0);
		sqlite3_reset(s);
		return 0;
	}
	if (got < 0 || db_run(st, ST_ADD_NAME, err, "s", text) != 0)
		return -1;
	*ret = sqlite3_last_insert_rowid(st->db);
	return 0;
}

static int
name_number(struct store *st, struct str text, int64_t *ret, struct err *err)
{
	struct name_cached *c;

	if (text.p == NULL)
		text = STR("");
	if (st->names == NULL) {
		st->names = mem_alloc(NAMES_CACHED * sizeof(*st->names));
		if (st->names == NULL)
			return err_no_memory(err);
		memset(st->names, 0, NAMES_CACHED * sizeof(*st->names));
	}
	c = &st->names[hash_name(text)];
	if (c->number != 0 && str_eq((struct str){ c->text, c->n }, text)) {
		*ret = c->number;
		return 0;
	}
	if (look_up_name(st, text, ret, err) != 0)
		return -1;
	if (text.n > 0 && text.n <= sizeof(c->text)) {
		memcpy(c->text, text.p, text.n);
		c->n = (uint8_t)text.n;
		c->number = *ret;
	}
	return 0;
}

static int
insert_counters(struct store *st, int64_t event, const struct counters *c, int64_t part,
    int64_t number, struct err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		int64_t name = 0;

		if (name_number(st, c->v[i].name, &name, err) != 0 ||
		    db_run(st, ST_ADD_COUNTER, err, "iiiiii", event, part, number, (int64_t)i, name,
			c->v[i].value) != 0)
			return -1;
	}
	return 0;
}

static int
insert_zone(struct store *st, int64_t event, const struct zone *z, int64_t at, struct err *err)
{
	for (size_t i = 0; i < z->nreserve; i++) {
		if (db_run(st, ST_ADD_RESERVE, err, "iiii", event, at, (int64_t)i,
			z->lowmem_reserve_pages[i]) != 0)
			return -1;
	}
	for (size_t i = 0; i < z->nbuddy; i++) {
		if (db_run(st, ST_ADD_BUDDY, err, "iiiiis", event, at, (int64_t)i,
			z->buddy[i].count, z->buddy[i].size_kb, z->buddy[i].types) != 0)
			return -1;
	}
	return 0;
}

int
details_insert(struct store *st, int64_t event, const struct event *ev, struct err *err)
{
	struct event *from = (struct event *)(uintptr_t)ev; /* counters_at() serves both ways */

	for (int part = 0; part < PARTS; part++) {
		const struct counters *c;

		for (int64_t i = 0; (c = counters_at(from, part, i)) != NULL; i++) {
			if (insert_counters(st, event, c, part, i, err) != 0)
				return -1;
		}
	}
	for (size_t i = 0; i < ev->memory.nzones; i++) {
		if (insert_zone(st, event, &ev->memory.zones[i], (int64_t)i, err) != 0)
			return -1;
	}
	return 0;
}

/* A row of a zone or of counters that the event does not have. */
static int
orphan(struct store *st, sqlite3_stmt *s, struct err *err)
{
	sqlite3_reset(s);
	return err_set(
	    err, "the store '%s' holds numbers of a zone that it does not hold", st->path);
}

static int
no_memory(sqlite3_stmt *s, struct err *err)
{
	sqlite3_reset(s);
	return err_no_memory(err);
}

static int
read_counters(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_COUNTERS, err, "i", event);
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct counters *c = counters_at(ev, db_int(s, 0), db_int(s, 1));
		struct str name = arena_dup(&ev->mem, db_text(s, 2));

		if (c == NULL)
			return orphan(st, s, err);
		if (name.p == NULL || event_add_counter(ev, c, name, db_int(s, 3)) != 0)
			return no_memory(s, err);
	}
	return got;
}

static struct zone *
zone_at(struct event *ev, int64_t i)
{
	return i >= 0 && i < (int64_t)ev->memory.nzones ? &ev->memory.zones[i] : NULL;
}

/* Arrays of zones have no capacity of their own: it follows from how they grow. */
static void *
room(struct event *ev, void *v, size_t n, size_t element)
{
	size_t cap = 0;

	while (cap < n)
		cap = cap == 0 ? 8 : cap * 2;
	return arena_room(&ev->mem, v, n, &cap, element);
}

static int
read_reserves(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_RESERVE, err, "i", event);
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct zone *z = zone_at(ev, db_int(s, 0));
		int64_t *v;

		if (z == NULL)
			return orphan(st, s, err);
		v = room(ev, z->lowmem_reserve_pages, z->nreserve, sizeof(*v));
		if (v == NULL)
			return no_memory(s, err);
		z->lowmem_reserve_pages = v;
		v[z->nreserve++] = db_int(s, 1);
	}
	return got;
}

static int
read_buddies(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_BUDDY, err, "i", event);
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct zone *z = zone_at(ev, db_int(s, 0));
		struct str types = db_text(s, 3), kept = arena_dup(&ev->mem, types);
		struct buddy_order *v;

		if (z == NULL)
			return orphan(st, s, err);
		v = room(ev, z->buddy, z->nbuddy, sizeof(*v));
		if (v == NULL || (types.p != NULL && kept.p == NULL))
			return no_memory(s, err);
		z->buddy = v;
		v[z->nbuddy++] = (struct buddy_order){ db_int(s, 1), db_int(s, 2), kept };
	}
	return got;
}

int
details_read(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	if (read_counters(st, event, ev, err) != 0 || read_reserves(st, event, ev, err) != 0)
		return -1;
	return read_buddies(st, event, ev, err);
}
