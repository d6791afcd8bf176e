/*
 * What the files of parse/ share.  Private to this folder.
 *
 * The way of a record: parser.c finds its stream and joins lines that were
 * broken in two, dispatch.c finds the row of lines.c that knows the line, the
 * row's take function (head.c, memory.c, memcg.c, tasks.c, kill.c) writes
 * facts into the open event, and finish.c grades the event when it closes.
 */
#ifndef OOMWHY_PARSE_INTERNAL_H
#define OOMWHY_PARSE_INTERNAL_H

#include "base/err.h"
#include "model/event.h"
#include "model/record.h"
#include "parse/parser.h"

/* Where in a report the last line that was understood stands. */
enum section {
	SECTION_NONE,	/* no event is open */
	SECTION_HEAD,	/* head line and stack trace */
	SECTION_MEMCG,	/* usage lines */
	SECTION_STAT,	/* "Memory cgroup stats for PATH:", one name and value a line */
	SECTION_MEMORY, /* Mem-Info */
	SECTION_SLAB,	/* "Unreclaimable slab info:" */
	SECTION_SITES,	/* "Memory allocations:" */
	SECTION_TABLE,	/* task rows */
	SECTION_END,	/* killed, or ended otherwise: only late lines can follow */
};

/* Limits that make hostile input finite.  One event may hold a full table of a
 * 64-bit pid space's usual maximum (4 Mi tasks are not printed: the ring is smaller). */
enum {
	MAX_EVENT_LINES = 300 * 1000,
	MAX_EVENT_BYTES = 128 * 1024 * 1024,
	MAX_STREAMS = 256,
	MAX_BOOTS = 256,
	MAX_PENDING = 64,
	MAX_HELD = 16 * 1024,
	MAX_STRAY_LINES = 2000,
	MAX_UNKNOWN_LINES = 1000,
};
#define MAX_SILENCE_US (120 * INT64_C(1000000))
/* A late line (the reaper is delayed 2 s from 5.18 on, mm/oom_kill.c OOM_REAPER_DELAY,
 * and tries for a second) is waited for this long. */
#define SETTLE_US (10 * INT64_C(1000000))

/* What holds for every report of one boot of one host. */
struct boot_facts {
	char host[256], boot_id[40], kernel[128];
	unsigned boot;
	int64_t page_size;
	int64_t swap_total_kb;
	uint64_t used_at;
};

enum { MAX_COLUMNS = 24 };

/* The numbers of a row between its [pid] and its name: where in struct task each goes. */
struct columns {
	size_t off[MAX_COLUMNS]; /* COLUMN_UNKNOWN: a column nobody has seen yet */
	size_t n;
};
#define COLUMN_UNKNOWN SIZE_MAX

struct shape;

/* A line that may go on in the next record: kept until that one is seen. */
struct held {
	const struct shape *shape; /* the row that knew its beginning; NULL: nothing is held */
	enum section section;	   /* of the stream when the row was found */
	struct record rec;	   /* its slices point into the buffers below */
	size_t text_n;
	char text[MAX_HELD], raw[MAX_HELD];
	char ident[64];
};

/* One sequence of records that can hold one report at a time. */
struct stream {
	char host[256], boot_id[40], caller[24];
	unsigned boot;
	uint64_t used_at;
	size_t facts;	  /* index in parser.boots */
	struct event *ev; /* open, owned by the parser's queue */
	enum section section;
	bool foreign_memory;   /* Mem-Info lines belong to an allocation failure, not to ev */
	bool tentative;	       /* ev holds only Mem-Info so far: no event yet */
	bool hard_blanks;      /* a line was understood only without its non-breaking spaces */
	bool sysrq;	       /* "Manual OOM execution" came just before */
	struct moment flagged; /* when sysrq or foreign_memory was set */
	int64_t node;	       /* of a "Node 0 " whose rest was printed as its own record */
	struct counters *kb;   /* of the zone or node line just read, if a wrapped rest follows */
	unsigned stray;	       /* lines since one that was understood */
	int64_t seen_us;       /* kernel or wall time of that one */
	bool seen_is_mono;
	struct columns columns;
	struct held held;
	/* A short line just before: the first half of a comm that holds a newline. */
	char before[16];
	size_t before_n;
	bool before_set;
	int64_t before_mono_us;
};

