/*
 * The tables of a store and how old stores come up to date.  docs/STORE.md tells people what
 * is in them.
 *
 * SQLite 3.26 (RHEL 8) has no STRICT tables: types are held by CHECK.
 */
#include "store/db.h"

#include <stdio.h>

/* "event" is the number of a row of events; `line` columns count from the event's first line. */
static const char before_lists[] =
    "CREATE TABLE settings(name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;"
    "CREATE TABLE sources(source INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);"
    "CREATE TABLE names(name INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);";

#define EVENT_KEY                                                                                  \
	"event INTEGER PRIMARY KEY,"                                                               \
	" stored_s INTEGER NOT NULL DEFAULT (CAST(strftime('%s','now') AS INTEGER))"

#define OF_EVENT "event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE"
#define WHOLE(c) "CHECK(typeof(" c ")='integer')"
#define NUMBER(c) "CHECK(typeof(" c ") IN ('integer','null'))"
#define SCOPE                                                                                      \
	"CASE WHEN kind='userspace-kill' THEN 'userspace' ELSE ifnull(oom_constraint,'unknown') "  \
	"END"
#define WORDS(c) "CHECK(typeof(" c ") IN ('text','null'))"

/* clang-format off */
static const char after_lists[] =
    "CREATE TABLE buddies(" OF_EVENT ", zone INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " count " NUMBER("count") ", size_kb " NUMBER("size_kb") ", types " WORDS("types") ","
    " PRIMARY KEY(event,zone,seq)) WITHOUT ROWID;"
    "CREATE TABLE reserves(" OF_EVENT ", zone INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " pages " NUMBER("pages") ", PRIMARY KEY(event,zone,seq)) WITHOUT ROWID;"
    "CREATE TABLE counters(" OF_EVENT ", part INTEGER NOT NULL CHECK(part BETWEEN 0 AND 3),"
    " number INTEGER NOT NULL, seq INTEGER NOT NULL, name INTEGER NOT NULL REFERENCES names,"
    " value " NUMBER("value") ", PRIMARY KEY(event,part,number,seq)) WITHOUT ROWID;"
    "CREATE TABLE reports(event INTEGER PRIMARY KEY REFERENCES events ON DELETE CASCADE,"
    " raw CHECK(typeof(raw)='blob'), marks CHECK(typeof(marks)='blob'));"
    "CREATE TABLE event_sources(" OF_EVENT ", seq INTEGER NOT NULL,"
    " source INTEGER NOT NULL REFERENCES sources, first_line " NUMBER("first_line") ","
    " last_line " NUMBER("last_line") ", PRIMARY KEY(event,seq)) WITHOUT ROWID;"
    "CREATE INDEX event_sources_by_source ON event_sources(source);"
    "CREATE TABLE keys(key " WHOLE("key") ", " OF_EVENT ", mono_us " NUMBER("mono_us") ","
    " real_us " NUMBER("real_us") ", error_us " NUMBER("error_us") ","
    " PRIMARY KEY(key,event)) WITHOUT ROWID;"
    "CREATE INDEX keys_by_event ON keys(event);"
    "CREATE TABLE summaries(event INTEGER PRIMARY KEY REFERENCES events ON DELETE CASCADE,"
    " analyzer TEXT NOT NULL, agrees " NUMBER("agrees") ", decided_by " WORDS("decided_by") ","
    " says " WORDS("says") ");"
    "CREATE TABLE checkpoints(checkpoint INTEGER PRIMARY KEY,"
    " source INTEGER NOT NULL REFERENCES sources, device " WHOLE("device") ","
    " inode " WHOLE("inode") ", mtime_ns " WHOLE("mtime_ns") ", read_to " WHOLE("read_to") ","
    " head " WHOLE("head") ", tail " WHOLE("tail") ", lines " WHOLE("lines") ","
    " reading TEXT NOT NULL);"
    "CREATE INDEX checkpoints_by_file ON checkpoints(device,inode);"
    "CREATE INDEX checkpoints_by_head ON checkpoints(head);"
    "CREATE INDEX checkpoints_by_source ON checkpoints(source);"
    "CREATE TABLE gaps(source INTEGER NOT NULL REFERENCES sources, lost " WHOLE("lost") ","
    " first_us " WHOLE("first_us") ", last_us " WHOLE("last_us") ","
    " PRIMARY KEY(source,lost,first_us,last_us)) WITHOUT ROWID;"
    "CREATE INDEX events_by_id ON events(id);"
    "CREATE INDEX events_by_time ON events(real_us);"
    "CREATE INDEX events_by_host ON events(host,boot,mono_us);"
    "CREATE INDEX events_by_limit ON events(oom_memcg);"
    "CREATE INDEX events_by_home ON events(task_memcg);"
    "CREATE INDEX victims_by_name ON victims(comm);";
/* clang-format on */

