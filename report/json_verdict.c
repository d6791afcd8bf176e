/* "verdict": the kernel's choice, computed again. */
#include "report/json.h"

static const char *
quality_name(enum quality q)
{
	static const char *const names[] = { NULL, "exact", "approximate", "lower-bound" };

	return names[q];
}

static json_t *
tri(enum tri t)
{
	return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
}

static json_t *
candidate(const struct candidate *c, const char *score_key, struct arena *mem)
{
	struct json_object o;

	if (!c->known)
		return json_null();
	o = json_begin(mem);
	json_put_int(&o, "pid", c->pid);
	json_put_str(&o, "comm", c->comm);
	json_put_int(&o, score_key, c->badness);
	return o.o;
}

json_t *
json_verdict(const struct verdict *v, struct arena *mem)
{
	struct json_object o;

	if (v == NULL)
		return json_null();
	o = json_begin(mem);
	json_put_name(&o, "era", v->era);
	json_put_str(&o, "era_how", v->era_how);
	json_put_name(&o, "formula", v->formula);
	json_put_name(&o, "unit", v->era == NULL ? NULL : v->in_pages ? "pages" : "thousandths");
	json_put_int(&o, "totalpages", v->totalpages);
	json_put_int(&o, "totalpages_max", v->totalpages_max);
	json_put_bool(&o, "totalpages_matter", v->totalpages_matter);
	json_put_name(&o, "totalpages_quality", quality_name(v->totalpages_quality));
	json_put_str(&o, "totalpages_how", v->totalpages_how);
	json_put_name(&o, "scores_quality", quality_name(v->scores_quality));
	json_put(&o, "expected", candidate(&v->expected, "badness", mem));
	json_put(&o, "agrees", tri(v->agrees));
	json_put_name(&o, "decided_by", v->decided_by);
	json_put(&o, "chosen", candidate(&v->chosen, "score", mem));
	json_put(&o, "runner_up", candidate(&v->runner_up, "badness", mem));
	json_put_int(&o, "margin_pages", v->margin_pages);
	json_put_int(&o, "spare_adj", v->spare_adj);
	json_put(&o, "spared_for", candidate(&v->spared_for, "badness", mem));
	json_put_int(&o, "score_printed", v->score_printed);
	json_put_int(&o, "score_recomputed", v->score_recomputed);
	json_put_bool(&o, "score_is_lower_bound", v->score_is_lower_bound);
	json_put_int(&o, "hidden_pages_min", v->hidden_pages_min);
	json_put_int(&o, "hidden_pages_max", v->hidden_pages_max);
	json_put_str(&o, "says", v->says);
	return o.o;
}