/* Which rows of the table of line shapes (bit n: row n) can fit, by the line's first byte
 * and by the section; [256]: an empty line. */
struct shape_index {
	uint64_t by_first[257];
	uint64_t by_section[SECTION_END + 1];
};

/* Events in the order of their first lines: late lines may still reach them. */
struct queue_entry {
	struct event *ev;
	struct stream *open; /* the stream that still writes to it; NULL: closed */
	int64_t seen_us;     /* stream time of its last line */
	struct moment seen;  /* the same by both clocks */
	bool drop;	     /* turned out to be no event */
};

struct parser {
	parser_sink *sink;
	void *ctx;
	struct shape_index shapes;
	struct stream **streams;
	size_t nstreams, streams_cap;
	struct stream *last; /* of the record before: a line without prefix belongs to it */
	struct boot_facts *boots;
	size_t nboots, boots_cap;
	uint64_t clock; /* counts records: for "least recently used" */
	struct queue_entry queue[MAX_PENDING];
	size_t nqueue;
	unsigned warm_up;  /* records left that are read whatever they hold */
	parser_note *note; /* NULL: nobody wants them */
	void *note_ctx;
	struct event *user;    /* newest user-space kill, while it is in the queue */
	char user_reason[512]; /* stated before the victim was named */
	size_t user_reason_n;
	char scratch[1024]; /* a line whose hard blanks were made soft */
};

/* What a take function knows of the line it is given. */
struct context {
	struct parser *parser;
	struct stream *stream;
	const struct record *rec;
	struct str text;    /* the line; in the open event's arena if there is one */
	struct str raw;	    /* the same, as it stood in the source */
	struct event *late; /* the line belongs to this event, which is not the open one */
	struct err *err;
};

/* A take function's answer. */
enum take {
	TAKE_ERROR = -1, /* no memory, or the sink failed; see *err */
	TAKE_NOT = 0,	 /* looked like mine, is not: try the next row */
	TAKE_USED,
	TAKE_NOISE,
	TAKE_FOREIGN,
};
typedef enum take take_fn(struct context *, struct str text);

/* A row of the table of line shapes. */
struct shape {
	const char *starts; /* literals the line may start with, "|" between them; "": any */
	const char *first;  /* bytes it may start with, where `starts` does not say; NULL: any */
	bool (*is)(struct str text); /* further test; NULL: the literal is enough */
	take_fn *take;
	unsigned sections; /* bit set of enum section where the line may stand; 0: anywhere */
	bool may_break;	   /* a mailer or pr_cont may have broken it: hold it for the next line */
};

/* lines.c */
void shape_index_make(struct shape_index *);
/* The first row after `after` (NULL: of all) that may know the line; NULL: none. */
const struct shape *shape_next(
    const struct shape_index *, const struct shape *after, struct str text, enum section);

/* stream.c, queue.c: streams, boots and the queue of events. */
struct stream *stream_for(struct parser *, const struct record *);
/* Close what is open and open a new event on this stream; NULL and err on failure.
 * The record's text is kept in it: context.text is its copy from then on. */
struct event *stream_open(struct context *, enum section);
/* An event of this one line, beside the open one, which stays open. */
struct event *stream_aside(struct context *);
int stream_close(struct parser *, struct stream *, struct err *);
/* The newest event of this host and boot that killed `pid`; sets context.late. */
struct victim *find_victim(struct context *, int64_t pid);
int context_keep(struct context *, struct event *); /* the line into the event's arena */
int event_note(struct context *, struct event *, enum line_use);
struct queue_entry *queue_entry_of(struct parser *, const struct event *); /* NULL: handed on */
int queue_push(struct parser *, struct event *, struct stream *open, struct err *);
int queue_settle(struct parser *, int64_t now_us, struct err *); /* hand on what is done */
int queue_flush(struct parser *, struct err *);
/* Hand on what no line of now or later can reach. */
int queue_pass(struct parser *, const struct moment *now, struct err *);
void event_begin(struct event *, const struct record *);
int64_t record_us(const struct record *); /* kernel time if printed, else wall time */

