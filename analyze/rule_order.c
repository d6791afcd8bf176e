/* Free memory, but no piece of it long enough; or memory that nothing printed explains. */
#include "analyze/era.h"
#include "analyze/rule.h"

static const struct wrong_advice order_wrong[] = {
	{ "add RAM", "Memory was free; there was no piece of it long enough." },
	{ "a huge vm.min_free_kbytes", "Beyond some per cent it is the reserve that starves the "
				       "system." },
};

static bool
buddy_has(const struct buddy_order *o)
{
	if (o->count <= 0)
		return false;
	/* (C): for devices; (H): for those in need.  Unprinted: of any kind. */
	for (size_t i = 0; i < o->types.n; i++) {
		if (o->types.p[i] != 'C' && o->types.p[i] != 'H')
			return true;
	}
	return o->types.n == 0;
}

static bool
has_block(const struct zone *z, int64_t order)
{
	for (size_t i = (size_t)order; i < z->nbuddy; i++) {
		if (buddy_has(&z->buddy[i]))
			return true;
	}
	return false;
}

/* The lowest zone is kept from all that can use another (lowmem_reserve); by how much, a report
 * without its zone lines does not tell. */
static bool
is_kept_back(const struct facts *f, const struct zone *z)
{
	return z->nreserve == 0 && f->class > ZONE_DMA && str_eq_z(z->name, "DMA") &&
	       f->ev->memory.nzones > 1;
}

/* The allowed zone with most to give that has no block of the order; NULL if one has. */
static const struct zone *
broken_zone(const struct facts *f)
{
	const struct zone *best = NULL;
	int64_t best_kb = 0;

	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];
		int64_t usable, floor = known(z->min_kb) ? z->min_kb : 0;

		if (!zone_allowed(f, z) || z->nbuddy == 0 || is_kept_back(f, z))
			continue;
		usable = known(z->free_kb) ? zone_usable_kb(f, z) : z->buddy_total_kb;
		if (!known(usable) || usable <= floor)
			continue; /* full for every order */
		if (has_block(z, f->order))
			return NULL;
		if (best == NULL || usable > best_kb) {
			best = z;
			best_kb = usable;
		}
	}
	return best;
}

/* Above order 3 the allocator never kills: PAGE_ALLOC_COSTLY_ORDER, mm/page_alloc.c. */
static bool
fragmented(const struct facts *f)
{
	return f->global && f->order >= 1 && f->order <= 3 && broken_zone(f) != NULL;
}

static void
tell_fragmented(struct brief *b)
{
	const struct zone *z = broken_zone(b->f);
	int64_t order = b->f->order;

	says(b,
	    "The request was for %lld pages in one piece (order %lld). Zone %s had memory free, "
	    "but no piece of that size: this is fragmentation, not shortage.",
	    1LL << order, (long long)order, name(b, z->name));
	proof(b, z->buddy_line, "no usable block of order %lld or more among %s free",
	    (long long)order, size(b, z->buddy_total_kb));
	proof(b, b->f->ev->trigger.line, "order=%lld", (long long)order);
	if (line_with(b->f, "COMPACTION is disabled") != NULL)
		proof(b, line_with(b->f, "COMPACTION is disabled")->line,
		    "the kernel was built without compaction");
	advise(b, "Let the kernel compact now, and keep somewhat more free for it to work with.");
	by_command(b, "echo 1 > /proc/sys/vm/compact_memory");
	at_price(b, "A short stall while pages are moved.");
	advise(b, "Use Linux 4.10 or newer with CONFIG_COMPACTION, and drivers that need no large "
		  "buffers (smaller MTU).");
}

/* Plenty free, and no list of the pieces. */
static bool
fragmented_maybe(const struct facts *f)
{
	const struct counters *c = &f->ev->memory.global_pages;
	int64_t free = counter_get(c, "free"), lists;

	lists = plus(plus(counter_get(c, "active_anon"), counter_get(c, "inactive_anon")),
	    plus(counter_get(c, "active_file"), counter_get(c, "inactive_file")));
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		if (f->ev->memory.zones[i].nbuddy > 0)
			return false;
	}
	return f->global && f->order >= 1 && f->order <= 3 &&
	       share_is(free, plus(free, lists), 200);
}

