/*
 * The block of a memory cgroup's OOM: whose limit, how full, and the numbers
 * of the subtree (mem_cgroup_print_oom_info and _meminfo, mm/memcontrol.c
 * @2.6.30 - 7.3).
 */
#include "parse/tokens.h"

#include <string.h>

/* "Task in %s killed as a result of limit of %s", 2.6.30 - 4.20. */
static const struct str result_of = { " killed as a result of limit of ", 32 };

bool
task_in_complete(struct str text)
{
	size_t at;

	return str_find(text, result_of, &at) && at + result_of.n < text.n;
}

enum take
take_task_in(struct context *c, struct str text)
{
	struct cgroup *g = &c->stream->ev->cgroup;
	size_t at;

	if (!str_find(text, result_of, &at))
		return TAKE_NOT;
	g->task_memcg = str_from_at(str_head(text, at), strlen("Task in "));
	g->oom_memcg = str_from_at(text, at + result_of.n);
	c->stream->section = SECTION_MEMCG;
	return TAKE_USED;
}

/* 4.1 - 4.20, when there is no victim. */
enum take
take_limit_of(struct context *c, struct str text)
{
	c->stream->ev->cgroup.oom_memcg =
	    str_from_at(text, strlen("Memory limit reached of cgroup "));
	c->stream->section = SECTION_MEMCG;
	return TAKE_USED;
}

/* PAGE_COUNTER_MAX pages in kB and the res_counter maxima before 3.19 all mean "no limit". */
#define NO_LIMIT_KB ((INT64_C(1) << 53) - 4096)

static struct cgroup_usage *
usage_slot(struct cgroup *g, struct str *text)
{
	if (str_eat(text, STR("memory: usage ")))
		return &g->memory;
	if (str_eat(text, STR("swap: usage ")))
		return &g->swap;
	if (str_eat(text, STR("memory+swap: usage ")))
		return &g->memsw;
	return str_eat(text, STR("kmem: usage ")) ? &g->kmem : NULL;
}

/* "memory: usage %llukB, limit %llukB, failcnt %llu" */
enum take
take_usage(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct cgroup_usage u = { .failcnt = UNKNOWN, .line = c->rec->line }, *to;
	struct cgroup probe;
	uint64_t usage, limit;

	if (usage_slot(&probe, &text) == NULL || !str_eat_u64(&text, &usage) ||
	    !str_eat(&text, STR("kB, limit ")) || !str_eat_u64(&text, &limit) ||
	    !str_eat(&text, STR("kB")))
		return TAKE_NOT;
	if (str_eat(&text, STR(", failcnt ")))
		str_eat_i64(&text, &u.failcnt);
	u.usage_kb = usage > INT64_MAX ? INT64_MAX : (int64_t)usage;
	u.limit_kb = limit >= (uint64_t)NO_LIMIT_KB ? INT64_MAX : (int64_t)limit;
	if (s->ev == NULL || s->section == SECTION_END) {
		if (stream_open(c, SECTION_MEMCG) == NULL)
			return TAKE_ERROR;
		s->tentative = true;
	}
	text = c->text;
	to = usage_slot(&s->ev->cgroup, &text);
	if (to == NULL || known(to->usage_kb))
		return TAKE_FOREIGN;
	*to = u;
	s->section = SECTION_MEMCG;
	return TAKE_USED;
}

