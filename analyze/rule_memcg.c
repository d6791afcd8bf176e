/* A cgroup's limit was hit: which, whose, and by what kind of memory. */
#include "analyze/rule.h"

static const struct wrong_advice host_wrong[] = {
	{ "add RAM or swap to the machine", "The limit is the cgroup's; the machine's memory does "
					    "not count." },
	{ "echo 1 > /proc/sys/vm/drop_caches", "The kernel had dropped what it could of the group "
					       "before it killed." },
	{ "vm.overcommit_memory=2", "It does not see cgroup limits." },
};

/* Charges are made in batches of 64 pages for each CPU (MEMCG_CHARGE_BATCH), so the printed
 * usage may be below the limit by as much. */
static bool
at_limit(int64_t usage, int64_t limit)
{
	return known(usage) && known(limit) && limit < INT64_MAX && limit > 0 &&
	       share_is(usage, limit, 990);
}

static const char *
owner(struct brief *b)
{
	struct str path = b->f->ev->cgroup.oom_memcg;

	return path.n > 0 ? name(b, path) : "the cgroup";
}

static void
prove_usage(struct brief *b)
{
	proof(b, b->f->ev->cgroup.memory.line, "memory: usage %lldkB, limit %lldkB",
	    (long long)b->f->usage, (long long)b->f->limit);
}

static const char *
unit_of(struct brief *b, struct str path)
{
	return shell_word(b, place_of(b->mem, path).unit, "UNIT");
}

/* Twice the limit is too much to advise; half as much again gives room to measure. */
static void
advise_limit(struct brief *b, int64_t need_kb)
{
	struct place place = place_of(b->mem, b->f->ev->cgroup.oom_memcg);
	int64_t mib = most(1, need_kb / 1024 + need_kb / 4096);
	long long m = (long long)mib;

	if (place.kind == PLACE_CONTAINER && place.runtime.n > 0 && place.pod_uid.n == 0) {
		advise(b, "Raise the container's limit, or make the program use less.");
		by_command(b, "%s update --memory %lldm --memory-swap %lldm %s",
		    str_eq_z(place.runtime, "podman") ? "podman" : "docker", m, m,
		    shell_word(b, str_head(place.container_id, 12), "CONTAINER"));
	} else if (place.pod_uid.n > 0) {
		advise(b, "Raise the limit in the pod's manifest, with the request equal to it.");
		by_lines(b, "resources of the container",
		    "requests: { memory: %lldMi }\nlimits: { memory: %lldMi }", m, m);
	} else {
		advise(b, "Raise the limit of %s, or make the program use less.", owner(b));
		by_command(b, "systemctl set-property %s MemoryHigh=%lldM MemoryMax=%lldM",
		    unit_of(b, b->f->ev->cgroup.oom_memcg), m * 9 / 10, m);
	}
	at_price(b, "The machine must have that memory; a leak fills every limit.");
}

static bool
limit_hit(const struct facts *f)
{
	const struct cgroup *cg = &f->ev->cgroup;

	return f->memcg && cg->oom_memcg.n > 0 && cg->task_memcg.n > cg->oom_memcg.n &&
	       str_starts(cg->task_memcg, cg->oom_memcg) &&
	       (str_eq_z(cg->oom_memcg, "/") || cg->task_memcg.p[cg->oom_memcg.n] == '/');
}

static void
tell_ancestor(struct brief *b)
{
	const struct cgroup *cg = &b->f->ev->cgroup;

	b->weight = 1;
	says(b,
	    "The limit that was hit is not the victim's own but that of %s above it: what all of "
	    "its children use together counts, so its siblings share the blame.",
	    owner(b));
	proof(b, b->f->ev->summary.line, "the limit is of %.*s, the victim lived in %.*s",
	    STR_ARG(cg->oom_memcg), STR_ARG(cg->task_memcg));
	if (known(cg->memory.usage_kb))
		prove_usage(b);
	advise(b, "Give each child a limit of its own, together no more than the parent's.");
	by_command(b, "systemd-cgtop -m --depth=6; systemctl set-property %s MemoryMax=%s",
	    unit_of(b, cg->task_memcg), "SIZE");
	at_price(b, "Each child then is killed alone, and earlier than before.");
}

static bool
memcg_limit(const struct facts *f)
{
	const struct cgroup_usage *sw = &f->ev->cgroup.memsw;

	return f->memcg && !at_limit(sw->usage_kb, sw->limit_kb);
}

