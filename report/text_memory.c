/* Where the memory was: a sum that closes, what each part of it is, and who held the first. */
#include "report/text.h"

#include "analyze/totalpages.h"
#include "base/escape.h"
#include "report/wrap.h"

enum {
	BAR_WIDTH = 24,
	NAME_WIDTH = 28,
	SERVICES_SHOWN = 5,
	NODES_SHOWN = 8,
	SMALL = 100, /* a part below 1/100 of the whole has no line of its own */
};

/* Parts of the first level.  What the kernel has is one line: its detail stands beside it. */
static const enum ledger_name user_parts[] = { LEDGER_LISTS, LEDGER_ANON, LEDGER_SHMEM, LEDGER_FILE,
	LEDGER_CACHE, LEDGER_UNEVICTABLE, LEDGER_ISOLATED, LEDGER_HUGETLB, LEDGER_BALLOON,
	LEDGER_HWPOISON };

/* Integers all the way: a share in thousandths of the total. */
static int64_t
permille(int64_t kb, int64_t total)
{
	if (!known(kb) || !known(total) || total <= 0 || kb < 0)
		return 0;
	if (kb >= total)
		return 1000;
	return kb < INT64_MAX / 1000 ? kb * 1000 / total : kb / (total / 1000 + 1);
}

static void
put_bar(FILE *out, int64_t kb, int64_t total)
{
	int64_t n = permille(kb, total);
	int filled = (int)((n * BAR_WIDTH + 500) / 1000);

	if (!known(total) || total <= 0)
		return;
	fputs("  ", out);
	for (int i = 0; i < BAR_WIDTH; i++)
		putc(i < filled ? '#' : ' ', out);
	if (kb > 0 && n < 10)
		fputs("  < 1 %", out);
	else
		fprintf(out, "  %3lld %%", (long long)((n + 5) / 10));
}

static void
put_line(FILE *out, int indent, const char *what, int64_t kb, int64_t total)
{
	fprintf(out, "%*s%-*s %10s", indent, "", NAME_WIDTH - indent, what, words_kb(kb).s);
	put_bar(out, kb, total);
}

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

static void
put_service_name(FILE *out, const struct service *s)
{
	struct str name = s->name.n == 0 ? STR("(no name)") : s->name;
	bool both = s->comm.n > 0 && !str_eq(s->comm, s->name);
	int n = 4 + width_of(name);

	fputs("    ", out);
	str_put_escaped(out, name);
	if (both) {
		fputs(" (", out);
		str_put_escaped(out, s->comm);
		putc(')', out);
		n += 3 + width_of(s->comm);
	}
	if (s->ntasks > 1)
		n += fprintf(out, " x %zu", s->ntasks);
	fprintf(out, "%*s", n < NAME_WIDTH ? NAME_WIDTH - n : 0, "");
}

/* Who is meant is clear from the name, unless it is our word for several programs. */
static void
put_service(FILE *out, const struct service *s, int64_t total)
{
	const char *sep = "  ";

	put_service_name(out, s);
	fprintf(out, " %10s", words_kb(s->private_kb).s);
	put_bar(out, s->private_kb, total);
	if (s->victim) {
		fprintf(out, "%skilled", sep);
		sep = ", ";
	}
	if (known(s->swap_kb) && s->swap_kb >= 1024)
		fprintf(out, "%s%s more in swap", sep, words_kb(s->swap_kb).s);
	putc('\n', out);
}

static void
put_other_services(FILE *out, const struct services *all, size_t shown, int64_t total)
{
	int64_t kb = 0, n = 0;
	char what[64];

	for (size_t i = shown; i < all->n; i++) {
		n += (int64_t)all->v[i].ntasks;
		if (known(all->v[i].private_kb) &&
		    __builtin_add_overflow(kb, all->v[i].private_kb, &kb))
			kb = INT64_MAX;
	}
	if (n == 0)
		return;
	snprintf(what, sizeof(what), "%s", words_count(n, "other process", "other processes").s);
	put_line(out, 4, what, kb, total);
	putc('\n', out);
}

