/* The kernel, a driver or a pool held the memory: no kill of a process brings it back. */
#include "analyze/rule.h"

static const struct wrong_advice books_wrong[] = {
	{ "look for a large process in top", "It is in no process." },
	{ "set oom_score_adj of the victims to -1000", "The kernel then runs out of victims and "
						       "panics." },
};

static const struct wrong_advice lock_wrong[] = {
	{ "add swap", "Locked memory cannot be swapped." },
};

/* More is missing from the sum than percpu areas, vmalloc and rings of drivers explain: 0.2 to
 * 4.6 % on healthy machines. */
static bool
unaccounted(const struct facts *f)
{
	const struct ledger *l = f->machine;

	if (!f->global || l == NULL || l->total_is_present)
		return false;
	return (share_is(f->unaccounted, f->managed, 100) && f->unaccounted >= 512 * 1024) ||
	       share_is(f->unaccounted, f->managed, 250);
}

/* rows: frames that name who takes pages without a counter */
static const struct {
	const char *frame, *who;
} takers[] = {
	{ "svc_alloc_arg", "the NFS server (sunrpc)" },
	{ "[nfsd]", "the NFS server" },
	{ "[nvidia", "the NVIDIA driver" },
	{ "[amdgpu]", "the AMD graphics driver" },
	{ "ttm_", "a graphics driver (TTM)" },
	{ "[i915]", "the Intel graphics driver" },
	{ "[zfs]", "ZFS" },
	{ "hv_balloon", "the Hyper-V balloon" },
	{ "vmw_balloon", "the VMware balloon" },
	{ "zs_malloc", "zram or zswap" },
	{ "pipe_write", "pipes that nobody reads" },
	{ "[drbd]", "DRBD" },
};

static const struct event_line *
find_taker(const struct facts *f, const char **ret_who)
{
	for (size_t i = 0; i < ARRAY_LEN(takers); i++) {
		const struct event_line *line = line_with(f, takers[i].frame);

		if (line != NULL) {
			*ret_who = takers[i].who;
			return line;
		}
	}
	return NULL;
}

static const struct alloc_site *
largest_site(const struct facts *f)
{
	const struct alloc_site *best = NULL;

	for (size_t i = 0; i < f->ev->memory.nsites; i++) {
		const struct alloc_site *s = &f->ev->memory.sites[i];

		if (known(s->bytes) && (best == NULL || s->bytes > best->bytes))
			best = s;
	}
	return best;
}

static void
hint_taker(struct brief *b)
{
	const char *who;
	const struct event_line *line = find_taker(b->f, &who);
	const struct alloc_site *site = largest_site(b->f);

	if (line != NULL)
		proof(b, line->line, "%s asked at that moment: a hint, no proof", who);
	if (site != NULL)
		proof(b, site->line, "the profile's largest: %s at %.*s",
		    size(b, site->bytes / 1024), STR_ARG(site->where));
	advise(b, "Let the kernel remember who takes pages, and read it before the next kill.");
	by_lines(b, "kernel command line",
	    "page_owner=on    # then: sort /sys/kernel/debug/page_owner; 6.10 and newer: "
	    "/proc/allocinfo");
	at_price(b, "Some per cent of memory and of speed.");
}

static void
tell_unaccounted(struct brief *b)
{
	const struct facts *f = b->f;

	b->weight = permille(f->unaccounted, f->managed);
	says(b,
	    "%s (%s of RAM) are in use by something that no counter names: a driver or a part of "
	    "the kernel that takes pages itself, pipes, a balloon, zram, or a leak. No process "
	    "has them.",
	    size(b, f->unaccounted), percent(b, f->unaccounted, f->managed));
	proof(b, f->machine_line, "all printed classes add up to %s of %s managed",
	    size(b, f->machine->sum_kb), size(b, f->managed));
	hint_taker(b);
}

/* Nobody large died, a known taker asked, and the figures are not in the log. */
static bool
unaccounted_suspected(const struct facts *f)
{
	const char *who;

	return f->ev->kind == EVENT_KERNEL_OOM && !f->memcg && f->machine == NULL &&
	       f->ev->tasks.n == 0 && line_with(f, "Call Trace") != NULL &&
	       find_taker(f, &who) != NULL;
}

