/* Opening and closing: rights, modes, and what every connection is set to. */
#include "store/db.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MS = 60 * 1000, WAL_KEPT = 4 * 1024 * 1024 };

/* The log stays when the last writer closes: who may only read cannot make one, and without
 * it could not read while a writer comes. */
static int
settings(struct store *st, bool writable, int wait_ms, struct err *err)
{
	static const struct {
		int what, to;
	} rows[] = {
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};
	char sql[64];
	int keep = 1;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		sqlite3_db_config(st->db, rows[i].what, rows[i].to, NULL);
	sqlite3_busy_timeout(st->db, wait_ms > 0 ? wait_ms : WAIT_MS);
	if (writable)
		sqlite3_file_control(st->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	/* trusted_schema came with 3.31; older ones pass over what they do not know. */
	snprintf(sql, sizeof(sql), "PRAGMA journal_size_limit=%d", WAL_KEPT);
	return db_exec(st,
		   "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
		   " PRAGMA synchronous=FULL; PRAGMA cache_size=-16000",
		   err) != 0
		   ? -1
		   : db_exec(st, sql, err);
}

/* As "mkdir -p -m 0750". */
static int
make_directory_of(const char *path, struct err *err)
{
	char dir[PATH_MAX];
	int n = snprintf(dir, sizeof(dir), "%s", path);

	if (n < 0 || n >= (int)sizeof(dir))
		return err_set(err, "cannot make the store '%s': the name is too long", path);
	for (char *p = dir + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(dir, 0750) != 0 && errno != EEXIST)
			return err_set(
			    err, "cannot make the store '%s': %s: %s", path, dir, strerror(errno));
		*p = '/';
	}
	return 0;
}

/* SQLite gives its helper files the rights of the database. */
static int
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	if (fd >= 0)
		return close(fd);
	return errno == EEXIST ? 0
			       : err_set(err,
				     "cannot make the store '%s': %s; give another "
				     "place by --db",
				     path, strerror(errno));
}

/* "file:...?immutable=1", where what means something in a URI is escaped. */
static int
immutable_uri(const char *path, char *to, size_t size)
{
	size_t n = (size_t)snprintf(to, size, "file:");

	for (; *path != '\0' && n + 32 < size; path++) {
		if (strchr("?#%", *path) != NULL)
			n += (size_t)snprintf(to + n, size - n, "%%%02x", (unsigned char)*path);
		else
			to[n++] = *path;
	}
	snprintf(to + n, size - n, "?immutable=1");
	return *path == '\0' ? 0 : -1;
}

static bool
is_idle(const char *path)
{
	char wal[PATH_MAX];
	struct stat s;
	int n = snprintf(wal, sizeof(wal), "%s-wal", path);

	return n > 0 && n < (int)sizeof(wal) && (stat(wal, &s) != 0 || s.st_size == 0);
}

static int
connect_to(
    struct store *st, const char *name, int flags, bool writable, int wait_ms, struct err *err)
{
	if (sqlite3_open_v2(name, &st->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return st->db == NULL ? err_no_memory(err) : db_error(st, err, "open the store");
	/* SQLite takes what it can get. */
	if (writable && sqlite3_db_readonly(st->db, "main") == 1)
		return err_set(err,
		    "cannot write to the store '%s': this needs the right to write to the file, to "
		    "those beside it that end in -wal and -shm, and to its directory",
		    st->path);
	if (settings(st, writable, wait_ms, err) != 0)
		return -1;
	return schema_settle(st, writable, err);
}

/* Who may not write to the directory cannot join a log that nobody has opened before. */
static int
open_to_read(struct store *st, int wait_ms, struct err *err)
{
	char uri[PATH_MAX * 3];
	int code;

	if (connect_to(st, st->path, SQLITE_OPEN_READONLY, false, wait_ms, err) == 0)
		return 0;
	code = sqlite3_errcode(st->db);
	if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || !is_idle(st->path) ||
	    immutable_uri(st->path, uri, sizeof(uri)) != 0)
		return -1;
	sqlite3_close(st->db);
	st->db = NULL;
	st->immutable = true;
	return connect_to(st, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, false, wait_ms, err);
}

static struct store *
store_new(const char *path, struct err *err)
{
	struct store *st = mem_alloc(sizeof(*st));
	size_t n = strlen(path) + 1;

	if (st != NULL)
		*st = (struct store){ .path = mem_alloc(n) };
	if (st == NULL || st->path == NULL) {
		mem_free(st);
		err_no_memory(err);
		return NULL;
	}
	memcpy(st->path, path, n);
	return st;
}

/* What SQLite would wait for (a pipe), or tell of in words that do not help. */
static int
check_file(const char *path, enum store_mode mode, struct err *err)
{
	struct stat s;

	if (stat(path, &s) != 0) {
		if (errno != ENOENT)
			return err_set(
			    err, "cannot open the store '%s': %s", path, strerror(errno));
		return mode == STORE_WRITE
			   ? 0
			   : err_set(
				 err, "there is no store '%s': 'oomwhy ingest' makes one", path);
	}
	if (!S_ISREG(s.st_mode))
		return err_set(err, "cannot open the store '%s': it is %s", path,
		    S_ISDIR(s.st_mode) ? "a directory" : "no regular file");
	if (access(path, R_OK) != 0)
		return err_set(err, "cannot read the store '%s': %s", path, strerror(errno));
	return 0;
}

struct store *
store_open(const char *path, enum store_mode mode, int wait_ms, struct err *err)
{
	struct store *st;
	int rc;

	if (check_file(path, mode, err) != 0)
		return NULL;
	if (mode == STORE_WRITE && (make_directory_of(path, err) != 0 || make_file(path, err) != 0))
		return NULL;
	if ((st = store_new(path, err)) == NULL)
		return NULL;
	if (mode == STORE_READ)
		rc = open_to_read(st, wait_ms, err);
	else
		rc = connect_to(st, path, SQLITE_OPEN_READWRITE, true, wait_ms, err);
	if (rc == 0)
		return st;
	store_close(st);
	return NULL;
}

const char *
store_path(const struct store *st)
{
	return st->path;
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	store_rollback(st);
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(st->st[i]);
	for (size_t i = 0; i < LISTS; i++) {
		sqlite3_finalize(st->add[i]);
		sqlite3_finalize(st->add_many[i]);
		sqlite3_finalize(st->get[i]);
	}
	sqlite3_finalize(st->add_event);
	sqlite3_finalize(st->get_event);
	sqlite3_close(st->db);
	ZSTD_freeCCtx(st->press);
	ZSTD_freeDCtx(st->unpress);
	mem_free(st->names);
	mem_free(st->claimed);
	mem_free(st->dropped);
	mem_free(st->path);
	mem_free(st);
}

int
store_begin(struct store *st, struct err *err)
{
	if (db_run(st, ST_BEGIN, err, "") != 0)
		return -1;
	st->writing = true;
	return 0;
}

int
store_commit(struct store *st, struct err *err)
{
	if (db_run(st, ST_COMMIT, err, "") != 0) {
		store_rollback(st);
		return -1;
	}
	st->writing = false;
	st->ndropped = 0;
	return 0;
}

void
store_rollback(struct store *st)
{
	if (st->writing && !sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, statement_text[ST_ROLLBACK], NULL, NULL, NULL);
	st->writing = false;
	st->ndropped = 0;
	mem_free(st->names); /* numbers that were given out are taken back */
	st->names = NULL;
}
