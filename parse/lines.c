/*
 * Every line shape of every kernel's report.  To teach the parser a new line,
 * add a row here and a directory under fixtures/; the take functions stand in
 * the file of their part of the report.
 *
 * Rows are tried in order among those whose literal fits; a take function may
 * decline, then the next row is tried.  Versions: see each take function.
 */
#include "parse/internal.h"

#define IN(s) (1u << SECTION_##s)
#define ANYWHERE 0
#define OPEN (~IN(NONE))

/* clang-format off */
static const struct shape shapes[] = {
	/* Lines with a comm in front of the words that tell what they are. */
	{ "", is_head,			take_head,		ANYWHERE,	true },
	{ "", is_row,			take_row,		ANYWHERE,	true },
	{ "", is_header,		take_header,		ANYWHERE,	true },
	{ "", is_killed,		take_killed,		ANYWHERE,	true },
	{ "", is_sharing,		take_sharing,		ANYWHERE,	true },
	{ "", is_chosen,		take_chosen,		ANYWHERE,	true },
	{ "", is_broken_kill,		take_noise,		ANYWHERE,	true },
	{ "oom-kill:constraint=", NULL,	take_summary,		ANYWHERE,	true },

	{ "CPU: ", NULL,		take_cpu,		OPEN,		true },
	{ "Pid: ", NULL,		take_pid,		OPEN,		true },
	{ "Hardware name: ", NULL,	take_hardware,		IN(HEAD),	true },
	{ "Tainted: [", NULL,		take_tainted,		IN(HEAD),	false },
	{ "COMPACTION is disabled!!!", NULL, take_noise,	IN(HEAD),	false },
	{ "", is_cpuset,		take_cpuset,		IN(HEAD),	true },

	{ "Mem-Info:", NULL,		take_meminfo,		ANYWHERE,	false },
	{ "Mem-info:", NULL,		take_meminfo,		ANYWHERE,	false },
	{ "Node ", NULL,		take_node,		OPEN,		true },
	{ "lowmem_reserve[]:", NULL,	take_reserve,		IN(MEMORY),	false },
	{ "protections[]:", NULL,	take_reserve,		IN(MEMORY),	false },
	{ "", is_zone,			take_zone,		IN(MEMORY),	true },
	{ "", is_per_cpu,		take_noise,		IN(HEAD) | IN(MEMORY), false },
	{ "Swap cache", NULL,		take_noise,		IN(MEMORY) | IN(HEAD), true },
	{ "Free swap", NULL,		take_free_swap,		OPEN,		false },
	{ "Total swap", NULL,		take_total_swap,	OPEN,		false },
	{ "Free pages:", NULL,		take_noise,		OPEN,		false },
	{ "", is_number_line,		take_number_line,	IN(MEMORY) | IN(HEAD) | IN(SLAB), false },
	{ "Unreclaimable slab info:", NULL, take_slab_head,	OPEN,		false },
	{ "excessive unreclaimable slab", NULL, take_noise,	OPEN,		false },
	{ "", is_slab,			take_slab,		IN(SLAB),	false },
	{ "Memory allocations", NULL,	take_sites_head,	OPEN,		false },
	{ "", is_site,			take_site,		IN(SITES),	false },
	{ "", is_counters,		take_counters,		OPEN,		true },

	{ "Task in ", NULL,		take_task_in,		OPEN,		true },
	{ "Tasks in ", NULL,		take_group,		ANYWHERE,	true },
	{ "Memory limit reached of cgroup ", NULL, take_limit_of, OPEN,		true },
	{ "memory: usage ", NULL,	take_usage,		ANYWHERE,	false },
	{ "memory+swap: usage ", NULL,	take_usage,		OPEN,		false },
	{ "swap: usage ", NULL,		take_usage,		OPEN,		false },
	{ "kmem: usage ", NULL,		take_usage,		OPEN,		false },
	{ "Memory cgroup stats", NULL,	take_stats,		ANYWHERE,	true },
	{ "Memory cgroup min protection ", NULL, take_protection, OPEN,		true },
	{ "", is_stat,			take_stat,		IN(STAT),	false },

	{ "Tasks state (memory values in pages):", NULL, take_table, ANYWHERE,	false },

	{ "oom_reaper: ", NULL,		take_reaper,		ANYWHERE,	true },
	{ "Out of memory and no killable processes", NULL, take_no_killable, ANYWHERE, false },
	{ "", is_panic,			take_panic,		ANYWHERE,	false },
	{ "", is_exiting,		take_exiting,		ANYWHERE,	true },
	{ "Would have oom-killed", NULL, take_would_have,	ANYWHERE,	false },
	{ "Would have killed process ", NULL, take_would_have,	ANYWHERE,	false },
	{ "oom killer ", NULL,		take_noise,		OPEN,		false },
	{ "Fixed up OOM kill of mm-less task", NULL, take_noise, OPEN,		false },
	{ "tried to kill ", NULL,	take_noise,		OPEN,		false },
	{ "OOM killer ", NULL,		take_noise,		OPEN,		false },
	{ "Purging GPU memory", NULL,	take_noise,		OPEN,		false },

	{ "Linux version ", NULL,	take_linux_version,	ANYWHERE,	false },
	{ "", is_sysrq,			take_sysrq,		ANYWHERE,	false },
	{ "", is_alloc_failure,		take_alloc_failure,	ANYWHERE,	true },
	{ "", is_lost,			take_lost,		ANYWHERE,	false },
	{ "", is_stack,			take_stack,		OPEN,		false },
};
/* clang-format on */

/* Nearly every row differs in its first byte, so no lengths are taken. */
static bool
starts_with(struct str text, const char *literal)
{
	for (size_t i = 0; literal[i] != '\0'; i++) {
		if (i == text.n || text.p[i] != literal[i])
			return false;
	}
	return true;
}

static bool
shape_fits(const struct shape *s, struct str text, enum section section)
{
	if (s->sections != ANYWHERE && (s->sections & (1u << section)) == 0)
		return false;
	return starts_with(text, s->starts) && (s->is == NULL || s->is(text));
}

const struct shape *
shape_next(const struct shape *after, struct str text, enum section section)
{
	const struct shape *s = after == NULL ? shapes : after + 1;

	for (; s < shapes + ARRAY_LEN(shapes); s++) {
		if (shape_fits(s, text, section))
			return s;
	}
	return NULL;
}

bool
shape_known(struct str text, enum section section)
{
	return shape_next(NULL, text, section) != NULL;
}
