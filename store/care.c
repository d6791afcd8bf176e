/* Looking after a store: what is in it, whether it is sound, and making it smaller. */
#include "store/db.h"

enum { PRUNED_AT_ONCE = 200, CHECKPOINTS_KEPT = 20000, FORGOTTEN_KEPT = 50000 };

int
store_info(struct store *st, struct store_info *ret, struct err *err)
{
	const struct {
		const char *sql;
		int64_t *to;
	} rows[] = {
		{ "PRAGMA user_version", &ret->version },
		{ "SELECT count(*) FROM events", &ret->events },
		{ "SELECT count(*) FROM victims", &ret->victims },
		{ "SELECT count(*) FROM tasks", &ret->tasks },
		{ "SELECT count(DISTINCT host) FROM events", &ret->hosts },
		{ "SELECT count(*) FROM sources", &ret->sources },
		{ "SELECT count(*) FROM gaps", &ret->gaps },
		{ "SELECT ifnull(sum(lost),0) FROM gaps", &ret->lost },
		{ "SELECT min(real_us) FROM events", &ret->first_us },
		{ "SELECT max(real_us) FROM events", &ret->last_us },
		{ "SELECT page_count*page_size FROM pragma_page_count,pragma_page_size",
		    &ret->bytes },
		{ "SELECT freelist_count*page_size FROM pragma_freelist_count,pragma_page_size",
		    &ret->free_bytes },
		{ "SELECT ifnull(sum(length(raw)+length(marks)),0) FROM reports", &ret->raw_bytes },
	};

	*ret = (struct store_info){ .path = st->path, .immutable = st->immutable };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (db_number(st, rows[i].sql, rows[i].to, err) != 0)
			return -1;
	}
	return 0;
}

int
store_size(struct store *st, struct store_info *ret, struct err *err)
{
	*ret = (struct store_info){ .path = st->path };
	if (db_number(st, "SELECT count(*) FROM events", &ret->events, err) != 0 ||
	    db_number(st, "SELECT max(real_us) FROM events", &ret->last_us, err) != 0)
		return -1;
	return db_number(st, "SELECT page_count*page_size FROM pragma_page_count,pragma_page_size",
	    &ret->bytes, err);
}

/* SQLite's own opinion: "ok", or what it found first. */
static int
check_file(struct store *st, struct err *err)
{
	sqlite3_stmt *s = db_prepare(st, "PRAGMA integrity_check(1)", err);
	int got = s == NULL ? -1 : db_next(st, s, err), rc = -1;

	if (got == 1) {
		struct str said = db_text(s, 0);

		rc = str_eq(said, STR("ok"))
			 ? 0
			 : err_set(err, "the store '%s' is damaged: %.*s", st->path, STR_ARG(said));
	}
	sqlite3_finalize(s);
	return rc;
}

int
store_check(struct store *st, int64_t *ret_events, struct err *err)
{
	int64_t event = 0, orphans;

	*ret_events = 0;
	if (check_file(st, err) != 0 ||
	    db_number(st, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, err) != 0)
		return -1;
	if (orphans > 0)
		return err_set(err, "the store '%s' is damaged: %lld rows of no event", st->path,
		    (long long)orphans);
	while ((event = store_next(st, event, err)) > 0) {
		struct event *ev = store_get(st, event, err);

		if (ev == NULL)
			return -1;
		event_free(ev);
		++*ret_events;
	}
	return event < 0 ? -1 : 0;
}

#define AGE "coalesce(real_us,stored_s*1000000)"
#define REMEMBER                                                                                   \
	"INSERT OR REPLACE INTO forgotten SELECT id,ifnull(host,''),change,born,revision,victims"  \
	" FROM events JOIN changes USING(event) WHERE "
#define OLDER AGE "<?"
#define OLDEST "event IN (SELECT event FROM events ORDER BY " AGE ",event LIMIT ?)"

/* Run it with this number; *ret: how many rows it changed. */
static int
change_rows(struct store *st, const char *sql, int64_t number, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = db_prepare(st, sql, err);
	int rc;

	if (s == NULL)
		return -1;
	sqlite3_bind_int64(s, 1, number);
	rc = db_next(st, s, err);
	*ret = rc == 0 ? sqlite3_changes(st->db) : 0;
	sqlite3_finalize(s);
	return rc;
}

static int
delete_old(struct store *st, int64_t before_us, int64_t *ret, struct err *err)
{
	if (change_rows(st, REMEMBER OLDER, before_us, ret, err) != 0)
		return -1;
	return change_rows(st, "DELETE FROM events WHERE " OLDER, before_us, ret, err);
}

static int
delete_for_room(struct store *st, int64_t max_bytes, int64_t *ret, struct err *err)
{
	static const char used[] = "SELECT (page_count-freelist_count)*page_size"
				   " FROM pragma_page_count,pragma_freelist_count,pragma_page_size";
	int64_t bytes, gone = 1;
	int rc = 0;

	while (rc == 0 && gone > 0 && (rc = db_number(st, used, &bytes, err)) == 0 &&
	       bytes > max_bytes) {
		if ((rc = change_rows(st, REMEMBER OLDEST, PRUNED_AT_ONCE, &gone, err)) == 0)
			rc = change_rows(
			    st, "DELETE FROM events WHERE " OLDEST, PRUNED_AT_ONCE, &gone, err);
		*ret += rc == 0 ? gone : 0;
	}
	return rc;
}

/* Sources that nothing speaks of any more; checkpoints of files rotated away long ago. */
static int
tidy(struct store *st, struct err *err)
{
	static const char sql[] =
	    "DELETE FROM checkpoints WHERE checkpoint<=(SELECT max(checkpoint) FROM "
	    "checkpoints)-%d;"
	    "DELETE FROM forgotten WHERE change<=(SELECT max(change) FROM forgotten)-%d;"
	    "DELETE FROM gaps WHERE source NOT IN (SELECT source FROM event_sources)"
	    " AND source NOT IN (SELECT source FROM checkpoints);"
	    "DELETE FROM sources WHERE source NOT IN (SELECT source FROM event_sources)"
	    " AND source NOT IN (SELECT source FROM checkpoints)"
	    " AND source NOT IN (SELECT source FROM gaps);";
	struct arena mem = { 0 };
	struct str text = arena_printf(&mem, sql, CHECKPOINTS_KEPT, FORGOTTEN_KEPT);
	int rc = text.p == NULL ? err_no_memory(err) : db_exec(st, text.p, err);

	arena_done(&mem);
	return rc;
}

int
store_prune(
    struct store *st, int64_t before_us, int64_t max_bytes, int64_t *ret_pruned, struct err *err)
{
	*ret_pruned = 0;
	if (store_begin(st, err) != 0)
		return -1;
	if ((known(before_us) && delete_old(st, before_us, ret_pruned, err) != 0) ||
	    (known(max_bytes) && delete_for_room(st, max_bytes, ret_pruned, err) != 0) ||
	    tidy(st, err) != 0) {
		store_rollback(st);
		return -1;
	}
	if (store_commit(st, err) != 0)
		return -1;
	return db_exec(st, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", err);
}
