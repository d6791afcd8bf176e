/*
 * Every event once, for years: facts of events in an SQLite file.
 *
 *	st = store_open("oomwhy.db", STORE_WRITE, &err);
 *	store_begin(st, &err);
 *	store_put(st, ev, &how, &err);
 *	store_set_checkpoint(st, &file, &err);
 *	store_commit(st, &err);
 *
 * One writer at a time, any number of readers beside it.  What is not committed never
 * happened; what is, survives the end of the process at any instant.
 */
#ifndef OOMWHY_STORE_STORE_H
#define OOMWHY_STORE_STORE_H

#include "base/err.h"
#include "model/checkpoint.h"
#include "model/event.h"

struct store; /* opaque: made by store_open, ended by store_close */

enum store_mode {
	STORE_READ,  /* of an existing store; needs only the right to read */
	STORE_WRITE, /* made if it is not there: 0640, in a directory of 0750 */
};

/* NULL and *err.  Waits for another writer as long as wait_ms (0: a minute). */
struct store *store_open(const char *path, enum store_mode, int wait_ms, struct err *);
const char *store_path(const struct store *);
void store_close(struct store *); /* NULL is fine; an open transaction is undone */

int store_begin(struct store *, struct err *);
int store_commit(struct store *, struct err *);
void store_rollback(struct store *);

/* What became of an event. */
enum store_put {
	PUT_FAILED = -1,
	PUT_NEW,
	PUT_COMPLETED, /* it is there, and this copy knew more */
	PUT_KNOWN,     /* it is there; its sources may have grown by one */
};

/*
 * Begin a pass: one source from its beginning to its end, or all of it that is new.  Events
 * that tell no time are told apart within a pass by their order.
 */
void store_begin_pass(struct store *);
/* The pass goes on behind so many lines of this source: what was read in them was met by it. */
int store_resume_pass(struct store *, struct str path, int64_t lines, struct err *);
/* Inside a transaction.  The event may be completed from the store, its id replaced. */
enum store_put store_put(struct store *, struct event *, int64_t *ret_event, struct err *);
/* Facts read anew from the same lines; what the event's surroundings told is kept. */
int store_replace(struct store *, int64_t event, struct event *anew, struct err *);

/* A whole event, as it was put; NULL and *err.  Free by event_free(). */
struct event *store_get(struct store *, int64_t event, struct err *);
/* The same with nothing below it but its victims: without tasks, memory and lines. */
struct event *store_get_victims(struct store *, int64_t event, struct err *);
/* The event whose id begins so: 1, 0 none, 2 several, -1 and *err. */
int store_find(struct store *, const char *prefix, int64_t *ret_event, struct err *);
/* The number of the next event after this one (0: the first); 0: no more. -1 and *err. */
int64_t store_next(struct store *, int64_t event, struct err *);

/* The newest of a file that is known by device and inode, or (else) by its first bytes:
 * call with n = 0, 1, 2... for one after the other.  1, 0 no more, -1 and *err.  Texts live
 * in *mem. */
int store_checkpoint_file(struct store *, int64_t device, int64_t inode, unsigned n,
    struct arena *mem, struct checkpoint *ret, struct err *);
int store_checkpoint_head(struct store *, int64_t head, unsigned n, struct arena *mem,
    struct checkpoint *ret, struct err *);
/*
 * Inside the transaction of the events it covers; sets its number.  copy_of: the number of the
 * checkpoint of the file it is a copy of, or 0.
 */
int store_set_checkpoint(struct store *, struct checkpoint *, int64_t copy_of, struct err *);
/* The event was still open at the end of what was read: the file may hold more of it. */
int store_note_open(struct store *, int64_t checkpoint, int64_t event, struct err *);
/* Forget those events, to read them again whole: inside the transaction that begins that. */
int store_drop_open(struct store *, int64_t checkpoint, struct err *);
/* Whether one of them has not been put again: no moment to commit. */
bool store_owes(const struct store *);

/* Where a source that is followed goes on: 1, 0 not known, -1 and *err.  The text is in *mem. */
int store_position(
    struct store *, const char *source, struct arena *mem, struct str *ret, struct err *);
/* Inside the transaction of the events it covers. */
int store_set_position(struct store *, const char *source, struct str position, struct err *);

/* Records that are known to be missing from a source. */
struct gap {
	struct str path;
	int64_t lost;
	int64_t first_us, last_us; /* somewhere in this time; UNKNOWN */
};
int store_add_gap(struct store *, const struct gap *, struct err *);

/* The next event after this one (0: the first) whose summary is not this analyzer's; 0: no more.
 * -1 and *err. */
