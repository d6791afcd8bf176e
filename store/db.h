/*
 * The database behind a store: the connection, its prepared statements, its errors.
 * Private to store/, the only code that knows of SQLite.
 */
#ifndef OOMWHY_STORE_DB_H
#define OOMWHY_STORE_DB_H

#include "store/columns.h"
#include "store/store.h"

#include <sqlite3.h>
#include <zstd.h>

enum {
	STORE_APPLICATION = 0x6f6f6d77, /* "oomw": what file(1) and we know a store by */
	STORE_VERSION = 5,
};

/* The fixed statements, rows of statements.c. */
enum statement {
	ST_BEGIN,
	ST_COMMIT,
	ST_ROLLBACK,
	ST_DELETE_EVENT,
	ST_ADD_REPORT,
	ST_GET_REPORT,
	ST_ADD_BUDDY,
	ST_GET_BUDDY,
	ST_ADD_RESERVE,
	ST_GET_RESERVE,
	ST_ADD_COUNTER,
	ST_GET_COUNTERS,
	ST_FIND_NAME,
	ST_ADD_NAME,
	ST_FIND_SOURCE,
	ST_ADD_SOURCE,
	ST_ADD_EVENT_SOURCE,
	ST_HAS_EVENT_SOURCE,
	ST_GET_EVENT_SOURCES,
	ST_COUNT_EVENT_SOURCES,
	ST_FIND_READING,
	ST_READ_IN_SOURCE,
	ST_ADD_KEY,
	ST_FIND_KEY,
	ST_FIND_ID,
	ST_FIND_PREFIX,
	ST_ADD_SUMMARY,
	ST_UNSUMMARISED,
	ST_FIND_CHECKPOINT_FILE,
	ST_FIND_CHECKPOINT_HEAD,
	ST_PUT_CHECKPOINT,
	ST_DROP_CHECKPOINT,
	ST_ADD_OPEN,
	ST_INHERIT_OPEN,
	ST_DROP_OPEN,
	ST_DROP_OPEN_SOURCE,
	ST_DROP_OPEN_NOWHERE,
	ST_ADD_GAP,
	ST_GET_SETTING,
	ST_SET_SETTING,
	ST_NEXT_EVENT,
	ST_BEFORE_EVENT,
	ST_FIND_CHANGE,
	ST_ADD_CHANGE,
	ST_FIND_FORGOTTEN,
	ST_DROP_FORGOTTEN,
	ST_NEXT_CHANGE,
	ST_FIND_OPEN,
	ST_ADD_TOTAL,
	ST_GET_TOTALS,
	ST_NOTE_ALIVE,
	STATEMENTS
};
extern const char *const statement_text[STATEMENTS];

enum { NAMES_CACHED = 256 };

/* A counter's name and its number: a report has some fifty, and all reports the same. */
struct name_cached {
	char text[44];
	uint8_t n;
	int64_t number;
};

/* What is known of the changes of an event. */
struct change {
	int64_t change, born; /* numbers of the newest one and of the first */
	int64_t revision;
	int64_t victims; /* counted in the totals */
};

/* An event that was taken back in this transaction, to be read again whole. */
struct dropped {
	struct change was;
	char id[17];
	unsigned completeness;
	int64_t nlines, source, first_line, last_line;
};

struct store {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *st[STATEMENTS];
	sqlite3_stmt *add_event, *get_event;
	sqlite3_stmt *add[LISTS], *add_many[LISTS], *get[LISTS];
	ZSTD_CCtx *press;
	ZSTD_DCtx *unpress;
	struct name_cached *names;
	unsigned char *claimed; /* a bit for each event that this pass has met */
	size_t claimed_bytes;
	struct dropped *dropped;
	size_t ndropped, dropped_cap;
	bool writing;	/* between store_begin() and store_commit() */
	bool immutable; /* nobody writes, and we could not look at the log of one who does */
};

/* What SQLite says, in words for the person at the terminal.  Always -1. */
int db_error(const struct store *, struct err *, const char *doing);
/* One or more statements without rows. */
int db_exec(const struct store *, const char *sql, struct err *);
/* Compile once and keep; NULL and *err. */
sqlite3_stmt *db_statement(struct store *, enum statement, struct err *);
sqlite3_stmt *db_prepare(const struct store *, const char *sql, struct err *);
/* The statement kept in *slot; made by `text` when it is asked for first. */
sqlite3_stmt *db_made(struct store *, sqlite3_stmt **slot,
    struct str (*text)(struct arena *, const struct list *), const struct list *, struct err *);
