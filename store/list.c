/* Lists: a query made of the filters that are asked for, so that each can use its index. */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char columns[] =
    "e.event AS event,e.id AS id,e.kind AS kind,e.host AS host,e.boot_id AS boot_id,"
    "e.oom_constraint AS oom_constraint,e.outcome AS outcome,e.completeness AS completeness,"
    "coalesce(e.oom_memcg,e.task_memcg) AS cgroup,e.trigger_comm AS trigger_comm,"
    "v.comm AS victim,s.decided_by AS decided_by,s.says AS says,e.boot AS boot,"
    "e.real_us AS real_us,e.mono_us AS mono_us,v.pid AS pid,v.anon_rss_kb AS anon_kb,"
    "(SELECT count(*) FROM victims w WHERE w.event=e.event) AS victims,s.agrees AS agrees,"
    "s.event IS NOT NULL AS summarised";

static const char from[] = " FROM events e LEFT JOIN victims v ON v.event=e.event AND v.seq=0"
			   " LEFT JOIN summaries s ON s.event=e.event AND s.analyzer=?1";

/* Where each stands in a result row. */
enum {
	AT_EVENT,
	AT_ID,
	AT_KIND,
	AT_HOST,
	AT_BOOT_ID,
	AT_CONSTRAINT,
	AT_OUTCOME,
	AT_COMPLETENESS,
	AT_CGROUP,
	AT_TRIGGER,
	AT_VICTIM,
	AT_DECIDED_BY,
	AT_SAYS,
	AT_BOOT,
	AT_REAL,
	AT_MONO,
	AT_PID,
	AT_ANON,
	AT_VICTIMS,
	AT_AGREES,
	AT_SUMMARISED,
	AT_EVENTS,
	AT_LAST
};

#define BELOW(c) "e." c "=?4 OR (e." c ">=?4||'/' AND e." c "<?4||'0')"

static void
put_where(FILE *f, const struct store_filter *w)
{
	const struct {
		bool is;
		const char *sql;
	} rows[] = {
		{ w->host != NULL, "e.host=?2" },
		{ w->victim != NULL, "e.event IN (SELECT event FROM victims WHERE comm=?3)" },
		{ w->cgroup != NULL, "(" BELOW("oom_memcg") " OR " BELOW("task_memcg") ")" },
		{ w->constraint != NULL, "e.oom_constraint=?5" },
		{ w->outcome != NULL, "e.outcome=?6" },
		{ known(w->since_us), "e.real_us>=?7" },
		{ known(w->until_us), "e.real_us<=?8" },
	};
	const char *word = " WHERE ";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!rows[i].is)
			continue;
		fprintf(f, "%s%s", word, rows[i].sql);
		word = " AND ";
	}
}

/* Of rows that are grouped, SQLite takes the bare columns from the one that min() chose. */
static void
put_incidents(FILE *f, const struct store_filter *w)
{
	static const char window[] =
	    " OVER (PARTITION BY host,boot_id,boot,real_us IS NULL ORDER BY t,event)";

	fputs("SELECT event,id,kind,host,boot_id,oom_constraint,outcome,completeness,cgroup,"
	      "trigger_comm,victim,decided_by,says,boot,real_us,mono_us,pid,anon_kb,"
	      "sum(victims),agrees,summarised,count(*),max(real_us),min(t) FROM ("
	      "SELECT *,sum(starts)",
	    f);
	fprintf(f, "%s AS incident FROM (SELECT *,ifnull(t-lag(t)%s>=60000000,1) AS starts FROM (",
	    window, window);
	fprintf(f, "SELECT %s,coalesce(e.real_us,e.mono_us,0) AS t%s", columns, from);
	put_where(f, w);
	fputs("))) GROUP BY host,boot_id,boot,real_us IS NULL,incident"
	      " ORDER BY min(real_us) DESC,min(event) DESC",
	    f);
}

