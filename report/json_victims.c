/* "trigger", "victims", "aftermath": who asked for memory, who died, what happened next. */
#include "report/json.h"

/* clang-format off */
static const struct json_field victim_fields[] = {
	{ "total_vm_kb",	offsetof(struct victim, total_vm_kb) },
	{ "anon_rss_kb",	offsetof(struct victim, anon_rss_kb) },
	{ "file_rss_kb",	offsetof(struct victim, file_rss_kb) },
	{ "shmem_rss_kb",	offsetof(struct victim, shmem_rss_kb) },
	{ "pgtables_kb",	offsetof(struct victim, pgtables_kb) },
	{ "oom_score_adj",	offsetof(struct victim, oom_score_adj) },
	{ "score",		offsetof(struct victim, score) },
	{ "line",		offsetof(struct victim, line) },
};

static const struct json_field reaped_fields[] = {
	{ "anon_rss_kb",	offsetof(struct victim, reaped_anon_kb) },
	{ "file_rss_kb",	offsetof(struct victim, reaped_file_kb) },
	{ "shmem_rss_kb",	offsetof(struct victim, reaped_shmem_kb) },
	{ "line",		offsetof(struct victim, reaped_line) },
};

/*
 * The zone a request may use at most, by the names of its flags (include/linux/gfp.h):
 * __GFP_HIGHMEM alone opens HighMem, with __GFP_MOVABLE the Movable zone; both stand
 * for "Normal" where there is no such zone.  The first row that fits.
 */
static const struct {
	const char *flag, *zone;
} zone_of_flag[] = {
	{ "GFP_DMA32",	"DMA32" },	{ "__GFP_DMA32", "DMA32" },
	{ "GFP_DMA",	"DMA" },	{ "__GFP_DMA",	"DMA" },
};
/* clang-format on */

static json_t *
flags(struct str list, struct arena *mem)
{
	json_t *all;
	struct str one;

	if (list.p == NULL)
		return json_null();
	all = json_array();
	while (str_cut(&list, STR("|"), &one))
		all = json_add(all, json_text(mem, one));
	return list.n > 0 ? json_add(all, json_text(mem, list)) : all;
}

static bool
has_flag(struct str list, const char *flag)
{
	struct str one, want = str_from(flag);

	while (str_cut(&list, STR("|"), &one)) {
		if (str_eq(one, want))
			return true;
	}
	return str_eq(list, want);
}

/* NULL where the log has no flag names: the bits of a bare mask change with every release. */
static const char *
zone_wanted(struct str list)
{
	if (list.p == NULL || list.n == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(zone_of_flag); i++) {
		if (has_flag(list, zone_of_flag[i].flag))
			return zone_of_flag[i].zone;
	}
	return "Normal";
}

json_t *
json_trigger(const struct event *ev, struct arena *mem)
{
	const struct trigger *t = &ev->trigger;
	struct json_object o;

	if (!known(t->line) && t->comm.p == NULL && !known(t->pid))
		return json_null();
	o = json_begin(mem);
	json_put_str(&o, "comm", t->comm);
	json_put_int(&o, "pid", t->pid);
	json_put_int(&o, "uid", t->uid);
	json_put_int(&o, "cpu", t->cpu);
	json_put_str(&o, "gfp_mask", t->gfp_mask);
	json_put(&o, "gfp_flags", flags(t->gfp_flags, mem));
	json_put_int(&o, "order", t->order);
	json_put_int(&o, "oom_adj", t->oom_adj);
	json_put_int(&o, "oom_score_adj", t->oom_score_adj);
	json_put_name(&o, "zone", zone_wanted(t->gfp_flags));
	json_put_int(&o, "line", t->line);
	return o.o;
}

static json_t *
reaped(const struct victim *v, struct arena *mem)
{
	struct json_object o;

	if (!v->reaped)
		return json_null();
	o = json_begin(mem);
	json_put_fields(&o, v, reaped_fields, ARRAY_LEN(reaped_fields));
	return o.o;
}

/* What is named by a user-space killer's own words comes before what a path says. */
static void
put_place(struct json_object *o, const struct finding *f, const struct victim *v)
{
	struct place p = { .kind = PLACE_NONE };

	if (f->services != NULL)
		p = service_place(f->services, f->event, v);
	json_put_str(o, "cgroup", v->cgroup);
	json_put_str(o, "service",
	    f->services == NULL ? STR_NONE : service_of_victim(f->services, f->event, v));
	json_put_str(o, "unit", v->unit.p != NULL ? v->unit : p.unit);
	json_put_str(o, "container_id", p.container_id);
	json_put_str(o, "pod_uid", p.pod_uid);
}

static json_t *
victim(const struct finding *f, const struct victim *v, struct arena *mem)
{
	struct json_object o = json_begin(mem);

	json_put_int(&o, "pid", v->pid);
	json_put_str(&o, "comm", v->comm);
	json_put_int(&o, "uid", v->uid);
	json_put_name(&o, "role", role_name(v->role));
	json_put_str(&o, "message", v->message);
	json_put_fields(&o, v, victim_fields, ARRAY_LEN(victim_fields));
	json_put_time(&o, "time", v->real_us);
	json_put_int(&o, "monotonic_us", v->mono_us);
	json_put(&o, "reaped", reaped(v, mem));
	json_put_bool(&o, "reap_failed", known(v->reap_failed_line));
	json_put_bool(&o, "already_exiting", known(v->already_exiting_line));
	put_place(&o, f, v);
	return o.o;
}

json_t *
json_victims(const struct finding *f, struct arena *mem)
{
	const struct event *ev = f->event;
	json_t *all = json_array();

	for (size_t i = 0; i < ev->nvictims; i++)
		all = json_add(all, victim(f, &ev->victims[i], mem));
	return all;
}

json_t *
json_aftermath(const struct event *ev, struct arena *mem)
{
	json_t *all = json_array();

	for (size_t i = 0; i < ev->naftermath; i++) {
		const struct aftermath *a = &ev->aftermath[i];
		struct json_object o = json_begin(mem);

		json_put_name(&o, "what", after_name(a->what));
		json_put_int(&o, "pid", a->pid);
		json_put_str(&o, "unit", a->unit);
		json_put_int(&o, "counter", a->counter);
		json_put_time(&o, "time", a->real_us);
		json_put_int(&o, "monotonic_us", a->mono_us);
		json_put_int(&o, "line", a->line);
		all = json_add(all, o.o);
	}
	return all;
}
