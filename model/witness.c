#include "model/witness.h"

#include "base/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEAD STR("oomwhy-witness 1")
#define AT(member) offsetof(struct witness, member)

/* clang-format off */
static const struct witness_fact facts[] = {
	{ "real_us", AT(real_us) },
	{ "monotonic_us", AT(mono_us) },
	{ "oom_kill", AT(oom_kills) },
	{ "processes", AT(processes) },
	{ "panic_on_oom", AT(sysctls.panic_on_oom) },
	{ "oom_kill_allocating_task", AT(sysctls.oom_kill_allocating_task) },
	{ "oom_dump_tasks", AT(sysctls.oom_dump_tasks) },
	{ "overcommit_memory", AT(sysctls.overcommit_memory) },
	{ "overcommit_ratio", AT(sysctls.overcommit_ratio) },
	{ "overcommit_kbytes", AT(sysctls.overcommit_kbytes) },
	{ "min_free_kbytes", AT(sysctls.min_free_kbytes) },
	{ "swappiness", AT(sysctls.swappiness) },
	{ "mem_total_kb", AT(memory.total_kb) },
	{ "mem_free_kb", AT(memory.free_kb) },
	{ "mem_available_kb", AT(memory.available_kb) },
	{ "swap_total_kb", AT(memory.swap_total_kb) },
	{ "swap_free_kb", AT(memory.swap_free_kb) },
	{ "shmem_kb", AT(memory.shmem_kb) },
	{ "zswap_kb", AT(memory.zswap_kb) },
	{ "hugetlb_kb", AT(memory.hugetlb_kb) },
	{ "commit_limit_kb", AT(memory.commit_limit_kb) },
	{ "committed_kb", AT(memory.committed_kb) },
	{ "pressure_some_avg10_hundredths", AT(pressure.some10) },
	{ "pressure_some_avg60_hundredths", AT(pressure.some60) },
	{ "pressure_some_us", AT(pressure.some_us) },
	{ "pressure_full_avg10_hundredths", AT(pressure.full10) },
	{ "pressure_full_avg60_hundredths", AT(pressure.full60) },
	{ "pressure_full_us", AT(pressure.full_us) },
};
/* clang-format on */

const struct witness_fact *
witness_fact_at(size_t i)
{
	return i < ARRAY_LEN(facts) ? &facts[i] : NULL;
}

static int64_t *
fact_of(struct witness *w, const struct witness_fact *f)
{
	return (int64_t *)(void *)((char *)w + f->at);
}

void
witness_init(struct witness *w)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		*fact_of(w, &facts[i]) = UNKNOWN;
	for (int64_t *v = (int64_t *)(void *)&w->sysctls; v < (int64_t *)(void *)(&w->sysctls + 1);
	     v++)
		*v = UNKNOWN;
	for (int64_t *v = (int64_t *)(void *)&w->memory; v < (int64_t *)(void *)(&w->memory + 1);
	     v++)
		*v = UNKNOWN;
}

void
witness_write(FILE *out, const struct witness *w)
{
	fprintf(out, "%s\n", HEAD.p);
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		const char *at = (const char *)w + facts[i].at;
		int64_t v = *(const int64_t *)(const void *)at;

		if (known(v))
			fprintf(out, "%s %" PRId64 "\n", facts[i].key, v);
	}
	for (size_t i = 0; i < w->n; i++) {
		const struct survivor *s = &w->survivors[i];

		/* Escaped text holds no tab. */
		fprintf(out, "survivor %" PRId64 " %" PRId64 " ", s->pid, s->rss_kb);
		if (known(s->oom_score_adj))
			fprintf(out, "%" PRId64, s->oom_score_adj);
		else
			putc('?', out);
		putc('\t', out);
		str_put_escaped(out, (struct str){ s->comm, s->comm_n });
		putc('\t', out);
		str_put_escaped(out, (struct str){ s->cgroup, s->cgroup_n });
		putc('\n', out);
	}
}

struct str
witness_text(struct arena *mem, const struct witness *w)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct str ret = STR_NONE;
	bool failed;

	if (out == NULL)
		return ret;
	witness_write(out, w);
	failed = ferror(out) != 0;
	if (fclose(out) == 0 && !failed)
		ret = arena_dup(mem, (struct str){ text, n });
	free(text);
	return ret;
}

/* Undo the escapes of a text of this many bytes at most. */
static bool
take_text(struct str s, char *to, size_t cap, size_t *ret_n)
{
	char raw[4 * WITNESS_CGROUP];

	if (s.n > sizeof(raw))
		return false;
	*ret_n = escape_undo(s, raw);
	if (*ret_n > cap)
		return false;
	memcpy(to, raw, *ret_n);
	return true;
}

static bool
take_survivor(struct str line, struct witness *w)
{
	struct survivor *s = &w->survivors[w->n];
	struct str comm;

	if (w->n == WITNESS_SURVIVORS || !str_eat_i64(&line, &s->pid) || !str_eat_chr(&line, ' ') ||
	    !str_eat_i64(&line, &s->rss_kb) || !str_eat_chr(&line, ' '))
		return false;
	if (str_eat_chr(&line, '?'))
		s->oom_score_adj = UNKNOWN;
	else if (!str_eat_i64(&line, &s->oom_score_adj))
		return false;
	if (!str_eat_chr(&line, '\t') || !str_cut(&line, STR("\t"), &comm) ||
	    !take_text(comm, s->comm, sizeof(s->comm), &s->comm_n) ||
	    !take_text(line, s->cgroup, sizeof(s->cgroup), &s->cgroup_n))
		return false;
	w->n++;
	return true;
}

/* Facts of a later program are passed over. */
static bool
take_fact(struct str line, struct witness *w)
{
	struct str key;
	int64_t v;

	if (!str_cut(&line, STR(" "), &key) || !str_eat_i64(&line, &v) || line.n > 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		if (str_eq_z(key, facts[i].key))
			*fact_of(w, &facts[i]) = v;
	}
	return true;
}

bool
witness_parse(struct str text, struct witness *w)
{
	struct str line;

	witness_init(w);
	if (!str_cut_line(&text, &line) || !str_eq(line, HEAD))
		return false;
	while (str_cut_line(&text, &line)) {
		if (str_eat(&line, STR("survivor ")) ? !take_survivor(line, w)
						     : !take_fact(line, w))
			return false;
	}
	return true;
}
