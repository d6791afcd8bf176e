/* Free memory of the wrong kind: the wrong zone, the wrong size, or a reserve. */
#include "analyze/era.h"
#include "analyze/rule.h"

static const struct wrong_advice lowmem_wrong[] = {
	{ "add RAM", "The kernel's own window stays below 1 GiB, and its list of pages grows with "
		     "the RAM and must fit into it." },
	{ "add swap", "What fills the window is the kernel's and cannot be swapped." },
};

/* The zone that a request of the kernel itself ends up in. */
static const struct zone *
find_zone(const struct facts *f, enum zone_class wanted)
{
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		enum zone_class class;

		if (zone_class_of(f->ev->memory.zones[i].name, &class) && class == wanted)
			return &f->ev->memory.zones[i];
	}
	return NULL;
}

/* The allocator's last try asks for the high watermark, so a zone below it was full:
 * __alloc_pages_may_oom(), mm/page_alloc.c. */
static bool
zone_full(const struct facts *f, const struct zone *z)
{
	int64_t usable = zone_usable_kb(f, z);

	return known(usable) && known(z->high_kb) && usable <= z->high_kb;
}

static bool
lowmem(const struct facts *f)
{
	const struct zone *normal = find_zone(f, ZONE_NORMAL);
	const struct zone *high = find_zone(f, ZONE_HIGHMEM);
	bool has_high = high != NULL ||
			(known(f->ev->memory.highmem_pages) && f->ev->memory.highmem_pages > 0 &&
			    f->ev->memory.nzones > 0 && f->class_known && f->class == ZONE_NORMAL);

	/* Without the head of the report: who may use HighMem finds it free. */
	if (!f->class_known && (high == NULL || !known(high->high_kb)))
		return false;
	if (!f->global || (f->class_known && f->class > ZONE_NORMAL) || normal == NULL ||
	    !has_high || (known(f->order) && f->order > 1))
		return false;
	/* A machine of 64 bits counts its movable-only memory on the same line. */
	if (find_zone(f, ZONE_DMA32) != NULL || !known(normal->present_kb) ||
	    normal->present_kb > 1024 * 1024)
		return false;
	if (high != NULL && known(high->high_kb) && high->free_kb <= times(high->high_kb, 4))
		return false;
	return zone_full(f, normal);
}

static void
tell_lowmem(struct brief *b)
{
	const struct facts *f = b->f;
	const struct zone *normal = find_zone(f, ZONE_NORMAL), *high = find_zone(f, ZONE_HIGHMEM);

	says(b,
	    "A 32-bit kernel can use only the lowest %s itself, and that was full, whatever lay "
	    "free in HighMem. More RAM makes it worse.",
	    size(b, normal->present_kb));
	proof(b, normal->line, "Normal: %s free, min %s, high %s", size(b, normal->free_kb),
	    size(b, normal->min_kb), size(b, normal->high_kb));
	if (high != NULL)
		proof(b, high->line, "HighMem: %s free", size(b, high->free_kb));
	else
		proof(b, f->ev->memory.ram_line, "%lld pages are HighMem",
		    (long long)f->ev->memory.highmem_pages);
	if (f->class_known)
		proof(b, f->ev->trigger.line, "the request may not use HighMem (gfp_mask=%.*s)",
		    STR_ARG(f->ev->trigger.gfp_mask));
	else
		but(b, "what was asked for is not in the log; had it been allowed to use HighMem, "
		       "it would have got it there");
	if (known(f->slab_unreclaimable))
		proof(b, f->machine_line, "slab %s, page tables %s, kernel stacks %s",
		    size(b, plus(f->slab_unreclaimable, f->slab_reclaimable)),
		    size(b, f->pagetables), size(b, f->stacks));
	if (known(f->file) && share_is(f->file, normal->present_kb, 500))
		but(b, "%s of page cache are in the lists: some of it should have been reclaimable",
		    size(b, f->file));
	advise(b, "Boot a 64-bit kernel: the 32-bit programs go on running under it.");
	by_command(b, "uname -m; grep -ow lm /proc/cpuinfo | head -n1    # lm: the processor can");
	advise(b, "Until then run fewer processes, and keep dirty pages few.");
	by_lines(
	    b, "/etc/sysctl.d/90-lowmem.conf", "vm.highmem_is_dirtyable = 0\nvm.dirty_ratio = 5");
	at_price(b, "Writers are stopped earlier.");
}

