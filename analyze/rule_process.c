/* Processes held the memory: one of them, many alike, or all together. */
#include "analyze/rule.h"

static const struct wrong_advice one_wrong[] = {
	{ "add swap, and nothing else", "A leak fills it too." },
	{ "vm.overcommit_memory=2, and nothing else", "Programs that reserve much and use little "
						      "then fail to start or to fork." },
};

static const struct wrong_advice exempt_wrong[] = {
	{ "oom_score_adj -1000 for all that matters",
	    "When nobody may be killed the kernel panics." },
};

/* The largest process holds what a reader of the table would call "the" memory.  Resident memory
 * only: what is in swap does not fill RAM. */
static int64_t
largest_rss(const struct facts *f)
{
	return f->largest == NULL ? UNKNOWN : times(f->largest->rss_pages, f->page_kb);
}

static bool
dominant(const struct facts *f)
{
	return f->order <= 0 && share_is(f->largest_need, f->tasks_need, 500) &&
	       (known(f->ran_out) ? share_is(largest_rss(f), f->ran_out, 300)
				  : largest_rss(f) >= 1024 * 1024);
}

static void
weigh_largest(struct brief *b)
{
	int64_t share = permille(largest_rss(b->f), b->f->ran_out);

	b->weight = known(share) ? share : 500;
}

void
prove_largest(struct brief *b)
{
	const struct facts *f = b->f;
	const struct task *t = f->largest;

	proof(b, t->line, "%.*s[%lld] holds %s of %s", STR_ARG(t->comm), (long long)t->pid,
	    size(b, largest_rss(f)), size(b, f->ran_out));
	if (known(t->swapents_pages) && t->swapents_pages > t->rss_pages)
		proof(b, t->line,
		    "and %s more in swap: memory it has not touched for long, as a leak "
		    "leaves it",
		    size(b, times(t->swapents_pages, f->page_kb)));
}

/* By what the others and the kernel leave, with a tenth kept free. */
int64_t
left_for(const struct facts *f, int64_t own_kb)
{
	int64_t others = minus(most(f->tasks_need, own_kb), own_kb);
	int64_t kernel = ledger_kernel_kb(f->scope);
	int64_t rest = minus(f->ran_out, f->ran_out / 10);

	/* What the others need may be in swap, or counted twice: half of it all is theirs at most.
	 */
	rest = minus(rest, least(others, f->ran_out / 2));
	return most(minus(rest, known(kernel) ? least(kernel, rest / 2) : 0), f->ran_out / 10);
}

static void
advise_bound(struct brief *b, const char *unit)
{
	int64_t mib = most(1, left_for(b->f, b->f->largest_need) / 1024);

	advise(
	    b, "Bound it, so that it is slowed down and then killed alone before others suffer.");
	by_command(b, "systemctl set-property %s MemoryHigh=%lldM MemoryMax=%lldM", unit,
	    (long long)(mib * 9 / 10), (long long)mib);
	at_price(b, "A program that truly needs more is killed at the bound.");
}

static void
tell_dominant(struct brief *b)
{
	const struct facts *f = b->f;
	const struct task *t = f->largest;
	const char *unit = "UNIT";

	weigh_largest(b);
	says(b,
	    "One process, %s, held %s, %s of %s. Either it needs that much, or it is set up to "
	    "take "
	    "more than there is, or it leaks; one report cannot tell which.",
	    name(b, t->comm), size(b, largest_rss(f)), percent(b, largest_rss(f), f->ran_out),
	    f->memcg ? "the limit" : "RAM");
	prove_largest(b);
	if (f->victim != NULL && f->victim->pid == t->pid)
		unit = shell_word(b, place_of(b->mem, f->ev->cgroup.task_memcg).unit, "UNIT");
	if (known(f->ran_out) && !f->memcg)
		advise_bound(b, unit);
	advise(b, "See whether it grows without end: compare its size over a day.");
	by_command(b, "pidstat -r -C %s 60", shell_word(b, t->comm, "NAME"));
}

/* The consumer cannot be killed, and is not one of the few that ought to be so. */
static const struct task *
exempt_hog(const struct facts *f)
{
	const struct task *t = f->largest;

	if (t == NULL || !known(t->oom_score_adj) || t->oom_score_adj > -900)
		return NULL;
	return share_is(f->largest_need, f->tasks_need, 300) &&
		       (known(f->ran_out) ? share_is(largest_rss(f), f->ran_out, 150) : true)
		   ? t
		   : NULL;
}

static bool protected(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && exempt_hog(f) != NULL;
}