static void
tell_limit(struct brief *b)
{
	const struct facts *f = b->f;
	bool at = at_limit(f->usage, f->limit);

	if (known(f->limit) && f->limit < INT64_MAX)
		says(b,
		    "The limit of %s (%s) was reached; how much RAM the machine has does not "
		    "matter.",
		    owner(b), size(b, f->limit));
	else
		says(b, "A cgroup's limit was reached, not the machine's memory.");
	if (known(f->limit) && known(f->usage))
		prove_usage(b);
	else
		proof(b, f->victim != NULL ? f->victim->line : f->ev->trigger.line,
		    "the kernel names a cgroup as what was out of memory");
	if (known(f->cg_anon) && known(f->usage))
		proof(b, stat_line(f), "%s anonymous memory of programs, %s files and tmpfs",
		    size(b, f->cg_anon), size(b, f->cg_file));
	if (known(f->usage) && !at)
		but(b, "the printed usage is below the limit: it fell before the report, or a "
		       "charge of several pages did not fit");
	if (known(f->limit) && f->limit < INT64_MAX)
		advise_limit(b, f->limit);
}

static bool
memsw_hit(const struct facts *f)
{
	const struct cgroup_usage *sw = &f->ev->cgroup.memsw;

	return f->memcg && at_limit(sw->usage_kb, sw->limit_kb);
}

static void
tell_memsw(struct brief *b)
{
	const struct cgroup_usage *sw = &b->f->ev->cgroup.memsw;

	says(b,
	    "The limit on RAM and swap together (%s) was reached; more swap on the machine would "
	    "not have helped.",
	    size(b, sw->limit_kb));
	proof(b, sw->line, "memory+swap: usage %lldkB, limit %lldkB", (long long)sw->usage_kb,
	    (long long)sw->limit_kb);
	advise(b, "Raise both limits together; the second one includes the first.");
	by_command(b, "docker update --memory %lldm --memory-swap %lldm CONTAINER",
	    (long long)most(1, sw->limit_kb / 1024), (long long)most(1, sw->limit_kb / 512));
	at_price(b, "A group that swaps much slows down its neighbours.");
}

/* Pages on the anonymous lists that no process maps any more, their copy being in swap. */
static bool
swapcache_pinned(const struct facts *f)
{
	const struct cgroup_usage *sw = &f->ev->cgroup.swap;

	return f->memcg && known(f->cg_shmem) && share_is(f->cg_swapcached, f->usage, 100) &&
	       share_is(minus(f->cg_anon_lists, f->cg_shmem), f->cg_anon, 1100) &&
	       (known(sw->usage_kb) && sw->usage_kb > 0);
}

static void
tell_swapcache(struct brief *b)
{
	const struct facts *f = b->f;

	says(b,
	    "%s of the group's %s are only the cache of what is in swap already; with swap full "
	    "the kernel did not look at them any more.",
	    size(b, f->cg_swapcached), size(b, f->usage));
	proof(b, stat_line(f), "anonymous lists %s, mapped by processes %s, swapcached %s",
	    size(b, f->cg_anon_lists), size(b, f->cg_anon), size(b, f->cg_swapcached));
	prove_usage(b);
	advise(b, "Give the machine somewhat more swap than the group fills, or a newer kernel.");
	by_command(b, "swapon --show; uname -r");
}

static bool
tiny_limit(const struct facts *f)
{
	return f->memcg && known(f->limit) && f->limit < INT64_MAX &&
	       (f->limit < 4096 || (share_is(f->cg_kernel, f->usage, 400)) ||
		   (f->limit < 32768 && share_is(f->cg_kernel, f->usage, 150)));
}

static void
tell_tiny(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = f->limit < 4096 ? 1000 : permille(f->cg_kernel, f->usage);
	if (f->limit < 65536 && !known(f->cg_kernel))
		says(b, "The limit (%s) is so small that what the kernel itself needs decides.",
		    size(b, f->limit));
	else if (f->limit < 65536)
		says(b,
		    "The limit (%s) is so small that what the kernel itself needs for the group "
		    "(%s: page tables, slab, sockets) decides.",
		    size(b, f->limit), size(b, f->cg_kernel));
	else
		says(b,
		    "%s of the group's %s are the kernel's own (page tables, slab, sockets), not "
		    "its programs'.",
		    size(b, f->cg_kernel), size(b, f->usage));
	prove_usage(b);
	if (known(f->cg_kernel))
		proof(b, f->ev->cgroup.kmem.line, "kernel memory %s", size(b, f->cg_kernel));
	advise_limit(b, most(65536, f->limit * 2));
}

