/* What ran out, and what of the report is not in the log. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

static void
put_limit(FILE *out, const struct cgroup_usage *u, const char *of)
{
	if (!known(u->limit_kb) || u->limit_kb == INT64_MAX)
		return;
	fprintf(out, " of %s%s", words_kb(u->limit_kb).s, of);
}

/* A path of a known grammar has a name that people use: the container, the unit, the pod. */
static void
put_owner(FILE *out, const struct place *p)
{
	if (p->kind == PLACE_OTHER)
		fputs("the cgroup ", out);
	str_put_escaped(out, p->name);
	if (p->kind == PLACE_CONTAINER && p->pod_uid.p != NULL) {
		fputs(" (of pod ", out);
		str_put_escaped(out, p->pod_uid);
		putc(')', out);
	}
}

/* The limit that was reached is the one that usage touches: with swap accounting of
 * cgroup v1 it may be the sum's. */
static void
put_memcg(FILE *out, const struct finding *f)
{
	const struct cgroup *g = &f->event->cgroup;
	bool sum = known(g->memsw.usage_kb) && known(g->memsw.limit_kb) &&
		   g->memsw.usage_kb >= g->memsw.limit_kb && known(g->memory.usage_kb) &&
		   g->memory.usage_kb < g->memory.limit_kb;

	if (g->oom_memcg.p == NULL) {
		fputs(
		    g->task_memcg.p == NULL && f->event->nvictims == 0 ? "a cgroup" : "its cgroup",
		    out);
	} else if (f->services == NULL) {
		fputs("the cgroup ", out);
		str_put_escaped(out, g->oom_memcg);
	} else {
		bool told = g->task_memcg.p == NULL || f->event->nvictims == 0;

		put_owner(out, &f->services->oom_place);
		if (!told && str_eq(g->oom_memcg, g->task_memcg)) {
			fputs(", where it ran,", out);
		} else if (!told) {
			fputs(", which contains its own ", out);
			put_owner(out, &f->services->victim_place);
			putc(',', out);
		}
	}
	fputs(" reached its memory limit", out);
	put_limit(out, sum ? &g->memsw : &g->memory, sum ? " for memory and swap together" : "");
}

static void
put_nodes(FILE *out, struct str list, const char *whose)
{
	fprintf(out, "the memory nodes that %s allows", whose);
	if (list.n > 0) {
		fputs(" (", out);
		str_put_escaped(out, list);
		putc(')', out);
	}
	fputs(" ran out of memory", out);
}

/* Memory that is free above every watermark does not help who needs it in one piece. */
static bool
in_pieces(const struct event *ev)
{
	const struct memory *m = &ev->memory;
	int64_t order = ev->trigger.order;

	if (order <= 0 || order > 20 || m->nzones == 0)
		return false;
	for (size_t i = 0; i < m->nzones; i++) {
		if (known(m->zones[i].free_kb) && known(m->zones[i].high_kb) &&
		    m->zones[i].free_kb > m->zones[i].high_kb && m->zones[i].high_kb > 0)
			return known(counter_get(&m->global_pages, "free"));
	}
	return false;
}

static void
put_pieces(FILE *out, const struct event *ev)
{
	int64_t free_kb = pages_kb(ev, counter_get(&ev->memory.global_pages, "free"));
	int64_t piece_kb = pages_kb(ev, (int64_t)1 << ev->trigger.order);

	if (known(piece_kb))
		fprintf(out, "the kernel found no %s of memory in one piece", words_kb(piece_kb).s);
	else
		fprintf(
		    out, "the kernel found no %lld pages in one piece", 1LL << ev->trigger.order);
	if (known(free_kb))
		fprintf(
		    out, " (%s was free, but not where and as it was needed)", words_kb(free_kb).s);
}

/* 32-bit kernels: a request without one of these flags cannot use what is above 896 MiB. */
static bool
needs_low_memory(const struct event *ev)
{
	struct str flags = ev->trigger.gfp_flags;

	return known(ev->memory.highmem_pages) && ev->memory.highmem_pages > 0 && flags.n > 0 &&
	       !str_has(flags, STR("HIGH")) && !str_has(flags, STR("MOVABLE"));
}

/* Without figures nobody can tell whether memory was short, or only in pieces. */
static bool
asks_for_many(const struct event *ev)
{
	return ev->trigger.order > 1 && ev->trigger.order <= 20 &&
	       !known(counter_get(&ev->memory.global_pages, "free")) && ev->memory.nzones == 0;
}

void
text_cause(FILE *out, const struct finding *f)
{
	const struct event *ev = f->event;

	if (ev->reason == REASON_SYSRQ) {
		fputs("somebody asked for an OOM kill (SysRq-F)", out);
		return;
	}
	switch (ev->constraint) {
	case CONSTRAINT_MEMCG:
		put_memcg(out, f);
		break;
	case CONSTRAINT_CPUSET:
		put_nodes(out, ev->cgroup.mems_allowed, "the cpuset");
		break;
	case CONSTRAINT_MEMORY_POLICY:
		put_nodes(out, ev->cgroup.nodemask, "the NUMA memory policy");
		break;
	case CONSTRAINT_NONE:
		if (in_pieces(ev))
			put_pieces(out, ev);
		else if (needs_low_memory(ev))
			fputs("the machine ran out of low memory (the part of RAM that the kernel "
			      "itself can use)",
			    out);
		else if (asks_for_many(ev))
			fprintf(out, "the kernel found no %lld pages in one piece",
			    1LL << ev->trigger.order);
		else
			fputs("the machine ran out of memory", out);
		break;
	case CONSTRAINT_UNKNOWN:
		fputs("memory ran out", out);
		break;
	}
}

/* What each grade of completeness means for the reader; NULL: nothing to say. */
static const char *const grades[] = {
	[COMPLETE_FULL] = NULL,
	[COMPLETE_NO_TASK_TABLE] = "The report has no list of processes, so the choice cannot be "
				   "checked (vm.oom_dump_tasks=0, or these lines were filtered "
				   "out or lost).",
	[COMPLETE_NO_MEMORY] = "The report's memory figures are not in the log.",
	[COMPLETE_TABLE_PARTIAL] = "Some lines of the list of processes are not in the log; the "
				   "ranking is of the others.",
	[COMPLETE_CUT_HEAD] = "The beginning of the report is not in the log.",
	[COMPLETE_CUT_TAIL] = "The log stops before the end of the report.",
	[COMPLETE_HEAD_ONLY] = "Only the first line of the report is in the log.",
	[COMPLETE_KILL_ONLY] =
	    "Only the kill line is in the log: its report was cut off, filtered, or "
	    "not printed (in a storm the kernel prints ten reports in five "
	    "seconds, but every kill).",
};

void
text_missing(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	const char *grade = grades[ev->completeness];
	struct wrap wrap;
	FILE *out;

	if (ev->kind == EVENT_USERSPACE_KILL)
		return;
	if (ev->completeness == COMPLETE_KILL_ONLY && ev->nvictims == 0)
		grade = "Only the last line of the report is in the log.";
	if (grade == NULL && ev->lost_records <= 0)
		return;
	out = wrap_open(&wrap, rep->out, 0, rep->opts.columns);
	if (out == NULL) {
		rep->failed = true;
		return;
	}
	if (grade != NULL)
		fprintf(out, "INCOMPLETE  %s\n", grade);
	if (ev->lost_records > 0)
		fprintf(out, "INCOMPLETE  %s lost inside the report.\n",
		    words_count(ev->lost_records, "log record was", "log records were").s);
	fclose(out);
	putc('\n', rep->out);
}
