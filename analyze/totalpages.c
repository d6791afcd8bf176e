#include "analyze/totalpages.h"

#include "analyze/arith.h"

#include <inttypes.h>

/* A part of the sum, in pages. */
struct amount {
	int64_t pages, max; /* max UNKNOWN: no bound */
	enum quality quality;
	const char *caveat; /* static; NULL: none */
};

static const struct amount nothing = { UNKNOWN, UNKNOWN, QUALITY_NONE, NULL };

/* UNKNOWN is negative too, as is what lines that contradict each other add up to. */
static struct amount
exactly(int64_t pages)
{
	return pages >= 0 ? (struct amount){ pages, pages, QUALITY_EXACT, NULL } : nothing;
}

static struct amount
roughly(int64_t pages, const char *caveat)
{
	return pages >= 0 ? (struct amount){ pages, pages, QUALITY_APPROXIMATE, caveat } : nothing;
}

/* Only x86 prints these; its pages have 4096 bytes. */
static const char *const x86_words[] = { "RIP: 0", "EIP: 0", "ORIG_RAX: ", "entry_SYSCALL_64",
	"asm_exc_page_fault", "asm_sysvec_", "system_call_fastpath" };
static const char *const x86_releases[] = { "x86_64", "amd64", "i386", "i486", "i586", "i686",
	"-686" };

static bool
is_x86(const struct event *ev)
{
	for (size_t i = 0; i < ARRAY_LEN(x86_releases); i++) {
		if (str_has(ev->kernel, str_from(x86_releases[i])))
			return true;
	}
	for (size_t i = 0; i < ev->nlines; i++) {
		for (size_t w = 0; w < ARRAY_LEN(x86_words); w++) {
			if (str_has(ev->lines[i].text, str_from(x86_words[w])))
				return true;
		}
	}
	return false;
}

int64_t
pages_of_kb(int64_t kb, int64_t page_size)
{
	if (!known(kb) || kb < 0)
		return UNKNOWN;
	if (kb == 0)
		return 0;
	return known(page_size) && page_size >= 1024 ? kb / (page_size / 1024) : UNKNOWN;
}

bool
node_listed(struct str list, int64_t node)
{
	int64_t first, last;

	while (str_eat_i64(&list, &first)) {
		last = first;
		if (str_eat_chr(&list, '-') && !str_eat_i64(&list, &last))
			return false;
		if (node >= first && node <= last)
			return true;
		if (!str_eat_chr(&list, ','))
			return false;
	}
	return false;
}

/* Sum of the zones' managed pages; UNKNOWN if a zone does not say. */
static int64_t
managed_pages(const struct event *ev, int64_t page_size)
{
	int64_t sum = ev->memory.nzones > 0 ? 0 : UNKNOWN;

	for (size_t i = 0; i < ev->memory.nzones; i++)
		sum = plus(sum, pages_of_kb(ev->memory.zones[i].managed_kb, page_size));
	return sum;
}

/*
 * totalram_pages.  "pages RAM" and "pages reserved" have meant five things, and
 * from 3.12 to 3.17 the reserved line counted one zone only (lib/show_mem.c).
 */
static struct amount
ram_pages(const struct event *ev, const struct era_match *era, const struct total *t)
{
	const struct memory *m = &ev->memory;
	int64_t tail = minus(m->ram_pages, m->reserved_pages);
	int64_t zones = managed_pages(ev, t->page_size);
	bool cma = known(m->cma_reserved_pages) && m->cma_reserved_pages > 0;

	if (known(tail) && (m->reserved_pages < 0 || tail <= 0))
		tail = UNKNOWN;
	if (era->release >= RELEASE(3, 12, 0) && era->release < RELEASE(3, 18, 0))
		return era->by_release ? exactly(zones) : roughly(zones, "release unknown");
	if (!known(tail))
		return roughly(zones, "the sum of the zones, as the RAM lines are not in the log");
	if (era->release >= RELEASE(3, 19, 0) && era->release < RELEASE(4, 2, 0) && cma)
		return exactly(minus(tail, m->cma_reserved_pages));
	if (era->release >= RELEASE(3, 18, 0) && (era->by_release || !cma))
		return exactly(tail);
	if (era->release >= RELEASE(3, 18, 0))
		return roughly(tail, "whether CMA counts depends on the release");
	if (known(zones) && era->release >= RELEASE(3, 8, 0))
		return (struct amount){ least(zones, tail), most(zones, tail), QUALITY_APPROXIMATE,
			"zones and RAM lines of this release may differ" };
	return roughly(tail, "pages that drivers reserved cannot be told from holes");
}

int64_t
managed_ram_pages(const struct event *ev, const struct era_match *era, int64_t page_size)
{
	return ram_pages(ev, era, &(struct total){ .page_size = page_size }).pages;
}

static struct amount
swap_pages(const struct event *ev, const struct total *t)
{
	int64_t here = pages_of_kb(ev->memory.swap_total_kb, t->page_size);

	if (known(here))
		return exactly(here);
	return roughly(pages_of_kb(ev->boot_swap_total_kb, t->page_size),
	    "swap as another report of this boot has it");
}

/* Sum of what is known; what is not makes it a lower bound. */
static struct total
add(const struct total *t, struct amount a, struct amount b)
{
	struct total sum = *t;

	if (!known(a.pages))
		return sum;
	sum.pages = plus(a.pages, known(b.pages) ? b.pages : 0);
	sum.max = plus(a.max, b.max);
	sum.quality =
	    most(a.quality, b.quality) == QUALITY_EXACT ? QUALITY_EXACT : QUALITY_APPROXIMATE;
	if (!known(b.pages) || a.quality == QUALITY_LOWER_BOUND)
		sum.quality = QUALITY_LOWER_BOUND;
	return sum;
}

