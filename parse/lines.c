/*
 * Every line shape of every kernel's report.  To teach the parser a new line,
 * add a row here and a directory under fixtures/; the take functions stand in
 * the file of their part of the report.
 *
 * Rows are tried in order among those whose literal fits; a take function may
 * decline, then the next row is tried.  Versions: see each take function.
 */
#include "parse/internal.h"

#include <string.h>

#define IN(s) (1u << SECTION_##s)
#define ANYWHERE 0
#define OPEN (~IN(NONE))

/* clang-format off */
static const struct shape shapes[] = {
	/* Lines with a comm in front of the words that tell what they are. */
	{ "", NULL, is_head,			take_head,		ANYWHERE,	true },
	{ " |[", NULL, is_row,			take_row,		ANYWHERE,	true },
	{ " |[", NULL, is_header,		take_header,		ANYWHERE,	true },
	{ "Killed process|Out of |Memory cgroup out |No available |OOM kill", NULL, is_killed,		take_killed,		ANYWHERE,	true },
	{ "Kill process ", NULL, is_sharing,		take_sharing,		ANYWHERE,	true },
	{ "Kill |kill |Out of |Memory cgroup out |No available ", NULL, is_chosen,		take_chosen,		ANYWHERE,	true },
	{ "Out of |Memory cgroup out |No available ", NULL, is_broken_kill,		take_noise,		ANYWHERE,	true },
	{ "oom-kill:constraint=", NULL, NULL,	take_summary,		ANYWHERE,	true },

	{ "CPU: ", NULL, NULL,		take_cpu,		OPEN,		true },
	{ "Pid: ", NULL, NULL,		take_pid,		OPEN,		true },
	{ "Hardware name: ", NULL, NULL,	take_hardware,		IN(HEAD),	true },
	{ "Tainted: [", NULL, NULL,		take_tainted,		IN(HEAD),	false },
	{ "", NULL, is_stack,		take_stack,		IN(HEAD),	false },
	{ "COMPACTION is disabled!!!", NULL, NULL, take_noise,	IN(HEAD),	false },
	{ "", NULL, is_cpuset,		take_cpuset,		IN(HEAD),	true },

	{ "Mem-Info:", NULL, NULL,		take_meminfo,		ANYWHERE,	false },
	{ "Mem-info:", NULL, NULL,		take_meminfo,		ANYWHERE,	false },
	{ "", NULL, is_memory_rest,		take_memory_rest,	IN(NONE),	false },
	{ "Node ", NULL, NULL,		take_node,		OPEN,		true },
	{ "lowmem_reserve[]:", NULL, NULL,	take_reserve,		IN(MEMORY),	false },
	{ "protections[]:", NULL, NULL,	take_reserve,		IN(MEMORY),	false },
	{ " |DMA|Normal|HighMem|Movable|Device", NULL, is_zone,			take_zone,		IN(HEAD) | IN(MEMORY),	true },
	{ "CPU|cpu", NULL, is_per_cpu,		take_noise,		IN(HEAD) | IN(MEMORY), false },
	{ "Swap cache", NULL, NULL,		take_noise,		IN(MEMORY) | IN(HEAD), true },
	{ "Free swap", NULL, NULL,		take_free_swap,		OPEN,		false },
	{ "Total swap", NULL, NULL,		take_total_swap,	OPEN,		false },
	{ "Free pages:", NULL, NULL,		take_noise,		OPEN,		false },
	{ "", " 0123456789", is_number_line,		take_number_line,	IN(MEMORY) | IN(HEAD) | IN(SLAB), false },
	{ "Unreclaimable slab info:", NULL, NULL, take_slab_head,	OPEN,		false },
	{ "excessive unreclaimable slab", NULL, NULL, take_noise,	OPEN,		false },
	{ "", NULL, is_slab,			take_slab,		IN(SLAB),	false },
	{ "Memory allocations", NULL, NULL,	take_sites_head,	OPEN,		false },
	{ "", " 0123456789", is_site,			take_site,		IN(SITES),	false },
	{ "", NULL, is_counters,		take_counters,		OPEN,		true },

	{ "Task in ", NULL, NULL,		take_task_in,		OPEN,		true },
	{ "Tasks in ", NULL, NULL,		take_group,		ANYWHERE,	true },
	{ "Memory limit reached of cgroup ", NULL, NULL, take_limit_of, OPEN,		true },
	{ "memory: usage ", NULL, NULL,	take_usage,		ANYWHERE,	false },
	{ "memory+swap: usage ", NULL, NULL,	take_usage,		OPEN,		false },
	{ "swap: usage ", NULL, NULL,		take_usage,		OPEN,		false },
	{ "kmem: usage ", NULL, NULL,		take_usage,		OPEN,		false },
	{ "Memory cgroup stats", NULL, NULL,	take_stats,		ANYWHERE,	true },
	{ "Memory cgroup min protection ", NULL, NULL, take_protection, OPEN,		true },
	{ "", NULL, is_stat,			take_stat,		IN(STAT),	false },

	{ "Tasks state (memory values in pages):", NULL, NULL, take_table, ANYWHERE,	false },

	{ "oom_reaper: ", NULL, NULL,		take_reaper,		ANYWHERE,	true },
	{ "Out of memory and no killable processes", NULL, NULL, take_no_killable, ANYWHERE, false },
	{ "Kernel panic", NULL, is_panic,			take_panic,		ANYWHERE,	false },
	{ "Out of |Memory cgroup out |No available ", NULL, is_exiting,		take_exiting,		ANYWHERE,	true },
	{ "Would have oom-killed", NULL, NULL, take_would_have,	ANYWHERE,	false },
	{ "Would have killed process ", NULL, NULL, take_would_have,	ANYWHERE,	false },
	{ "oom killer ", NULL, NULL,		take_noise,		OPEN,		false },
	{ "Fixed up OOM kill of mm-less task", NULL, NULL, take_noise, OPEN,		false },
	{ "tried to kill ", NULL, NULL,	take_noise,		OPEN,		false },
	{ "OOM killer ", NULL, NULL,		take_noise,		OPEN,		false },
	{ "Purging GPU memory", NULL, NULL,	take_noise,		OPEN,		false },

	{ "Linux version ", NULL, NULL,	take_linux_version,	ANYWHERE,	false },
	{ "sysrq|SysRq", NULL, is_sysrq,			take_sysrq,		ANYWHERE,	false },
	{ "", NULL, is_alloc_failure,		take_alloc_failure,	ANYWHERE,	true },
	{ "** |Missed ", NULL, is_lost,			take_lost,		ANYWHERE,	false },
	{ "", NULL, is_stack,			take_stack,		OPEN,		false },
};
/* clang-format on */

