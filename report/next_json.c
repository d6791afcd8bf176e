#include "report/json.h"
#include "report/next.h"

static json_t *
json_candidate(const struct next_row *row, struct arena *mem)
{
	struct json_object o;

	if (row == NULL)
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "pid", row->p->pid);
	json_put_str(&o, "comm", row->p->comm);
	json_put_int(&o, "badness", row->score.badness);
	return o.o;
}

static json_t *
json_row(const struct next_row *row, struct arena *mem)
{
	struct json_object o = json_begin(mem);
	const struct process *p = row->p;
	const struct score *s = &row->score;

	json_put_int(&o, "pid", p->pid);
	json_put_int(&o, "ppid", p->ppid);
	json_put_int(&o, "uid", p->uid);
	json_put_str(&o, "comm", p->comm);
	json_put_str(&o, "cgroup", p->cgroup);
	json_put_int(&o, "rss_pages", row->pages);
	json_put_int(&o, "swap_pages", row->swap_pages);
	json_put_int(&o, "pgtables_pages", s->pgtable_pages);
	json_put_int(&o, "hugetlb_kb", p->hugetlb_kb);
	json_put_int(&o, "oom_score_adj", p->oom_score_adj);
	json_put_int(&o, "badness", s->eligible ? s->badness : UNKNOWN);
	json_put_int(&o, "rank", s->rank);
	json_put_bool(&o, "eligible", s->eligible);
	json_put_name(&o, "why_not", s->why_not);
	json_put_int(&o, "oom_score", p->oom_score);
	json_put_int(&o, "oom_score_expected", row->score_expected);
	json_put(&o, "shares_memory_with_first",
	    known(row->shares) ? json_boolean(row->shares == 1) : json_null());
	return o.o;
}

static json_t *
json_group(const struct group *g, struct arena *mem)
{
	struct json_object o;

	if (g == NULL)
		return json_null();
	o = json_begin(mem);
	json_put_str(&o, "path", g->path);
	json_put_int(&o, "usage_kb", g->usage_kb);
	json_put_int(&o, "limit_kb", g->limit_kb == INT64_MAX ? UNKNOWN : g->limit_kb);
	json_put_bool(&o, "limited", known(g->limit_kb) && g->limit_kb != INT64_MAX);
	return o.o;
}

static json_t *
json_spare(const struct next *n, struct arena *mem)
{
	struct json_object o;

	if (n->spared_for == NULL)
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "oom_score_adj", n->spare_adj);
	json_put(&o, "then", json_candidate(n->spared_for, mem));
	return o.o;
}

static json_t *
json_effects(const struct next *n, struct arena *mem)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n->neffects; i++) {
		struct json_object o = json_begin(mem);

		json_put_name(&o, "id", n->effects[i].id);
		json_put_str(&o, "says", n->effects[i].says);
		array = json_add(array, o.o);
	}
	return array;
}

static void
put_read(struct json_object *o, const struct next *n)
{
	const struct processes *ps = &n->machine->processes;
	struct json_object r = json_begin(o->mem);

	json_put_int(&r, "processes", (int64_t)ps->n);
	json_put_int(&r, "unreadable", (int64_t)ps->unreadable);
	json_put_int(&r, "vanished", (int64_t)ps->vanished);
	json_put_int(&r, "hidepid", ps->hidepid);
	json_put_int(&r, "oom_score_agrees", (int64_t)n->agree);
	json_put_int(&r, "oom_score_differs", (int64_t)n->differ);
	json_put(o, "read", r.o);
}

int
next_json(FILE *out, const struct next *n, int64_t taken_us)
{
	struct arena mem = { 0 };
	struct json_object o = json_begin(&mem);
	json_t *rows = json_array();
	int rc;

	json_put_name(&o, "schema", "oomwhy.next/1");
	json_put_time(&o, "time", taken_us);
	json_put_str(&o, "kernel", n->machine->release);
	json_put_str(&o, "boot_id", n->machine->boot_id);
	json_put_int(&o, "page_size", n->machine->page_size);
	json_put(&o, "cgroup", json_group(n->group, &mem));
	json_put_name(&o, "era", n->era);
	json_put_name(&o, "formula", n->formula);
	json_put_int(&o, "totalpages", n->total);
	json_put_str(&o, "totalpages_how", n->total_how);
	json_put(&o, "first", json_candidate(n->first, &mem));
	json_put(&o, "runner_up", json_candidate(n->second, &mem));
	json_put_int(&o, "margin_pages", n->margin_pages);
	json_put(&o, "spare", json_spare(n, &mem));
	json_put_str(&o, "says", n->says);
	json_put(&o, "effects", json_effects(n, &mem));
	put_read(&o, n);
	for (size_t i = 0; i < n->n; i++)
		rows = json_add(rows, json_row(&n->v[i], &mem));
	json_put(&o, "processes", rows);
	rc = o.o != NULL && json_dumpf(o.o, out, JSON_COMPACT) == 0 ? 0 : -1;
	putc('\n', out);
	json_decref(o.o);
	arena_done(&mem);
	return rc;
}
