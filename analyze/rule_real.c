/* Was memory out at all, and was it the kernel that said so? */
#include "analyze/rule.h"

static bool
not_the_kernel(const struct facts *f)
{
	return f->ev->kind == EVENT_USERSPACE_KILL;
}

/* rows: user-space killers, and how each is told to spare or to wait */
static const struct {
	const char *killer, *file, *lines;
} killers[] = {
	{ "systemd-oomd", "systemctl edit UNIT",
	    "[Service]\nManagedOOMPreference=avoid\nManagedOOMMemoryPressureLimit=80%" },
	{ "earlyoom", "/etc/default/earlyoom", "EARLYOOM_ARGS=\"-m 4 -s 4 --avoid '^(NAME)$'\"" },
};

static void
tell_not_the_kernel(struct brief *b)
{
	const struct event *ev = b->f->ev;
	const char *killer = name(b, ev->killer);

	says(b,
	    "%s killed by its own policy; the kernel's OOM killer had no part in it, and memory "
	    "need not have been out.",
	    ev->killer.n > 0 ? killer : "A user-space program");
	if (b->f->victim != NULL)
		proof(b, b->f->victim->line, "%s%s%.*s", killer,
		    ev->killer_reason.n > 0 ? ": " : " did the kill", STR_ARG(ev->killer_reason));
	advise(b, "Judge the limit that it acted on before the memory itself.");
	for (size_t i = 0; i < ARRAY_LEN(killers); i++) {
		if (str_eq_z(ev->killer, killers[i].killer))
			by_lines(b, killers[i].file, "%s", killers[i].lines);
	}
	at_price(
	    b, "With a later limit the kernel may have to kill first, and its choice is cruder.");
}

static bool
manual_sysrq(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && (f->ev->reason == REASON_SYSRQ || f->order == -1);
}

static void
tell_manual_sysrq(struct brief *b)
{
	says(b, "Somebody asked for this kill by SysRq-f; it says nothing about memory.");
	proof(b, b->f->ev->trigger.line,
	    "the request is a SysRq's (order -1, or a \"Manual OOM "
	    "execution\")");
	advise(b, "Find who may do that.");
	by_command(b, "sysctl kernel.sysrq; journalctl -k -g sysrq");
}

/* The fault path passed no mask up to 5.15: pagefault_out_of_memory(), mm/oom_kill.c. */
static bool
fake_global(const struct facts *f)
{
	int64_t high = 0;

	if (!f->global || f->ev->reason != REASON_PAGE_FAULT)
		return false;
	for (size_t i = 0; i < f->ev->memory.nzones; i++)
		high = plus(high, f->ev->memory.zones[i].high_kb);
	return f->ev->memory.nzones > 0 && known(f->free) && known(high) && f->free > high;
}

static void
tell_fake_global(struct brief *b)
{
	const struct facts *f = b->f;

	says(b,
	    "%s were free: a page fault failed for another reason, most often a cgroup at its "
	    "limit, and this kernel ran the global killer by mistake.",
	    size(b, f->free));
	proof(b, f->ev->trigger.line, "gfp_mask=0x0: the fault path asked, no allocation failed");
	proof(b, f->machine_line, "%s free of %s", size(b, f->free), size(b, f->managed));
	advise(b, "Update to Linux 5.16 or newer, which kills nobody there; until then look for a "
		  "cgroup's kill within the same second, and raise that limit.");
	by_command(b, "journalctl -k -g 'Memory cgroup out of memory'");
}

static bool
swapoff_running(const struct facts *f)
{
	static const struct str swapoff = { "swapoff", 7 };

	if (!f->global)
		return false;
	return (known(f->swap_free) && f->swap_free < 0) || str_eq(f->ev->trigger.comm, swapoff) ||
	       (f->victim != NULL && str_eq(f->victim->comm, swapoff)) ||
	       line_with(f, "try_to_unuse") != NULL;
}

