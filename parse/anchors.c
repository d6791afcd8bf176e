/*
 * Literals, at least one of which stands in every line that can begin
 * something of interest.  While nothing is open, only lines that hold one are
 * looked at: see base/scan.h.
 */
#include "parse/internal.h"

#include "parse/userspace.h"

#include "base/mem.h"

#include <string.h>

/* clang-format off */
#define ANCHOR(lit) { lit, sizeof(lit) - 1 }
static const struct str kernel_anchors[] = {
	ANCHOR("invoked oom-killer"),
	ANCHOR("oom-killer: gfp_mask"),
	ANCHOR("oom-kill:constraint"),
	ANCHOR("ut of memory"),		/* "Out of memory", "Memory cgroup out of memory" */
	ANCHOR("Out of Memory: Kill"),
	ANCHOR("Killed process "),
	ANCHOR("ill process "),		/* "Kill process 1 (x) score", 2.6.20's "kill process" */
	ANCHOR("OOM killed process"),
	ANCHOR("No available memory "),
	ANCHOR("oom_reaper: "),
	ANCHOR("memory.oom.group set"),
	ANCHOR("sharing same memory"),
	ANCHOR("deadlocked on memory"),
	ANCHOR("Mem-Info:"),
	ANCHOR("Mem-info:"),
	ANCHOR("memory: usage "),
	ANCHOR("Memory cgroup stats"),
	ANCHOR("Tasks state (memory"),
	ANCHOR("pid ]  "),		/* both headers of the task table */
	ANCHOR("page allocation "),
	ANCHOR("Manual OOM execution"),
	ANCHOR("Would have oom-killed"),
	ANCHOR("Linux version "),
	ANCHOR("printk messages dropped"),
	ANCHOR("-- Boot "), /* journalctl's separators: the boot counter must not miss one */
	ANCHOR("-- Reboot --"),
};
/* clang-format on */

enum { MAX_ANCHORS = 64 };

struct anchor_list {
	struct str v[MAX_ANCHORS];
	size_t n;
};

static struct anchor_list
anchors_all(void)
{
	struct anchor_list list = { .n = 0 };
	size_t n;
	const struct str *more = userspace_anchors(&n);

	for (size_t i = 0; i < ARRAY_LEN(kernel_anchors); i++)
		list.v[list.n++] = kernel_anchors[i];
	for (size_t i = 0; i < n && list.n < MAX_ANCHORS; i++)
		list.v[list.n++] = more[i];
	more = aftermath_anchors(&n);
	for (size_t i = 0; i < n && list.n < MAX_ANCHORS; i++)
		list.v[list.n++] = more[i];
	return list;
}

struct scan *
parser_anchors(void)
{
	struct anchor_list list = anchors_all();

	return scan_new(list.v, list.n);
}

void
parser_anchor_each(void (*each)(void *ctx, struct str literal), void *ctx)
{
	struct anchor_list list = anchors_all();

	for (size_t i = 0; i < list.n; i++)
		each(ctx, list.v[i]);
}
