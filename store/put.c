/* An event into the store, once. */
#include "store/db.h"

#include "base/mem.h"

#include <string.h>

/* A statement's start costs as much as two rows; SQLite before 3.32 takes 999 values. */
enum { ROWS_MAX = 32, VALUES_MAX = 999, LIST_KEYS = 2 };

static size_t
rows_at_once(const struct list *l)
{
	size_t fit = VALUES_MAX / (l->ncolumns + LIST_KEYS);

	return fit < ROWS_MAX ? fit : ROWS_MAX;
}

int64_t
event_base(const struct event *ev)
{
	return ev->nsources > 0 && known(ev->sources[0].first_line) ? ev->sources[0].first_line : 0;
}

static struct str
event_insert_sql(struct arena *mem, const struct list *unused)
{
	(void)unused;
	return row_insert_sql(mem, "events", "event", event_columns, event_ncolumns, 1, 1);
}

static struct str
list_insert_sql(struct arena *mem, const struct list *l)
{
	return row_insert_sql(mem, l->table, "event,seq", l->columns, l->ncolumns, LIST_KEYS, 1);
}

static struct str
list_insert_many_sql(struct arena *mem, const struct list *l)
{
	return row_insert_sql(
	    mem, l->table, "event,seq", l->columns, l->ncolumns, LIST_KEYS, rows_at_once(l));
}

static int
run_bound(struct store *st, sqlite3_stmt *s, int rc, struct err *err)
{
	if (rc != SQLITE_OK)
		return db_error(st, err, "use the store");
	return db_next(st, s, err);
}

static int
insert_rows(struct store *st, sqlite3_stmt *s, const struct list *l, int64_t event, const char *v,
    size_t from, size_t rows, int64_t base, struct err *err)
{
	int at = 1, rc = SQLITE_OK;

	if (s == NULL)
		return -1;
	for (size_t i = from; i < from + rows && rc == SQLITE_OK; i++) {
		sqlite3_bind_int64(s, at++, event);
		sqlite3_bind_int64(s, at++, (int64_t)i);
		rc = row_bind(s, at, l->columns, l->ncolumns, v + i * l->element, base);
		at += (int)l->ncolumns;
	}
	return run_bound(st, s, rc, err);
}

static int
insert_list(struct store *st, size_t which, int64_t event, const struct event *ev, int64_t base,
    struct err *err)
{
	const struct list *l = &lists[which];
	const char *v = *(char *const *)(const void *)((const char *)ev + l->v);
	size_t n = *(const size_t *)(const void *)((const char *)ev + l->n);
	size_t many = rows_at_once(l), i = 0;
	sqlite3_stmt *s;

	for (; n - i >= many; i += many) {
		s = db_made(st, &st->add_many[which], list_insert_many_sql, l, err);
		if (insert_rows(st, s, l, event, v, i, many, base, err) != 0)
			return -1;
	}
	for (; i < n; i++) {
		s = db_made(st, &st->add[which], list_insert_sql, l, err);
		if (insert_rows(st, s, l, event, v, i, 1, base, err) != 0)
			return -1;
	}
	return 0;
}

static int
insert_report(struct store *st, int64_t event, const struct event *ev, struct err *err)
{
	struct arena mem = { 0 };
	struct str raw, marks;
	int rc = lines_pack(st, ev, &mem, &raw, &marks, err);

	if (rc == 0)
		rc = db_run(st, ST_ADD_REPORT, err, "ibb", event, raw, marks);
	arena_done(&mem);
	return rc;
}

static int
insert_keys(struct store *st, int64_t event, const struct event *ev, struct err *err)
{
	struct key k[KEYS_MAX];
	size_t n = keys_of(ev, k);

	for (size_t i = 0; i < n; i++) {
		if (db_run(st, ST_ADD_KEY, err, "iiiii", k[i].hash, event, k[i].mono_us,
			k[i].real_us, k[i].error_us) != 0)
			return -1;
	}
	return 0;
}

int
event_insert(struct store *st, int64_t *event, const struct event *ev, struct err *err)
{
	sqlite3_stmt *s = db_made(st, &st->add_event, event_insert_sql, NULL, err);
	int64_t base = event_base(ev);
	int rc;

	if (s == NULL)
		return -1;
	rc = row_bind(s, 2, event_columns, event_ncolumns, ev, 0);
	if (*event != 0)
		sqlite3_bind_int64(s, 1, *event);
	else
		sqlite3_bind_null(s, 1);
	if (run_bound(st, s, rc, err) != 0)
		return -1;
	*event = sqlite3_last_insert_rowid(st->db);
	for (size_t i = 0; i < LISTS; i++) {
		if (insert_list(st, i, *event, ev, base, err) != 0)
			return -1;
	}
	if (details_insert(st, *event, ev, err) != 0 || insert_report(st, *event, ev, err) != 0 ||
	    insert_keys(st, *event, ev, err) != 0)
		return -1;
	return event_add_sources(st, *event, ev, err);
}

