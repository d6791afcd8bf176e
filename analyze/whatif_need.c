/*
 * How much more memory the request that failed would have needed.
 *
 * A lower bound only: with less it fails just the same.  With as much this one request is
 * granted (try_charge_memcg(), mm/memcontrol.c; __zone_watermark_ok(), mm/page_alloc.c); how
 * far the processes would have grown after it is in no log.
 */
#include "analyze/rule.h"
#include "analyze/whatif_internal.h"

enum { ORDER_MAX = 20 };

/* The counter that was at its limit. */
struct full {
	const char *id;	  /* NULL: none was */
	const char *what; /* "memory" */
	const struct cgroup_usage *of;
};

static int64_t
request_kb(const struct replay *p)
{
	int64_t order = p->w->ev->trigger.order, page = p->now.total.page_size;

	if (!known(page) || order == -1 || order > ORDER_MAX)
		return UNKNOWN;
	return (page / 1024) << (known(order) && order > 0 ? order : 0);
}

/* What dying set free: memory of its own.  Who shared it is not counted again. */
static int64_t
freed_kb(const struct event *ev)
{
	int64_t sum = ev->nvictims > 0 ? 0 : UNKNOWN;

	for (size_t i = 0; i < ev->nvictims; i++) {
		if (ev->victims[i].role != ROLE_SHARED_MM)
			sum = plus(sum, ev->victims[i].anon_rss_kb);
	}
	return known(sum) && sum >= 0 ? sum : UNKNOWN;
}

static int64_t
lacking(const struct cgroup_usage *u, int64_t request)
{
	if (!known(u->limit_kb) || u->limit_kb == INT64_MAX)
		return UNKNOWN;
	return minus(plus(u->usage_kb, request), u->limit_kb);
}

/* memory, memory+swap and kmem of v1 are charged one after another: any may be full. */
static struct full
full_of(const struct cgroup *g, int64_t request)
{
	const struct full each[] = { { "limit", "memory", &g->memory },
		{ "memsw-limit", "memory and swap together (memsw)", &g->memsw },
		{ "kmem-limit", "kernel memory (kmem)", &g->kmem } };

	for (size_t i = 0; i < ARRAY_LEN(each); i++) {
		int64_t lack = lacking(each[i].of, request);

		if (known(lack) && lack > 0)
			return each[i];
	}
	return (struct full){ NULL, NULL, NULL };
}

/* Less than before cannot have helped; enough more has. */
static enum tri
enough(int64_t more, int64_t least_kb)
{
	if (!known(more) || !known(least_kb))
		return TRI_UNKNOWN;
	return more >= least_kb ? TRI_YES : TRI_NO;
}

static struct str
freed_says(struct replay *p)
{
	struct str freed;

	if (!known(p->w->need.freed_kb) || p->w->need.freed_kb < p->w->need.least_kb)
		return STR("");
	freed = whatif_kb(p->w, p->w->need.freed_kb);
	if (freed.p == NULL)
		return STR_NONE;
	return arena_printf(&p->w->mem,
	    " As much room as the kill made needs %.*s more; how far the processes would have "
	    "grown after that is in no log.",
	    STR_ARG(freed));
}

static int
say_limit(struct replay *p, const struct full *full)
{
	struct whatif_need *need = &p->w->need;
	struct str by = whatif_kb(p->w, need->least_kb), freed = freed_says(p);
	struct str ask = whatif_kb(p->w, need->request_kb);

	if (by.p == NULL || freed.p == NULL || ask.p == NULL)
		return -1;
	need->says = arena_printf(&p->w->mem,
	    "The charge that failed asked for %.*s of %s and lacked %.*s: with less than that more "
	    "of limit it fails just the same.%.*s",
	    STR_ARG(ask), full->what, STR_ARG(by), STR_ARG(freed));
	return need->says.p == NULL ? -1 : 0;
}

static int
need_of_cgroup(struct replay *p)
{
	struct whatif_need *need = &p->w->need;
	const struct cgroup *g = &p->w->ev->cgroup;
	struct full full;

	if (!known(need->request_kb) || !known(g->memory.usage_kb))
		return 0;
	full = full_of(g, need->request_kb);
	if (full.id == NULL) {
		need->id = "room";
		need->says = STR("When the report was printed the cgroup had room for the request "
				 "again: what it lacked cannot be told.");
		return 0;
	}
	need->id = full.id;
	need->least_kb = lacking(full.of, need->request_kb);
	if (known(p->ask->limit_kb))
		need->helped = full.of == &g->memory
				   ? enough(p->ask->limit_kb == INT64_MAX
						? INT64_MAX
						: minus(p->ask->limit_kb, full.of->limit_kb),
					 need->least_kb)
				   : TRI_NO;
	else if (known(p->ask->ram_kb) && !known(p->ask->swap_kb))
		need->helped = TRI_NO; /* the limit is as it was */
	return say_limit(p, &full);
}

