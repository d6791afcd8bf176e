/* How far files were read, and what is known to be missing from them. */
#include "store/db.h"

static int
read_checkpoint(
    struct store *st, sqlite3_stmt *s, struct arena *mem, struct checkpoint *ret, struct err *err)
{
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got != 1)
		return got;
	*ret = (struct checkpoint){ .path = arena_dup(mem, db_text(s, 0)),
		.device = db_int(s, 1),
		.inode = db_int(s, 2),
		.mtime_ns = db_int(s, 3),
		.print = { db_int(s, 4), db_int(s, 5), db_int(s, 6) },
		.reading = arena_dup(mem, db_text(s, 7)),
		.place = { db_int(s, 8), db_int(s, 9), arena_dup(mem, db_text(s, 10)) },
		.number = db_int(s, 11) };
	sqlite3_reset(s);
	return ret->path.p == NULL || ret->reading.p == NULL ? err_no_memory(err) : 1;
}

int
store_checkpoint_file(struct store *st, int64_t device, int64_t inode, unsigned n,
    struct arena *mem, struct checkpoint *ret, struct err *err)
{
	return read_checkpoint(st,
	    db_ask(st, ST_FIND_CHECKPOINT_FILE, err, "iii", device, inode, (int64_t)n), mem, ret,
	    err);
}

int
store_checkpoint_head(struct store *st, int64_t head, unsigned n, struct arena *mem,
    struct checkpoint *ret, struct err *err)
{
	return read_checkpoint(
	    st, db_ask(st, ST_FIND_CHECKPOINT_HEAD, err, "ii", head, (int64_t)n), mem, ret, err);
}

int
store_set_checkpoint(struct store *st, struct checkpoint *c, int64_t copy_of, struct err *err)
{
	int64_t source;

	if (source_number(st, c->path, &source, err) != 0 ||
	    db_run(st, ST_PUT_CHECKPOINT, err, "iiiiiiisiib", source, c->device, c->inode,
		c->mtime_ns, c->print.offset, c->print.head, c->print.tail, c->reading,
		c->place.offset, c->place.lines, c->place.known) != 0)
		return -1;
	c->number = sqlite3_last_insert_rowid(st->db);
	if (copy_of != 0 && db_run(st, ST_INHERIT_OPEN, err, "ii", c->number, copy_of) != 0)
		return -1;
	return db_run(st, ST_DROP_CHECKPOINT, err, "iiiiii", c->device, c->inode, c->print.head,
	    source, c->print.offset, c->number);
}

int
store_note_open(struct store *st, int64_t checkpoint, int64_t event, struct err *err)
{
	return db_run(st, ST_ADD_OPEN, err, "ii", checkpoint, event);
}

int
store_drop_open(struct store *st, int64_t checkpoint, struct err *err)
{
	if (changes_note_dropped(st, checkpoint, err) != 0 ||
	    db_run(st, ST_DROP_OPEN, err, "i", checkpoint) != 0 ||
	    db_run(st, ST_DROP_OPEN_SOURCE, err, "i", checkpoint) != 0)
		return -1;
	return db_run(st, ST_DROP_OPEN_NOWHERE, err, "i", checkpoint);
}

int
store_add_gap(struct store *st, const struct gap *g, struct err *err)
{
	int64_t source;

	if (source_number(st, g->path, &source, err) != 0)
		return -1;
	if (db_run(st, ST_ADD_GAP, err, "iiii", source, g->lost, g->first_us, g->last_us) != 0)
		return -1;
	return sqlite3_changes(st->db) == 0 ? 0 : total_add(st, TOTAL_LOST, STR(""), g->lost, err);
}