int
source_number(struct store *st, struct str path, int64_t *ret, struct err *err)
{
	struct str name = path.p == NULL ? STR("") : path;
	sqlite3_stmt *s = db_ask(st, ST_FIND_SOURCE, err, "s", name);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got == 1) {
		*ret = db_int(s, 0);
		sqlite3_reset(s);
		return 0;
	}
	if (got < 0 || db_run(st, ST_ADD_SOURCE, err, "s", name) != 0)
		return -1;
	*ret = sqlite3_last_insert_rowid(st->db);
	return 0;
}

/* First number of a query that must give one row. */
static int
ask_one(struct store *st, sqlite3_stmt *s, int64_t *ret, struct err *err)
{
	int got = s == NULL ? -1 : db_next(st, s, err);

	*ret = got == 1 ? db_int(s, 0) : UNKNOWN;
	if (got == 1)
		sqlite3_reset(s);
	return got < 0 ? -1 : 0;
}

int
event_add_sources(struct store *st, int64_t event, const struct event *ev, struct err *err)
{
	int64_t seq, source, have;

	if (ask_one(st, db_ask(st, ST_COUNT_EVENT_SOURCES, err, "i", event), &seq, err) != 0)
		return -1;
	for (size_t i = 0; i < ev->nsources; i++) {
		const struct event_source *from = &ev->sources[i];

		if (source_number(st, from->path, &source, err) != 0 ||
		    ask_one(st,
			db_ask(
			    st, ST_HAS_EVENT_SOURCE, err, "iii", event, source, from->first_line),
			&have, err) != 0)
			return -1;
		if (!known(have) && db_run(st, ST_ADD_EVENT_SOURCE, err, "iiiii", event, seq++,
					source, from->first_line, from->last_line) != 0)
			return -1;
	}
	return 0;
}

static int
rewrite(struct store *st, int64_t event, const struct event *ev, struct err *err)
{
	struct change was;

	/* The first goes with the event: it has to be known before. */
	if (change_find(st, event, &was, err) < 0 ||
	    db_run(st, ST_DELETE_EVENT, err, "i", event) != 0 ||
	    event_insert(st, &event, ev, err) != 0)
		return -1;
	return change_add(st, event, ev, &was, err);
}

/* Whether the copy was read in the very place that the stored one was: 1, 0, -1 and *err. */
static int
is_same_reading(struct store *st, int64_t event, struct event *copy, struct err *err)
{
	const struct event_source *from = copy->sources;
	sqlite3_stmt *s;
	int64_t source;
	int got;

	if (copy->nsources != 1)
		return 0;
	if (source_number(st, from->path, &source, err) != 0)
		return -1;
	s = db_ask(st, ST_FIND_READING, err, "iisiii", event, (int64_t)copy->nlines,
	    str_from(completeness_name(copy->completeness)), source, from->first_line,
	    from->last_line);
	got = s == NULL ? -1 : db_next(st, s, err);
	if (got == 1) {
		struct str id = str_head(db_text(s, 0), sizeof(copy->id) - 1);

		memcpy(copy->id, id.p, id.n);
		sqlite3_reset(s);
	}
	return got;
}

/* The stored event and its copy as one; `copy` becomes what is stored. */
static enum store_put
complete(struct store *st, int64_t event, struct event *copy, struct err *err)
{
	struct event *have, *whole;
	enum store_put put = PUT_KNOWN;
	int rc = is_same_reading(st, event, copy, err);

	if (rc != 0)
		return rc < 0 ? PUT_FAILED : PUT_KNOWN;
	if ((have = store_get(st, event, err)) == NULL)
		return PUT_FAILED;
	if (merge_needed(have, copy)) {
		whole = merge_copies(have, copy);
		rc = whole == NULL ? err_no_memory(err) : rewrite(st, event, whole, err);
		put = PUT_COMPLETED;
	} else {
		rc = event_add_sources(st, event, copy, err);
	}
	memcpy(copy->id, have->id, sizeof(copy->id));
	event_free(have);
	return rc == 0 ? put : PUT_FAILED;
}

enum store_put
store_put(struct store *st, struct event *ev, int64_t *ret_event, struct err *err)
{
	struct key keys[KEYS_MAX];
	size_t nkeys = keys_of(ev, keys);
	enum store_put put = PUT_NEW;

	if (match_find(st, ev, keys, nkeys, ret_event, err) != 0)
		return PUT_FAILED;
	if (*ret_event != 0)
		put = complete(st, *ret_event, ev, err);
	else if (event_insert(st, ret_event, ev, err) != 0 ||
		 change_add(st, *ret_event, ev, NULL, err) != 0)
		put = PUT_FAILED;
	return put == PUT_FAILED || claim(st, *ret_event) != 0 ? PUT_FAILED : put;
}

int
store_replace(struct store *st, int64_t event, struct event *anew, struct err *err)
{
	return rewrite(st, event, anew, err);
}
