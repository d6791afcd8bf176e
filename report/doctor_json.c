#include "report/doctor.h"
#include "report/json.h"

enum { GROUPS_SHOWN = 64 };

static json_t *
json_remark(const struct remark *r, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "id", r->id);
	json_put_name(&o, "title", r->title);
	json_put_name(&o, "severity", severity_name(r->severity));
	json_put_str(&o, "says", r->says);
	json_put_name(&o, "why", r->why);
	json_put_str(&o, "command", r->command);
	return o.o;
}

/* Cgroups where something was killed since they were made. */
static json_t *
json_groups(const struct machine *m, struct arena *mem)
{
	json_t *array = json_array();
	size_t shown = 0;

	for (size_t i = 0; i < m->groups.n && shown < GROUPS_SHOWN; i++) {
		const struct group *g = &m->groups.v[i];
		struct json_object o;

		if ((!known(g->kills) || g->kills == 0) &&
		    (!known(g->kills_local) || g->kills_local == 0))
			continue;
		o = json_begin(mem);
		json_put_str(&o, "path", g->path);
		json_put_int(&o, "oom_kill", g->kills);
		json_put_int(&o, "oom_kill_local", g->kills_local);
		array = json_add(array, o.o);
		shown++;
	}
	return array;
}

static json_t *
json_reckoning(const struct machine *m, const struct reckoning *c, struct arena *mem)
{
	struct json_object o = json_begin(mem);
	bool looked = c != NULL && c->where != NULL;

	json_put_int(&o, "counted", m->oom_kills);
	json_put_int(&o, "logged", looked ? c->logged : UNKNOWN);
	json_put_int(&o, "unsure", looked ? c->unsure : UNKNOWN);
	json_put_int(&o, "events", looked ? c->events : UNKNOWN);
	json_put_str(&o, "searched", looked ? str_from(c->where) : STR_NONE);
	json_put(&o, "cgroups", json_groups(m, mem));
	return o.o;
}

static json_t *
json_unread(const struct machine *m, struct arena *mem)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->nunread; i++) {
		struct json_object o = json_begin(mem);

		json_put_str(&o, "path", m->unread[i].path);
		json_put_str(&o, "why", m->unread[i].why);
		array = json_add(array, o.o);
	}
	return array;
}

int
doctor_json(FILE *out, const struct machine *m, const struct doctor *d, const struct reckoning *c,
    int64_t taken_us)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);
	json_t *rows = json_array();
	int rc;

	json_put_name(&o, "schema", "oomwhy.doctor/1");
	json_put_time(&o, "time", taken_us);
	json_put_bool(&o, "live", m->live);
	json_put_str(&o, "kernel", m->release);
	json_put_str(&o, "boot_id", m->boot_id);
	for (size_t i = 0; i < d->n; i++)
		rows = json_add(rows, json_remark(&d->v[i], &mem));
	json_put(&o, "remarks", rows);
	json_put(&o, "kills", json_reckoning(m, c, &mem));
	json_put(&o, "unread", json_unread(m, &mem));
	rc = o.o != NULL && json_dumpf(o.o, out, JSON_COMPACT) == 0 ? 0 : -1;
	putc('\n', out);
	json_decref(o.o);
	arena_done(&mem);
	return rc;
}
