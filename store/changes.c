/*
 * The order in which events came and changed.  Exports and reports go on from such a number:
 * clocks are set, and logs of last year are read today.
 *
 * A number is never given twice (AUTOINCREMENT), not even of an event that was forgotten.
 */
#include "store/db.h"

#include "base/mem.h"

/* The kinds of events that totals are kept of. */
static struct str
scope_of(const struct event *ev)
{
	const char *name = constraint_name(ev->constraint);

	if (ev->kind == EVENT_USERSPACE_KILL)
		return STR("userspace");
	return name == NULL ? STR("unknown") : str_from(name);
}

int
total_add(struct store *st, enum store_total which, struct str scope, int64_t n, struct err *err)
{
	return n <= 0 ? 0
		      : db_run(st, ST_ADD_TOTAL, err, "sis", str_from(store_total_name(which)), n,
			    scope);
}

static int
take_change(struct store *st, sqlite3_stmt *s, struct change *ret, struct err *err)
{
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got != 1)
		return got;
	*ret = (struct change){ db_int(s, 0), db_int(s, 1), db_int(s, 2), db_int(s, 3) };
	sqlite3_reset(s);
	return 1;
}

int
change_find(struct store *st, int64_t event, struct change *ret, struct err *err)
{
	return take_change(st, db_ask(st, ST_FIND_CHANGE, err, "i", event), ret, err);
}

/* The same of one that was forgotten: 1, 0 it was not, -1 and *err. */
static int
find_forgotten(struct store *st, const struct event *ev, struct change *ret, struct err *err)
{
	struct str id = str_from(ev->id);
	int got = take_change(st, db_ask(st, ST_FIND_FORGOTTEN, err, "ss", id, ev->host), ret, err);

	if (got == 1 && db_run(st, ST_DROP_FORGOTTEN, err, "ss", id, ev->host) != 0)
		return -1;
	return got;
}

/* An event that was taken back, to be read again: it goes by the line it begins in. */
static bool
is_again(const struct dropped *d, const struct event *ev, int64_t source)
{
	return str_eq_z(str_from(d->id), ev->id) ||
	       (d->source == source && known(d->first_line) && ev->nsources > 0 &&
		   d->first_line == ev->sources[0].first_line);
}

static bool
is_as_before(const struct dropped *d, const struct event *ev)
{
	return ev->nsources > 0 && d->last_line == ev->sources[0].last_line &&
	       d->nlines == (int64_t)ev->nlines && d->completeness == (unsigned)ev->completeness &&
	       d->was.victims == (int64_t)ev->nvictims;
}

/* What was dropped and is this event; it is taken off the list.  false: nothing. */
static bool
take_dropped(struct store *st, const struct event *ev, int64_t source, struct dropped *ret)
{
	for (size_t i = 0; i < st->ndropped; i++) {
		if (!is_again(&st->dropped[i], ev, source))
			continue;
		*ret = st->dropped[i];
		st->dropped[i] = st->dropped[--st->ndropped];
		return true;
	}
	return false;
}

static int
put_change(struct store *st, int64_t event, const struct event *ev, const struct change *was,
    bool same, struct err *err)
{
	static const struct change none = { UNKNOWN, UNKNOWN, 0, 0 };
	int64_t victims = (int64_t)ev->nvictims;

	if (was == NULL) {
		was = &none;
		if (total_add(st, TOTAL_EVENTS, scope_of(ev), 1, err) != 0)
			return -1;
	}
	if (total_add(st, TOTAL_VICTIMS, scope_of(ev), victims - was->victims, err) != 0)
		return -1;
	return db_run(st, ST_ADD_CHANGE, err, "iiiii", same ? was->change : UNKNOWN, event,
	    was->born, same ? was->revision : was->revision + 1,
	    victims > was->victims ? victims : was->victims);
}

int
change_add(struct store *st, int64_t event, const struct event *ev, const struct change *was,
    struct err *err)
{
	struct dropped d;
	struct change gone;
	int64_t source;
	int got;

	if (was != NULL)
		return put_change(st, event, ev, was, false, err);
	if ((got = find_forgotten(st, ev, &gone, err)) != 0)
		return got < 0 ? -1 : put_change(st, event, ev, &gone, true, err);
	if (st->ndropped == 0 || ev->nsources == 0)
		return put_change(st, event, ev, NULL, false, err);
	if (source_number(st, ev->sources[0].path, &source, err) != 0)
		return -1;
	if (!take_dropped(st, ev, source, &d))
		return put_change(st, event, ev, NULL, false, err);
	return put_change(st, event, ev, &d.was, is_as_before(&d, ev), err);
}

static unsigned
completeness_of(struct str name)
{
	for (int i = 0; i <= COMPLETE_KILL_ONLY; i++) {
		if (str_eq_z(name, completeness_name((enum completeness)i)))
			return (unsigned)i;
	}
	return UINT_MAX;
}

int
changes_note_dropped(struct store *st, int64_t checkpoint, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_FIND_OPEN, err, "i", checkpoint);
	int got = s == NULL ? -1 : 1;

	while (got == 1 && (got = db_next(st, s, err)) == 1) {
		struct dropped *v =
		    mem_room(st->dropped, st->ndropped, &st->dropped_cap, sizeof(*st->dropped));
		struct str id = str_head(db_text(s, 4), sizeof(v->id) - 1);

		if (v == NULL) {
			sqlite3_reset(s);
			return err_no_memory(err);
		}
		st->dropped = v;
		v += st->ndropped++;
		*v = (struct dropped){ { db_int(s, 0), db_int(s, 1), db_int(s, 2), db_int(s, 3) },
			"", completeness_of(db_text(s, 5)), db_int(s, 6), db_int(s, 7),
			db_int(s, 8), db_int(s, 9) };
		memcpy(v->id, id.p, id.n);
	}
	return got;
}

bool
store_owes(const struct store *st)
{
	return st->ndropped > 0;
}

int
store_changed(
    struct store *st, int64_t after, int64_t upto, struct store_change *ret, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_NEXT_CHANGE, err, "ii", after, upto);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got != 1)
		return got;
	*ret = (struct store_change){ db_int(s, 0), db_int(s, 1), db_int(s, 2) };
	sqlite3_reset(s);
	return 1;
}

int
store_last_change(struct store *st, int64_t *ret, struct err *err)
{
	if (db_number(st, "SELECT seq FROM sqlite_sequence WHERE name='changes'", ret, err) != 0)
		return -1;
	*ret = known(*ret) ? *ret : 0;
	return 0;
}

const char *
store_total_name(enum store_total which)
{
	static const char *const names[TOTALS] = { "events", "victims", "lost records" };

	return names[which];
}

int
store_totals(struct store *st, store_total_fn *each, void *ctx, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_TOTALS, err, "");
	int got = s == NULL ? -1 : 1;

	while (got == 1 && (got = db_next(st, s, err)) == 1) {
		for (int i = 0; i < TOTALS; i++) {
			if (str_eq_z(db_text(s, 0), store_total_name((enum store_total)i)))
				each(ctx, (enum store_total)i, db_text(s, 1), db_int(s, 2));
		}
	}
	return got;
}
