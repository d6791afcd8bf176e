/*
 * What happened in a period: events in, counts and the few that matter out.  A pure function of
 * the rows and of `now`; renderers of it are in period_*.c.
 *
 * Memory is bounded, whatever the period holds: names beyond PERIOD_NAMES of a kind are counted
 * together, only the newest incidents are kept.
 */
#ifndef OOMWHY_REPORT_PERIOD_H
#define OOMWHY_REPORT_PERIOD_H

#include "base/arena.h"
#include "report/instant.h"
#include "report/words.h"

enum {
	PERIOD_NAMES = 4096,  /* of a kind, told apart */
	PERIOD_NAME_MAX = 96, /* bytes of a name */
	PERIOD_TOP = 10,      /* of a kind, shown */
	PERIOD_INCIDENTS = 10,
	PERIOD_HOURS = 366 * 24,
	PERIOD_BUCKETS = 32,
	PERIOD_ADVICE = 3,
};

/* One event. */
struct period_row {
	char id[17];
	int64_t event; /* its number, for who wants to look at it */
	struct str host, boot_id, constraint, outcome, cgroup, victim, service, cause;
	int64_t boot, real_us, mono_us;
	int64_t counted_us; /* when, or when it became known */
	int64_t victims;
	bool userspace;
};

enum period_by { BY_VICTIM, BY_SERVICE, BY_HOST, BY_CGROUP, BY_CAUSE, PERIOD_BY };

/* A victim, a service, a host...: how often. */
struct period_name {
	struct str name;
	int64_t events, kills;
	int64_t last_us; /* of its newest event */
	int64_t last_event;
	char last_id[17];
};

struct period_names {
	struct period_name *v; /* most kills first, once finished */
	size_t n, cap;
	uint16_t *slots; /* open addressing: 1 + index; 0: free */
	int64_t other;	 /* events of names that no longer fitted */
};

/* A name in a place of its own: the row it is of is gone soon. */
struct period_text {
	char s[PERIOD_NAME_MAX];
	int n; /* -1: unknown */
};
struct str period_str(const struct period_text *);

/* Events of one host and boot, less than a minute apart; named after the first. */
struct period_incident {
	char id[17];
	struct period_text host, constraint, outcome, cgroup, victim, service;
	int64_t first_us, last_us, events, kills;
	int64_t order_us; /* what the newest is decided by */
	bool userspace;
};

struct period_bucket {
	int64_t from_us;
	int64_t kills;
};

/* What to do about a cause: from the newest event that had it. */
struct period_advice {
	struct str cause, title, confidence, says, text, command, file, price;
	char id[17];
	int64_t events;
};

/* Zero-initialise; since_us, until_us, now_us are set by the caller. */
struct period {
	struct arena mem;
	int64_t since_us, until_us, now_us; /* what was asked for; UNKNOWN: open */
	bool since_last;		    /* all that is new, and not a span of time */
	int64_t events, kills, incidents, panics, unkilled, userspace, untimed;
	int64_t first_us, last_us; /* of the events; UNKNOWN: none has a time */
	int64_t kills_before;	   /* in as long a time before it; UNKNOWN: not asked */
	struct period_names by[PERIOD_BY];
	struct period_incident newest[PERIOD_INCIDENTS]; /* newest first, once finished */
	size_t nnewest;
	struct period_bucket buckets[PERIOD_BUCKETS];
	size_t nbuckets;
	int64_t bucket_us;
	struct period_advice advice[PERIOD_ADVICE]; /* put here by the caller, once finished */
	size_t nadvice;

	struct period_incident open; /* while rows come */
	struct period_text open_boot_id;
	int64_t open_boot, open_us;
	bool open_timed;
	uint32_t *hours; /* kills in each hour before now */
};

/* Rows by host and boot, each in the order of time.  -1: no memory. */
int period_add(struct period *, const struct period_row *);
void period_finish(struct period *);
void period_done(struct period *);

/* A way to write it. */
struct period_format {
	const char *name; /* --format=NAME */
	void (*put)(struct report *, const struct period *);
};
const struct period_format *period_format_find(const char *name); /* NULL: none */

/* period_words.c: "OOM kills in the last 7 days", "New OOM kills since the last report". */
struct words period_title(const struct period *);
/* "12 kills in 3 incidents on 2 hosts, 5 in as long a time before" */
void period_put_counts(FILE *, const struct period *);
/* "1 h", "7 days", "2 h 5 min" */
struct instant_text period_length(int64_t us);
const char *period_by_title(enum period_by); /* "Services" */
const char *period_by_key(enum period_by);   /* "services": of JSON and CSV */
const char *period_by_one(enum period_by);   /* "Service" */
/* "the machine", "a cgroup": what ran out of memory in an incident. */
const char *period_scope(const struct period_incident *);
/* Who died in it, or what became of it, log text. */
struct str period_who(const struct period_incident *);
/* "2026-11-20" or "2026-11-20 14:00": where a bucket begins. */
struct instant_text period_bucket_at(const struct report_opts *, const struct period *, size_t);
/* "and 12 more"; empty: those shown are all. */
struct words period_more(const struct period_names *);
/* The most kills of a bucket. */
int64_t period_peak(const struct period *);

#endif