static bool
dma_exhausted(const struct facts *f)
{
	bool lower_full = false, higher_free = false;

	if (!f->global || !f->class_known || f->class > ZONE_DMA32)
		return false;
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];
		enum zone_class class;

		if (!zone_class_of(z->name, &class))
			continue;
		if (class == f->class)
			lower_full |= zone_full(f, z);
		else if (class > f->class && known(z->high_kb))
			higher_free |= z->free_kb > z->high_kb;
	}
	return lower_full && higher_free;
}

static void
tell_dma(struct brief *b)
{
	const struct zone *z = find_zone(b->f, b->f->class);

	says(b,
	    "A driver insisted on memory of zone %s, which is small and was full; memory above "
	    "it was free.",
	    zone_class_name(b->f->class));
	proof(b, z->line, "%s: %s free, high %s", zone_class_name(b->f->class), size(b, z->free_kb),
	    size(b, z->high_kb));
	proof(b, b->f->ev->trigger.line, "gfp_mask=%.*s", STR_ARG(b->f->ev->trigger.gfp_mask));
	advise(b, "Find the driver in the call trace; reserve nothing else down there.");
	by_lines(b, "kernel command line", "crashkernel=512M,high");
}

/* Free pages that only movable requests may take. */
static const struct zone *
cma_zone(const struct facts *f)
{
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];
		int64_t cma = counter_get(&z->kb, "free_cma");

		if (zone_allowed(f, z) && known(cma) && share_is(cma, z->free_kb, 500) &&
		    known(z->min_kb) && known(z->high_kb) && z->free_kb > z->high_kb &&
		    minus(z->free_kb, cma) < z->high_kb)
			return z;
	}
	return NULL;
}

static bool
cma_unusable(const struct facts *f)
{
	return f->global && !f->movable && cma_zone(f) != NULL;
}

static void
tell_cma(struct brief *b)
{
	const struct zone *z = cma_zone(b->f);
	int64_t cma = counter_get(&z->kb, "free_cma");

	says(b,
	    "Of %s free in zone %s, %s belong to CMA, a reserve for devices that this request "
	    "may not touch.",
	    size(b, z->free_kb), name(b, z->name), size(b, cma));
	proof(b, z->line, "free:%lldkB free_cma:%lldkB min:%lldkB", (long long)z->free_kb,
	    (long long)cma, (long long)z->min_kb);
	advise(b, "Make the reserve smaller, and keep vm.min_free_kbytes low.");
	by_lines(b, "kernel command line", "cma=%lldM", (long long)(cma / 2048));
	at_price(b, "Cameras, displays and video decoders may not find their buffers.");
}

static int64_t
mins_kb(const struct facts *f)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->ev->memory.nzones; i++)
		sum = plus(sum, f->ev->memory.zones[i].min_kb);
	return f->ev->memory.nzones == 0 ? UNKNOWN : sum;
}

/* The threshold: a kernel by itself keeps 0.6 to 3 % (init_per_zone_wmark_min), and more on
 * machines of some hundred MiB when huge pages are on. */
static bool
min_free_large(const struct facts *f)
{
	int64_t mins = mins_kb(f);

	/* More than there is: another rule's finding. */
	return f->global && known(mins) && mins < f->managed && share_is(mins, f->managed, 80);
}

static void
tell_min_free(struct brief *b)
{
	int64_t mins = mins_kb(b->f);

	b->weight = permille(mins, b->f->managed);
	says(b,
	    "The kernel keeps %s (%s of RAM) free by its own watermarks; what it keeps, programs "
	    "miss.",
	    size(b, mins), percent(b, mins, b->f->managed));
	proof(
	    b, b->f->ev->memory.zones[0].line, "the min of all zones adds up to %s", size(b, mins));
	advise(b, "Lower the reserve to some 2 %% of RAM.");
	by_lines(b, "/etc/sysctl.d/90-reserve.conf", "vm.min_free_kbytes = %lld",
	    (long long)(b->f->managed / 50));
	at_price(b, "Bursts of network packets may find no page at once.");
}

const struct diagnosis_rule rules_zone[] = {
	{ .id = "lowmem-exhausted-32bit",
	    .title = "A 32-bit kernel's own memory was full",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = lowmem,
	    .tell = tell_lowmem,
	    WRONG(lowmem_wrong) },
	{ .id = "dma-zone-exhausted",
	    .title = "A low zone was full",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = dma_exhausted,
	    .tell = tell_dma },
	{ .id = "cma-free-unusable",
	    .title = "What was free is reserved for devices",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = cma_unusable,
	    .tell = tell_cma },
	{ .id = "min-free-kbytes-too-large",
	    .title = "The reserve is too large",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(managed) },
	    .fires = min_free_large,
	    .tell = tell_min_free },
	{ .id = NULL },
};
