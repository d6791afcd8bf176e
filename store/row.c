/* The one way from a struct to a row and back: it walks the rows of columns.c. */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 16 }; /* values of an enum */

/*
 * A column of numbers has INTEGER affinity, and takes only what it makes an integer of.  The
 * comparison costs half of what typeof() does, and a task has fifteen of them.
 */
static const char *
check_of(enum column_type type)
{
	switch (type) {
	case COLUMN_INT:
	case COLUMN_LINE:
		return "INTEGER CHECK(%1$s IS CAST(%1$s AS INTEGER))";
	case COLUMN_BOOL:
		return "INTEGER CHECK(%1$s IS 0 OR %1$s IS 1)";
	case COLUMN_NUMBER:
	case COLUMN_SIZE:
		return "INTEGER CHECK(typeof(%1$s)='integer' AND %1$s>=0)";
	case COLUMN_ID:
		return "TEXT CHECK(typeof(%1$s)='text' AND length(%1$s)=16)";
	default:
		return "CHECK(%1$s IS NULL OR typeof(%1$s)='text')";
	}
}

static void
put_check(FILE *f, const struct column *c)
{
	const char *s = check_of(c->type), *mark;

	while ((mark = strstr(s, "%1$s")) != NULL) {
		fwrite(s, 1, (size_t)(mark - s), f);
		fputs(c->name, f);
		s = mark + 4;
	}
	fputs(s, f);
}

/* The text that was written, in the arena; STR_NONE: no memory. */
static struct str
written(struct arena *mem, FILE *f, char **text, const size_t *size)
{
	struct str s = STR_NONE;

	if (fclose(f) == 0)
		s = arena_dup(mem, (struct str){ *text, *size });
	free(*text);
	return s;
}

struct str
row_create_sql(struct arena *mem, const char *table, const char *key, const struct column *c,
    size_t n, const char *tail)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		return STR_NONE;
	fprintf(f, "CREATE TABLE %s(%s", table, key);
	for (size_t i = 0; i < n; i++) {
		fprintf(f, ",\n %s ", c[i].name);
		put_check(f, &c[i]);
	}
	fputs(tail, f);
	return written(mem, f, &text, &size);
}

struct str
row_columns(struct arena *mem, const struct column *c, size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		return STR_NONE;
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%s", i == 0 ? "" : ",", c[i].name);
	return written(mem, f, &text, &size);
}

struct str
row_insert_sql(struct arena *mem, const char *table, const char *keys, const struct column *c,
    size_t n, size_t nkeys, size_t rows)
{
	struct str names = row_columns(mem, c, n);
	char *text = NULL;
	size_t size;
	FILE *f;

	if (names.p == NULL || (f = open_memstream(&text, &size)) == NULL)
		return STR_NONE;
	fprintf(f, "INSERT INTO %s(%s,%s) VALUES", table, keys, names.p);
	for (size_t row = 0; row < rows; row++) {
		fputs(row == 0 ? "(" : ",(", f);
		for (size_t i = 0; i < n + nkeys; i++)
			fputs(i == 0 ? "?" : ",?", f);
		putc(')', f);
	}
	return written(mem, f, &text, &size);
}

static int
bind_int(sqlite3_stmt *st, int at, int64_t v)
{
	return known(v) ? sqlite3_bind_int64(st, at, v) : sqlite3_bind_null(st, at);
}

static int
bind_text(sqlite3_stmt *st, int at, struct str s)
{
	return s.p == NULL ? sqlite3_bind_null(st, at)
			   : sqlite3_bind_text64(st, at, s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int64_t
less_base(int64_t line, int64_t base)
{
	int64_t v;

	return !known(line) || __builtin_sub_overflow(line, base, &v) ? UNKNOWN : v;
}

static int
bind_column(sqlite3_stmt *st, int at, const struct column *c, const void *from, int64_t base)
{
	switch (c->type) {
	case COLUMN_INT:
		return bind_int(st, at, *(const int64_t *)from);
	case COLUMN_LINE:
		return bind_int(st, at, less_base(*(const int64_t *)from, base));
	case COLUMN_TEXT:
		return bind_text(st, at, *(const struct str *)from);
	case COLUMN_WORD:
		return bind_text(st, at, str_from(*(const char *const *)from));
	case COLUMN_BOOL:
		return sqlite3_bind_int(st, at, *(const bool *)from);
	case COLUMN_NUMBER:
		return sqlite3_bind_int64(st, at, *(const unsigned *)from);
	case COLUMN_SIZE:
		return sqlite3_bind_int64(st, at, (int64_t) * (const size_t *)from);
	case COLUMN_NAME:
		return bind_text(st, at, str_from(c->name_of((int)*(const unsigned *)from)));
	case COLUMN_ID:
		return bind_text(st, at, str_from(from));
	}
	return SQLITE_MISUSE;
}

int
row_bind(
    sqlite3_stmt *st, int first, const struct column *c, size_t n, const void *row, int64_t base)
{
	for (size_t i = 0; i < n; i++) {
		int rc = bind_column(st, first + (int)i, &c[i], (const char *)row + c[i].at, base);

		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

/* A name that is not known here is of a newer version: unknown, the first value. */
static unsigned
value_of(const struct column *c, struct str name)
{
	for (int i = 0; name.p != NULL && i < NAMES_MAX; i++) {
		const char *have = c->name_of(i);

		if (have != NULL && str_eq_z(name, have))
			return (unsigned)i;
	}
	return 0;
}

static int
read_text(sqlite3_stmt *st, int at, struct str *to, struct arena *mem)
{
	struct str s = db_text(st, at);

	*to = arena_dup(mem, s);
	return s.p != NULL && to->p == NULL ? -1 : 0;
}

static int
read_column(
    sqlite3_stmt *st, int at, const struct column *c, void *to, int64_t base, struct arena *mem)
{
	struct str s;

	switch (c->type) {
	case COLUMN_INT:
		*(int64_t *)to = db_int(st, at);
		break;
	case COLUMN_LINE:
		*(int64_t *)to = db_int(st, at);
		if (known(*(int64_t *)to) &&
		    __builtin_add_overflow(*(int64_t *)to, base, (int64_t *)to))
			*(int64_t *)to = UNKNOWN;
		break;
	case COLUMN_TEXT:
		return read_text(st, at, to, mem);
	case COLUMN_WORD:
		if (read_text(st, at, &s, mem) != 0)
			return -1;
		*(const char **)to = s.p;
		break;
	case COLUMN_BOOL:
		*(bool *)to = sqlite3_column_int(st, at) != 0;
		break;
	case COLUMN_NUMBER:
		*(unsigned *)to = (unsigned)sqlite3_column_int64(st, at);
		break;
	case COLUMN_SIZE:
		*(size_t *)to = (size_t)sqlite3_column_int64(st, at);
		break;
	case COLUMN_NAME:
		*(unsigned *)to = value_of(c, db_text(st, at));
		break;
	case COLUMN_ID:
		s = str_head(db_text(st, at), 16);
		if (s.n > 0)
			memcpy(to, s.p, s.n);
		((char *)to)[s.n] = '\0';
		break;
	}
	return 0;
}

int
row_read(sqlite3_stmt *st, int first, const struct column *c, size_t n, void *row, int64_t base,
    struct arena *mem)
{
	for (size_t i = 0; i < n; i++) {
		if (read_column(st, first + (int)i, &c[i], (char *)row + c[i].at, base, mem) != 0)
			return -1;
	}
	return 0;
}