int64_t store_unsummarised(struct store *, int64_t event, const char *analyzer, struct err *);
/* What lists show of a verdict; kept for as long as the analyzer is the same. */
struct summary_row {
	int agrees; /* -1 unknown, 0 no, 1 yes */
	struct str decided_by, says;
	struct str service, cause; /* of the victim; id of the first diagnosis of a cause */
};
int store_set_summary(
    struct store *, int64_t event, const char *analyzer, const struct summary_row *, struct err *);

/* Which events, and how many of them. */
struct store_filter {
	const char *host, *victim, *cgroup; /* NULL: any; cgroup: of the limit or of the victim */
	const char *constraint, *outcome;
	int64_t since_us, until_us; /* UNKNOWN: open */
	bool incidents;		    /* a row for each run of events less than a minute apart */
	int64_t limit, offset;	    /* limit 0: all */
	const char *analyzer;	    /* whose summaries count */
};

/* One line of a list.  Texts live until the callback returns. */
struct store_row {
	int64_t event;
	char id[17];
	struct str kind, host, boot_id, constraint, outcome, completeness, cgroup;
	int64_t boot, real_us, mono_us;
	struct str trigger, victim;
	int64_t victim_pid, victim_anon_kb, victims;
	int64_t events, last_us; /* of an incident, of which this is the first event */
	bool summarised;
	struct summary_row summary;
};
/* -1 and *err to stop. */
typedef int store_row_fn(void *ctx, const struct store_row *, struct err *);

/* Newest first; events without a time come last. */
int store_list(
    struct store *, const struct store_filter *, store_row_fn *, void *ctx, struct err *);
/* The events of its host and boot that came before, oldest first, as far as a verdict may ask
 * for them; *ret_n at most `max`. */
int store_before(
    struct store *, const struct event *, int64_t *ret, size_t max, size_t *ret_n, struct err *);

/* An event came, or more became known of it. */
struct store_change {
	int64_t change, event, revision; /* revision 1: it came */
};
/* The first change after this number, up to that one: 1, 0 none, -1 and *err.  An event has
 * only its newest change. */
int store_changed(
    struct store *, int64_t after, int64_t upto, struct store_change *ret, struct err *);
/* The number of the newest change, whether its event is still here or not; 0: none yet. */
int store_last_change(struct store *, int64_t *ret, struct err *);

/* Counts of all that ever came, which forgetting does not lessen. */
enum store_total { TOTAL_EVENTS, TOTAL_VICTIMS, TOTAL_LOST, TOTALS };
const char *store_total_name(enum store_total);
/* scope: a constraint_name(), "unknown" or "userspace"; of lost records empty. */
typedef void store_total_fn(void *ctx, enum store_total, struct str scope, int64_t n);
int store_totals(struct store *, store_total_fn *, void *ctx, struct err *);

/* Logs were looked at just now, whether they held anything or not: inside a transaction. */
int store_note_alive(struct store *, struct err *);
/* When that was, in seconds since 1970; UNKNOWN: never. */
int store_alive_s(struct store *, int64_t *ret, struct err *);

/* Which events a period holds. */
struct store_span {
	const char *host;	    /* NULL: any */
	int64_t since_us, until_us; /* UNKNOWN: open */
	int64_t after, upto;	    /* numbers of the changes they came with; UNKNOWN: open */
	const char *analyzer;	    /* whose summaries count */
};

/* One event of a period.  Texts live until the callback returns. */
struct store_kill {
	int64_t event;
	char id[17];
	bool userspace;
	struct str host, boot_id, constraint, outcome, cgroup, victim;
	int64_t boot, mono_us;
	int64_t real_us;    /* UNKNOWN */
	int64_t counted_us; /* the same, else when it was stored */
	int64_t victims, anon_kb;
	bool summarised;
	struct str service, cause; /* of its summary */
};
typedef int store_kill_fn(void *ctx, const struct store_kill *, struct err *);
/* By host and boot, each in the order of time. */
int store_period(
    struct store *, const struct store_span *, store_kill_fn *, void *ctx, struct err *);

struct store_info {
	const char *path;
	int64_t version, events, victims, tasks, hosts, sources, gaps, lost;
	int64_t first_us, last_us;
	int64_t bytes, free_bytes, raw_bytes;
	bool immutable;
};
int store_info(struct store *, struct store_info *ret, struct err *);
/* Of it only what is known at once, however large the store is: events, last_us, bytes. */
int store_size(struct store *, struct store_info *ret, struct err *);
/* Reads everything: 0 sound, -1 and *err with the first fault. */
int store_check(struct store *, int64_t *ret_events, struct err *);
/* Forget events before this time, and the oldest until the file is not larger. UNKNOWN: no
 * limit.  Events without a time count as of when they were stored. */
int store_prune(
    struct store *, int64_t before_us, int64_t max_bytes, int64_t *ret_pruned, struct err *);

#endif
