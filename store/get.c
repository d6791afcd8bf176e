/* An event out of the store, as it was put. */
#include "store/db.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

/* A process that was killed longer ago than this is gone, whatever a log says. */
#define BEFORE_US (900 * INT64_C(1000000))

static struct str
event_select_sql(struct arena *mem, const struct list *unused)
{
	struct str names = row_columns(mem, event_columns, event_ncolumns);

	(void)unused;
	if (names.p == NULL)
		return STR_NONE;
	return arena_printf(mem, "SELECT %s FROM events WHERE event=?", names.p);
}

static struct str
list_select_sql(struct arena *mem, const struct list *l)
{
	struct str names = row_columns(mem, l->columns, l->ncolumns);

	if (names.p == NULL)
		return STR_NONE;
	return arena_printf(mem, "SELECT %s FROM %s WHERE event=? ORDER BY seq", names.p, l->table);
}

static int
read_sources(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_EVENT_SOURCES, err, "i", event);
	int got = s == NULL ? -1 : 0;

	while (s != NULL && (got = db_next(st, s, err)) == 1) {
		struct event_source *v =
		    arena_room(&ev->mem, ev->sources, ev->nsources, &ev->sources_cap, sizeof(*v));
		struct str path = arena_dup(&ev->mem, db_text(s, 0));

		if (v == NULL || path.p == NULL) {
			sqlite3_reset(s);
			return err_no_memory(err);
		}
		ev->sources = v;
		v[ev->nsources++] = (struct event_source){ path, db_int(s, 1), db_int(s, 2) };
	}
	return got;
}

/* Append a row to the list's array. */
static int
read_element(sqlite3_stmt *s, const struct list *l, struct event *ev, int64_t base)
{
	void **v = (void **)(void *)((char *)ev + l->v);
	size_t *n = (size_t *)(void *)((char *)ev + l->n);
	size_t *cap = (size_t *)(void *)((char *)ev + l->cap);
	char *more = arena_room(&ev->mem, *v, *n, cap, l->element);

	if (more == NULL)
		return -1;
	*v = more;
	more += *n * l->element;
	memset(more, 0, l->element);
	++*n;
	return row_read(s, 0, l->columns, l->ncolumns, more, base, &ev->mem);
}

static int
read_list(struct store *st, size_t which, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_made(st, &st->get[which], list_select_sql, &lists[which], err);
	int64_t base = event_base(ev);
	int got;

	if (s == NULL)
		return -1;
	sqlite3_bind_int64(s, 1, event);
	while ((got = db_next(st, s, err)) == 1) {
		if (read_element(s, &lists[which], ev, base) != 0) {
			sqlite3_reset(s);
			return err_no_memory(err);
		}
	}
	return got;
}

static int
read_report(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_GET_REPORT, err, "i", event);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got == 0)
		return err_set(
		    err, "the store '%s' has lost the lines of event %s", st->path, ev->id);
	if (got < 0)
		return -1;
	got = lines_unpack(st, ev, db_text(s, 0), db_text(s, 1), err);
	sqlite3_reset(s);
	return got;
}

/* The event's own row, and where it was read. */
static int
read_head(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_made(st, &st->get_event, event_select_sql, NULL, err);
	int got;

	if (s == NULL)
		return -1;
	sqlite3_bind_int64(s, 1, event);
	if ((got = db_next(st, s, err)) != 1)
		return got < 0 ? -1
			       : err_set(err, "the store '%s' has no event numbered %lld", st->path,
				     (long long)event);
	got = row_read(s, 0, event_columns, event_ncolumns, ev, 0, &ev->mem);
	sqlite3_reset(s);
	return got != 0 ? err_no_memory(err) : read_sources(st, event, ev, err);
}

static int
read_event(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	size_t nlines;

	if (read_head(st, event, ev, err) != 0)
		return -1;
	nlines = ev->nlines;
	ev->nlines = 0; /* the lines themselves come last */
	for (size_t i = 0; i < LISTS; i++) {
		if (read_list(st, i, event, ev, err) != 0)
			return -1;
	}
	if (details_read(st, event, ev, err) != 0 || read_report(st, event, ev, err) != 0)
		return -1;
	return ev->nlines == nlines
		   ? 0
		   : err_set(err, "the store '%s' has lost lines of event %s", st->path, ev->id);
}

static int
read_victims(struct store *st, int64_t event, struct event *ev, struct err *err)
{
	if (read_head(st, event, ev, err) != 0)
		return -1;
	ev->nlines = 0;
	return read_list(st, LIST_VICTIMS, event, ev, err);
}

static struct event *
read_new(struct store *st, int64_t event,
    int (*read)(struct store *, int64_t, struct event *, struct err *), struct err *err)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);

	if (ev == NULL) {
		err_no_memory(err);
		return NULL;
	}
	if (read(st, event, ev, err) == 0)
		return ev;
	event_free(ev);
	return NULL;
}

struct event *
store_get(struct store *st, int64_t event, struct err *err)
{
	return read_new(st, event, read_event, err);
}

struct event *
store_get_victims(struct store *st, int64_t event, struct err *err)
{
	return read_new(st, event, read_victims, err);
}

int
store_find(struct store *st, const char *prefix, int64_t *ret_event, struct err *err)
{
	struct str from = str_from(prefix);
	char end[32];
	sqlite3_stmt *s;
	int got, n = 0;

	/* 'g' comes after every digit. */
	snprintf(end, sizeof(end), "%.16sg", prefix);
	s = db_ask(st, ST_FIND_PREFIX, err, "ss", from, str_from(end));
	if (s == NULL)
		return -1;
	while ((got = db_next(st, s, err)) == 1) {
		*ret_event = db_int(s, 0);
		n++;
	}
	return got < 0 ? -1 : n;
}

int64_t
store_next(struct store *st, int64_t event, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_NEXT_EVENT, err, "i", event);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got != 1)
		return got;
	event = db_int(s, 0);
	sqlite3_reset(s);
	return event;
}

int
store_before(struct store *st, const struct event *ev, int64_t *ret, size_t max, size_t *ret_n,
    struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_BEFORE_EVENT, err, "ssisiiii", ev->host, ev->boot_id,
	    (int64_t)ev->boot, str_from(ev->id), ev->mono_us, ev->real_us, BEFORE_US, (int64_t)max);
	int got;

	*ret_n = 0;
	if (s == NULL)
		return -1;
	while ((got = db_next(st, s, err)) == 1) {
		if (*ret_n < max)
			ret[(*ret_n)++] = db_int(s, 0);
	}
	for (size_t i = 0; i < *ret_n / 2; i++) { /* oldest first */
		int64_t swap = ret[i];

		ret[i] = ret[*ret_n - 1 - i];
		ret[*ret_n - 1 - i] = swap;
	}
	return got;
}