/*
 * Run a fixed statement that returns no rows.  `types` has a letter for each `?`: i int64_t
 * (UNKNOWN binds NULL), s struct str (STR_NONE binds NULL), b a struct str as a blob.
 */
int db_run(struct store *, enum statement, struct err *, const char *types, ...);
/* Bind, as db_run().  The caller steps, reads and resets. */
sqlite3_stmt *db_ask(struct store *, enum statement, struct err *, const char *types, ...);
/* Step: 1 a row, 0 no more, -1 and *err.  Resets at the end. */
int db_next(const struct store *, sqlite3_stmt *, struct err *);
int64_t db_int(sqlite3_stmt *, int at);	    /* NULL is UNKNOWN */
struct str db_text(sqlite3_stmt *, int at); /* until the next step; NULL is STR_NONE */
/* The first number a query gives, UNKNOWN for none. */
int db_number(const struct store *, const char *sql, int64_t *ret, struct err *);

/* schema.c: make a new store, or bring an old one up to date. */
int schema_settle(struct store *, bool writable, struct err *);

/* row.c: a row and its struct.  `base`: what COLUMN_LINE counts from. */
struct str row_create_sql(struct arena *, const char *table, const char *key, const struct column *,
    size_t n, const char *tail);
struct str row_insert_sql(struct arena *, const char *table, const char *keys,
    const struct column *, size_t n, size_t nkeys, size_t rows);
struct str row_columns(struct arena *, const struct column *, size_t n);
int row_bind(
    sqlite3_stmt *, int first, const struct column *, size_t n, const void *row, int64_t base);
int row_read(sqlite3_stmt *, int first, const struct column *, size_t n, void *row, int64_t base,
    struct arena *);

/* lines.c: the report's own lines, compressed.  The blobs live in *mem. */
int lines_pack(struct store *, const struct event *, struct arena *mem, struct str *ret_raw,
    struct str *ret_marks, struct err *);
int lines_unpack(struct store *, struct event *, struct str raw, struct str marks, struct err *);

/* put.c, get.c */
/* *event: the row's number; 0 takes a new one, and tells it. */
int event_insert(struct store *, int64_t *event, const struct event *, struct err *);
int event_add_sources(struct store *, int64_t event, const struct event *, struct err *);
int source_number(struct store *, struct str path, int64_t *ret, struct err *);
int64_t event_base(const struct event *);
/* details.c: what hangs below zones and nodes. */
int details_insert(struct store *, int64_t event, const struct event *, struct err *);
int details_read(struct store *, int64_t event, struct event *, struct err *);

/* keys.c: what copies of an event have in common. */
struct key {
	int64_t hash;
	bool exact; /* the kernel's own microsecond is part of it */
	bool sized; /* sizes are: two events that share it are one, or far apart */
	int64_t mono_us, real_us, error_us;
};
enum { KEYS_MAX = 32 };
size_t keys_of(const struct event *, struct key keys[static KEYS_MAX]);
/* match.c: the stored event that this one is a copy of; 0: none. */
int match_find(struct store *, const struct event *, const struct key *, size_t nkeys,
    int64_t *ret_event, struct err *);
/* merge.c: whether the copy knows anything that the stored one does not. */
bool merge_needed(const struct event *have, const struct event *copy);
/* The fuller of both, completed by the other; what it takes lives on in both arenas. */
struct event *merge_copies(struct event *have, struct event *copy);

/* changes.c.  1, 0 it has none, -1 and *err. */
int change_find(struct store *, int64_t event, struct change *ret, struct err *);
/* The event was stored; was: what was known of it before, NULL: it is new. */
int change_add(
    struct store *, int64_t event, const struct event *, const struct change *was, struct err *);
/* Before store_drop_open() takes them back. */
int changes_note_dropped(struct store *, int64_t checkpoint, struct err *);
int total_add(struct store *, enum store_total, struct str scope, int64_t n, struct err *);

int claim(struct store *, int64_t event);
bool claimed(const struct store *, int64_t event);

#endif
