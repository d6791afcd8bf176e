/* Where the memory was: a sum that closes, what each part of it is, and who held the first. */
#include "report/text.h"

#include "analyze/totalpages.h"
#include "base/escape.h"
#include "report/wrap.h"

enum {
	NODES_SHOWN = 8,
	SMALL = 100, /* a part below 1/100 of the whole has no line of its own */
};

/* Parts of the first level.  What the kernel has is one line: its detail stands beside it. */
static const enum ledger_name user_parts[] = { LEDGER_LISTS, LEDGER_ANON, LEDGER_SHMEM, LEDGER_FILE,
	LEDGER_CACHE, LEDGER_ISOLATED, LEDGER_HUGETLB, LEDGER_BALLOON, LEDGER_HWPOISON };

static int64_t
total_of_ledger(const struct ledger *l)
{
	return known(l->total_kb) ? l->total_kb : l->sum_kb;
}

static bool
is_small(int64_t kb, int64_t total)
{
	return !known(kb) || kb <= 0 || (known(total) && kb < total / SMALL);
}

/* "slab 16.7 MiB, page tables 1.3 MiB" */
static void
put_kernel(struct report *rep, const struct ledger *l)
{
	int64_t kernel = ledger_kernel_kb(l), total = total_of_ledger(l);
	int64_t hard = ledger_kb(l, LEDGER_SLAB_UNRECLAIMABLE);
	int64_t soft = ledger_kb(l, LEDGER_SLAB_RECLAIMABLE), slab;
	const char *sep = "  ";

	if (is_small(kernel, total))
		return;
	text_part(rep, 2, "the kernel", kernel, total);
	if (known(hard) && known(soft) && !__builtin_add_overflow(hard, soft, &slab) &&
	    !is_small(slab, total)) {
		fprintf(rep->out, "%sslab %s", sep, words_kb(slab).s);
		sep = ", ";
	}
	for (size_t i = 0; i < l->n; i++) {
		if (!ledger_is_kernel(l->v[i].name) || is_small(l->v[i].kb, total) ||
		    l->v[i].name == LEDGER_SLAB_RECLAIMABLE ||
		    l->v[i].name == LEDGER_SLAB_UNRECLAIMABLE)
			continue;
		fprintf(rep->out, "%s%s %s", sep, ledger_entry_words(l->v[i].name),
		    words_kb(l->v[i].kb).s);
		sep = ", ";
	}
	putc('\n', rep->out);
}

static void
put_free(struct report *rep, const struct ledger *l)
{
	FILE *out = rep->out;
	int64_t kb = ledger_kb(l, LEDGER_FREE), pcp = ledger_kb(l, LEDGER_FREE_PCP);

	if (!known(kb))
		return;
	if (known(pcp) && __builtin_add_overflow(kb, pcp, &kb))
		kb = INT64_MAX;
	text_part(rep, 2, "free", kb, total_of_ledger(l));
	if (known(l->free_cma_kb) && l->free_cma_kb > 0)
		fprintf(out, "  %s of it only for movable pages (CMA)", words_kb(l->free_cma_kb).s);
	putc('\n', out);
}

static void
put_rest(struct report *rep, const struct ledger *l)
{
	FILE *out = rep->out;
	int64_t total = total_of_ledger(l);

	if (!known(l->rest_kb) || is_small(l->rest_kb, total))
		return;
	text_part(rep, 2, l->partial ? "not in the log" : "not accounted for", l->rest_kb, total);
	if (!l->partial && l->rest_kb > total / 10)
		fputs("  the kernel gave it out without booking it", out);
	putc('\n', out);
}

/* What is too small for a line, so that the sum closes before the eyes. */
static void
put_small(struct report *rep, const struct ledger *l)
{
	FILE *out = rep->out;
	int64_t total = total_of_ledger(l), kb = 0;

	for (size_t i = 0; i < ARRAY_LEN(user_parts); i++) {
		int64_t part = ledger_kb(l, user_parts[i]);

		if (known(part) && is_small(part, total) && __builtin_add_overflow(kb, part, &kb))
			return;
	}
	if (is_small(kb, total))
		return;
	text_part(rep, 2, "other", kb, total);
	putc('\n', out);
}

/* Mostly of processes too: mlock() takes their pages off the other lists. */
static int64_t
locked_of(const struct ledger *l)
{
	int64_t kb = ledger_kb(l, LEDGER_UNEVICTABLE);

	return known(kb) && kb > 0 ? kb : 0;
}

static void
put_own(struct report *rep, const struct finding *f, const struct ledger *l, enum ledger_name name,
    int64_t kb)
{
	int64_t total = total_of_ledger(l), locked = locked_of(l);

	if (__builtin_add_overflow(kb, locked, &kb))
		kb = INT64_MAX;
	text_part(rep, 2, ledger_entry_words(name), kb, total);
	if (!is_small(locked, total))
		fprintf(rep->out, "  %s of it locked in RAM (mlock)", words_kb(locked).s);
	putc('\n', rep->out);
	text_services(rep, f, total);
}

