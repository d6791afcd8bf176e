/* Data that was not written yet cannot be dropped. */
#include "analyze/rule.h"

static bool
dirty_stuck(const struct facts *f)
{
	if (f->memcg) {
		int64_t unwritten = plus(f->cg_dirty, f->cg_writeback);

		return share_is(unwritten, minus(f->cg_file, known(f->cg_shmem) ? f->cg_shmem : 0),
			   500) &&
		       share_is(unwritten, f->usage, 300);
	}
	return f->global && share_is(plus(f->dirty, f->writeback), f->file, 500) &&
	       share_is(plus(f->dirty, f->writeback), f->managed, 50);
}

static void
tell_dirty(struct brief *b)
{
	const struct facts *f = b->f;
	int64_t dirty = f->memcg ? f->cg_dirty : f->dirty;
	int64_t writeback = f->memcg ? f->cg_writeback : f->writeback;

	b->weight = permille(plus(dirty, writeback), f->ran_out);
	says(b,
	    "The page cache was full of data that had not been written yet: %s dirty, %s being "
	    "written. Such pages cannot be dropped.",
	    size(b, dirty), size(b, writeback));
	proof(b, f->memcg ? stat_line(f) : f->ev->memory.line,
	    "dirty %lldkB, writeback %lldkB of %lldkB files", (long long)dirty,
	    (long long)writeback, (long long)(f->memcg ? f->cg_file : f->file));
	if (writeback == 0)
		proof(b, UNKNOWN,
		    "nothing was being written: the flusher was not woken (known of "
		    "MGLRU before 6.9)");
	advise(b, "Start writing earlier, by sizes that fit the device.");
	by_lines(b, "/etc/sysctl.d/90-dirty.conf",
	    "vm.dirty_background_bytes = 16777216\nvm.dirty_bytes = 67108864");
	at_price(b, "Less is collected before it is written: bursts of writing take longer.");
	if (f->memcg) {
		advise(b, "Use cgroup v2, which throttles a group's writers; with MGLRU on, see "
			  "whether it is the cause.");
		by_command(b, "echo n > /sys/kernel/mm/lru_gen/enabled");
		at_price(b, "Until the next boot; reclaim is somewhat slower.");
	}
}

/* A writer of files in a cgroup, of which the figures were not kept. */
static bool
dirty_suspected(const struct facts *f)
{
	return f->ev->kind == EVENT_KERNEL_OOM && !known(f->cg_file) && !known(f->file) &&
	       str_has(f->ev->trigger.gfp_flags, STR("__GFP_WRITE")) &&
	       (f->memcg || line_with(f, "mem_cgroup_out_of_memory") != NULL);
}

static void
tell_dirty_suspected(struct brief *b)
{
	says(b,
	    "The page was to be written to a file within a cgroup: a limit full of data that the "
	    "disk has not taken yet is the common reason. The figures are not in the log.");
	proof(b, b->f->ev->trigger.line, "__GFP_WRITE is set");
	advise(b, "Look at what the group holds.");
	by_command(b, "grep -E '^file|dirty|writeback' /sys/fs/cgroup/PATH/memory.stat");
}

const struct diagnosis_rule rules_dirty[] = {
	{ .id = "dirty-writeback-stuck",
	    .title = "Data waiting to be written",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_LIKELY,
	    .fires = dirty_stuck,
	    .tell = tell_dirty },
	{ .id = "dirty-writeback-stuck",
	    .title = "Data waiting to be written",
	    .band = BAND_LIMIT,
	    .confidence = CONFIDENCE_POSSIBLE,
	    .fires = dirty_suspected,
	    .tell = tell_dirty_suspected },
	{ .id = NULL },
};