static void
tell_unaccounted_suspected(struct brief *b)
{
	const char *who;

	find_taker(b->f, &who);
	says(b,
	    "A part of the kernel that takes pages which no counter names (%s) asked for the page; "
	    "whether it holds the memory the log does not tell, for the figures are missing.",
	    who);
	hint_taker(b);
}

static bool
hugetlb(const struct facts *f)
{
	return f->global && ((share_is(f->hugetlb, f->managed, 250) &&
				 share_is(f->huge_free, f->hugetlb, 300)) ||
				share_is(f->hugetlb, f->managed, 700));
}

static void
tell_hugetlb(struct brief *b)
{
	const struct facts *f = b->f;
	const struct hugepages *h = NULL;
	int64_t used = minus(f->hugetlb, f->huge_free);

	for (size_t i = 0; i < f->ev->memory.nhuge; i++) {
		if (f->ev->memory.huge[i].total > 0 && h == NULL)
			h = &f->ev->memory.huge[i];
	}
	/* What lies idle is nobody's need: it counts for more than what is used. */
	b->weight = permille(plus(f->hugetlb, f->huge_free / 2), f->managed);
	says(b,
	    "%s (%s of RAM) are set aside as huge pages that nobody else may use; %s of them lie "
	    "idle.",
	    size(b, f->hugetlb), percent(b, f->hugetlb, f->managed), size(b, f->huge_free));
	proof(b, h != NULL ? h->line : UNKNOWN, "the pool is %s, %s of it free",
	    size(b, f->hugetlb), size(b, f->huge_free));
	advise(b, "Keep as many as are used.");
	if (h != NULL && known(used) && h->size_kb > 0)
		by_lines(b, "/etc/sysctl.d/90-hugepages.conf", "vm.nr_hugepages = %lld",
		    (long long)(used / h->size_kb));
	at_price(b,
	    "A program that was to use them and silently did not (huge_pages=try) needs its "
	    "setting mended instead.");
}

static bool
mlocked(const struct facts *f)
{
	return f->global && share_is(f->unevictable, f->managed, 250);
}

static void
tell_mlocked(struct brief *b)
{
	const struct facts *f = b->f;
	bool locked = share_is(f->mlocked, f->unevictable, 500);

	b->weight = permille(f->unevictable, f->managed);
	says(b, "%s (%s of RAM) can be neither swapped nor dropped: %s.", size(b, f->unevictable),
	    percent(b, f->unevictable, f->managed),
	    locked ? "programs have locked it (mlock)"
		   : "hardly any of it by mlock, so ramfs, locked shared memory or a driver");
	proof(b, f->ev->memory.line, "unevictable %s, mlocked %s", size(b, f->unevictable),
	    size(b, f->mlocked));
	advise(b, "Limit what the service may lock.");
	by_lines(b, "systemctl edit UNIT", "[Service]\nLimitMEMLOCK=64M");
	at_price(b,
	    "A program that insists on locking fails to start; virtual machines with passed-"
	    "through devices need all of theirs.");
}

const struct diagnosis_rule rules_kernel[] = {
	{ .id = "unaccounted-kernel-memory",
	    .title = "The books do not balance",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(unaccounted), FACT(managed) },
	    .fires = unaccounted,
	    .tell = tell_unaccounted,
	    WRONG(books_wrong) },
	{ .id = "unaccounted-kernel-memory",
	    .title = "The kernel itself is a suspect",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .fires = unaccounted_suspected,
	    .tell = tell_unaccounted_suspected,
	    WRONG(books_wrong) },
	{ .id = "hugetlb-pool-too-large",
	    .title = "Huge pages are set aside",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(hugetlb), FACT(managed) },
	    .fires = hugetlb,
	    .tell = tell_hugetlb },
	{ .id = "mlocked-unevictable",
	    .title = "Memory that cannot be moved",
	    .band = BAND_HOLDER,
	    .confidence = CONFIDENCE_LIKELY,
	    .needs = { FACT(unevictable), FACT(managed) },
	    .fires = mlocked,
	    .tell = tell_mlocked,
	    WRONG(lock_wrong) },
	{ .id = NULL },
};
