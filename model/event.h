/*
 * One OOM situation as the log told it: facts only, no verdicts.
 *
 * Every number is UNKNOWN and every slice STR_NONE until a line said otherwise;
 * units are in the names.  Everything pointed at lives in the event's arena.
 */
#ifndef OOMWHY_MODEL_EVENT_H
#define OOMWHY_MODEL_EVENT_H

#include "base/arena.h"
#include "base/str.h"
#include "model/record.h"

enum event_kind { EVENT_KERNEL_OOM, EVENT_USERSPACE_KILL };

enum constraint {
	CONSTRAINT_UNKNOWN,
	CONSTRAINT_NONE, /* the whole machine */
	CONSTRAINT_MEMCG,
	CONSTRAINT_CPUSET,
	CONSTRAINT_MEMORY_POLICY,
};

enum reason { REASON_UNKNOWN, REASON_ALLOCATION, REASON_MEMCG, REASON_PAGE_FAULT, REASON_SYSRQ };

enum outcome {
	OUTCOME_UNKNOWN, /* the log ends or is cut before it was said */
	OUTCOME_KILLED,
	OUTCOME_PANIC,
	OUTCOME_NO_KILLABLE, /* "Out of memory and no killable processes..." */
	OUTCOME_NONE,	     /* the report is whole and nobody was killed */
};

enum role { ROLE_CHOSEN, ROLE_CHILD, ROLE_GROUP, ROLE_SHARED_MM };

/* What a report of its kernel should carry, from the fullest to the barest. */
enum completeness {
	COMPLETE_FULL,
	COMPLETE_NO_TASK_TABLE, /* head and kill, no rows (oom_dump_tasks=0, filtered, lost) */
	COMPLETE_NO_MEMORY,	/* head, rows and kill, but neither Mem-Info nor memcg usage */
	COMPLETE_TABLE_PARTIAL, /* rows are known to be missing */
	COMPLETE_CUT_HEAD,	/* rows or memory, but no head line */
	COMPLETE_CUT_TAIL,	/* a head, but the log stops before the end was told */
	COMPLETE_HEAD_ONLY,
	COMPLETE_SUMMARY_ONLY, /* an "oom-kill:" line alone */
	COMPLETE_KILL_ONLY,    /* a kill line without a report */
};

/* One line of the report.  `text` is a slice of `raw` where the raw line holds it. */
enum line_use {
	LINE_USED,    /* a fact of the event came from it */
	LINE_NOISE,   /* known to be of no interest (stack trace, per-cpu lists) */
	LINE_FOREIGN, /* known not to be of the report (another program, another subsystem) */
	LINE_UNKNOWN, /* the kernel's, inside the report, and not understood */
};

struct event_line {
	int64_t line;	 /* number in its source */
	struct str raw;	 /* as it stood */
	struct str text; /* without prefix */
	enum line_use use;
};

/* A named number, for the parts of a report whose keys change with every kernel. */
struct counter {
	struct str name;
	int64_t value;
};

struct counters {
	struct counter *v;
	size_t n, cap;
};

struct trigger {
	struct str comm;
	int64_t pid; /* of the CPU/Pid line: a thread id */
	int64_t cpu, uid;
	struct str gfp_mask;  /* "0x100cca" */
	struct str gfp_flags; /* "GFP_HIGHUSER_MOVABLE|__GFP_ZERO"; empty: none set */
	int64_t order;	      /* -1: sysrq (4.3 and newer) */
	int64_t oom_adj;      /* 2.6.11 - 3.6 */
	int64_t oom_score_adj;
	int64_t line; /* of the head */
};

struct cgroup_usage {
	int64_t usage_kb, limit_kb, failcnt; /* limit_kb INT64_MAX: no limit */
	int64_t line;
};

/* The numbers of one memcg of the subtree ("Memory cgroup stats for PATH:"). */
struct cgroup_stat {
	struct str path;
	struct counters
	    stat; /* bytes for sizes, plain counts for events, as memory.stat has them */
	int64_t line;
	bool truncated; /* the record was cut at 1 KiB (5.3 - 6.4) */
};

struct cgroup {
	struct str oom_memcg;  /* whose limit it was */
	struct str task_memcg; /* where the victim lived */
	struct str cpuset, mems_allowed, nodemask;
	struct cgroup_usage memory, swap /* v2 */, memsw /* v1 */, kmem /* v1 */;
	int64_t min_protection_kb, low_protection_kb; /* 6.19 and newer */
	struct cgroup_stat *stats;
	size_t nstats, stats_cap;
};