static bool
node_allowed(const struct event *ev, const struct zone *z)
{
	struct str nodes = ev->constraint == CONSTRAINT_CPUSET		? ev->cgroup.mems_allowed
			   : ev->constraint == CONSTRAINT_MEMORY_POLICY ? ev->cgroup.nodemask
									: STR_NONE;

	return nodes.p == NULL || !known(z->node) || node_listed(nodes, z->node);
}

/* What the zone lacks of serving the request above its low mark of emergencies, "min". */
static int64_t
zone_lack(const struct facts *f, const struct zone *z, int64_t request)
{
	if (!zone_allowed(f, z) || !node_allowed(f->ev, z) || !known(z->min_kb) ||
	    !known(z->free_kb) || (known(z->managed_kb) && z->managed_kb == 0))
		return UNKNOWN;
	return minus(plus(z->min_kb, request), zone_usable_kb(f, z));
}

/* RAM is added at the end, in Normal, or above it in HighMem; not in the zones below. */
static bool
ram_reaches(const struct facts *f)
{
	int64_t high = f->ev->memory.highmem_pages;
	bool highmem = known(high) && high > 0;

	for (size_t i = 0; i < f->ev->memory.nzones; i++)
		highmem = highmem || str_eq(f->ev->memory.zones[i].name, STR("HighMem"));
	return f->class >= (highmem ? ZONE_HIGHMEM : ZONE_NORMAL);
}

static int
say_zone(struct replay *p, const struct zone *z, bool reaches)
{
	struct whatif_need *need = &p->w->need;
	struct str by = whatif_kb(p->w, need->least_kb), freed = freed_says(p);
	struct str ask = whatif_kb(p->w, need->request_kb);

	if (by.p == NULL || freed.p == NULL || ask.p == NULL)
		return -1;
	need->says = arena_printf(&p->w->mem,
	    "The request was for %.*s, and zone %.*s was %.*s short of granting it above its min "
	    "mark: "
	    "with less than that more there it fails just the same.%.*s%s",
	    STR_ARG(ask), STR_ARG(z->name), STR_ARG(by), STR_ARG(freed),
	    reaches ? "" : " More RAM is not added to the zones that this request may use.");
	return need->says.p == NULL ? -1 : 0;
}

/*
 * The highest zone that the request may use, where more RAM would be: of several nodes, the
 * one that lacks least.  A lower zone that lacks nothing would have served it too.
 */
static const struct zone *
find_top(const struct facts *f, struct whatif_need *need, bool *ret_lacks)
{
	const struct zone *top = NULL;
	enum zone_class class, highest = ZONE_DMA;

	*ret_lacks = true;
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];
		int64_t lack = zone_lack(f, z, need->request_kb);

		if (!known(lack) || !zone_class_of(z->name, &class))
			continue;
		*ret_lacks = *ret_lacks && lack > 0;
		if (top != NULL &&
		    (class < highest || (class == highest && lack >= need->least_kb)))
			continue;
		top = z;
		highest = class;
		need->least_kb = lack;
	}
	return top;
}

static int
need_of_zones(struct replay *p)
{
	struct whatif_need *need = &p->w->need;
	struct facts f = { .ev = p->w->ev, .page_kb = p->now.total.page_size / 1024 };
	const struct zone *top;
	bool lacks;

	facts_zones(&f);
	if (!f.class_known || !known(need->request_kb))
		return 0;
	top = find_top(&f, need, &lacks);
	if (top == NULL)
		return 0;
	if (!lacks) {
		bool split = f.ev->trigger.order > 0;

		need->id = split ? "fragmented" : "room";
		need->least_kb = UNKNOWN;
		need->says = split
				 ? STR("There was free memory enough for the request, but not in "
				       "one piece: more memory makes pieces likelier, and how much "
				       "more cannot be told.")
				 : STR("When the report was printed there was free memory for the "
				       "request again: what it lacked cannot be told.");
		return 0;
	}
	need->id = "zone";
	if (known(p->ask->ram_kb))
		need->helped = ram_reaches(&f)
				   ? enough(times(p->now.ram_more, f.page_kb), need->least_kb)
				   : TRI_NO;
	return say_zone(p, top, ram_reaches(&f));
}

int
whatif_needs(struct replay *p)
{
	struct whatif_need *need = &p->w->need;
	const struct event *ev = p->w->ev;

	need->request_kb = request_kb(p);
	need->freed_kb = freed_kb(ev);
	if (ev->reason == REASON_SYSRQ || ev->trigger.order == -1) {
		need->id = "sysrq";
		need->helped = TRI_NO;
		need->says = STR("SysRq asked for a kill, not for memory: no memory would have "
				 "avoided it.");
		return 0;
	}
	return ev->constraint == CONSTRAINT_MEMCG ? need_of_cgroup(p) : need_of_zones(p);
}