struct boot_facts *context_facts(struct context *); /* of the stream's boot */

/* aftermath.c: what happened next; the times and the line are the record's. */
int aftermath_add(struct context *, struct event *, struct aftermath);
/* A line that is not the kernel's: of systemd, about a unit that lost a process. */
int aftermath_feed(struct parser *, const struct record *, struct err *);
const struct str *aftermath_anchors(size_t *ret_n);

/* place.c: a line so much later than an event has nothing to do with it. */
bool moment_is_late(const struct moment *then, const struct moment *now);
struct moment moment_of(const struct record *);

/* hold.c: lines made whole. */
bool hold(struct stream *, const struct record *, const struct shape *); /* false: too long */
void append_held(const struct shape_index *, struct stream *, struct str text, const char *glue);
struct record without_indent(const struct record *);
bool without_hard_blanks(struct parser *, struct str text, struct str *ret);
const struct shape *find_shape(struct parser *, struct stream *, struct record *);

/* join.c: lines that were broken in two. */
bool joins(const struct shape_index *, const struct stream *, const struct record *next,
    const char **ret_glue);

/* note.c: tell who wants to know. */
void note_tell(struct parser *, const struct record *, struct note);

/* head.c, scene.c, stack.c */
bool head_find(struct str text, size_t *ret_at);
bool head_complete(struct str text);
take_fn take_head, take_cpu, take_pid, take_hardware, take_tainted, take_cpuset, take_noise,
    take_stack, take_linux_version, take_sysrq, take_alloc_failure, take_lost, take_compaction;
bool is_head(struct str), is_cpuset(struct str), is_stack(struct str), is_sysrq(struct str),
    is_alloc_failure(struct str), is_lost(struct str);

/* memory.c, zone.c */
take_fn take_meminfo, take_counters, take_node, take_zone, take_reserve, take_number_line,
    take_free_swap, take_total_swap, take_slab_head, take_slab, take_sites_head, take_site;
bool is_memory_rest(struct str);
enum take take_memory_rest(struct context *, struct str);
bool is_counters(struct str), is_zone(struct str), is_number_line(struct str), is_slab(struct str),
    is_site(struct str), is_per_cpu(struct str);

/* memcg.c */
take_fn take_task_in, take_limit_of, take_usage, take_stats, take_stat, take_protection;
bool is_stat(struct str);
bool task_in_complete(struct str);

/* tasks.c */
take_fn take_table, take_header, take_row;
bool is_header(struct str), is_row(struct str);
bool row_complete(const struct columns *, struct str text);
struct str row_comm(const struct columns *, struct str text); /* of a complete row */

/* summary.c */
take_fn take_summary;
bool summary_complete(struct str);

/* kill.c */
take_fn take_killed, take_chosen, take_sharing, take_group, take_reaper, take_exiting,
    take_no_killable, take_panic, take_would_have;
bool is_killed(struct str), is_chosen(struct str), is_sharing(struct str), is_exiting(struct str),
    is_panic(struct str), is_broken_kill(struct str);
bool kill_complete(struct str);

/* finish.c: what can be said only when the whole report is there. */
int event_finish(struct event *, const struct boot_facts *, struct err *);
/* grade.c: sets completeness and missing; -1: no memory. */
int event_grade(struct event *);
const struct boot_facts *facts_find(const struct parser *, const struct event *);

/* user.c: user-space killers. */
int user_feed(struct parser *, const struct record *, struct err *);

#endif