static void
tell_swapoff(struct brief *b)
{
	const struct facts *f = b->f;
	const struct event_line *trace = line_with(f, "try_to_unuse");

	says(b, "swapoff was running: it brings everything that was swapped out back into RAM, and "
		"volunteers as the first victim.");
	if (known(f->swap_free) && f->swap_free < 0)
		proof(b, f->ev->memory.swap_total_line,
		    "Free swap is below zero, as it is while swapoff runs");
	if (trace != NULL)
		proof(b, trace->line, "try_to_unuse() in the call trace");
	else
		proof(b, f->ev->trigger.line, "swapoff asked for the page, or died");
	advise(b, "Do not swap off under load: free as much RAM first as is swapped.");
	by_command(b, "free -m; swapon --show");
}

/* Nothing can need more than it has: an underflow of the kernel's own counters. */
static const struct zone *
impossible_zone(const struct facts *f)
{
	for (size_t i = 0; i < f->ev->memory.nzones; i++) {
		const struct zone *z = &f->ev->memory.zones[i];

		if (known(z->min_kb) && z->min_kb > INT64_C(1) << 40)
			return z;
	}
	return NULL;
}

static bool
balloon(const struct facts *f)
{
	return f->global && impossible_zone(f) != NULL;
}

static void
tell_balloon(struct brief *b)
{
	const struct zone *z = impossible_zone(b->f);

	says(b,
	    "The books of zone %s are broken: it wants to keep more free than any machine has, "
	    "so no request can be met. Taking memory away from a virtual machine (balloon, "
	    "unplugged DIMM) has done this.",
	    name(b, z->name));
	proof(
	    b, z->line, "min:%lldkB with %lldkB free", (long long)z->min_kb, (long long)z->free_kb);
	advise(b, "Update the guest's kernel (virtio-balloon is mended in 5.5 and the stable "
		  "series of that time); until then take no memory from the guest while it runs.");
}

static const char *
boot_mark(const struct facts *f)
{
	static const char *const marks[] = { "elfcorehdr=", "unpack_to_rootfs",
		"do_populate_rootfs", "kernel_init_freeable" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (line_with(f, marks[i]) != NULL)
			return marks[i];
	}
	return NULL;
}

static bool
early_boot(const struct facts *f)
{
	return f->global && boot_mark(f) != NULL;
}

static void
tell_early_boot(struct brief *b)
{
	const char *mark = boot_mark(b->f);

	says(b, "Memory ran out while the system was still starting: the capture kernel or the "
		"initramfs has too little of it.");
	proof(b, line_with(b->f, mark)->line, "%s", mark);
	advise(b, "Reserve more for the capture kernel, and let it start fewer CPUs.");
	by_lines(b, "kernel command line", "crashkernel=512M");
	at_price(b, "The reserved memory is lost to the running system.");
}

const struct diagnosis_rule rules_real[] = {
	{ .id = "not-the-kernel",
	    .title = "A user-space program did it",
	    .band = BAND_REAL,
	    .fires = not_the_kernel,
	    .tell = tell_not_the_kernel },
	{ .id = "manual-sysrq",
	    .title = "Killed by hand",
	    .band = BAND_REAL,
	    .fires = manual_sysrq,
	    .tell = tell_manual_sysrq },
	{ .id = "swapoff-running",
	    .title = "swapoff was running",
	    .band = BAND_REAL,
	    .fires = swapoff_running,
	    .tell = tell_swapoff },
	{ .id = "pagefault-oom-fake-global",
	    .title = "A false global OOM",
	    .band = BAND_REAL,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = fake_global,
	    .tell = tell_fake_global },
	{ .id = "balloon-or-unplug",
	    .title = "The kernel's counters are broken",
	    .band = BAND_REAL,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = balloon,
	    .tell = tell_balloon },
	{ .id = "early-boot-or-kdump",
	    .title = "Too little memory to start",
	    .band = BAND_REAL,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = early_boot,
	    .tell = tell_early_boot },
	{ .id = NULL },
};
