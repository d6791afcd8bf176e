/* rows: the columns of every table that holds a struct of model/event.h. */
#include "store/columns.h"

static const char *
kind_at(int i)
{
	return i <= EVENT_USERSPACE_KILL ? event_kind_name((enum event_kind)i) : NULL;
}

static const char *
constraint_at(int i)
{
	return i <= CONSTRAINT_MEMORY_POLICY ? constraint_name((enum constraint)i) : NULL;
}

static const char *
reason_at(int i)
{
	return i <= REASON_SYSRQ ? reason_name((enum reason)i) : NULL;
}

static const char *
outcome_at(int i)
{
	return i <= OUTCOME_NONE ? outcome_name((enum outcome)i) : NULL;
}

static const char *
role_at(int i)
{
	return i <= ROLE_SHARED_MM ? role_name((enum role)i) : NULL;
}

static const char *
after_at(int i)
{
	return i <= AFTER_UNIT_GAVE_UP ? after_name((enum after)i) : NULL;
}

static const char *
completeness_at(int i)
{
	return i <= COMPLETE_KILL_ONLY ? completeness_name((enum completeness)i) : NULL;
}

static const char *
time_source_at(int i)
{
	return i <= TIME_BOOT_OFFSET ? time_source_name((enum time_source)i) : NULL;
}

/* clang-format off */
#define OF(type_, name_, member) { name_, type_, offsetof(struct ROW, member), NULL }
#define INT(name, member)	OF(COLUMN_INT, name, member)
#define LINE(name, member)	OF(COLUMN_LINE, name, member)
#define TEXT(name, member)	OF(COLUMN_TEXT, name, member)
#define BOOL(name, member)	OF(COLUMN_BOOL, name, member)
#define NAME(name_, member, f)	{ name_, COLUMN_NAME, offsetof(struct ROW, member), f }