static int
explain(struct event *ev, struct total *t, const char *what, struct amount a, struct amount swap)
{
	const char *caveat = a.caveat != NULL ? a.caveat : swap.caveat;
	const char *page = t->page_size_assumed ? "; 4 KiB pages, as on every x86" : "";
	const char *sep = caveat != NULL ? "; " : "";

	caveat = caveat != NULL ? caveat : "";
	if (!known(a.pages))
		t->how = !known(t->page_size)
			     ? STR("the report tells neither it nor the size of a page")
			     : STR("not in the log");
	else if (known(swap.pages))
		t->how = arena_printf(&ev->mem, "%s %" PRId64 " + swap %" PRId64 " pages%s%s%s",
		    what, a.pages, swap.pages, sep, caveat, page);
	else
		t->how = arena_printf(&ev->mem,
		    "%s %" PRId64 " pages, and swap that is not in the log%s%s%s", what, a.pages,
		    sep, caveat, page);
	return t->how.p == NULL ? -1 : 0;
}

static int
total_global(struct event *ev, const struct era_match *era, struct total *t)
{
	struct amount ram = ram_pages(ev, era, t), swap = swap_pages(ev, t);

	*t = add(t, ram, swap);
	return explain(ev, t, "RAM", ram, swap);
}

/* Pages of the nodes that the allocation was limited to. */
static struct amount
node_pages(const struct event *ev, const struct era_match *era, const struct total *t)
{
	struct str nodes =
	    ev->constraint == CONSTRAINT_CPUSET ? ev->cgroup.mems_allowed : ev->cgroup.nodemask;
	const char *spanned = "holes in the nodes count too, but are not printed";
	int64_t sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < ev->memory.nzones; i++) {
		const struct zone *z = &ev->memory.zones[i];

		if (!node_listed(nodes, known(z->node) ? z->node : 0))
			continue;
		n++;
		sum = plus(sum, pages_of_kb(z->present_kb, t->page_size));
	}
	if (n == 0 || !known(sum))
		return nothing;
	if (era->era != NULL && era->era->node_present)
		return exactly(sum);
	return (struct amount){ sum, UNKNOWN, QUALITY_LOWER_BOUND, spanned };
}

static int
total_nodes(struct event *ev, const struct era_match *era, struct total *t)
{
	struct amount nodes = node_pages(ev, era, t), swap = swap_pages(ev, t);

	*t = add(t, nodes, swap);
	return explain(ev, t, "allowed nodes", nodes, swap);
}

/* PAGE_COUNTER_MAX stands for "no limit" and is added and divided like any other. */
static int64_t
limit_pages(int64_t limit_kb, int64_t page_size)
{
	if (limit_kb == INT64_MAX)
		return known(page_size) && page_size > 0 ? INT64_MAX / page_size : UNKNOWN;
	return pages_of_kb(limit_kb, page_size);
}

/*
 * Limit + swap, where swap is the machine's, capped by the memcg's own limit of
 * swap (v2) or of memory+swap (v1).  Swappiness is never printed: with 0, swap
 * would not count.
 */
static int
total_memcg(struct event *ev, const struct era_match *era, struct total *t)
{
	const struct cgroup *g = &ev->cgroup;
	int64_t limit = limit_pages(g->memory.limit_kb, t->page_size);
	int64_t swap_limit = limit_pages(g->swap.limit_kb, t->page_size);
	int64_t both_limit = limit_pages(g->memsw.limit_kb, t->page_size);
	int64_t cap = known(swap_limit) ? swap_limit : INT64_MAX;
	struct amount memory = exactly(limit), swap = swap_pages(ev, t);

	if (known(both_limit) && known(limit))
		cap = least(cap, most(minus(both_limit, limit), 0));
	if (cap == 0) {
		swap = exactly(0);
	} else if (known(swap.pages) && swap.pages >= cap) {
		swap.pages = swap.max = cap;
	} else if (!known(swap.pages) && cap < INT64_MAX / 4096) {
		swap.max = cap;
	}
	/* 2.6.36 - 2.6.38 added the swap's pages to the limit's bytes. */
	if (era->era != NULL && era->era->memcg_bytes && known(swap.pages))
		swap.pages = swap.max = swap.pages / t->page_size;
	*t = add(t, memory, swap);
	return explain(ev, t, "limit", memory, swap);
}

int
total_of(struct event *ev, const struct era_match *era, struct total *ret)
{
	int r;

	*ret = (struct total){ .pages = UNKNOWN,
		.max = UNKNOWN,
		.quality = QUALITY_NONE,
		.page_size = ev->page_size };
	if (known(ret->page_size) && (ret->page_size < 1024 || ret->page_size > 1 << 24))
		ret->page_size = UNKNOWN;
	if (!known(ret->page_size) && is_x86(ev)) {
		ret->page_size = 4096;
		ret->page_size_assumed = true;
	}
	switch (ev->constraint) {
	case CONSTRAINT_MEMCG:
		r = total_memcg(ev, era, ret);
		break;
	case CONSTRAINT_CPUSET:
	case CONSTRAINT_MEMORY_POLICY:
		r = total_nodes(ev, era, ret);
		break;
	default:
		r = total_global(ev, era, ret);
	}
	if (ret->pages == 0)
		ret->pages = 1; /* as oom_badness() did */
	if (known(ret->max))
		ret->max = most(ret->max, ret->pages);
	return r;
}