static sqlite3_stmt *
prepare(struct store *st, const struct store_filter *w, struct err *err)
{
	char *sql = NULL;
	size_t size;
	FILE *f = open_memstream(&sql, &size);
	sqlite3_stmt *s = NULL;

	if (f == NULL) {
		err_no_memory(err);
		return NULL;
	}
	if (w->incidents) {
		put_incidents(f, w);
	} else {
		fprintf(f, "SELECT %s,1,e.real_us%s", columns, from);
		put_where(f, w);
		fputs(" ORDER BY e.real_us DESC,e.event DESC", f);
	}
	fputs(" LIMIT ?9 OFFSET ?10", f);
	if (fclose(f) == 0)
		s = db_prepare(st, sql, err);
	else
		err_no_memory(err);
	free(sql);
	return s;
}

/* What the query does not ask for has no place to be bound to, and that is no error. */
static void
bind_all(sqlite3_stmt *s, const struct store_filter *w)
{
	const char *const texts[] = { w->analyzer, w->host, w->victim, w->cgroup, w->constraint,
		w->outcome };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		sqlite3_bind_text(s, 1 + (int)i, texts[i], -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 7, w->since_us);
	sqlite3_bind_int64(s, 8, w->until_us);
	sqlite3_bind_int64(s, 9, w->limit > 0 ? w->limit : -1);
	sqlite3_bind_int64(s, 10, w->offset);
}

static void
take_row(sqlite3_stmt *s, struct store_row *r)
{
	struct str id = str_head(db_text(s, AT_ID), sizeof(r->id) - 1);
	int64_t agrees = db_int(s, AT_AGREES);

	*r = (struct store_row){ .event = db_int(s, AT_EVENT),
		.kind = db_text(s, AT_KIND),
		.host = db_text(s, AT_HOST),
		.boot_id = db_text(s, AT_BOOT_ID),
		.constraint = db_text(s, AT_CONSTRAINT),
		.outcome = db_text(s, AT_OUTCOME),
		.completeness = db_text(s, AT_COMPLETENESS),
		.cgroup = db_text(s, AT_CGROUP),
		.boot = db_int(s, AT_BOOT),
		.real_us = db_int(s, AT_REAL),
		.mono_us = db_int(s, AT_MONO),
		.trigger = db_text(s, AT_TRIGGER),
		.victim = db_text(s, AT_VICTIM),
		.victim_pid = db_int(s, AT_PID),
		.victim_anon_kb = db_int(s, AT_ANON),
		.victims = db_int(s, AT_VICTIMS),
		.events = db_int(s, AT_EVENTS),
		.last_us = db_int(s, AT_LAST),
		.summarised = db_int(s, AT_SUMMARISED) == 1,
		.summary = { known(agrees) ? (int)agrees : -1, db_text(s, AT_DECIDED_BY),
		    db_text(s, AT_SAYS) } };
	memcpy(r->id, id.p, id.n);
}

int
store_list(
    struct store *st, const struct store_filter *w, store_row_fn *each, void *ctx, struct err *err)
{
	sqlite3_stmt *s = prepare(st, w, err);
	struct store_row row;
	int got;

	if (s == NULL)
		return -1;
	bind_all(s, w);
	while ((got = db_next(st, s, err)) == 1) {
		take_row(s, &row);
		if (each(ctx, &row, err) != 0) {
			got = -1;
			break;
		}
	}
	sqlite3_finalize(s);
	return got;
}

int
store_set_summary(struct store *st, int64_t event, const char *analyzer,
    const struct summary_row *r, struct err *err)
{
	return db_run(st, ST_ADD_SUMMARY, err, "isiss", event, str_from(analyzer),
	    r->agrees < 0 ? UNKNOWN : (int64_t)r->agrees, r->decided_by, r->says);
}

int64_t
store_unsummarised(struct store *st, int64_t event, const char *analyzer, struct err *err)
{
	sqlite3_stmt *s = db_ask(st, ST_UNSUMMARISED, err, "si", str_from(analyzer), event);
	int got = s == NULL ? -1 : db_next(st, s, err);

	if (got != 1)
		return got;
	event = db_int(s, 0);
	sqlite3_reset(s);
	return event;
}
