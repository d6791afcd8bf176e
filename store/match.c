/*
 * Which stored event a copy is of.  In the order of how sure it is: the id; the kernel's
 * microsecond; the same content close in time; the same content where the two copies have
 * no clock in common, in the order in which a pass meets them.
 */
#include "store/db.h"

#include "base/mem.h"

#include <string.h>

/* Stamps of one event by two loggers. */
#define CLOSE_US (2 * INT64_C(1000000))
/* A wrong time zone, dmesg -T after a suspend: one event may seem so far from itself, and no
 * two events of a day share pid, name and sizes. */
#define DAY_US (86400 * INT64_C(1000000))
#define YEAR_US (INT64_C(31556952) * 1000000)

struct candidate {
	int64_t event, mono_us, real_us, error_us;
	struct str host, boot_id;
	bool year_inferred;
};

/* Unknown may be the same as anything. */
static bool
may_be_same(struct str a, struct str b)
{
	return a.p == NULL || b.p == NULL || str_eq(a, b);
}

static bool
is_place(const struct candidate *c, const struct event *ev)
{
	return may_be_same(c->host, ev->host) && may_be_same(c->boot_id, ev->boot_id);
}

static int
find_id(struct store *st, const struct event *ev, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_FIND_ID, err, "s", str_from(ev->id));
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct candidate c = { .host = db_text(s, 1), .boot_id = db_text(s, 2) };

		if (is_place(&c, ev)) {
			*ret = db_int(s, 0);
			sqlite3_reset(s);
			return 0;
		}
	}
	return got;
}

static int64_t
distance_us(int64_t a, int64_t b)
{
	int64_t d;

	if (__builtin_sub_overflow(a, b, &d) || d == INT64_MIN)
		return INT64_MAX;
	return d < 0 ? -d : d;
}

/* How far from each other two wall times are, if the year of one was a guess. */
static int64_t
distance_in_year(int64_t a, int64_t b)
{
	int64_t d = distance_us(a, b), rest = d % YEAR_US;

	if (rest > YEAR_US / 2)
		rest = YEAR_US - rest;
	return d < 2 * DAY_US ? d : rest;
}

/*
 * How unlike a candidate and the copy are in time: 0 the same, INT64_MAX not the same event.
 * Without a clock in common they are as like as the worst that is accepted.
 */
static int64_t
unlikeness(const struct candidate *c, const struct key *k, bool year_inferred)
{
	int64_t apart, error = 0, limit = k->sized ? DAY_US : 0;

	if (known(c->mono_us) && known(k->mono_us))
		return c->mono_us == k->mono_us ? 0 : INT64_MAX;
	if (!known(c->real_us) || !known(k->real_us))
		return DAY_US;
	if (c->year_inferred || year_inferred) {
		apart = distance_in_year(c->real_us, k->real_us);
		limit = 2 * limit; /* of the leap day */
	} else {
		apart = distance_us(c->real_us, k->real_us);
	}
	if (known(c->error_us))
		error = c->error_us;
	if (known(k->error_us) && __builtin_add_overflow(error, k->error_us, &error))
		error = 0;
	if (error < 0 || error > DAY_US)
		error = DAY_US;
	return apart <= (limit > CLOSE_US + error ? limit : CLOSE_US + error) ? apart : INT64_MAX;
}

static int
find_key(
    struct store *st, const struct event *ev, const struct key *k, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_FIND_KEY, err, "i", k->hash);
	int64_t best = INT64_MAX;
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct candidate c = { db_int(s, 0), db_int(s, 1), db_int(s, 2), db_int(s, 3),
			db_text(s, 4), db_text(s, 5), str_eq(db_text(s, 6), STR("inferred-year")) };
		int64_t u;

		if (!is_place(&c, ev) || (!k->exact && claimed(st, c.event)))
			continue;
		u = k->exact ? 0 : unlikeness(&c, k, ev->real_source == TIME_INFERRED_YEAR);
		if (u < best) {
			best = u;
			*ret = c.event;
		}
	}
	return got;
}

int
match_find(struct store *st, const struct event *ev, const struct key *keys, size_t nkeys,
    int64_t *ret_event, struct err *err)
{
	*ret_event = 0;
	if (find_id(st, ev, ret_event, err) != 0)
		return -1;
	for (int exact = 1; exact >= 0; exact--) {
		for (size_t i = 0; i < nkeys && *ret_event == 0; i++) {
			if (keys[i].exact == (bool)exact &&
			    find_key(st, ev, &keys[i], ret_event, err) != 0)
				return -1;
		}
	}
	return 0;
}

void
store_begin_pass(struct store *st)
{
	if (st->claimed != NULL)
		memset(st->claimed, 0, st->claimed_bytes);
}

int
claim(struct store *st, int64_t event)
{
	size_t at = (size_t)event / 8, n = st->claimed_bytes;
	unsigned char *more;

	if (at >= n) {
		while (n <= at)
			n = n == 0 ? 4096 : n * 2;
		if ((more = mem_grow(st->claimed, n)) == NULL)
			return -1;
		memset(more + st->claimed_bytes, 0, n - st->claimed_bytes);
		st->claimed = more;
		st->claimed_bytes = n;
	}
	st->claimed[at] |= (unsigned char)(1U << (event % 8));
	return 0;
}

int
store_resume_pass(struct store *st, struct str path, int64_t lines, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_READ_IN_SOURCE, err, "si", path, lines);
	int got = s == NULL ? -1 : 0;

	store_begin_pass(st);
	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		if (claim(st, db_int(s, 0)) != 0) {
			sqlite3_reset(s);
			return err_no_memory(err);
		}
	}
	return got;
}

bool
claimed(const struct store *st, int64_t event)
{
	size_t at = (size_t)event / 8;

	return at < st->claimed_bytes && (st->claimed[at] >> (event % 8) & 1) != 0;
}
