/*
 * Which service, container or unit each process was of, and what they held
 * together.  From names (15 bytes at most, anyone's choosing), cgroup paths
 * (printed for the victim only, or for the whole list where a cgroup's limit
 * was hit; of others a witness may know them), uid and oom_score_adj.
 */
#ifndef OOMWHY_ANALYZE_SERVICES_H
#define OOMWHY_ANALYZE_SERVICES_H

#include "analyze/ledger.h"
#include "analyze/place.h"
#include "analyze/service_rules.h"
#include "model/event.h"

/* How a group of processes is known. */
enum service_kind {
	SERVICE_NAME,	/* by the process name alone, not in our table */
	SERVICE_KNOWN,	/* by the process name, in our table: "PostgreSQL" */
	SERVICE_CGROUP, /* by a cgroup path: a unit, a container, a pod, a virtual machine */
	SERVICE_RULE,	/* by a rule of the user */
};

/* What the processes do; for rules that advise. */
enum service_class {
	CLASS_OTHER,
	CLASS_WEB,	       /* a pool of workers that serve requests */
	CLASS_DATABASE,	       /* caches as much as it was told to */
	CLASS_SHARED_DATABASE, /* the same, in memory shared by its processes */
	CLASS_CACHE,
	CLASS_RUNTIME, /* an interpreter: the name does not tell the application */
	CLASS_JVM,
	CLASS_MAIL,
	CLASS_LOG, /* search, logging, monitoring */
	CLASS_BACKUP,
	CLASS_DESKTOP,
	CLASS_VM,
	CLASS_CONTAINER_RUNTIME,
	CLASS_BUILD,
	CLASS_COMPUTE,
	CLASS_SYSTEM,
};

struct service {
	struct str name; /* "PostgreSQL", "mysqld", "nginx.service" */
	struct str comm; /* of its largest process, as the log has it */
	enum service_kind kind;
	enum service_class class;
	struct place place; /* of a cgroup path; kind PLACE_NONE: no path is known */
	int64_t uid;	    /* UNKNOWN: several, or not printed */
	int64_t adj;	    /* oom_score_adj; UNKNOWN: several, or not printed */
	size_t ntasks;
	const size_t *tasks; /* rows of the task table, the one with the most memory first */
	/* Sums over the processes; UNKNOWN: not printed, or the page size is not known. */
	int64_t rss_kb; /* counts a shared page once in each process */
	int64_t swap_kb;
	int64_t pgtables_kb;
	/* Resident memory without counting shared pages again: between these two.  Since
	 * 6.8 a row says what of it is shared; before, the bounds rest on what the whole
	 * machine or cgroup has mapped. */
	int64_t private_kb;	/* at most */
	int64_t private_min_kb; /* at least */
	int64_t share_permille; /* of private_kb in what ran out; UNKNOWN */
	bool witnessed;		/* the place is of a witness, not of the log */
	bool victim, trigger;	/* one of its processes was killed; asked for memory */
};

struct services {
	const struct service *v; /* the largest first, by private_kb */
	size_t n;
	const size_t *of_task;	   /* for each row of the table: its service; n: of none */
	int64_t sum_kb;		   /* of private_kb */
	int64_t counted_twice_kb;  /* at least so much of sum_kb is counted more than once */
	struct place oom_place;	   /* whose limit was hit */
	struct place victim_place; /* where the victim lived */
};

/* Everything returned lives in the event's arena; ledgers and rules may be NULL.  NULL: no memory.
 */
const struct services *services_of(
    struct event *, const struct ledgers *, const struct service_rules *);

/* The service of a victim; NULL: its process is not in the list. */
const struct service *service_of_pid(const struct services *, const struct event *, int64_t pid);
/* A name for the victim: its service's, else its unit's or its cgroup's; STR_NONE. */
struct str service_of_victim(const struct services *, const struct event *, const struct victim *);
/* Where a victim lived, as far as the log says. */
struct place service_place(const struct services *, const struct event *, const struct victim *);
/* What a process name stands for: "PostgreSQL"; NULL: not in our table. */
const char *service_known(struct str comm, enum service_class *ret);
const char *service_kind_name(enum service_kind);
const char *service_class_name(enum service_class);

#endif
