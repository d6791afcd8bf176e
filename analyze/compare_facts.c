/* What happened, and under which limits: rows that read one fact off an event each. */
#include "analyze/compare_internal.h"

static struct str
get_constraint(const struct compare_side *s)
{
	return str_from(constraint_name(s->ev->constraint));
}

static struct str
get_outcome(const struct compare_side *s)
{
	return str_from(outcome_name(s->ev->outcome));
}

static struct str
get_host(const struct compare_side *s)
{
	return s->ev->host;
}

static struct str
get_kernel(const struct compare_side *s)
{
	return s->ev->kernel;
}

static struct str
get_cgroup(const struct compare_side *s)
{
	return s->ev->cgroup.oom_memcg;
}

static struct str
get_victim(const struct compare_side *s)
{
	const struct victim *v = event_victim(s->ev);

	return v == NULL ? STR_NONE : v->comm;
}

static struct str
get_trigger(const struct compare_side *s)
{
	return s->ev->trigger.comm;
}

static struct str
get_gfp(const struct compare_side *s)
{
	return s->ev->trigger.gfp_mask;
}

static struct str
get_rule(const struct compare_side *s)
{
	return s->verdict == NULL ? STR_NONE : str_from(s->verdict->decided_by);
}

static struct str
get_asker_dies(const struct compare_side *s)
{
	return s->ev->allocating_task ? STR("yes") : STR("no");
}

static struct str
get_group_kill(const struct compare_side *s)
{
	return s->ev->group_kill ? STR("yes") : STR("no");
}

static const struct {
	const char *name;
	struct str (*get)(const struct compare_side *);
} texts[] = {
	{ "host", get_host },
	{ "kernel", get_kernel },
	{ "constraint", get_constraint },
	{ "cgroup", get_cgroup },
	{ "outcome", get_outcome },
	{ "killed", get_victim },
	{ "asked for memory", get_trigger },
	{ "gfp_mask", get_gfp },
	{ "decided by", get_rule },
	{ "allocating task dies", get_asker_dies },
	{ "whole cgroup dies", get_group_kill },
};

static int64_t
get_order(const struct compare_side *s)
{
	return s->ev->trigger.order;
}

static int64_t
get_adj(const struct compare_side *s)
{
	const struct victim *v = event_victim(s->ev);
	const struct task *t = v == NULL ? NULL : event_task(s->ev, v->pid);

	if (v != NULL && known(v->oom_score_adj))
		return v->oom_score_adj;
	return t == NULL ? UNKNOWN : t->oom_score_adj;
}

static int64_t
get_processes(const struct compare_side *s)
{
	return s->ev->tasks.seen ? (int64_t)s->ev->tasks.n : UNKNOWN;
}

static int64_t
get_killed(const struct compare_side *s)
{
	return (int64_t)s->ev->nvictims;
}

static int64_t
get_victim_size(const struct compare_side *s)
{
	const struct victim *v = event_victim(s->ev);

	return v == NULL ? UNKNOWN : v->anon_rss_kb;
}

/* No limit is no number: it would drown every difference. */
static int64_t
a_limit(int64_t kb)
{
	return kb == INT64_MAX ? UNKNOWN : kb;
}

static int64_t
get_limit(const struct compare_side *s)
{
	return a_limit(s->ev->cgroup.memory.limit_kb);
}

static int64_t
get_usage(const struct compare_side *s)
{
	return s->ev->cgroup.memory.usage_kb;
}

static int64_t
get_swap_limit(const struct compare_side *s)
{
	return a_limit(s->ev->cgroup.swap.limit_kb);
}

static int64_t
get_memsw_limit(const struct compare_side *s)
{
	return a_limit(s->ev->cgroup.memsw.limit_kb);
}

static int64_t
get_ram(const struct compare_side *s)
{
	return s->ledgers == NULL || s->ledgers->machine == NULL ? UNKNOWN
								 : s->ledgers->machine->total_kb;
}

static int64_t
get_swap(const struct compare_side *s)
{
	return s->ev->memory.swap_total_kb;
}

static int64_t
get_swap_free(const struct compare_side *s)
{
	return s->ev->memory.swap_free_kb;
}

static int64_t
get_page(const struct compare_side *s)
{
	return known(s->ev->page_size) ? s->ev->page_size / 1024 : UNKNOWN;
}

static const struct {
	const char *name;
	enum compare_part part;
	enum compare_unit unit;
	int64_t (*get)(const struct compare_side *);
} numbers[] = {
	{ "order", COMPARE_EVENT, COMPARE_NUMBER, get_order },
	{ "killed processes", COMPARE_EVENT, COMPARE_NUMBER, get_killed },
	{ "oom_score_adj of the victim", COMPARE_EVENT, COMPARE_NUMBER, get_adj },
	{ "processes listed", COMPARE_EVENT, COMPARE_NUMBER, get_processes },
	{ "victim's own memory", COMPARE_EVENT, COMPARE_KB, get_victim_size },
	{ "limit of the cgroup", COMPARE_LIMITS, COMPARE_KB, get_limit },
	{ "used of it", COMPARE_LIMITS, COMPARE_KB, get_usage },
	{ "its limit of swap", COMPARE_LIMITS, COMPARE_KB, get_swap_limit },
	{ "its limit of both (memsw)", COMPARE_LIMITS, COMPARE_KB, get_memsw_limit },
	{ "RAM that the kernel manages", COMPARE_LIMITS, COMPARE_KB, get_ram },
	{ "swap", COMPARE_LIMITS, COMPARE_KB, get_swap },
	{ "free swap", COMPARE_LIMITS, COMPARE_KB, get_swap_free },
	{ "page", COMPARE_LIMITS, COMPARE_KB, get_page },
};

int
compare_facts(struct pair *p)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (compare_texts(
			p, texts[i].name, texts[i].get(p->side[0]), texts[i].get(p->side[1])) != 0)
			return -1;
	}
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (compare_numbers(p, numbers[i].part, numbers[i].unit, str_from(numbers[i].name),
			numbers[i].get(p->side[0]), numbers[i].get(p->side[1])) != 0)
			return -1;
	}
	return 0;
}