_Static_assert(ARRAY_LEN(shapes) <= 64, "rows are bits of a uint64_t");

/* The next of the literals "a|b|c", and whether there was one. */
static bool
next_literal(const char **list, struct str *ret)
{
	size_t n = strcspn(*list, "|");

	if (n == 0)
		return false;
	*ret = (struct str){ *list, n };
	*list += n + ((*list)[n] == '|' ? 1 : 0);
	return true;
}

static void
index_row(struct shape_index *index, size_t row)
{
	const struct shape *s = &shapes[row];
	const uint64_t bit = UINT64_C(1) << row;
	const char *list = s->starts;
	struct str literal;

	for (size_t i = 0; i < ARRAY_LEN(index->by_section); i++) {
		if (s->sections == ANYWHERE || (s->sections & (1u << i)) != 0)
			index->by_section[i] |= bit;
	}
	for (size_t c = 0; c < ARRAY_LEN(index->by_first); c++) {
		bool any = s->starts[0] == '\0' && s->first == NULL;
		bool one = s->starts[0] == '\0' && s->first != NULL && c > 0 && c < 256 &&
			   strchr(s->first, (int)c) != NULL;

		if (any || one)
			index->by_first[c] |= bit;
	}
	while (next_literal(&list, &literal))
		index->by_first[(unsigned char)literal.p[0]] |= bit;
}

void
shape_index_make(struct shape_index *index)
{
	*index = (struct shape_index){ { 0 }, { 0 } };
	for (size_t row = 0; row < ARRAY_LEN(shapes); row++)
		index_row(index, row);
}

/* Tried for every line: so without lengths, and the first byte tells nearly always. */
static bool
starts_as(struct str text, const char *list)
{
	while (*list != '\0') {
		size_t i = 0;

		while (i < text.n && list[i] == text.p[i] && list[i] != '\0' && list[i] != '|')
			i++;
		if (list[i] == '\0' || list[i] == '|')
			return true;
		for (list += i; *list != '\0' && *list != '|';)
			list++;
		if (*list == '\0')
			return false;
		list++;
	}
	return true;
}

const struct shape *
shape_next(const struct shape_index *index, const struct shape *after, struct str text,
    enum section section)
{
	size_t first = text.n == 0 ? 256 : (unsigned char)text.p[0];
	uint64_t rows = index->by_first[first] & index->by_section[section];

	if (after != NULL)
		rows &= ~UINT64_C(1) << (after - shapes);
	for (; rows != 0; rows &= rows - 1) {
		const struct shape *s = &shapes[__builtin_ctzll(rows)];

		if (starts_as(text, s->starts) && (s->is == NULL || s->is(text)))
			return s;
	}
	return NULL;
}
