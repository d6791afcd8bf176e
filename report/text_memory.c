/* How full it was: the figures of the report, not yet a sum that closes. */
#include "report/text.h"

#include "base/escape.h"
#include "report/wrap.h"

/* Counters of Mem-Info, in pages, by the names of the kernels since 2.6.32. */
static const struct {
	const char *what;
	const char *names[4];
} machine_rows[] = {
	{ "free", { "free" } },
	/* tmpfs and shared memory stand in the lists of anonymous memory, too. */
	{ "anonymous and shared", { "active_anon", "inactive_anon", "isolated_anon" } },
	{ "of it shared", { "shmem" } },
	{ "file cache", { "active_file", "inactive_file", "isolated_file" } },
	{ "unevictable", { "unevictable" } },
	{ "slab", { "slab_reclaimable", "slab_unreclaimable", "slab" } },
	{ "page tables", { "pagetables" } },
};

/* Of memory.stat, in bytes, since 5.3. */
static const struct {
	const char *what, *name;
} memcg_rows[] = {
	{ "anonymous", "anon" },
	{ "file cache", "file" },
	{ "shared", "shmem" },
	{ "kernel", "kernel" },
	{ "slab", "slab" },
	{ "kernel stacks", "kernel_stack" },
	{ "page tables", "pagetables" },
	{ "sockets", "sock" },
};

/* The sum of those that are there; UNKNOWN if none is. */
static int64_t
sum_of(const struct counters *c, const char *const names[static 4])
{
	int64_t sum = UNKNOWN;

	for (size_t i = 0; i < 4 && names[i] != NULL; i++) {
		int64_t v = counter_get(c, names[i]);

		if (!known(v))
			continue;
		if (!known(sum))
			sum = v;
		else if (__builtin_add_overflow(sum, v, &sum))
			return UNKNOWN;
	}
	return sum;
}

static size_t
put_part(FILE *out, size_t n, const char *what, int64_t kb)
{
	if (!known(kb) || kb == 0)
		return n;
	fprintf(out, "%s%s %s", n == 0 ? "" : ", ", what, words_kb(kb).s);
	return n + 1;
}

static void
put_machine(struct report *rep, const struct event *ev)
{
	struct wrap wrap;
	FILE *to = wrap_open(&wrap, rep->out, 2);
	size_t n = 0;

	if (to == NULL) {
		rep->failed = true;
		return;
	}
	text_heading(rep, "MEMORY");
	fputs("   of the whole machine\n", rep->out);
	for (size_t i = 0; i < ARRAY_LEN(machine_rows); i++) {
		int64_t pages = sum_of(&ev->memory.global_pages, machine_rows[i].names);

		n = put_part(to, n, machine_rows[i].what, pages_kb(ev, pages));
	}
	fclose(to);
}

static const struct cgroup_stat *
own_stat(const struct cgroup *g)
{
	for (size_t i = 0; i < g->nstats; i++) {
		if (g->nstats == 1 || str_eq(g->stats[i].path, g->oom_memcg))
			return &g->stats[i];
	}
	return NULL;
}

static void
put_usage(FILE *out, const char *what, const struct cgroup_usage *u)
{
	if (!known(u->usage_kb))
		return;
	fprintf(out, "  %s %s", what, words_kb(u->usage_kb).s);
	if (u->limit_kb == INT64_MAX)
		fputs(", without a limit", out);
	else
		fprintf(out, " of %s", words_kb(u->limit_kb).s);
	if (known(u->failcnt) && u->failcnt > 0)
		fprintf(out, ", limit hit %s", words_count(u->failcnt, "time", "times").s);
	putc('\n', out);
}

static void
put_memcg(struct report *rep, const struct event *ev)
{
	const struct cgroup *g = &ev->cgroup;
	const struct cgroup_stat *s = own_stat(g);
	size_t n = 0;

	text_heading(rep, "MEMORY");
	fputs("   of the cgroup ", rep->out);
	str_put_escaped(
	    rep->out, g->oom_memcg.p == NULL ? STR("(name not in the log)") : g->oom_memcg);
	putc('\n', rep->out);
	put_usage(rep->out, "memory", &g->memory);
	put_usage(rep->out, "swap", &g->swap);
	put_usage(rep->out, "memory and swap", &g->memsw);
	put_usage(rep->out, "kernel memory", &g->kmem);
	for (size_t i = 0; s != NULL && i < ARRAY_LEN(memcg_rows); i++) {
		int64_t bytes = counter_get(&s->stat, memcg_rows[i].name);

		fputs(n == 0 && known(bytes) && bytes >= 1024 ? "  " : "", rep->out);
		n = put_part(
		    rep->out, n, memcg_rows[i].what, known(bytes) ? bytes / 1024 : UNKNOWN);
	}
	if (n > 0)
		putc('\n', rep->out);
}

void
text_memory(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;

	if (ev->constraint == CONSTRAINT_MEMCG && known(ev->cgroup.memory.usage_kb))
		put_memcg(rep, ev);
	else if (ev->memory.seen && ev->memory.global_pages.n > 0 && known(ev->page_size))
		put_machine(rep, ev);
}