static void
put_services(struct report *rep, const struct finding *f, int64_t total)
{
	const struct services *all = f->services;
	size_t most = rep->opts.verbose ? SIZE_MAX : SERVICES_SHOWN, n = 0;

	if (all == NULL || all->n == 0 || !known(all->v[0].private_kb))
		return;
	while (
	    n < all->n && n < most &&
	    (n == 0 || rep->opts.verbose || permille(all->v[n].private_kb, total) >= 1000 / SMALL))
		n++;
	for (size_t i = 0; i < n; i++)
		put_service(rep->out, &all->v[i], total);
	put_other_services(rep->out, all, n, total);
	if (known(all->counted_twice_kb) && all->counted_twice_kb >= 1024)
		fprintf(rep->out,
		    "    (at most: processes share memory; at least %s is counted more than "
		    "once)\n",
		    words_kb(all->counted_twice_kb).s);
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
	put_line(rep->out, 2, "the kernel", kernel, total);
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
put_free(FILE *out, const struct ledger *l)
{
	int64_t kb = ledger_kb(l, LEDGER_FREE), pcp = ledger_kb(l, LEDGER_FREE_PCP);

	if (!known(kb))
		return;
	if (known(pcp) && __builtin_add_overflow(kb, pcp, &kb))
		kb = INT64_MAX;
	put_line(out, 2, "free", kb, total_of_ledger(l));
	if (known(l->free_cma_kb) && l->free_cma_kb > 0)
		fprintf(out, "  %s of it only for movable pages (CMA)", words_kb(l->free_cma_kb).s);
	putc('\n', out);
}

static void
put_rest(FILE *out, const struct ledger *l)
{
	int64_t total = total_of_ledger(l);

	if (!known(l->rest_kb) || is_small(l->rest_kb, total))
		return;
	put_line(out, 2, l->partial ? "not in the log" : "not accounted for", l->rest_kb, total);
	if (!l->partial && l->rest_kb > total / 10)
		fputs("  the kernel gave it out without booking it", out);
	putc('\n', out);
}

/* What is too small for a line, so that the sum closes before the eyes. */
static void
put_small(FILE *out, const struct ledger *l)
{
	int64_t total = total_of_ledger(l), kb = 0;

	for (size_t i = 0; i < ARRAY_LEN(user_parts); i++) {
		int64_t part = ledger_kb(l, user_parts[i]);

		if (known(part) && is_small(part, total) && __builtin_add_overflow(kb, part, &kb))
			return;
	}
	if (is_small(kb, total))
		return;
	put_line(out, 2, "other", kb, total);
	putc('\n', out);
}

static void
put_parts(struct report *rep, const struct finding *f, const struct ledger *l)
{
	int64_t total = total_of_ledger(l);
	bool told = false;

	for (size_t i = 0; i < ARRAY_LEN(user_parts); i++) {
		int64_t kb = ledger_kb(l, user_parts[i]);
		bool own = user_parts[i] == LEDGER_ANON || user_parts[i] == LEDGER_LISTS;

		if (is_small(kb, total) && !(own && known(kb)))
			continue;
		put_line(rep->out, 2, ledger_entry_words(user_parts[i]), kb, total);
		if (user_parts[i] == LEDGER_HUGETLB && known(l->huge_free_kb) &&
		    l->huge_free_kb > 0)
			fprintf(rep->out, "  %s of it in no use", words_kb(l->huge_free_kb).s);
		putc('\n', rep->out);
		if (own && !told)
			put_services(rep, f, total);
		told |= own;
	}
	if (!told)
		put_services(rep, f, total);
	put_small(rep->out, l);
	put_kernel(rep, l);
	put_free(rep->out, l);
	put_rest(rep->out, l);
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
	fputs("   only of the processes: the log has no other figures\n", rep->out);
	put_services(rep, f, UNKNOWN);
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