/* memory.stat names that count things; every other one is a size. */
static bool
counts_events(struct str name)
{
	static const char *const starts[] = { "pg", "workingset_", "thp_", "zswpin", "zswpout",
		"zswpwb", "numa_", "pswp" };

	if (str_starts(name, STR("pgtables")) || str_starts(name, STR("pgdat")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (str_starts_z(name, starts[i]))
			return true;
	}
	return false;
}

/* "cache:0KB rss:980KB ..." on the heading's own line, 3.9 - 5.2. */
static enum take
inline_stats(struct context *c, struct cgroup_stat *st, struct str text)
{
	struct token t;

	while (token_next(&text, &t)) {
		if (!t.has_value || t.value < 0 || t.value > INT64_MAX / 1024)
			continue;
		if (event_add_counter(c->stream->ev, &st->stat, t.key,
			t.kb && !counts_events(t.key) ? t.value * 1024 : t.value) != 0)
			return err_no_memory(c->err), TAKE_ERROR;
	}
	return TAKE_USED;
}

enum { MAX_STATS = 4096 };

enum take
take_stats(struct context *c, struct str text)
{
	struct stream *s = c->stream;
	struct cgroup_stat *st;
	struct str path = STR_NONE, rest = text;
	size_t at;

	if (!str_eat(&rest, STR("Memory cgroup stats")))
		return TAKE_NOT;
	if (s->ev == NULL || s->section == SECTION_END) {
		if (stream_open(c, SECTION_STAT) == NULL)
			return TAKE_ERROR;
		s->tentative = true;
		rest = str_from_at(c->text, strlen("Memory cgroup stats"));
	}
	if (s->ev->cgroup.nstats >= MAX_STATS)
		return TAKE_FOREIGN;
	if (str_eat(&rest, STR(" for "))) {
		/* The path may hold ": "; the numbers behind it do not. */
		if (str_rfind(rest, STR(": cache:"), &at) || str_rfind(rest, STR(":"), &at)) {
			path = str_head(rest, at);
			rest = str_from_at(rest, at + 1);
		} else {
			path = rest;
			rest = str_from_at(rest, rest.n);
		}
	} else {
		str_eat_chr(&rest, ':');
	}
	if ((st = event_add_stat(s->ev)) == NULL)
		return err_no_memory(c->err), TAKE_ERROR;
	st->path = path;
	st->line = c->rec->line;
	s->section = SECTION_STAT;
	return inline_stats(c, st, rest);
}

/* "anon 535658496" */
static bool
stat_parse(struct str text, struct str *ret_name, int64_t *ret_value)
{
	text = str_trim(text);
	if (!str_eat_word(&text, ret_name) || ret_name->n > 64)
		return false;
	for (size_t i = 0; i < ret_name->n; i++) {
		char ch = ret_name->p[i];

		if (!(ch >= 'a' && ch <= 'z') && ch != '_' && !(ch >= '0' && ch <= '9') &&
		    !(ch >= 'A' && ch <= 'Z'))
			return false;
	}
	return str_eat_chr(&text, ' ') && str_eat_i64(&text, ret_value) && text.n == 0;
}

/* 5.3 - 6.4 print the whole text as one record, which is cut at 1 KiB: mostly in a name. */
static bool
is_cut_stat(struct str text)
{
	text = str_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		if (!(text.p[i] >= 'a' && text.p[i] <= 'z') && text.p[i] != '_')
			return false;
	}
	return text.n > 0 && text.n <= 64;
}

bool
is_stat(struct str text)
{
	struct str name;
	int64_t value;

	return stat_parse(text, &name, &value) || is_cut_stat(text);
}

enum take
take_stat(struct context *c, struct str text)
{
	struct cgroup *g = &c->stream->ev->cgroup;
	struct str name;
	int64_t value;

	if (g->nstats == 0)
		return TAKE_NOT;
	if (!stat_parse(text, &name, &value)) {
		g->stats[g->nstats - 1].truncated = true;
		return TAKE_USED;
	}
	if (event_add_counter(c->stream->ev, &g->stats[g->nstats - 1].stat, name, value) != 0)
		return err_no_memory(c->err), TAKE_ERROR;
	return TAKE_USED;
}

/*
 * "Memory cgroup min protection %lukB -- low protection %lukB", 6.19 and newer: printed
 * without a newline, so that the next line may stand right behind it.
 */
enum take
take_protection(struct context *c, struct str text)
{
	struct cgroup *g = &c->stream->ev->cgroup;
	const struct shape *s;
	int64_t min, low;

	if (!str_eat(&text, STR("Memory cgroup min protection ")) || !str_eat_i64(&text, &min) ||
	    !str_eat(&text, STR("kB -- low protection ")) || !str_eat_i64(&text, &low) ||
	    !str_eat(&text, STR("kB")))
		return TAKE_NOT;
	g->min_protection_kb = min;
	g->low_protection_kb = low;
	text = str_trim(text);
	s = text.n == 0 ? NULL : shape_next(&c->parser->shapes, NULL, text, c->stream->section);
	if (s != NULL && s->take != take_protection)
		return s->take(c, text);
	return TAKE_USED;
}
