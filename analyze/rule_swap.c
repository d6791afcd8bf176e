/* What swap did, or could not do. */
#include "analyze/rule.h"

static const struct wrong_advice none_wrong[] = {
	{ "more swap against a leak", "It only puts the kill off." },
};
static const struct wrong_advice full_wrong[] = {
	{ "swapoff and swapon to empty it",
	    "All of it must fit into RAM then, and swapoff is the first "
	    "victim." },
	{ "vm.swappiness=0", "Since 3.5 that means no swapping until it is too late." },
};

/* Anonymous memory that swap could have taken. */
static bool
much_anon(const struct facts *f)
{
	return share_is(plus(f->anon, known(f->shmem) ? f->shmem : 0), f->managed, 300);
}

static bool
swap_none(const struct facts *f)
{
	return f->global && f->swap_total == 0 && much_anon(f);
}

static void
tell_none(struct brief *b)
{
	const struct facts *f = b->f;

	says(b, "There is no swap: nothing of the programs' %s could be moved out of RAM.",
	    size(b, plus(f->anon, known(f->shmem) ? f->shmem : 0)));
	proof(b, f->ev->memory.swap_total_line, "Total swap = 0kB");
	advise(b, "Add some, compressed in RAM or on the disk: it buys time and takes idle pages.");
	by_lines(b, "/etc/systemd/zram-generator.conf", "[zram0]\nzram-size = ram / 2");
	at_price(b, "Under pressure everything gets slow before something is killed.");
}

static bool
swap_full(const struct facts *f)
{
	return f->global && f->swap_total > 0 && f->swap_free >= 0 &&
	       !share_is(f->swap_free, f->swap_total, 50);
}

static void
tell_full(struct brief *b)
{
	const struct facts *f = b->f;

	says(b, "Swap was full too: %s of %s were free.", size(b, f->swap_free),
	    size(b, f->swap_total));
	proof(b, f->ev->memory.swap_total_line, "Free swap %lldkB of %lldkB",
	    (long long)f->swap_free, (long long)f->swap_total);
	advise(b, "Find who filled it before adding more.");
	by_command(b, "grep -H VmSwap /proc/[0-9]*/status | sort -k2 -n | tail");
}

static bool
swap_unused(const struct facts *f)
{
	return f->global && f->swap_total > 0 && share_is(f->swap_free, f->swap_total, 500) &&
	       f->order == 0 && much_anon(f) && f->ev->constraint == CONSTRAINT_NONE;
}

static void
tell_unused(struct brief *b)
{
	const struct facts *f = b->f;

	says(b,
	    "Most of swap was free (%s of %s) although programs held %s: something kept the kernel "
	    "from using it (vm.swappiness 0, locked memory, a slow device, a zram disk without "
	    "memory to store in).",
	    size(b, f->swap_free), size(b, f->swap_total), size(b, f->anon));
	proof(b, f->ev->memory.swap_total_line, "Free swap %lldkB of %lldkB",
	    (long long)f->swap_free, (long long)f->swap_total);
	advise(b, "See how swap is set up.");
	by_command(b, "sysctl vm.swappiness; swapon --show");
}

const struct diagnosis_rule rules_swap[] = {
	{ .id = "swap-none",
	    .title = "No swap",
	    .band = BAND_BESIDE,
	    .needs = { FACT(swap_total), FACT(managed) },
	    .fires = swap_none,
	    .tell = tell_none,
	    WRONG(none_wrong) },
	{ .id = "swap-full",
	    .title = "Swap was full",
	    .band = BAND_BESIDE,
	    .needs = { FACT(swap_total), FACT(swap_free) },
	    .fires = swap_full,
	    .tell = tell_full,
	    WRONG(full_wrong) },
	{ .id = "swap-unused",
	    .title = "Swap was hardly used",
	    .band = BAND_BESIDE,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .needs = { FACT(swap_total), FACT(swap_free), FACT(managed) },
	    .fires = swap_unused,
	    .tell = tell_unused },
	{ .id = NULL },
};