static void
tell_fragmented_maybe(struct brief *b)
{
	int64_t free = counter_get(&b->f->ev->memory.global_pages, "free");

	says(b,
	    "The request was for %lld pages in one piece (order %lld), and much was free (%s). "
	    "Either "
	    "there was no piece of that size, or it lay in a zone that the request may not use; "
	    "the lists of free pieces are not in the log.",
	    1LL << b->f->order, (long long)b->f->order, size(b, times(free, b->f->page_kb)));
	proof(b, b->f->ev->trigger.line, "order=%lld", (long long)b->f->order);
	proof(b, b->f->machine_line, "free:%lld pages", (long long)free);
	advise(b, "Look at the free pieces while the machine runs.");
	by_command(b, "cat /proc/buddyinfo");
}

static bool
premature(const struct facts *f)
{
	int64_t build;
	int release = release_parse(f->ev->kernel, &build);

	/* Compaction gave up too early after the rework of 4.7; mended in 4.9. */
	return f->global && release >= RELEASE(4, 7, 0) && release < RELEASE(4, 9, 0) &&
	       f->order >= 1 && f->order <= 3 && share_is(plus(f->file, f->free), f->managed, 200);
}

static void
tell_premature(struct brief *b)
{
	says(b,
	    "This kernel gives up on pieces of several pages too early (4.7 and 4.8, after a "
	    "rework of the OOM detection); %s were free or page cache.",
	    size(b, plus(b->f->file, b->f->free)));
	proof(b, b->f->ev->trigger.line, "order=%lld on Linux %.*s", (long long)b->f->order,
	    STR_ARG(b->f->ev->kernel));
	advise(b, "Update to Linux 4.9 or newer.");
}

/* Nothing that is printed explains it. */
static bool
above_watermarks(const struct facts *f)
{
	if (!f->global || f->order != 0 || f->ev->constraint != CONSTRAINT_NONE ||
	    f->ev->reason == REASON_PAGE_FAULT)
		return false;
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];

		if (zone_allowed(f, z) && known(z->high_kb) && z->high_kb > 0 &&
		    zone_usable_kb(f, z) > z->high_kb)
			return true;
	}
	return false;
}

static void
tell_above(struct brief *b)
{
	says(b,
	    "Memory was free again when the report was printed, so the report shows the moment "
	    "after: a large process had just ended, or a limit is at work that is not printed.");
	proof(b, b->f->machine_line,
	    "%s free, above the high watermark of a zone that the request may use",
	    size(b, b->f->free));
	advise(b, "Look at what ended within the second before.");
	by_command(b, "journalctl -k -o short-monotonic -g 'oom|Killed process'");
}

const struct diagnosis_rule rules_order[] = {
	{ .id = "fragmentation-order-gt-0",
	    .title = "No free piece long enough",
	    .band = BAND_LIMIT,
	    .needs = { FACT(order) },
	    .fires = fragmented,
	    .tell = tell_fragmented,
	    WRONG(order_wrong) },
	{ .id = "fragmentation-order-gt-0",
	    .title = "No free piece long enough",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .needs = { FACT(order) },
	    .fires = fragmented_maybe,
	    .tell = tell_fragmented_maybe,
	    WRONG(order_wrong) },
	{ .id = "premature-oom-regression",
	    .title = "A known fault of this kernel",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(order), FACT(file), FACT(free), FACT(managed) },
	    .fires = premature,
	    .tell = tell_premature },
	{ .id = "free-above-watermarks",
	    .title = "Memory was free when the report was printed",
	    .band = BAND_BESIDE,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .fires = above_watermarks,
	    .tell = tell_above },
	{ .id = NULL },
};
