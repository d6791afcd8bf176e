#include "report/json.h"
#include "report/whatif.h"

static json_t *
tri(enum tri t)
{
	return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
}

/* A process of the event's table; row >= its n: none. */
static json_t *
json_process(const struct whatif *w, size_t row, struct arena *mem)
{
	struct json_object o;

	if (row >= w->ev->tasks.n)
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "pid", w->ev->tasks.v[row].pid);
	json_put_str(&o, "comm", w->ev->tasks.v[row].comm);
	return o.o;
}

static json_t *
json_row(const struct whatif *w, const struct whatif_row *row, size_t rank, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_int(&o, "rank", (int64_t)rank);
	json_put_int(&o, "pid", w->ev->tasks.v[row->row].pid);
	json_put_str(&o, "comm", w->ev->tasks.v[row->row].comm);
	json_put_int(&o, "oom_score_adj", row->adj);
	json_put_int(&o, "memory_pages", row->memory_pages);
	json_put_int(&o, "badness", row->badness);
	return o.o;
}

static json_t *
json_ranking(const struct whatif *w, const struct whatif_ranking *r, struct arena *mem)
{
	struct json_object o;
	json_t *rows;

	if (w->refused != NULL)
		return json_null();
	o = json_begin(mem);
	json_put(&o, "first", json_process(w, whatif_first(w, r), mem));
	json_put(
	    &o, "sure", tri(r->asker_dies && r->asker >= w->ev->tasks.n ? TRI_UNKNOWN : r->sure));
	json_put(&o, "first_with_most_totalpages",
	    json_process(w, r->other < w->ev->tasks.n ? r->other : whatif_first(w, r), mem));
	json_put_bool(&o, "asker_dies", r->asker_dies);
	json_put_int(&o, "margin", r->margin);
	json_put_int(&o, "totalpages", r->total);
	json_put_int(&o, "totalpages_max", r->total_max);
	json_put_str(&o, "totalpages_how", r->how);
	rows = json_array();
	for (size_t i = 0; i < r->n; i++)
		rows = json_add(rows, json_row(w, &r->v[i], i + 1, mem));
	json_put(&o, "ranking", rows);
	return o.o;
}

static json_t *
json_spares(const struct whatif *w, struct arena *mem)
{
	json_t *array = json_array();

	for (size_t i = 0; i < w->nspares; i++) {
		const struct whatif_spare *s = &w->spares[i];
		struct json_object o = json_begin(mem);

		json_put_str(&o, "name", s->name);
		json_put_int(&o, "processes", (int64_t)s->n);
		json_put_int(&o, "oom_score_adj", s->adj);
		json_put(&o, "then", json_process(w, s->has_then ? s->then : SIZE_MAX, mem));
		json_put_str(&o, "says", s->says);
		array = json_add(array, o.o);
	}
	return array;
}

static json_t *
json_reason(const struct whatif *w, const struct whatif_reason *r, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "id", r->id);
	json_put(&o, "process", json_process(w, r->row, mem));
	json_put_int(&o, "rank", r->rank);
	json_put_int(&o, "badness", r->badness);
	json_put_int(&o, "behind", r->behind);
	json_put_int(&o, "oom_score_adj", r->adj);
	json_put_int(&o, "oom_score_adj_to_be_first", r->lift_adj);
	json_put_str(&o, "says", r->says);
	return o.o;
}

static void
put_who(struct json_object *o, const struct whatif_who *who)
{
	json_put_int(o, "pid", who->pid);
	json_put_str(o, "name", known(who->pid) ? STR_NONE : who->name);
}

static json_t *
json_whys(const struct whatif *w, struct arena *mem)
{
	json_t *array = json_array();

	for (size_t i = 0; i < w->nwhy; i++) {
		const struct whatif_why *why = &w->why[i];
		struct json_object o = json_begin(mem);
		json_t *reasons = json_array();

		put_who(&o, &why->who);
		json_put_bool(&o, "by_service", why->by_service);
		for (size_t k = 0; k < why->n; k++)
			reasons = json_add(reasons, json_reason(w, &why->v[k], mem));
		json_put(&o, "reasons", reasons);
		array = json_add(array, o.o);
	}
	return array;
}

static json_t *
json_need(const struct whatif_need *n, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_name(&o, "id", n->id);
	json_put_int(&o, "request_kb", n->request_kb);
	json_put_int(&o, "least_kb", n->least_kb);
	json_put_int(&o, "freed_kb", n->freed_kb);
	json_put(&o, "helped", tri(n->helped));
	json_put_str(&o, "says", n->says);
	return o.o;
}

static json_t *
json_asked(const struct whatif_ask *a, struct arena *mem)
{
	struct json_object o = json_begin(mem);
	json_t *adjs = json_array(), *gone = json_array();

	for (size_t i = 0; i < a->nadj; i++) {
		struct json_object one = json_begin(mem);

		put_who(&one, &a->adj[i].who);
		json_put_int(&one, "oom_score_adj", a->adj[i].adj);
		adjs = json_add(adjs, one.o);
	}
	for (size_t i = 0; i < a->ngone; i++) {
		struct json_object one = json_begin(mem);

		put_who(&one, &a->gone[i]);
		gone = json_add(gone, one.o);
	}
	json_put(&o, "adj", adjs);
	json_put(&o, "gone", gone);
	json_put_int(&o, "limit_kb", a->limit_kb == INT64_MAX ? UNKNOWN : a->limit_kb);
	json_put_bool(&o, "no_limit", a->limit_kb == INT64_MAX);
	json_put_int(&o, "ram_kb", a->ram_kb);
	json_put_int(&o, "swap_kb", a->swap_kb);
	return o.o;
}

int
whatif_json(
    FILE *out, const struct finding *f, const struct whatif *w, const struct whatif_ask *ask)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);
	json_t *notes = json_array();
	int rc;

	json_put_name(&o, "schema", "oomwhy.whatif/1");
	json_put_name(&o, "event", w->ev->id);
	json_put_time(&o, "time", w->ev->real_us);
	json_put_str(&o, "host", w->ev->host);
	json_put_str(&o, "kernel", w->ev->kernel);
	json_put_name(&o, "constraint", constraint_name(w->ev->constraint));
	json_put_name(&o, "decided_by", f->verdict == NULL ? NULL : f->verdict->decided_by);
	json_put_name(&o, "refused", w->refused);
	json_put_name(&o, "era", w->era);
	json_put_name(&o, "formula", w->formula);
	json_put_name(&o, "unit",
	    w->refused != NULL ? NULL
	    : w->in_pages      ? "pages"
			       : "thousandths");
	json_put(&o, "asked", json_asked(ask, &mem));
	json_put_bool(&o, "changed", w->changed);
	json_put(&o, "was", json_ranking(w, &w->was, &mem));
	json_put(&o, "now", json_ranking(w, &w->now, &mem));
	json_put(&o, "spare", json_spares(w, &mem));
	json_put(&o, "why_not", json_whys(w, &mem));
	json_put(&o, "more_memory", json_need(&w->need, &mem));
	for (size_t i = 0; i < w->nnotes; i++)
		notes = json_add(notes, json_text(&mem, w->notes[i]));
	json_put(&o, "rests_on", notes);
	json_put_str(&o, "says", w->says);
	rc = o.o != NULL && json_dumpf(o.o, out, JSON_COMPACT) == 0 ? 0 : -1;
	putc('\n', out);
	json_decref(o.o);
	arena_done(&mem);
	return rc;
}
