#include "store/db.h"

#include "base/mem.h"

#include <string.h>

/* What a person can do about it; the rest SQLite says well itself. */
static const char *
advice(int code)
{
	switch (code) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "; the file is damaged: move it away and ingest the logs again, or take "
		       "what can be read by 'sqlite3 FILE .recover'";
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "; another program is writing to it: try again later";
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return "; nothing that was stored before is lost: make room, and do it again";
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return "; this needs the right to write to the file, to those beside it that end "
		       "in -wal and -shm, and to its directory";
	default:
		return "";
	}
}

int
db_error(const struct store *st, struct err *err, const char *doing)
{
	int code = sqlite3_errcode(st->db);
	int cause =
	    code == SQLITE_CANTOPEN || code == SQLITE_IOERR ? sqlite3_system_errno(st->db) : 0;

	return err_set(err, "cannot %s '%s': %s%s%s%s", doing, st->path, sqlite3_errmsg(st->db),
	    cause == 0 ? "" : ": ", cause == 0 ? "" : strerror(cause), advice(code));
}

int
db_exec(const struct store *st, const char *sql, struct err *err)
{
	return sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK
		   ? 0
		   : db_error(st, err, "use the store");
}

sqlite3_stmt *
db_prepare(const struct store *st, const char *sql, struct err *err)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v3(st->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
		db_error(st, err, "use the store");
	return s;
}

sqlite3_stmt *
db_statement(struct store *st, enum statement which, struct err *err)
{
	if (st->st[which] == NULL)
		st->st[which] = db_prepare(st, statement_text[which], err);
	return st->st[which];
}

sqlite3_stmt *
db_made(struct store *st, sqlite3_stmt **slot,
    struct str (*text)(struct arena *, const struct list *), const struct list *list,
    struct err *err)
{
	struct arena mem = { 0 };
	struct str sql;

	if (*slot != NULL)
		return *slot;
	sql = text(&mem, list);
	if (sql.p == NULL)
		err_no_memory(err);
	else
		*slot = db_prepare(st, sql.p, err);
	arena_done(&mem);
	return *slot;
}

static int
bind_one(sqlite3_stmt *s, int at, char type, va_list *ap)
{
	if (type == 'i') {
		int64_t v = va_arg(*ap, int64_t);

		return known(v) ? sqlite3_bind_int64(s, at, v) : sqlite3_bind_null(s, at);
	} else {
		struct str t = va_arg(*ap, struct str);

		if (t.p == NULL)
			return sqlite3_bind_null(s, at);
		if (type == 'b')
			return sqlite3_bind_blob64(s, at, t.p, t.n, SQLITE_STATIC);
		return sqlite3_bind_text64(s, at, t.p, t.n, SQLITE_STATIC, SQLITE_UTF8);
	}
}

static sqlite3_stmt *
ask(struct store *st, enum statement which, struct err *err, const char *types, va_list *ap)
{
	sqlite3_stmt *s = db_statement(st, which, err);

	for (int at = 1; s != NULL && *types != '\0'; types++, at++) {
		if (bind_one(s, at, *types, ap) != SQLITE_OK) {
			db_error(st, err, "use the store");
			return NULL;
		}
	}
	return s;
}

sqlite3_stmt *
db_ask(struct store *st, enum statement which, struct err *err, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;

	va_start(ap, types);
	s = ask(st, which, err, types, &ap);
	va_end(ap);
	return s;
}

int
db_next(const struct store *st, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		db_error(st, err, "use the store");
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
db_run(struct store *st, enum statement which, struct err *err, const char *types, ...)
{
	sqlite3_stmt *s;
	va_list ap;

	va_start(ap, types);
	s = ask(st, which, err, types, &ap);
	va_end(ap);
	return s == NULL ? -1 : db_next(st, s, err);
}

int64_t
db_int(sqlite3_stmt *s, int at)
{
	return sqlite3_column_type(s, at) == SQLITE_INTEGER ? sqlite3_column_int64(s, at) : UNKNOWN;
}

struct str
db_text(sqlite3_stmt *s, int at)
{
	const char *p;

	if (sqlite3_column_type(s, at) == SQLITE_NULL)
		return STR_NONE;
	p = (const char *)sqlite3_column_blob(s, at); /* of empty text it is NULL */
	return (struct str){ p == NULL ? "" : p, (size_t)sqlite3_column_bytes(s, at) };
}

int
db_number(const struct store *st, const char *sql, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = db_prepare(st, sql, err);
	int got = s == NULL ? -1 : db_next(st, s, err);

	*ret = got == 1 ? db_int(s, 0) : UNKNOWN;
	sqlite3_finalize(s);
	return got < 0 ? -1 : 0;
}