static void
put_parts(struct report *rep, const struct finding *f, const struct ledger *l)
{
	int64_t total = total_of_ledger(l);
	bool told = false;

	for (size_t i = 0; i < ARRAY_LEN(user_parts); i++) {
		int64_t kb = ledger_kb(l, user_parts[i]);
		bool own = user_parts[i] == LEDGER_ANON || user_parts[i] == LEDGER_LISTS;

		if (known(kb) && own && !told) {
			put_own(rep, f, l, user_parts[i], kb);
			told = true;
			continue;
		}
		if (is_small(kb, total))
			continue;
		text_part(rep, 2, ledger_entry_words(user_parts[i]), kb, total);
		if (user_parts[i] == LEDGER_HUGETLB && known(l->huge_free_kb) &&
		    l->huge_free_kb > 0)
			fprintf(rep->out, "  %s of it in no use", words_kb(l->huge_free_kb).s);
		putc('\n', rep->out);
	}
	if (!told)
		text_services(rep, f, total);
	put_small(rep, l);
	put_kernel(rep, l);
	put_free(rep, l);
	put_rest(rep, l);
}

static void
put_limit(FILE *out, const char *what, const struct cgroup_usage *u)
{
	if (!known(u->usage_kb) || (u->limit_kb == INT64_MAX && u->usage_kb == 0))
		return;
	if (u->limit_kb == 0 && u->usage_kb == 0) {
		fprintf(out, "  %s: not allowed here\n", what);
		return;
	}
	fprintf(out, "  %s: %s", what, words_kb(u->usage_kb).s);
	if (u->limit_kb == INT64_MAX)
		fputs(", without a limit\n", out);
	else
		fprintf(out, " of %s\n", words_kb(u->limit_kb).s);
}

static void
put_head(struct report *rep, const struct finding *f, const struct ledger *l)
{
	FILE *out = rep->out;

	text_heading(rep, "WHERE THE MEMORY WAS");
	fprintf(out, "   %s", words_kb(l->total_kb).s);
	if (l->scope == LEDGER_MEMCG) {
		fputs(" charged to ", out);
		str_put_escaped(out, l->of.p == NULL	   ? STR("a cgroup (name not in the log)")
				     : f->services == NULL ? l->of
							   : f->services->oom_place.name);
		if (known(l->limit_kb) && l->limit_kb != INT64_MAX)
			fprintf(out, ", whose limit is %s", words_kb(l->limit_kb).s);
		if (known(f->event->cgroup.memory.failcnt) && f->event->cgroup.memory.failcnt > 0)
			fprintf(out, " (reached %s)",
			    words_count(f->event->cgroup.memory.failcnt, "time", "times").s);
	} else {
		fputs(l->total_is_present ? " of RAM, with what the kernel keeps for itself"
					  : " of RAM that the kernel manages",
		    out);
	}
	putc('\n', out);
}

/* Only some nodes ran out: which, and what the others had. */
static void
put_nodes(struct report *rep, const struct finding *f)
{
	const struct event *ev = f->event;
	const struct ledgers *all = f->ledgers;
	struct str allowed = ev->constraint == CONSTRAINT_MEMORY_POLICY ? ev->cgroup.nodemask
									: ev->cgroup.mems_allowed;
	size_t most = rep->opts.verbose ? SIZE_MAX : NODES_SHOWN;

	if (all->nnodes < 2 || ev->constraint == CONSTRAINT_MEMCG)
		return;
	for (size_t i = 0; i < all->nnodes && i < most; i++) {
		const struct ledger *n = &all->nodes[i];

		fprintf(rep->out, "  memory node %lld: %s free of %s%s\n", (long long)n->node,
		    words_kb(ledger_kb(n, LEDGER_FREE)).s, words_kb(n->total_kb).s,
		    ev->constraint == CONSTRAINT_NONE || allowed.n == 0 ? ""
		    : node_listed(allowed, n->node)			? "  allowed"
									: "  not allowed here");
	}
	if (all->nnodes > most)
		fprintf(rep->out, "  and %s\n",
		    words_count((int64_t)(all->nnodes - most), "other node", "other nodes").s);
}

/* Without Mem-Info the processes are all there is to tell. */
static void
put_processes_only(struct report *rep, const struct finding *f)
{
	if (f->services == NULL || f->services->n == 0 || !known(f->services->v[0].private_kb))
		return;
	text_heading(rep, "WHERE THE MEMORY WAS");
	fputs("   only of the processes: the sums of the report are not in the log\n", rep->out);
	text_services(rep, f, UNKNOWN);
}

void
text_memory(struct report *rep, const struct finding *f)
{
	const struct ledger *l = f->ledgers == NULL ? NULL : f->ledgers->scope;

	if (f->ledgers == NULL)
		return;
	if (l == NULL || (l->n == 0 && !known(l->total_kb))) {
		put_processes_only(rep, f);
		return;
	}
	put_head(rep, f, l);
	put_parts(rep, f, l);
	if (l->scope == LEDGER_MEMCG) {
		put_limit(rep->out, "swap", &f->event->cgroup.swap);
		put_limit(rep->out, "memory and swap", &f->event->cgroup.memsw);
	}
	put_nodes(rep, f);
}