#define ROW event
/* A member's name cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define USAGE(name, member)                                                                        \
	INT(name "_usage_kb", member.usage_kb), INT(name "_limit_kb", member.limit_kb),            \
	INT(name "_failcnt", member.failcnt), INT(name "_line", member.line)

/* NOLINTEND(bugprone-macro-parentheses) */
const struct column event_columns[] = {
	OF(COLUMN_ID, "id", id),
	NAME("kind", kind, kind_at),
	TEXT("host", host),
	TEXT("boot_id", boot_id),
	OF(COLUMN_NUMBER, "boot", boot),
	INT("real_us", real_us),
	INT("mono_us", mono_us),
	INT("real_error_us", real_error_us),
	NAME("real_source", real_source, time_source_at),
	NAME("reason", reason, reason_at),
	NAME("oom_constraint", constraint, constraint_at),
	NAME("outcome", outcome, outcome_at),
	NAME("completeness", completeness, completeness_at),
	TEXT("oom_memcg", cgroup.oom_memcg),
	TEXT("task_memcg", cgroup.task_memcg),
	TEXT("kernel", kernel),
	BOOL("kernel_from_boot", kernel_from_boot),
	INT("page_size", page_size),
	BOOL("page_size_from_boot", page_size_from_boot),
	BOOL("trust_kernel", trust_kernel),
	INT("boot_swap_total_kb", boot_swap_total_kb),
	OF(COLUMN_WORD, "format", format),
	TEXT("hardware", hardware),
	TEXT("tainted", tainted),
	TEXT("outcome_text", outcome_text),
	INT("outcome_line", outcome_line),
	TEXT("trigger_comm", trigger.comm),
	INT("trigger_pid", trigger.pid),
	INT("trigger_cpu", trigger.cpu),
	INT("trigger_uid", trigger.uid),
	TEXT("gfp_mask", trigger.gfp_mask),
	TEXT("gfp_flags", trigger.gfp_flags),
	INT("alloc_order", trigger.order),
	INT("trigger_oom_adj", trigger.oom_adj),
	INT("trigger_oom_score_adj", trigger.oom_score_adj),
	INT("trigger_line", trigger.line),
	TEXT("cpuset", cgroup.cpuset),
	TEXT("mems_allowed", cgroup.mems_allowed),
	TEXT("nodemask", cgroup.nodemask),
	USAGE("memory", cgroup.memory),
	USAGE("swap", cgroup.swap),
	USAGE("memsw", cgroup.memsw),
	USAGE("kmem", cgroup.kmem),
	INT("min_protection_kb", cgroup.min_protection_kb),
	INT("low_protection_kb", cgroup.low_protection_kb),
	INT("chosen_pid", chosen.pid),
	TEXT("chosen_comm", chosen.comm),
	INT("chosen_score", chosen.score),
	INT("chosen_line", chosen.line),
	TEXT("summary_task", summary.task),
	INT("summary_pid", summary.pid),
	INT("summary_uid", summary.uid),
	BOOL("summary_global", summary.global),
	INT("summary_line", summary.line),
	BOOL("table_seen", tasks.seen),
	TEXT("table_header", tasks.header),
	INT("table_header_line", tasks.header_line),
	OF(COLUMN_SIZE, "table_bad_rows", tasks.bad_rows),
	BOOL("table_has_pid", tasks.has_pid_column),
	BOOL("memory_seen", memory.seen),
	INT("meminfo_line", memory.line),
	INT("ram_pages", memory.ram_pages),
	INT("highmem_pages", memory.highmem_pages),
	INT("reserved_pages", memory.reserved_pages),
	INT("cma_reserved_pages", memory.cma_reserved_pages),
	INT("hwpoisoned_pages", memory.hwpoisoned_pages),
	INT("pagecache_pages", memory.pagecache_pages),
	INT("swapcache_pages", memory.swapcache_pages),
	INT("swap_free_kb", memory.swap_free_kb),
	INT("swap_total_kb", memory.swap_total_kb),
	INT("ram_line", memory.ram_line),
	INT("reserved_line", memory.reserved_line),
	INT("swap_total_line", memory.swap_total_line),
	BOOL("allocating_task", allocating_task),
	BOOL("group_kill", group_kill),
	INT("group_line", group_line),
	BOOL("stack_seen", stack_seen),
	TEXT("killer", killer),
	TEXT("killer_reason", killer_reason),
	OF(COLUMN_SIZE, "unknown_lines", nunknown),
	BOOL("lines_dropped", lines_dropped),
	INT("lost_records", lost_records),
	OF(COLUMN_SIZE, "line_count", nlines),
	/* Since version 5. */
	TEXT("witness", witness),
};
const size_t event_ncolumns = ARRAY_LEN(event_columns);
#undef ROW

#define ROW victim
static const struct column victim_columns[] = {
	INT("pid", pid),
	TEXT("comm", comm),
	INT("uid", uid),
	NAME("role", role, role_at),
	TEXT("message", message),
	INT("total_vm_kb", total_vm_kb),
	INT("anon_rss_kb", anon_rss_kb),
	INT("file_rss_kb", file_rss_kb),
	INT("shmem_rss_kb", shmem_rss_kb),
	INT("pgtables_kb", pgtables_kb),
	INT("oom_score_adj", oom_score_adj),
	INT("score", score),
	INT("mono_us", mono_us),
	INT("real_us", real_us),
	LINE("line", line),
	BOOL("reaped", reaped),
	INT("reaped_anon_kb", reaped_anon_kb),
	INT("reaped_file_kb", reaped_file_kb),
	INT("reaped_shmem_kb", reaped_shmem_kb),
	LINE("reaped_line", reaped_line),
	LINE("reap_failed_line", reap_failed_line),
	LINE("already_exiting_line", already_exiting_line),
	TEXT("cgroup", cgroup),
	TEXT("unit", unit),
};
#undef ROW

#define ROW aftermath
static const struct column aftermath_columns[] = {
	NAME("what", what, after_at),
	INT("pid", pid),
	TEXT("unit", unit),
	INT("counter", counter),
	INT("real_us", real_us),
	INT("mono_us", mono_us),
	LINE("line", line),
};
#undef ROW

