/*
 * Would the next OOM kill be explained, and do the settings mean what people think?
 * Every row of the table looks at facts of a machine and says what it found.
 */
#ifndef OOMWHY_ANALYZE_DOCTOR_H
#define OOMWHY_ANALYZE_DOCTOR_H

#include "analyze/reconcile.h"
#include "model/machine.h"

/* In the order in which they are told. */
enum severity { SEVERITY_PROBLEM, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_UNKNOWN, SEVERITY_OK };

struct remark {
	const char *id, *title; /* static */
	enum severity severity;
	struct str says;    /* what was found, and what it means */
	const char *why;    /* it matters; static */
	struct str command; /* STR_NONE: there is nothing to do, or no one way to do it */
};

struct patient {
	struct arena *mem; /* of what is said */
	const struct machine *machine;
	const struct reckoning *reckoning; /* NULL: no log was looked at */
};

struct doctor {
	struct remark *v; /* the worst first, else in the order of the table */
	size_t n;
	size_t count[SEVERITY_OK + 1];
};

/* 0, or -1: no memory. */
int doctor_examine(const struct patient *, struct doctor *ret);
const char *severity_name(enum severity);

/* A check fills severity and says; where it says nothing it does not apply here. */
typedef void doctor_check(const struct patient *, struct remark *);

/* doctor_choice.c: who is chosen. */
doctor_check check_panic, check_asker, check_protected, check_oom_group, check_kill_disabled,
    check_killers, check_dead_settings, check_unit_policy;
/* doctor_memory.c: what there is. */
doctor_check check_overcommit, check_min_free, check_swap, check_compressed, check_huge_pages,
    check_limits, check_pressure;
/* doctor_log.c: what will be known of it. */
doctor_check check_dump_tasks, check_ring, check_console, check_journal_storage,
    check_journal_level, check_access, check_crash_dump, check_count;

/* severity and says; a text that memory does not suffice for shows in says.p. */
void remark_say(const struct patient *, struct remark *, enum severity, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void remark_command(const struct patient *, struct remark *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "90.8 MiB", in the patient's memory. */
const char *doctor_kb(const struct patient *, int64_t kb);

#endif
