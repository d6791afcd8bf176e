/*
 * A machine at one moment, as its /proc and /sys tell it: what the next choice of
 * the OOM killer would be made of, and what would be left of its report.
 *
 * As everywhere, a number is UNKNOWN and a text STR_NONE where nothing told it.
 */
#ifndef OOMWHY_MODEL_MACHINE_H
#define OOMWHY_MODEL_MACHINE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

enum {
	ADJ_NEVER = -1000, /* OOM_SCORE_ADJ_MIN: never chosen */
};

struct process {
	int64_t pid, ppid, uid, threads;
	struct str comm;   /* the bytes that it gave itself, up to 15 */
	struct str cgroup; /* where its memory is charged: "/system.slice/x.service" */
	int64_t vm_kb, rss_kb, swap_kb;
	int64_t pte_kb, pmd_kb; /* page tables; since 4.15 the first holds them all */
	int64_t hugetlb_kb;	/* not in rss, and not in the badness */
	int64_t oom_score_adj;
	int64_t oom_score;  /* the kernel's own, for the whole machine */
	bool has_memory;    /* an mm: neither a kernel thread nor dead */
	bool kernel_thread; /* never chosen */
	bool admin;	    /* CAP_SYS_ADMIN is effective: worth 3 % before 4.17 */
	bool unreadable;    /* it is there, and may not be looked at */
};

struct processes {
	struct process *v; /* in order of pid */
	size_t n, cap;
	size_t vanished;   /* ended while they were read */
	size_t unreadable; /* of v */
	bool truncated;	   /* more than are kept */
	int64_t hidepid;   /* of the mount: 0 everybody sees all; UNKNOWN */
};

/* A cgroup with a memory controller. */
struct group {
	struct str path;	    /* "/" is the root of what is mounted here */
	int64_t usage_kb, limit_kb; /* INT64_MAX: no limit */
	int64_t high_kb, min_kb, low_kb;
	int64_t swap_limit_kb;	/* v2: of swap alone */
	int64_t memsw_limit_kb; /* v1: of memory and swap */
	int64_t swappiness;	/* v1: its own */
	int64_t kill_group;	/* memory.oom.group: all of it die together */
	int64_t kill_disabled;	/* v1 memory.oom_control: its tasks wait instead */
	int64_t kills;		/* oom_kill of memory.events: in it and below it */
	int64_t kills_local;	/* in it alone */
};

enum group_version { GROUPS_NONE, GROUPS_V1, GROUPS_V2 };

struct groups {
	enum group_version version; /* of the memory controller */
	struct group *v;	    /* parents before children */
	size_t n, cap;
	bool truncated;
};

struct meminfo {
	int64_t total_kb, free_kb, available_kb, swap_total_kb, swap_free_kb;
	int64_t commit_limit_kb, committed_kb;
	int64_t huge_total, huge_free, huge_size_kb, hugetlb_kb;
	int64_t shmem_kb, zswap_kb;
};

/* Of /proc/pressure/memory: hundredths of a per cent of the last 10 and 60 seconds, and how
 * long tasks have waited since boot. */
struct pressure {
	int64_t some10, some60, some_us;
	int64_t full10, full60, full_us;
};

struct sysctls {
	int64_t panic_on_oom, oom_kill_allocating_task, oom_dump_tasks;
	int64_t overcommit_memory, overcommit_ratio, overcommit_kbytes;
	int64_t min_free_kbytes, swappiness;
	int64_t panic;		  /* kernel.panic: seconds until it boots again; 0 never */
	int64_t console_loglevel; /* the first of kernel.printk */
	int64_t dmesg_restrict;
};

/* A line of somebody's configuration that does nothing. */
struct dead_setting {
	struct str path, key, value;
	int64_t line;
};

/* What becomes of the kernel's messages. */
struct logging {
	int64_t ring_bytes;	   /* of the kernel's log; UNKNOWN */
	struct str ring_how;	   /* where that is from */
	bool journald;		   /* it is configured or runs here */
	struct str storage;	   /* Storage= of journald; STR_NONE: not set */
	struct str max_level;	   /* MaxLevelStore= */
	struct str read_kmsg;	   /* ReadKMsg= */
	bool journal_on_disk;	   /* /var/log/journal is there */
	int64_t may_read;	   /* this user /dev/kmsg: 1, 0; UNKNOWN: captured elsewhere */
	int64_t may_read_journal;  /* of the whole system */
	int64_t crash_kernel;	   /* a kdump kernel is loaded */
	int64_t pstore;		   /* there is a back end that keeps the last words */
	struct str default_policy; /* DefaultOOMPolicy= of systemd */
};

/* What could not be read, although it is there. */
struct unread {
	struct str path, why;
};

struct machine {
	struct arena mem; /* of everything that is pointed at */
	bool live;	  /* this one, not a captured one */
	struct str release, boot_id, host;
	int64_t page_size;
	int64_t boot_us;   /* real time of the boot */
	int64_t uptime_us; /* since then */
	int64_t oom_kills; /* /proc/vmstat: kills since boot, the whole machine */
	int64_t nodes;	   /* of NUMA */
	struct meminfo memory;
	struct pressure pressure;
	struct sysctls sysctls;
	int64_t zram_devices, zswap_enabled; /* used as swap; 0 or 1 */
	struct processes processes;
	struct groups groups;
	struct logging logging;
	struct dead_setting *dead;
	size_t ndead, dead_cap;
	struct unread *unread;
	size_t nunread, unread_cap;
};

void machine_init(struct machine *); /* all unknown */
void machine_done(struct machine *);

/* The group of this path; NULL: none. */
const struct group *group_find(const struct groups *, struct str path);
/* The same as people name it: below /sys/fs/cgroup, or the last part of a path alone, such
 * as a unit's name, if there is one group of that name.  NULL: none, or several. */
const struct group *group_named(const struct groups *, struct str name);
/* Whether `path` is `top` or below it. */
bool group_holds(struct str top, struct str path);

#endif