#define ROW task
static const struct column task_columns[] = {
	INT("pid", pid),
	INT("uid", uid),
	INT("tgid", tgid),
	TEXT("comm", comm),
	INT("total_vm_pages", total_vm_pages),
	INT("rss_pages", rss_pages),
	INT("rss_anon_pages", rss_anon_pages),
	INT("rss_file_pages", rss_file_pages),
	INT("rss_shmem_pages", rss_shmem_pages),
	INT("nr_ptes", nr_ptes),
	INT("nr_pmds", nr_pmds),
	INT("pgtables_bytes", pgtables_bytes),
	INT("swapents_pages", swapents_pages),
	INT("cpu", cpu),
	INT("oom_adj", oom_adj),
	INT("oom_score_adj", oom_score_adj),
	LINE("line", line),
};
#undef ROW

#define ROW cgroup_stat
static const struct column stat_columns[] = {
	TEXT("path", path),
	LINE("line", line),
	BOOL("truncated", truncated),
};
#undef ROW

#define ROW node
static const struct column node_columns[] = {
	INT("node", id),
	BOOL("all_unreclaimable", all_unreclaimable),
	LINE("line", line),
};
#undef ROW

#define ROW zone
static const struct column zone_columns[] = {
	INT("node", node),
	TEXT("name", name),
	INT("free_kb", free_kb),
	INT("min_kb", min_kb),
	INT("low_kb", low_kb),
	INT("high_kb", high_kb),
	INT("present_kb", present_kb),
	INT("managed_kb", managed_kb),
	INT("buddy_total_kb", buddy_total_kb),
	BOOL("all_unreclaimable", all_unreclaimable),
	LINE("line", line),
	LINE("buddy_line", buddy_line),
};
#undef ROW

#define ROW hugepages
static const struct column huge_columns[] = {
	INT("node", node),
	INT("total", total),
	INT("free", free),
	INT("surplus", surplus),
	INT("size_kb", size_kb),
	LINE("line", line),
};
#undef ROW

#define ROW slab_cache
static const struct column slab_columns[] = {
	TEXT("name", name),
	INT("used_kb", used_kb),
	INT("total_kb", total_kb),
	LINE("line", line),
};
#undef ROW

#define ROW alloc_site
static const struct column site_columns[] = {
	INT("bytes", bytes),
	INT("calls", calls),
	TEXT("place", where),
	LINE("line", line),
};
#undef ROW

static const struct column missing_columns[] = { { "what", COLUMN_TEXT, 0, NULL } };

#define LIST(table, columns, type, v, n, cap)                                                      \
	{ table, columns, ARRAY_LEN(columns), sizeof(type), offsetof(struct event, v),             \
	  offsetof(struct event, n), offsetof(struct event, cap) }

const struct list lists[LISTS] = {
	LIST("victims", victim_columns, struct victim, victims, nvictims, victims_cap),
	LIST("tasks", task_columns, struct task, tasks.v, tasks.n, tasks.cap),
	LIST("cgroups", stat_columns, struct cgroup_stat, cgroup.stats, cgroup.nstats,
	    cgroup.stats_cap),
	LIST("nodes", node_columns, struct node, memory.nodes, memory.nnodes, memory.nodes_cap),
	LIST("zones", zone_columns, struct zone, memory.zones, memory.nzones, memory.zones_cap),
	LIST("hugepages", huge_columns, struct hugepages, memory.huge, memory.nhuge,
	    memory.huge_cap),
	LIST("slabs", slab_columns, struct slab_cache, memory.slabs, memory.nslabs,
	    memory.slabs_cap),
	LIST("alloc_sites", site_columns, struct alloc_site, memory.sites, memory.nsites,
	    memory.sites_cap),
	LIST("aftermath", aftermath_columns, struct aftermath, aftermath, naftermath,
	    aftermath_cap),
	LIST("missing", missing_columns, struct str, missing, nmissing, missing_cap),
};
/* clang-format on */
