/* The events of a period, as much of each as a digest tells. */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	AT_EVENT,
	AT_ID,
	AT_KIND,
	AT_HOST,
	AT_BOOT_ID,
	AT_CONSTRAINT,
	AT_OUTCOME,
	AT_CGROUP,
	AT_VICTIM,
	AT_SERVICE,
	AT_CAUSE,
	AT_BOOT,
	AT_REAL,
	AT_MONO,
	AT_STORED,
	AT_VICTIMS,
	AT_ANON,
	AT_SUMMARISED
};

static const char columns[] =
    "SELECT e.event,e.id,e.kind,e.host,e.boot_id,e.oom_constraint,e.outcome,"
    "coalesce(e.oom_memcg,e.task_memcg),coalesce(v.comm,v.cgroup,v.unit),s.service,s.cause,e.boot,"
    "e.real_us,e.mono_us,"
    "e.stored_s,(SELECT count(*) FROM victims w WHERE w.event=e.event),v.anon_rss_kb,"
    "s.event IS NOT NULL FROM events e"
    " LEFT JOIN victims v ON v.event=e.event AND v.seq=0"
    " LEFT JOIN summaries s ON s.event=e.event AND s.analyzer=?1";

/* An event without a time counts as of when it was stored. */
static void
put_query(FILE *f, const struct store_span *w)
{
	const struct {
		bool is;
		const char *sql;
	} rows[] = {
		{ w->host != NULL, "e.host=?2" },
		{ known(w->since_us),
		    "(e.real_us>=?3 OR (e.real_us IS NULL AND e.stored_s*1000000>=?3))" },
		{ known(w->until_us),
		    "(e.real_us<=?4 OR (e.real_us IS NULL AND e.stored_s*1000000<=?4))" },
		{ known(w->after), "e.event IN (SELECT event FROM changes WHERE born>?5"
				   " AND born<=?6)" },
	};
	const char *word = " WHERE ";

	fputs(columns, f);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!rows[i].is)
			continue;
		fprintf(f, "%s%s", word, rows[i].sql);
		word = " AND ";
	}
	fputs(" ORDER BY e.host,e.boot_id,e.boot,e.real_us IS NULL,"
	      "coalesce(e.real_us,e.mono_us,0),e.event",
	    f);
}

static sqlite3_stmt *
prepare(struct store *st, const struct store_span *w, struct err *err)
{
	char *sql = NULL;
	size_t size;
	FILE *f = open_memstream(&sql, &size);
	sqlite3_stmt *s = NULL;

	if (f == NULL) {
		err_no_memory(err);
		return NULL;
	}
	put_query(f, w);
	if (fclose(f) == 0)
		s = db_prepare(st, sql, err);
	else
		err_no_memory(err);
	free(sql);
	if (s == NULL)
		return NULL;
	/* What the query does not ask for has no place to be bound to. */
	sqlite3_bind_text(s, 1, w->analyzer, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, w->host, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, w->since_us);
	sqlite3_bind_int64(s, 4, w->until_us);
	sqlite3_bind_int64(s, 5, w->after);
	sqlite3_bind_int64(s, 6, known(w->upto) ? w->upto : INT64_MAX);
	return s;
}

static void
take_row(sqlite3_stmt *s, struct store_kill *r)
{
	struct str id = str_head(db_text(s, AT_ID), sizeof(r->id) - 1);
	int64_t stored_s = db_int(s, AT_STORED);

	*r = (struct store_kill){ .event = db_int(s, AT_EVENT),
		.userspace = str_eq(db_text(s, AT_KIND), STR("userspace-kill")),
		.host = db_text(s, AT_HOST),
		.boot_id = db_text(s, AT_BOOT_ID),
		.constraint = db_text(s, AT_CONSTRAINT),
		.outcome = db_text(s, AT_OUTCOME),
		.cgroup = db_text(s, AT_CGROUP),
		.victim = db_text(s, AT_VICTIM),
		.boot = db_int(s, AT_BOOT),
		.mono_us = db_int(s, AT_MONO),
		.real_us = db_int(s, AT_REAL),
		.counted_us = db_int(s, AT_REAL),
		.victims = db_int(s, AT_VICTIMS),
		.anon_kb = db_int(s, AT_ANON),
		.summarised = db_int(s, AT_SUMMARISED) == 1,
		.service = db_text(s, AT_SERVICE),
		.cause = db_text(s, AT_CAUSE) };
	if (!known(r->counted_us) && __builtin_mul_overflow(stored_s, 1000000, &r->counted_us))
		r->counted_us = UNKNOWN;
	memcpy(r->id, id.p, id.n);
}

int
store_period(
    struct store *st, const struct store_span *w, store_kill_fn *each, void *ctx, struct err *err)
{
	sqlite3_stmt *s = prepare(st, w, err);
	struct store_kill row;
	int got = s == NULL ? -1 : 1;

	while (got == 1 && (got = db_next(st, s, err)) == 1) {
		take_row(s, &row);
		if (each(ctx, &row, err) != 0)
			got = -1;
	}
	sqlite3_finalize(s);
	return got;
}