/* "Kill process P (C) score N or sacrifice child": the kernel's choice, 2.6.18 - 5.1. */
struct chosen {
	int64_t pid;
	struct str comm;
	int64_t score;
	int64_t line;
};

/* "oom-kill:constraint=...": 5.0 and newer, RHEL 8.3. */
struct summary {
	struct str task;
	int64_t pid, uid;
	bool global; /* ",global_oom" */
	int64_t line;
};

struct victim {
	int64_t pid;
	struct str comm;
	int64_t uid;
	enum role role;
	struct str message; /* what stood before "Killed process": "Memory cgroup out of memory" */
	int64_t total_vm_kb, anon_rss_kb, file_rss_kb, shmem_rss_kb;
	int64_t pgtables_kb;
	int64_t oom_score_adj;
	int64_t score;		  /* printed, of a "Kill process" line for this pid */
	int64_t mono_us, real_us; /* of the kill line */
	int64_t line;
	bool reaped; /* an oom_reaper line came */
	int64_t reaped_anon_kb, reaped_file_kb, reaped_shmem_kb, reaped_line;
	int64_t reap_failed_line;     /* "unable to reap" */
	int64_t already_exiting_line; /* "is already exiting. Skip killing the task" */
	struct str cgroup, unit;      /* user-space killers name these */
};

/* What happened next, on lines after the kill. */
enum after {
	AFTER_REAPED,
	AFTER_REAP_FAILED,
	AFTER_UNIT_OOM,	   /* systemd: a process of this unit has been killed by the OOM killer */
	AFTER_UNIT_EXITED, /* its main process was killed */
	AFTER_UNIT_FAILED,
	AFTER_UNIT_RESTARTED, /* a restart was scheduled */
	AFTER_UNIT_GAVE_UP,   /* it was restarted too often */
};

struct aftermath {
	enum after what;
	int64_t pid;	 /* of the reaped process */
	struct str unit; /* of systemd's lines */
	int64_t counter; /* of restarts, where the line says it */
	int64_t real_us, mono_us;
	int64_t line;
};

struct task {
	int64_t pid, uid, tgid;
	struct str comm;
	int64_t total_vm_pages, rss_pages;
	int64_t rss_anon_pages, rss_file_pages, rss_shmem_pages; /* 6.8 and newer */
	int64_t nr_ptes, nr_pmds;				 /* 3.6 - 4.14 */
	int64_t pgtables_bytes;					 /* 4.15 and newer */
	int64_t swapents_pages;					 /* 3.6 and newer */
	int64_t cpu, oom_adj;					 /* up to 3.5 */
	int64_t oom_score_adj;
	int64_t line;
};

/* The table's own header line decides what a row holds. */
struct task_table {
	bool seen;	   /* a header or a row was met */
	struct str header; /* as printed; STR_NONE: rows without a header */
	int64_t header_line;
	struct task *v;
	size_t n, cap;
	size_t bad_rows; /* looked like rows, could not be read */
	bool has_pid_column;
};

struct buddy_order {
	int64_t count, size_kb;
	struct str types; /* "UME"; STR_NONE: not printed */
};

struct zone {
	int64_t node; /* UNKNOWN: not NUMA, not printed */
	struct str name;
	int64_t free_kb, min_kb, low_kb, high_kb, present_kb, managed_kb;
	struct counters kb; /* every other "key:NkB" of the line */
	int64_t *lowmem_reserve_pages;
	size_t nreserve;
	struct buddy_order *buddy;
	size_t nbuddy;
	int64_t buddy_total_kb;
	bool all_unreclaimable;
	int64_t line, buddy_line;
};

struct node {
	int64_t id;
	struct counters kb;
	bool all_unreclaimable;
	int64_t line;
};

struct hugepages {
	int64_t node, total, free, surplus, size_kb, line;
};

struct slab_cache {
	struct str name;
	int64_t used_kb, total_kb, line;
};

/* One line of the memory allocation profile (6.10 and newer). */
struct alloc_site {
	int64_t bytes, calls, line;
	struct str where;
};

struct memory {
	bool seen; /* a Mem-Info block was met */
	int64_t line;
	struct counters global_pages; /* "active_anon:22050", in PAGES */
	struct node *nodes;
	size_t nnodes, nodes_cap;
	struct zone *zones;
	size_t nzones, zones_cap;
	struct hugepages *huge;
	size_t nhuge, huge_cap;
	struct slab_cache *slabs;
	size_t nslabs, slabs_cap;
	struct alloc_site *sites;
	size_t nsites, sites_cap;
	int64_t ram_pages, highmem_pages, reserved_pages, cma_reserved_pages, hwpoisoned_pages;
	int64_t pagecache_pages, swapcache_pages;
	int64_t swap_free_kb, swap_total_kb;
	int64_t ram_line, reserved_line, swap_total_line;
};