static const char views[] =
    "CREATE VIEW v_events AS SELECT e.event,e.id,e.kind,e.host,e.boot_id,e.kernel,"
    " strftime('%Y-%m-%dT%H:%M:%S',e.real_us/1000000,'unixepoch')||'Z' AS time,"
    " e.real_us,e.mono_us,e.oom_constraint,e.reason,e.outcome,e.completeness,"
    " e.oom_memcg,e.task_memcg,e.trigger_comm,e.trigger_pid,"
    " v.comm AS victim,v.pid AS victim_pid,v.anon_rss_kb AS victim_anon_kb,"
    " (SELECT count(*) FROM victims w WHERE w.event=e.event) AS victims,"
    " e.memory_usage_kb,e.memory_limit_kb,e.swap_free_kb,e.swap_total_kb,"
    " e.ram_pages*e.page_size/1024 AS ram_kb,s.agrees,s.decided_by,s.says"
    " FROM events e LEFT JOIN victims v ON v.event=e.event AND v.seq=0"
    " LEFT JOIN summaries s ON s.event=e.event;"
    "CREATE VIEW v_victims AS SELECT v.event,e.id,e.host,"
    " strftime('%Y-%m-%dT%H:%M:%S',e.real_us/1000000,'unixepoch')||'Z' AS time,"
    " v.seq,v.pid,v.comm,v.uid,v.role,v.total_vm_kb,v.anon_rss_kb,v.file_rss_kb,"
    " v.shmem_rss_kb,v.pgtables_kb,v.oom_score_adj,v.score,v.reaped,v.cgroup,v.unit"
    " FROM victims v JOIN events e USING(event);"
    "CREATE VIEW v_tasks AS SELECT t.event,e.id,e.host,t.seq,t.pid,t.tgid,t.uid,t.comm,"
    " t.total_vm_pages*e.page_size/1024 AS total_vm_kb,"
    " t.rss_pages*e.page_size/1024 AS rss_kb,"
    " t.rss_anon_pages*e.page_size/1024 AS rss_anon_kb,"
    " t.rss_file_pages*e.page_size/1024 AS rss_file_kb,"
    " t.rss_shmem_pages*e.page_size/1024 AS rss_shmem_kb,"
    " t.swapents_pages*e.page_size/1024 AS swap_kb,t.pgtables_bytes/1024 AS pgtables_kb,"
    " t.oom_score_adj FROM tasks t JOIN events e USING(event);"
    "CREATE VIEW v_counters AS SELECT c.event,"
    " CASE c.part WHEN 0 THEN 'machine' WHEN 1 THEN 'node' WHEN 2 THEN 'zone'"
    " ELSE 'cgroup' END AS part,c.number,n.text AS name,c.value"
    " FROM counters c JOIN names n USING(name);"
    "CREATE VIEW v_sources AS SELECT x.event,s.path,x.first_line,x.last_line"
    " FROM event_sources x JOIN sources s USING(source);";

static int
create_table(const struct store *st, const char *table, const char *key, const struct column *c,
    size_t n, const char *tail, struct err *err)
{
	struct arena mem = { 0 };
	struct str sql = row_create_sql(&mem, table, key, c, n, tail);
	int rc = sql.p == NULL ? err_no_memory(err) : db_exec(st, sql.p, err);

	arena_done(&mem);
	return rc;
}

static int
create_list(const struct store *st, const struct list *l, struct err *err)
{
	return create_table(st, l->table, OF_EVENT ", seq INTEGER NOT NULL", l->columns,
	    l->ncolumns, ",\n PRIMARY KEY(event,seq)) WITHOUT ROWID", err);
}

/* Columns and lists of the first version: the last column and LIST_AFTERMATH came later. */
enum { LATER_COLUMNS = 1 };

static int
create_lists(const struct store *st, struct err *err)
{
	for (size_t i = 0; i < LISTS; i++) {
		if (i != LIST_AFTERMATH && create_list(st, &lists[i], err) != 0)
			return -1;
	}
	return 0;
}

static int
create_all(const struct store *st, struct err *err)
{
	if (db_exec(st, before_lists, err) != 0 ||
	    create_table(st, "events", EVENT_KEY, event_columns, event_ncolumns - LATER_COLUMNS,
		")", err) != 0 ||
	    create_lists(st, err) != 0 || db_exec(st, after_lists, err) != 0)
		return -1;
	return db_exec(st, views, err);
}

/* Where to go on in a file that has grown, and which of its events were not at their end. */
static const char places[] =
    "ALTER TABLE checkpoints ADD COLUMN place INTEGER NOT NULL DEFAULT 0 CHECK(typeof(place)="
    "'integer' AND place>=0);"
    "ALTER TABLE checkpoints ADD COLUMN place_line INTEGER NOT NULL DEFAULT 0 "
    "CHECK(typeof(place_line)='integer' AND place_line>=0);"
    "ALTER TABLE checkpoints ADD COLUMN known CHECK(typeof(known) IN ('blob','null'));"
    "CREATE INDEX checkpoints_by_size ON checkpoints(read_to);"
    "CREATE TABLE open_events(checkpoint INTEGER NOT NULL REFERENCES checkpoints ON DELETE "
    "CASCADE, event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,"
    " PRIMARY KEY(checkpoint,event)) WITHOUT ROWID;"
    "CREATE INDEX open_events_by_event ON open_events(event);";

static int
create_places(const struct store *st, struct err *err)
{
	return db_exec(st, places, err);
}

