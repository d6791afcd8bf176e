/* How far sources that are followed were read: text that only their readers understand. */
#include "store/db.h"

static struct str
name_of(struct arena *mem, const char *source)
{
	return arena_printf(mem, "position of %s", source);
}

int
store_position(
    struct store *st, const char *source, struct arena *mem, struct str *ret, struct err *err)
{
	struct str name = name_of(mem, source);
	sqlite3_stmt *s;
	int got;

	if (name.p == NULL)
		return err_no_memory(err);
	s = db_ask(st, ST_GET_SETTING, err, "s", name);
	got = s == NULL ? -1 : db_next(st, s, err);
	if (got != 1)
		return got;
	*ret = arena_printf(mem, "%.*s", STR_ARG(db_text(s, 0)));
	sqlite3_reset(s);
	return ret->p == NULL ? err_no_memory(err) : 1;
}

int
store_set_position(struct store *st, const char *source, struct str position, struct err *err)
{
	struct arena mem = { 0 };
	struct str name = name_of(&mem, source);
	int rc = name.p == NULL ? err_no_memory(err)
				: db_run(st, ST_SET_SETTING, err, "ss", name, position);

	arena_done(&mem);
	return rc;
}

int
store_note_alive(struct store *st, struct err *err)
{
	return db_run(st, ST_NOTE_ALIVE, err, "");
}

int
store_alive_s(struct store *st, int64_t *ret, struct err *err)
{
	return db_number(st, "SELECT value FROM settings WHERE name='ingested_s'", ret, err);
}