static void
tell_protected(struct brief *b)
{
	const struct facts *f = b->f;
	const struct task *t = exempt_hog(f);

	weigh_largest(b);
	b->weight = plus(b->weight, 1);
	says(b,
	    "The largest process, %s with %s, is exempt from killing (oom_score_adj %lld), so "
	    "others "
	    "die in its place.",
	    name(b, t->comm), size(b, f->largest_need), (long long)t->oom_score_adj);
	proof(b, t->line, "%.*s[%lld]: %s, oom_score_adj %lld", STR_ARG(t->comm), (long long)t->pid,
	    size(b, f->largest_need), (long long)t->oom_score_adj);
	advise(b, "Take the exemption from it, if it only inherited it from a protected parent.");
	by_command(b, "choom -p %lld -n 0", (long long)t->pid);
	at_price(b, "It may be the next victim.");
	advise(b, "Let the service start it with the default.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nOOMScoreAdjust=0");
}

static bool
besteffort(const struct facts *f)
{
	struct str path = f->ev->cgroup.task_memcg;

	return f->global && str_has(path, STR("kubepods")) && str_has(path, STR("besteffort")) &&
	       f->victim != NULL && share_is(f->victim->anon_rss_kb, f->managed, 300);
}

static void
tell_besteffort(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = plus(permille(f->victim->anon_rss_kb, f->managed), 2);
	says(b,
	    "A pod without a memory limit (%s) used %s of the node; its neighbours suffered for "
	    "it.",
	    name(b, f->victim->comm), percent(b, f->victim->anon_rss_kb, f->managed));
	proof(b, f->ev->summary.line, "task_memcg=%.*s", STR_ARG(f->ev->cgroup.task_memcg));
	advise(b, "Give it a request and a limit, and reserve memory for the node itself.");
	by_lines(b, "resources of the container",
	    "requests: { memory: %lldMi }\nlimits: { memory: %lldMi }",
	    (long long)(f->victim->anon_rss_kb / 1024), (long long)(f->victim->anon_rss_kb / 1024));
	at_price(b, "It is killed at the limit, alone.");
}

static bool
explosion(const struct facts *f)
{
	const struct crowd *biggest = NULL;

	for (size_t i = 0; i < f->ncrowds; i++) {
		if (biggest == NULL || f->crowds[i].n > biggest->n)
			biggest = &f->crowds[i];
	}
	return f->global && biggest != NULL && biggest->n >= 500 &&
	       share_is((int64_t)biggest->n, (int64_t)f->ev->tasks.n, 500) &&
	       share_is(
		   plus(plus(f->stacks, f->pagetables), f->slab_unreclaimable), f->managed, 200);
}

static void
tell_explosion(struct brief *b)
{
	const struct facts *f = b->f;
	int64_t kernel = plus(plus(f->stacks, f->pagetables), f->slab_unreclaimable);

	b->weight = permille(kernel, f->managed);
	says(b,
	    "%zu processes run, most of one name: what the kernel needs for each of them (stacks, "
	    "page tables, slab) adds up to %s.",
	    f->ev->tasks.n, size(b, kernel));
	proof(b, f->ev->tasks.header_line, "%zu rows in the list", f->ev->tasks.n);
	advise(b, "Limit how many the service may have.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nTasksMax=500");
	at_price(b, "Past it, fork() fails with EAGAIN.");
}

static bool
capacity(const struct facts *f)
{
	return f->global && f->order <= 0 && share_is(plus(f->anon, f->shmem), f->managed, 500);
}

static void
tell_capacity(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = permille(f->anon, f->managed);
	says(b,
	    "All programs together need more than this machine has: %s of %s are theirs, and no "
	    "single "
	    "one or kind of them stands out.",
	    size(b, f->anon), size(b, f->managed));
	proof(b, f->ev->memory.line, "anonymous memory %s of %s", size(b, f->anon),
	    size(b, f->managed));
	advise(b, "Move a service away, or add RAM: list who uses what, once while all is well.");
	by_command(b, "systemd-cgtop -m -n1 -b --depth=3");
}

const struct diagnosis_rule rules_process[] = {
	{ .id = "protected-consumer",
	    .title = "The largest process cannot be killed",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(largest_need) },
	    .fires = protected,
	    .tell = tell_protected,
	    WRONG(exempt_wrong) },
	{ .id = "besteffort-took-the-node",
	    .title = "A pod without a limit",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(managed) },
	    .fires = besteffort,
	    .tell = tell_besteffort },
	{ .id = "single-process-dominant",
	    .title = "One process held the memory",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(tasks_need), FACT(largest_need) },
	    .fires = dominant,
	    .tell = tell_dominant,
	    WRONG(one_wrong) },
	{ .id = "process-explosion",
	    .title = "Too many processes",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = explosion,
	    .tell = tell_explosion },
	{ .id = "capacity-exceeded",
	    .title = "Too small for all of it",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .last_resort = true,
	    .needs = { FACT(anon), FACT(managed) },
	    .fires = capacity,
	    .tell = tell_capacity },
	{ .id = NULL },
};
