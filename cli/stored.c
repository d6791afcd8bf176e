#include "cli/stored.h"

#include "analyze/history.h"
#include "cli/judge.h"
#include "cli/trends.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PREFIX_MIN = 6, ID_DIGITS = 16, BEFORE_MAX = 64, TRENDS_TOLD = 20 };

static const char *
set(const char *name)
{
	const char *v = getenv(name);

	return v == NULL || *v == '\0' ? NULL : v;
}

/* XDG Base Directory Specification: $HOME/.local/share where XDG_DATA_HOME is not set. */
static int
place(const struct options *o, char path[static PATH_MAX], struct err *err)
{
	const char *db = o->db != NULL ? o->db : set("OOMWHY_DB"), *data, *home;
	int n;

	if (db != NULL)
		n = snprintf(path, PATH_MAX, "%s", db);
	else if (geteuid() == 0)
		n = snprintf(path, PATH_MAX, "/var/lib/oomwhy/oomwhy.db");
	else if ((data = set("XDG_DATA_HOME")) != NULL && *data == '/')
		n = snprintf(path, PATH_MAX, "%s/oomwhy/oomwhy.db", data);
	else if ((home = set("HOME")) != NULL)
		n = snprintf(path, PATH_MAX, "%s/.local/share/oomwhy/oomwhy.db", home);
	else
		return err_set(err, "where is the store? Name it by --db or $OOMWHY_DB");
	return n < PATH_MAX ? 0 : err_set(err, "the name of the store is too long");
}

/* A directory is made for the place by default; one that was named may be a slip. */
static int
check_directory(const struct options *o, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if ((o->db == NULL && set("OOMWHY_DB") == NULL) || slash == NULL || slash == path)
		return 0;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	if (access(dir, F_OK) == 0)
		return 0;
	return err_set(err, "cannot make the store '%s': there is no directory %s", path, dir);
}

struct store *
stored_open(const struct options *o, enum store_mode mode, struct err *err)
{
	return stored_open_soon(o, mode, 0, err);
}

struct store *
stored_open_soon(const struct options *o, enum store_mode mode, int wait_ms, struct err *err)
{
	char path[PATH_MAX];

	if (place(o, path, err) != 0)
		return NULL;
	if (mode == STORE_WRITE && check_directory(o, path, err) != 0)
		return NULL;
	return store_open(path, mode, wait_ms, err);
}

struct store *
stored_open_made(const struct options *o, enum store_mode mode, struct err *err)
{
	char path[PATH_MAX];

	if (place(o, path, err) != 0)
		return NULL;
	/* Opened to be written to it would be made. */
	if (mode == STORE_WRITE && access(path, F_OK) != 0)
		mode = STORE_READ;
	return store_open(path, mode, 0, err);
}

static int
history_of(struct store *st, const struct options *o, const struct event *ev, struct history *h,
    struct err *err)
{
	int64_t before[BEFORE_MAX];
	size_t n;

