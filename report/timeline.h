/*
 * What happened in which order: before the kill, the kill, and after it.  Of an
 * incident, or of all incidents of a boot.
 */
#ifndef OOMWHY_REPORT_TIMELINE_H
#define OOMWHY_REPORT_TIMELINE_H

#include "model/note.h"
#include "report/report.h"

enum timeline_type {
	TIMELINE_BOOT,
	TIMELINE_ALLOC_FAILURE,
	TIMELINE_LOST,
	TIMELINE_INVOKED,
	TIMELINE_CHOSEN,
	TIMELINE_KILLED,
	TIMELINE_USERSPACE_KILL,
	TIMELINE_PANIC,
	TIMELINE_NO_KILLABLE,
	TIMELINE_REAPED,
	TIMELINE_REAP_FAILED,
	TIMELINE_UNIT_OOM,
	TIMELINE_UNIT_EXITED,
	TIMELINE_UNIT_FAILED,
	TIMELINE_UNIT_RESTARTED,
	TIMELINE_UNIT_GAVE_UP,
};

struct timeline_entry {
	enum timeline_type type;
	const struct finding *of;    /* NULL: it stands beside the events */
	const struct victim *victim; /* of a kill; NULL otherwise */
	struct str comm, unit, what; /* what: of a note; the others may be unknown */
	int64_t pid, count;
	int64_t real_us, mono_us, line;
	int64_t after_us; /* since the first kill, by the clock that both have; UNKNOWN */
	size_t rank;	  /* by its place in the log, where times say nothing */
};

struct timeline {
	struct str host, boot_id, incident; /* incident: id of its first event */
	int64_t from_us, to_us;		    /* UNKNOWN: no wall clock */
	struct timeline_entry *v;	    /* in order */
	size_t n, cap;
	struct arena mem;
};

/* Incidents of one host and boot, oldest first, and notes of the same; they must outlive it.
 * 0, or -1: no memory. */
int timeline_make(struct timeline *, const struct incident *const *incidents, size_t n,
    const struct note *notes, size_t nnotes);
void timeline_done(struct timeline *);
const char *timeline_type_name(enum timeline_type);
/* A sentence without an end, escaped. */
void timeline_words(FILE *, const struct timeline_entry *);

struct timeline_format {
	const char *name; /* --format=NAME */
	void (*begin)(struct report *);
	void (*one)(struct report *, const struct timeline *); /* counts rep->shown */
	void (*end)(struct report *);
};
const struct timeline_format *timeline_format_find(const char *name); /* NULL: no such */
extern const struct timeline_format timeline_text, timeline_json, timeline_trace;

#endif
