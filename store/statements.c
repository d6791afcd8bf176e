/* rows: the statements that are not made from columns.c. */
#include "store/db.h"

/* clang-format off */
const char *const statement_text[STATEMENTS] = {
	[ST_BEGIN] = "BEGIN IMMEDIATE",
	[ST_COMMIT] = "COMMIT",
	[ST_ROLLBACK] = "ROLLBACK",
	[ST_DELETE_EVENT] = "DELETE FROM events WHERE event=?",
	[ST_ADD_REPORT] = "INSERT INTO reports(event,raw,marks) VALUES(?,?,?)",
	[ST_GET_REPORT] = "SELECT raw,marks FROM reports WHERE event=?",
	[ST_ADD_BUDDY] =
	    "INSERT INTO buddies(event,zone,seq,count,size_kb,types) VALUES(?,?,?,?,?,?)",
	[ST_GET_BUDDY] =
	    "SELECT zone,count,size_kb,types FROM buddies WHERE event=? ORDER BY zone,seq",
	[ST_ADD_RESERVE] = "INSERT INTO reserves(event,zone,seq,pages) VALUES(?,?,?,?)",
	[ST_GET_RESERVE] = "SELECT zone,pages FROM reserves WHERE event=? ORDER BY zone,seq",
	[ST_ADD_COUNTER] =
	    "INSERT INTO counters(event,part,number,seq,name,value) VALUES(?,?,?,?,?,?)",
	[ST_GET_COUNTERS] =
	    "SELECT c.part,c.number,n.text,c.value FROM counters c JOIN names n USING(name)"
	    " WHERE c.event=? ORDER BY c.part,c.number,c.seq",
	[ST_FIND_NAME] = "SELECT name FROM names WHERE text=?",
	[ST_ADD_NAME] = "INSERT INTO names(text) VALUES(?)",
	[ST_FIND_SOURCE] = "SELECT source FROM sources WHERE path=?",
	[ST_ADD_SOURCE] = "INSERT INTO sources(path) VALUES(?)",
	[ST_ADD_EVENT_SOURCE] =
	    "INSERT INTO event_sources(event,seq,source,first_line,last_line) VALUES(?,?,?,?,?)",
	[ST_HAS_EVENT_SOURCE] =
	    "SELECT 1 FROM event_sources WHERE event=? AND source=? AND first_line IS ?",
	[ST_GET_EVENT_SOURCES] =
	    "SELECT s.path,e.first_line,e.last_line FROM event_sources e JOIN sources s"
	    " USING(source) WHERE e.event=? ORDER BY e.seq",
	[ST_COUNT_EVENT_SOURCES] =
	    "SELECT ifnull(max(seq)+1,0) FROM event_sources WHERE event=?",
	[ST_FIND_READING] =
	    "SELECT id FROM events WHERE event=?1 AND line_count=?2 AND completeness=?3"
	    " AND EXISTS(SELECT 1 FROM event_sources x WHERE x.event=?1 AND x.source=?4"
	    " AND x.first_line IS ?5 AND x.last_line IS ?6)",
	[ST_READ_IN_SOURCE] =
	    "SELECT x.event FROM sources s JOIN event_sources x USING(source)"
	    " WHERE s.path=? AND x.first_line<=?",
	[ST_ADD_KEY] = "INSERT OR IGNORE INTO keys(key,event,mono_us,real_us,error_us)"
	    " VALUES(?,?,?,?,?)",
	[ST_FIND_KEY] =
	    "SELECT k.event,k.mono_us,k.real_us,k.error_us,e.host,e.boot_id,e.real_source"
	    " FROM keys k JOIN events e USING(event) WHERE k.key=? ORDER BY k.event LIMIT 1000",
	[ST_FIND_ID] = "SELECT event,host,boot_id FROM events WHERE id=? ORDER BY event",
	[ST_FIND_PREFIX] = "SELECT event FROM events WHERE id>=?1 AND id<?2 ORDER BY event LIMIT 2",
	[ST_ADD_SUMMARY] =
	    "INSERT OR REPLACE INTO summaries(event,analyzer,agrees,decided_by,says,service,cause)"
	    " VALUES(?,?,?,?,?,?,?)",
	[ST_UNSUMMARISED] =
	    "SELECT e.event FROM events e LEFT JOIN summaries s ON s.event=e.event AND s.analyzer=?"
	    " WHERE e.event>? AND s.event IS NULL ORDER BY e.event LIMIT 1",
	[ST_FIND_CHECKPOINT_FILE] =
	    "SELECT s.path,c.device,c.inode,c.mtime_ns,c.read_to,c.head,c.tail,c.reading,c.place,"
	    "c.place_line,c.known,c.checkpoint"
	    " FROM checkpoints c JOIN sources s USING(source) WHERE c.device=? AND c.inode=?"
	    " ORDER BY c.read_to DESC LIMIT 1 OFFSET ?",
	/* Of a short file the head is another one when it has grown. */
	[ST_FIND_CHECKPOINT_HEAD] =
	    "SELECT s.path,c.device,c.inode,c.mtime_ns,c.read_to,c.head,c.tail,c.reading,c.place,"
	    "c.place_line,c.known,c.checkpoint"
	    " FROM checkpoints c JOIN sources s USING(source) WHERE c.head=? OR c.read_to<1024"
	    " ORDER BY c.read_to DESC LIMIT 1 OFFSET ?",
	[ST_PUT_CHECKPOINT] =
	    "INSERT INTO checkpoints(source,device,inode,mtime_ns,read_to,head,tail,lines,reading,"
	    "place,place_line,known) VALUES(?,?,?,?,?,?,?,0,?,?,?,?)",
	/* What the same file said before; of a file that is gone its content may live on. */
	[ST_DROP_CHECKPOINT] =
	    "DELETE FROM checkpoints WHERE checkpoint<>?6 AND"
	    " ((device=?1 AND inode=?2 AND (head=?3 OR read_to<1024))"
	    " OR (source=?4 AND head=?3 AND read_to<=?5))",
	[ST_ADD_OPEN] = "INSERT OR IGNORE INTO open_events(checkpoint,event) VALUES(?,?)",
	[ST_INHERIT_OPEN] =
	    "INSERT OR IGNORE INTO open_events(checkpoint,event)"
	    " SELECT ?,event FROM open_events WHERE checkpoint=?",
	/* What another source has told of too is no half of a report. */
	[ST_DROP_OPEN] =
	    "DELETE FROM events WHERE event IN (SELECT event FROM open_events WHERE checkpoint=?)"
	    " AND (SELECT count(*) FROM event_sources x WHERE x.event=events.event)<2",
	[ST_DROP_OPEN_SOURCE] =
	    "DELETE FROM event_sources WHERE event IN"
	    " (SELECT event FROM open_events WHERE checkpoint=?1) AND EXISTS (SELECT 1 FROM"
	    " checkpoints c WHERE c.checkpoint=?1 AND c.source=event_sources.source"
	    " AND event_sources.first_line>c.place_line)",
	[ST_DROP_OPEN_NOWHERE] =
	    "DELETE FROM events WHERE event IN (SELECT event FROM open_events WHERE checkpoint=?)"
	    " AND NOT EXISTS (SELECT 1 FROM event_sources x WHERE x.event=events.event)",
	[ST_ADD_GAP] =
	    "INSERT OR IGNORE INTO gaps(source,lost,first_us,last_us)"
	    " VALUES(?,?,ifnull(?,-1),ifnull(?,-1))",
	[ST_GET_SETTING] = "SELECT value FROM settings WHERE name=?",
	[ST_SET_SETTING] = "INSERT OR REPLACE INTO settings(name,value) VALUES(?,?)",
	[ST_FIND_CHANGE] = "SELECT change,born,revision,victims FROM changes WHERE event=?",
	[ST_ADD_CHANGE] =
	    "INSERT INTO changes(change,event,born,revision,victims) VALUES(?1,?2,ifnull(?3,"
	    "ifnull((SELECT seq FROM sqlite_sequence WHERE name='changes'),0)+1),?4,?5)",
	[ST_FIND_FORGOTTEN] =
	    "SELECT change,born,revision,victims FROM forgotten WHERE id=? AND host=ifnull(?,'')",
	[ST_DROP_FORGOTTEN] = "DELETE FROM forgotten WHERE id=? AND host=ifnull(?,'')",
	[ST_NEXT_CHANGE] =
	    "SELECT change,event,revision FROM changes WHERE change>? AND change<=?"
	    " ORDER BY change LIMIT 1",
	[ST_FIND_OPEN] =
	    "SELECT c.change,c.born,c.revision,c.victims,e.id,e.completeness,e.line_count,x.source,"
	    "x.first_line,x.last_line FROM open_events o JOIN changes c USING(event)"
	    " JOIN events e USING(event) LEFT JOIN event_sources x ON x.event=e.event AND x.seq=0"
	    " WHERE o.checkpoint=? ORDER BY e.event",
	[ST_ADD_TOTAL] =
	    "INSERT INTO totals(name,value,scope) VALUES(?,?,?)"
	    " ON CONFLICT(name,scope) DO UPDATE SET value=value+excluded.value",
	[ST_GET_TOTALS] = "SELECT name,scope,value FROM totals ORDER BY name,scope",
	[ST_NOTE_ALIVE] =
	    "INSERT OR REPLACE INTO settings(name,value)"
	    " VALUES('ingested_s',CAST(strftime('%s','now') AS INTEGER))",
	[ST_NEXT_EVENT] = "SELECT event FROM events WHERE event>? ORDER BY event LIMIT 1",
	[ST_BEFORE_EVENT] =
	    "SELECT event FROM events WHERE host IS ?1 AND"
	    " ((?2 IS NOT NULL AND boot_id=?2) OR (?2 IS NULL AND boot_id IS NULL AND boot=?3))"
	    " AND id<>?4 AND"
	    " ((?5 IS NOT NULL AND mono_us BETWEEN ?5-?7 AND ?5) OR"
	    "  (?5 IS NULL AND ?6 IS NOT NULL AND real_us BETWEEN ?6-?7 AND ?6))"
	    " ORDER BY mono_us DESC,real_us DESC,event DESC LIMIT ?8",
};
/* clang-format on */