	*h = (struct history){ .n = 0 };
	if (store_before(st, ev, before, BEFORE_MAX, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct event *killed = store_get_victims(st, before[i], err);

		if (killed == NULL)
			return -1;
		if (judge_before(o, killed) != 0) {
			event_free(killed);
			return err_no_memory(err);
		}
		if (killed->kind == EVENT_KERNEL_OOM)
			history_add(h, killed);
		event_free(killed);
	}
	return 0;
}

int
stored_finding(struct store *st, const struct options *opts, int64_t event, struct finding *ret,
    bool *ret_wanted, struct err *err)
{
	static const struct options none = { .filter = {
						 .since_us = UNKNOWN, .until_us = UNKNOWN } };
	const struct options *o = opts == NULL ? &none : opts;
	struct history before = { .n = 0 };
	struct event *ev = store_get(st, event, err);
	int rc = 0;

	*ret = (struct finding){ .event = ev };
	if (ev == NULL)
		return -1;
	if (ev->kind == EVENT_KERNEL_OOM)
		rc = history_of(st, o, ev, &before, err);
	if (rc == 0 && judge(o, ret, &before, ret_wanted) != 0)
		rc = err_no_memory(err);
	if (rc != 0) {
		event_free(ev);
		ret->event = NULL;
	}
	return rc;
}

struct summary_row
stored_summary(const struct finding *f)
{
	const struct verdict *v = f->verdict;
	const struct victim *killed = event_victim(f->event);
	struct summary_row s = { .agrees = -1 };

	if (v != NULL) {
		s.agrees = v->agrees == TRI_UNKNOWN ? -1 : v->agrees == TRI_YES;
		s.decided_by = str_from(v->decided_by);
		s.says = v->says;
	}
	if (killed != NULL && f->services != NULL)
		s.service = service_of_victim(f->services, f->event, killed);
	for (size_t i = 0; f->diagnoses != NULL && i < f->diagnoses->n && s.cause.p == NULL; i++) {
		if (f->diagnoses->v[i].topic == TOPIC_CAUSE)
			s.cause = str_from(f->diagnoses->v[i].id);
	}
	return s;
}

static int
summarise_one(struct store *st, int64_t event, struct err *err)
{
	struct finding f;
	struct summary_row s;
	bool wanted;
	int rc;

	if (stored_finding(st, NULL, event, &f, &wanted, err) != 0)
		return -1;
	s = stored_summary(&f);
	rc = store_set_summary(st, event, STORED_ANALYZER, &s, err);
	event_free(f.event);
	return rc;
}

int
stored_summarise(struct store *st, int64_t max, int64_t *event, struct err *err)
{
	for (; max > 0; max--) {
		*event = store_unsummarised(st, *event, STORED_ANALYZER, err);
		if (*event <= 0)
			return *event < 0 ? -1 : 0;
		if (summarise_one(st, *event, err) != 0)
			return -1;
	}
	return 0;
}

bool
stored_is_event(const char *arg)
{
	size_t n = strspn(arg, "0123456789abcdef");

	return n >= PREFIX_MIN && n <= ID_DIGITS && arg[n] == '\0' && access(arg, F_OK) != 0;
}

static int
tell(struct pipeline *p, struct store *st, int64_t event, struct err *err)
{
	struct finding f;
	bool wanted;

	if (stored_finding(st, p->opts, event, &f, &wanted, err) != 0)
		return -1;
	/* Each looks at all kills of its program. */
	if (!p->opts->facts && p->opts->last <= TRENDS_TOLD &&
	    trends_find(st, p->opts, event, &f.event->mem, &f.trend, err) != 0) {
		event_free(f.event);
		return -1;
	}
	p->searched.events++;
	if (!wanted) {
		p->searched.filtered++;
		event_free(f.event);
		return 0;
	}
	return p->sink(p->ctx, f, 0, err);
}

static int
tell_named(struct pipeline *p, struct store *st, const char *name, struct err *err)
{
	int64_t event;
	int n = store_find(st, name, &event, err);

	if (n == 0)
		return err_set(err, "'%s' is no file, and no event of the store begins so", name);
	if (n > 1)
		return err_set(err, "several events begin with '%s': give more of the id", name);
	return n < 0 ? -1 : tell(p, st, event, err);
}

struct newest {
	int64_t *v;
	size_t n;
};

static int
note(void *ctx, const struct store_row *row, struct err *err)
{
	struct newest *all = ctx;

	(void)err;
	all->v[all->n++] = row->event;
	return 0;
}

/* Oldest first, as a log is read. */
static int
tell_newest(struct pipeline *p, struct store *st, struct err *err)
{
	enum { NEWEST_MAX = 10000 };
	const struct options *o = p->opts;
	struct store_filter w = { .host = o->filter.host,
		.victim = o->filter.victim,
		.constraint = constraint_name(o->filter.constraint),
		.since_us = o->filter.since_us,
		.until_us = o->filter.until_us,
		.limit = o->last < NEWEST_MAX ? o->last : NEWEST_MAX,
		.analyzer = STORED_ANALYZER };
	struct newest all = { arena_raw(&p->mem, (size_t)w.limit * sizeof(int64_t)), 0 };

	if (all.v == NULL)
		return err_no_memory(err);
	if (store_list(st, &w, note, &all, err) != 0)
		return -1;
	for (size_t i = all.n; i-- > 0;) {
		if (tell(p, st, all.v[i], err) != 0)
			return -1;
	}
	return 0;
}

static int
note_searched(struct pipeline *p, const struct store *st, struct err *err)
{
	const char *path = arena_dup(&p->mem, str_from(store_path(st))).p;
	struct searched_source *to = path == NULL ? NULL : pipeline_add_source(p, path);

	if (to == NULL)
		return err_no_memory(err);
	to->format = "store";
	return 0;
}

int
stored_run(struct pipeline *p, struct err *err)
{
	struct store *st = stored_open(p->opts, STORE_READ, err);
	int rc = st == NULL ? -1 : note_searched(p, st, err);

	for (int i = 0; i < p->opts->npaths && rc == 0; i++)
		rc = tell_named(p, st, p->opts->paths[i], err);
	if (rc == 0 && p->opts->npaths == 0)
		rc = tell_newest(p, st, err);
	store_close(st);
	return rc;
}