/* An empty-handed reclaim: plenty of clean cache that the kernel was not allowed to take. */
static bool
min_protects(const struct facts *f)
{
	int64_t cache = minus(f->cg_file, known(f->cg_shmem) ? f->cg_shmem : 0);
	int64_t clean = minus(cache, plus(f->cg_dirty, f->cg_writeback));
	int64_t min = f->ev->cgroup.min_protection_kb;

	return f->memcg && share_is(clean, f->usage, 300) &&
	       (known(min) ? min > 0 : known(f->cg_shmem));
}

static void
tell_min_protects(struct brief *b)
{
	const struct facts *f = b->f;
	int64_t cache = minus(f->cg_file, known(f->cg_shmem) ? f->cg_shmem : 0);

	if (!known(f->ev->cgroup.min_protection_kb))
		unsure(b, CONFIDENCE_POSSIBLE);
	b->weight = permille(cache, f->usage);
	says(b,
	    "%s of clean page cache were in the group and should have been dropped first; "
	    "memory.min that is as large as the limit forbids that.",
	    size(b, cache));
	proof(b, stat_line(f), "file %s, dirty %s", size(b, f->cg_file), size(b, f->cg_dirty));
	advise(b, "Keep memory.min below the limit by the size of the cache.");
	by_command(b, "systemctl set-property %s MemoryMin=%lldM",
	    unit_of(b, f->ev->cgroup.oom_memcg), (long long)(minus(f->usage, cache) / 1024));
	at_price(b, "Under pressure the group loses its cache.");
}

static bool
cache_not_heap(const struct facts *f)
{
	return f->memcg && share_is(f->cg_file, f->usage, 400) &&
	       !share_is(f->cg_shmem, f->usage, 300);
}

static void
tell_cache(struct brief *b)
{
	b->weight = permille(b->f->cg_file, b->f->usage);
	says(b, "%s of the group's memory are pages of files, not the programs' own.",
	    percent(b, b->f->cg_file, b->f->usage));
	proof(b, stat_line(b->f), "file pages %s of %s", size(b, b->f->cg_file),
	    size(b, b->f->usage));
	if (!known(b->f->cg_shmem))
		but(b, "how much of it is tmpfs is not in the log; clean cache alone is dropped "
		       "before anybody is killed");
	advise(b, "Let the group be slowed down before it is killed.");
	by_command(b, "systemctl set-property %s MemoryHigh=%lldM",
	    unit_of(b, b->f->ev->cgroup.oom_memcg), (long long)(b->f->usage / 1138));
	at_price(b, "The group waits for its own reclaim.");
}

const struct diagnosis_rule rules_memcg[] = {
	{ .id = "memsw-limit-hit",
	    .title = "The limit on RAM and swap was reached",
	    .band = BAND_LIMIT,
	    .fires = memsw_hit,
	    .tell = tell_memsw },
	{ .id = "swapcache-pinned-anon",
	    .title = "Cached copies of swap filled the limit",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .fires = swapcache_pinned,
	    .tell = tell_swapcache },
	{ .id = "tiny-limit-kernel-memory",
	    .title = "The kernel's part fills the limit",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(limit), FACT(usage) },
	    .fires = tiny_limit,
	    .tell = tell_tiny },
	{ .id = "memory-min-protects-everything",
	    .title = "Cache that must not be dropped",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(usage), FACT(cg_file), FACT(cg_dirty) },
	    .fires = min_protects,
	    .tell = tell_min_protects },
	{ .id = "memcg-cache-or-shmem-not-heap",
	    .title = "Files filled the limit",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .needs = { FACT(usage), FACT(cg_file) },
	    .fires = cache_not_heap,
	    .tell = tell_cache },
	{ .id = "memcg-ancestor-limit",
	    .title = "The limit of a group above",
	    .band = BAND_LIMIT,
	    .fires = limit_hit,
	    .tell = tell_ancestor,
	    WRONG(host_wrong) },
	{ .id = "memcg-limit-not-host",
	    .title = "A cgroup's limit, not the machine",
	    .band = BAND_LIMIT,
	    .fires = memcg_limit,
	    .tell = tell_limit,
	    WRONG(host_wrong) },
	{ .id = NULL },
};