/* Where the event was read. */
struct event_source {
	struct str path;
	int64_t first_line, last_line;
};

struct event {
	struct arena mem;
	struct event *next; /* for whoever holds it in a list */

	enum event_kind kind;
	char id[17]; /* 16 hex digits; from what the kernel printed */
	struct str host, boot_id;
	unsigned boot;	       /* number of the boot in its source (record.boot) */
	struct str kernel;     /* release: "5.10.0-44-amd64" */
	bool kernel_from_boot; /* taken from a boot line or another report of the boot */
	struct str hardware, tainted;
	int64_t page_size;	  /* bytes, from the report itself */
	bool page_size_from_boot; /* taken from another report of the same boot */
	bool trust_kernel;	  /* every line was proven to be the kernel's */

	int64_t real_us, mono_us, real_error_us; /* of the first line of the report */
	enum time_source real_source;

	enum constraint constraint;
	enum reason reason;
	enum outcome outcome;
	struct str outcome_text; /* the panic's or the no-killable line */
	int64_t outcome_line;

	struct trigger trigger;
	struct cgroup cgroup;
	struct chosen chosen;
	struct summary summary;
	struct victim *victims;
	size_t nvictims, victims_cap;
	struct aftermath *aftermath;
	size_t naftermath, aftermath_cap;
	struct task_table tasks;
	struct memory memory;
	bool allocating_task; /* "Out of memory (oom_kill_allocating_task)" */
	bool group_kill;      /* memory.oom.group */
	int64_t group_line;
	bool stack_seen;

	/* User-space killers only. */
	struct str killer; /* "systemd-oomd" */
	struct str killer_reason;

	/* Swap of the machine, from another report of the same boot, in kB: a memcg
	 * report since 3.9 does not carry it. */
	int64_t boot_swap_total_kb;

	struct event_line *lines;
	size_t nlines, lines_cap;
	size_t nunknown;    /* lines with use == LINE_UNKNOWN */
	bool lines_dropped; /* over the limit: not all lines were kept */
	enum completeness completeness;
	struct str *missing; /* plain sentences' keys: "trigger", "task table", ... */
	size_t nmissing, missing_cap;
	int64_t lost_records; /* known to be lost inside the report */
	struct event_source *sources;
	size_t nsources, sources_cap;
	const char *format; /* of the log, static text; NULL: whoever read it did not say */
	struct str witness; /* as witness_write() has it; STR_NONE: nobody was there */
};

struct event *event_new(enum event_kind); /* all facts unknown; NULL: no memory */
void event_free(struct event *);	  /* NULL is fine */

/* Append an element whose facts are all unknown; NULL: no memory. */
struct victim *event_add_victim(struct event *);
struct task *event_add_task(struct event *);
struct aftermath *event_add_aftermath(struct event *);
/* What this event says of the same thing as one of another copy; NULL: nothing. */
struct aftermath *event_same_aftermath(const struct event *, const struct aftermath *);
/* Of another copy: its times where they are not known here, and what is not here at all, then
 * without a line (`all`: also what has one there).  0 or -1. */
int event_take_aftermath(struct event *, const struct event *copy, bool all);
struct zone *event_add_zone(struct event *);
struct node *event_add_node(struct event *);
struct cgroup_stat *event_add_stat(struct event *);
int event_add_missing(struct event *, struct str what);			       /* 0 or -1 */
int event_add_counter(struct event *, struct counters *, struct str, int64_t); /* 0 or -1 */
/* Value of a counter, UNKNOWN if it is not there. */
int64_t counter_get(const struct counters *, const char *name);
/* The victim that was chosen (or its sacrificed child); NULL: nobody was killed. */
const struct victim *event_victim(const struct event *);
/* The task table's row for a pid; NULL: none. */
const struct task *event_task(const struct event *, int64_t pid);
/* The kept line with this number; NULL: none. */
const struct event_line *event_line_at(const struct event *, int64_t line);

/* The names that JSON and text use. */
const char *constraint_name(enum constraint); /* NULL for unknown */
const char *reason_name(enum reason);	      /* NULL for unknown */
const char *outcome_name(enum outcome);
const char *role_name(enum role);
const char *after_name(enum after);
const char *completeness_name(enum completeness);
const char *event_kind_name(enum event_kind);
const char *time_source_name(enum time_source); /* NULL for none */

#endif
