/* Kernel objects: slab caches, and what pins them. */
#include "analyze/rule.h"

static const struct wrong_advice slab_wrong[] = {
	{ "echo 3 > /proc/sys/vm/drop_caches", "It drops only what the kernel calls reclaimable." },
	{ "look for a large process in top", "No process holds it." },
};

static const struct slab_cache *
largest_slab(const struct facts *f)
{
	const struct slab_cache *best = NULL;

	for (size_t i = 0; i < f->ev->memory.nslabs; i++) {
		const struct slab_cache *s = &f->ev->memory.slabs[i];

		if (known(s->total_kb) && (best == NULL || s->total_kb > best->total_kb))
			best = s;
	}
	return best;
}

/* rows: what a slab cache is for, and whom to ask */
static const struct {
	const char *begins, *says;
} caches[] = {
	{ "btrfs_extent_map", "btrfs keeps an entry for every extent of open files; 6.10 can "
			      "shrink them" },
	{ "skbuff", "network packets that nobody reads" },
	{ "ebitmap_node", "SELinux policy; leaked by some kernels" },
	{ "iommu_iova", "IOMMU mappings of a driver" },
	{ "task_struct", "processes: something forks without end" },
	{ "cred_jar", "processes: something forks without end" },
	{ "filp", "open files" },
	{ "eventpoll_epi", "open sockets and polls" },
	{ "pid", "processes: something forks without end" },
	{ "nf_conntrack", "tracked network connections" },
	{ "mnt_cache", "mounts, of containers mostly" },
	{ "kernfs_node_cache",
	    "sysfs and cgroup directories: cgroups that were removed and live on" },
	{ "inode_cache", "inodes" },
	{ "xfs_inode", "inodes of XFS" },
	{ "ext4_inode_cache", "inodes of ext4" },
	{ "dentry", "names of files" },
	{ "arc_buf_hdr", "the cache of ZFS" },
	{ "dmu_buf_impl", "the cache of ZFS" },
	{ "zio_", "the cache of ZFS" },
	{ "abd_", "the cache of ZFS" },
	{ "kmalloc-", "many parts of the kernel; boot with slub_debug=U to see which" },
};

static const char *
cache_means(struct str cache)
{
	for (size_t i = 0; i < ARRAY_LEN(caches); i++) {
		if (str_starts_z(cache, caches[i].begins))
			return caches[i].says;
	}
	return NULL;
}

/* dump_unreclaimable_slab() is called only if such slab is larger than all lists of pages:
 * should_dump_unreclaim_slab(), mm/oom_kill.c @4.15 - 7.3. */
static bool
slab_leak(const struct facts *f)
{
	return f->global &&
	       (share_is(f->slab_unreclaimable, f->managed, 200) ||
		   (f->ev->memory.nslabs > 0 && !known(f->managed)) ||
		   (f->ev->memory.nslabs > 0 && share_is(f->slab_unreclaimable, f->managed, 100)));
}

static void
tell_slab(struct brief *b)
{
	const struct facts *f = b->f;
	const struct slab_cache *s = largest_slab(f);
	const char *means = s == NULL ? NULL : cache_means(s->name);

	b->weight =
	    known(f->slab_unreclaimable) ? permille(f->slab_unreclaimable, f->managed) : 500;
	says(b,
	    "%s of RAM are kernel objects that cannot be reclaimed (%s); killing processes does "
	    "not give them back.",
	    percent(b, f->slab_unreclaimable, f->managed), size(b, f->slab_unreclaimable));
	if (known(f->slab_unreclaimable))
		proof(b, f->ev->memory.line, "slab_unreclaimable %s of %s",
		    size(b, f->slab_unreclaimable), size(b, f->managed));
	if (s != NULL)
		proof(b, s->line, "the largest cache is %.*s with %s%s%s", STR_ARG(s->name),
		    size(b, s->total_kb), means == NULL ? "" : ": ", means == NULL ? "" : means);
	if (s != NULL && known(f->slab_unreclaimable) &&
	    !share_is(s->total_kb, f->slab_unreclaimable, 200))
		but(b, "the list names only a part of it: large blocks and merged caches are not "
		       "in it");
	advise(b, "Watch which cache grows, and tell the maintainers of what it is for.");
	by_command(b, "slabtop -o -s c | head -n 20");
	advise(b, "Reboot to get the memory back for the time being; look for a fixed kernel.");
	at_price(b, "It comes back as long as the cause stays.");
}

/* As many file structs as inodes and names: descriptors are held, nothing has leaked. */
static bool
open_files(const struct facts *f)
{
	int64_t files = 0, names = 0;

	for (size_t i = 0; i < f->ev->memory.nsites; i++) {
		const struct alloc_site *s = &f->ev->memory.sites[i];

		if (!known(s->calls))
			continue;
		if (str_has(s->where, STR("alloc_empty_file")))
			files = plus(files, s->calls);
		if (str_has(s->where, STR("__d_alloc")))
			names = plus(names, s->calls);
	}
	return f->global && files >= 100000 && share_is(files, names, 500);
}

static void
tell_open_files(struct brief *b)
{
	b->weight = permille(b->f->slab_unreclaimable, b->f->managed);
	b->weight = known(b->weight) ? plus(b->weight, 1) : 0;
	says(b,
	    "Very many files are open: each holds an inode and a name in the kernel's memory. It "
	    "is a hoard of descriptors, not a leak.");
	for (size_t i = 0; i < b->f->ev->memory.nsites; i++) {
		const struct alloc_site *s = &b->f->ev->memory.sites[i];

		if (str_has(s->where, STR("alloc_empty_file")) ||
		    str_has(s->where, STR("__d_alloc")))
			proof(b, s->line, "%lld x %.*s", (long long)s->calls, STR_ARG(s->where));
	}
	advise(b, "Find who holds them, and limit how many one program may open.");
	by_command(b, "lsof +L1 | awk '{print $1, $2}' | sort | uniq -c | sort -rn | head");
	advise(b, "Limit the service.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nLimitNOFILE=65536");
	at_price(b, "Past it, open() fails with EMFILE.");
}

static bool
slab_reclaimable(const struct facts *f)
{
	return f->global && f->order == 0 && share_is(f->slab_reclaimable, f->managed, 250);
}

static void
tell_slab_reclaimable(struct brief *b)
{
	b->weight = permille(b->f->slab_reclaimable, b->f->managed);
	says(b,
	    "%s are caches of names and inodes that should have been reclaimed: they are pinned by "
	    "open files, or this request could not wait for it.",
	    size(b, b->f->slab_reclaimable));
	proof(b, b->f->ev->memory.line, "slab_reclaimable %s of %s",
	    size(b, b->f->slab_reclaimable), size(b, b->f->managed));
	advise(b, "Reclaim these caches earlier, and find what walks the whole tree of files.");
	by_lines(b, "/etc/sysctl.d/90-slab.conf", "vm.vfs_cache_pressure = 200");
	at_price(b, "More reads of directories from the disk.");
}

const struct diagnosis_rule rules_slab[] = {
	{ .id = "open-files-pin-kernel-objects",
	    .title = "Too many open files",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = open_files,
	    .tell = tell_open_files },
	{ .id = "slab-unreclaimable-leak",
	    .title = "Kernel objects hold the memory",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = slab_leak,
	    .tell = tell_slab,
	    WRONG(slab_wrong) },
	{ .id = "slab-reclaimable-not-reclaimed",
	    .title = "Caches of names and inodes",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .needs = { FACT(order), FACT(slab_reclaimable) },
	    .fires = slab_reclaimable,
	    .tell = tell_slab_reclaimable },
	{ .id = NULL },
};