/*
 * In which order events came and changed, what ever came, and what digests show of a verdict.
 * What was forgotten may come again, of a log that is still there: it is no news then.
 * Where all that came is not known any more, what is there counts.
 */
/* clang-format off */
static const char changes[] =
    "CREATE TABLE changes(change INTEGER PRIMARY KEY AUTOINCREMENT,"
    " event INTEGER NOT NULL UNIQUE REFERENCES events ON DELETE CASCADE,"
    " born INTEGER NOT NULL, revision INTEGER NOT NULL, victims INTEGER NOT NULL);"
    "CREATE INDEX changes_by_born ON changes(born);"
    "CREATE TABLE forgotten(id TEXT NOT NULL, host TEXT NOT NULL, change INTEGER NOT NULL,"
    " born INTEGER NOT NULL, revision INTEGER NOT NULL, victims INTEGER NOT NULL,"
    " PRIMARY KEY(id,host)) WITHOUT ROWID;"
    "CREATE TABLE totals(name TEXT NOT NULL, scope TEXT NOT NULL, value " WHOLE("value") ","
    " PRIMARY KEY(name,scope)) WITHOUT ROWID;"
    "INSERT INTO changes(change,event,born,revision,victims)"
    " SELECT event,event,event,1,"
    " (SELECT count(*) FROM victims v WHERE v.event=e.event) FROM events e ORDER BY event;"
    "INSERT INTO totals(name,scope,value)"
    " SELECT 'events'," SCOPE ",count(*) FROM events GROUP BY 2;"
    "INSERT INTO totals(name,scope,value)"
    " SELECT 'victims'," SCOPE ",count(*) FROM victims JOIN events USING(event) GROUP BY 2;"
    "INSERT INTO totals(name,scope,value)"
    " SELECT 'lost records','',ifnull(sum(lost),0) FROM gaps;"
    "ALTER TABLE summaries ADD COLUMN service " WORDS("service") ";"
    "ALTER TABLE summaries ADD COLUMN cause " WORDS("cause") ";"
    "DELETE FROM summaries;";
/* clang-format on */

static int
create_changes(const struct store *st, struct err *err)
{
	return db_exec(st, changes, err);
}

static int
create_aftermath(const struct store *st, struct err *err)
{
	return create_list(st, &lists[LIST_AFTERMATH], err);
}

static int
create_witness(const struct store *st, struct err *err)
{
	return db_exec(st,
	    "ALTER TABLE events ADD COLUMN witness CHECK(witness IS NULL OR "
	    "typeof(witness)='text')",
	    err);
}

/* What leads from version n to n + 1, in the order of versions; 0 is an empty file. */
static int (*const steps[STORE_VERSION])(const struct store *, struct err *) = { create_all,
	create_places, create_changes, create_aftermath, create_witness };

static int
set_version(const struct store *st, struct err *err)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d",
	    STORE_APPLICATION, STORE_VERSION);
	return db_exec(st, sql, err);
}

static int
look(const struct store *st, int64_t *ret_version, struct err *err)
{
	int64_t application, objects;

	if (db_number(st, "PRAGMA user_version", ret_version, err) != 0 ||
	    db_number(st, "PRAGMA application_id", &application, err) != 0 ||
	    db_number(st, "SELECT count(*) FROM sqlite_master", &objects, err) != 0)
		return -1;
	if (application != STORE_APPLICATION && objects > 0)
		return err_set(err, "'%s' is the database of another program", st->path);
	if (*ret_version > STORE_VERSION)
		return err_set(err,
		    "'%s' was made by a newer oomwhy (store version %lld, this one knows %d): "
		    "update oomwhy, or give another --db",
		    st->path, (long long)*ret_version, STORE_VERSION);
	if (objects == 0)
		*ret_version = 0;
	return 0;
}

static int
climb(const struct store *st, struct err *err)
{
	int64_t version;

	if (look(st, &version, err) != 0) /* another writer may have been quicker */
		return -1;
	for (; version < STORE_VERSION; version++) {
		if (steps[version](st, err) != 0)
			return -1;
	}
	return set_version(st, err);
}

int
schema_settle(struct store *st, bool writable, struct err *err)
{
	int64_t version;

	if (look(st, &version, err) != 0)
		return -1;
	if (version == STORE_VERSION)
		return 0;
	if (!writable)
		return err_set(err, "'%s' %s: run 'oomwhy store reparse' as its owner", st->path,
		    version == 0 ? "is an empty store" : "is of an older version");
	/* Only before the first table is there a choice of this. */
	if (version == 0 && db_exec(st, "PRAGMA auto_vacuum=INCREMENTAL", err) != 0)
		return -1;
	if (db_exec(st, "PRAGMA journal_mode=WAL", err) != 0 ||
	    db_exec(st, statement_text[ST_BEGIN], err) != 0)
		return -1;
	if (climb(st, err) == 0 && db_exec(st, statement_text[ST_COMMIT], err) == 0)
		return 0;
	sqlite3_exec(st->db, statement_text[ST_ROLLBACK], NULL, NULL, NULL);
	return -1;
}
