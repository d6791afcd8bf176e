/* Lists: a query made of the filters that are asked for, so that each can use its index. */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VICTIMS "(SELECT count(*) FROM victims w WHERE w.event=e.event)"
#define COLUMNS(victims)                                                                           \
	"e.event,e.id,e.kind,e.host,e.boot_id,e.oom_constraint,e.outcome,e.completeness,"          \
	"coalesce(e.oom_memcg,e.task_memcg),e.trigger_comm,v.comm,s.decided_by,s.says,e.boot,"     \
	"e.real_us,e.mono_us,v.pid,v.anon_rss_kb," victims ",s.agrees,s.event IS NOT NULL,"

/* What belongs to the events `e` of a list. */
static const char joined[] = " LEFT JOIN victims v ON v.event=e.event AND v.seq=0"
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
put_where(FILE *f, const struct store_filter *w, bool newest)
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
		{ newest, "e.real_us>=?11" },
	};
	const char *word = " WHERE ";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!rows[i].is)
			continue;
		fprintf(f, "%s%s", word, rows[i].sql);
		word = " AND ";
	}
}

#define WINDOW " OVER (PARTITION BY host,boot_id,boot,real_us IS NULL ORDER BY t,event)"

/*
 * One row of each incident starts it: that is its first event.  `newest`: only those that
 * began a minute after ?11 or later, which no event before it belongs to.
 */
static void
put_groups(FILE *f, const struct store_filter *w, bool newest)
{
	fputs("(SELECT sum(event*starts) AS event,count(*) "
	      "AS events,"
	      "sum(victims) AS victims,min(real_us) AS first,max(real_us) "
	      "AS last FROM ("
	      "SELECT *,sum(starts)" WINDOW " AS incident FROM ("
	      "SELECT *,ifnull(t-lag(t)" WINDOW ">=60000000,1) AS starts FROM ("
	      "SELECT e.event AS event,e.host AS host,e.boot_id AS boot_id,e.boot "
	      "AS boot,"
	      "e.real_us AS real_us,coalesce(e.real_us,e.mono_us,0) AS t," VICTIMS " AS victims"
	      " FROM events e",
	    f);
	put_where(f, w, newest);
	fputs("))) GROUP BY host,boot_id,boot,real_us IS NULL,incident", f);
	if (newest)
		fputs(" HAVING first>=?11+60000000", f);
	fputs(" ORDER BY first DESC,1 DESC LIMIT ?9 OFFSET ?10)", f);
}

static void
put_incidents(FILE *f, const struct store_filter *w, bool newest)
{
	fputs("SELECT " COLUMNS("i.victims") "i.events,i.last FROM ", f);
	put_groups(f, w, newest);
	fputs(" i JOIN events e ON e.event=i.event", f);
	fputs(joined, f);
	fputs(" ORDER BY i.first DESC,e.event DESC", f);
}

static void
put_events(FILE *f, const struct store_filter *w, bool newest)
{
	fputs("SELECT " COLUMNS(VICTIMS) "1,e.real_us FROM events e", f);
	fputs(joined, f);
	put_where(f, w, newest);
	fputs(" ORDER BY e.real_us DESC,e.event DESC LIMIT ?9 OFFSET ?10", f);
}

/* How many incidents there are, at most as many as are asked for. */
static void
put_count(FILE *f, const struct store_filter *w, bool newest)
{
	fputs("SELECT count(*) FROM ", f);
	put_groups(f, w, newest);
}

/* The time of the event with ?9 newer ones. */
static void
put_time(FILE *f, const struct store_filter *w, bool newest)
{
	fputs("SELECT e.real_us FROM events e", f);
	put_where(f, w, newest);
	fputs(" ORDER BY e.real_us DESC LIMIT 1 OFFSET ?9", f);
}

typedef void put_fn(FILE *, const struct store_filter *, bool newest);

static sqlite3_stmt *
prepare(struct store *st, put_fn *put, const struct store_filter *w, bool newest, struct err *err)
{
	char *sql = NULL;
	size_t size;
	FILE *f = open_memstream(&sql, &size);
	sqlite3_stmt *s = NULL;

	if (f == NULL) {
		err_no_memory(err);
		return NULL;
	}
	put(f, w, newest);
	if (fclose(f) == 0)
		s = db_prepare(st, sql, err);
	else
		err_no_memory(err);
	free(sql);
	return s;
}

/* What the query does not ask for has no place to be bound to, and that is no error. */
static void
bind_all(sqlite3_stmt *s, const struct store_filter *w, int64_t newest_us)
{
	const char *const texts[] = { w->analyzer, w->host, w->victim, w->cgroup, w->constraint,
		w->outcome };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		sqlite3_bind_text(s, 1 + (int)i, texts[i], -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 7, w->since_us);
	sqlite3_bind_int64(s, 8, w->until_us);
	sqlite3_bind_int64(s, 9, w->limit > 0 ? w->limit : -1);
	sqlite3_bind_int64(s, 10, w->offset);
	sqlite3_bind_int64(s, 11, newest_us);
}

static int
ask(struct store *st, put_fn *put, const struct store_filter *w, int64_t newest_us, int64_t *ret,
    struct err *err)
{
	sqlite3_stmt *s = prepare(st, put, w, known(newest_us), err);
	int got = -1;

	if (s != NULL) {
		bind_all(s, w, newest_us);
		got = db_next(st, s, err);
	}
	*ret = got == 1 ? db_int(s, 0) : UNKNOWN;
	sqlite3_finalize(s);
	return got < 0 ? -1 : 0;
}

/*
 * The newest incidents are made of the newest events: all of them are looked at only where
 * some incident has that many.  UNKNOWN: they are.
 */
static int
find_newest(struct store *st, const struct store_filter *w, int64_t *ret_us, struct err *err)
{
	enum { EVENTS_OF_ONE = 16, STEP = 8 };
	struct store_filter part = *w;
	int64_t wanted, got;

	*ret_us = UNKNOWN;
	if (!w->incidents || w->limit <= 0 || w->limit > INT32_MAX || w->offset > INT32_MAX)
		return 0;
	wanted = w->limit + w->offset;
	for (part.limit = wanted * EVENTS_OF_ONE;; part.limit *= STEP) {
		struct store_filter count = *w;

		if (ask(st, put_time, &part, UNKNOWN, ret_us, err) != 0)
			return -1;
		if (!known(*ret_us))
			return 0;
		count.limit = wanted;
		count.offset = 0;
		if (ask(st, put_count, &count, *ret_us, &got, err) != 0)
			return -1;
		if (got >= wanted)
			return 0;
	}
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
	put_fn *put = w->incidents ? put_incidents : put_events;
	sqlite3_stmt *s;
	struct store_row row;
	int64_t newest_us;
	int got;

	if (find_newest(st, w, &newest_us, err) != 0 ||
	    (s = prepare(st, put, w, known(newest_us), err)) == NULL)
		return -1;
	bind_all(s, w, newest_us);
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
	return db_run(st, ST_ADD_SUMMARY, err, "isissss", event, str_from(analyzer),
	    r->agrees < 0 ? UNKNOWN : (int64_t)r->agrees, r->decided_by, r->says, r->service,
	    r->cause);
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
