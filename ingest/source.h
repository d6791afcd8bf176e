/*
 * Where records come from: one iterator for every kind of input.
 *
 *	src = source_open("-", &opts, &err);
 *	while ((st = source_next(src, NULL, &rec, &err)) == SOURCE_RECORD) ...
 *
 * A source never looks inside a message text; it may be told to skip lines
 * that hold none of a set of literals (see base/scan.h), which is what makes
 * reading a quiet log as cheap as grep.
 */
#ifndef OOMWHY_INGEST_SOURCE_H
#define OOMWHY_INGEST_SOURCE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/scan.h"
#include "ingest/input.h"
#include "model/record.h"

enum source_status {
	SOURCE_ERROR = -1, /* see *err */
	SOURCE_END = 0,	   /* nothing more, ever */
	SOURCE_RECORD = 1, /* *ret is good until the next call */
	SOURCE_AGAIN = 2,  /* following: nothing yet, poll */
	SOURCE_MEMBER = 3, /* what is open ends here: the next record is of another log */
	SOURCE_UNREAD = 4, /* a part cannot be read, see *err; the call after this goes on */
};

struct source_opts {
	const struct source_part *part; /* NULL: all of what is named */
	const char *kind; /* --source: NULL for autodetection; "text", "kmsg", "json", ... */
	int64_t year;	  /* of stamps without one; UNKNOWN: inferred from the file's mtime */
	int64_t now_us;	  /* the clock, given by cli/ so that nothing below reads it */
	const char *zone; /* time zone of local stamps (TZ syntax); NULL: this machine's */
	input_tick *tick; /* after each read of a file; NULL: nobody wants to know */
	void *tick_ctx;
	bool thorough;	    /* read the entries of journals one by one, whatever leads to them */
	bool follow;	    /* at the end say SOURCE_AGAIN, where the kind can wait for more */
	const char *resume; /* what source_position() said: go on from there; NULL: all there is */
};

enum { SOURCE_POSITION = 512 }; /* bytes of a position, with its NUL */

/* What has been read so far; the numbers of an answer that finds no event. */
struct source_stats {
	int64_t bytes, lines;	   /* physical */
	int64_t records;	   /* entries; equals lines in line-based formats */
	int64_t first_us, last_us; /* span of wall-clock time; UNKNOWN without stamps */
	int64_t first_mono_us, last_mono_us;
	int64_t long_lines;   /* cut at the line size limit */
	int64_t lost_records; /* known to be lost */
	int64_t bad_entries;  /* of JSON that could not be read; their lines were taken as text */
	int64_t members, members_passed, members_unread; /* of archives; binary ones are passed */
	const char *packing;				 /* "gzip", "tar"; NULL: none */
	const char *format; /* name of the format most lines had: "dmesg", "journal-json" */
};

/* The names that source_opts.kind may have; NULL: no more. */
const char *source_kind_name(size_t i);

struct source; /* opaque: made by source_open, ended by source_close */

/* NULL and *err when it cannot be opened.  `where` must outlive the source. */
struct source *source_open(const char *where, const struct source_opts *, struct err *);

/*
 * The next record.  With `wanted`, lines that hold none of its literals may be
 * passed over (they still count in the stats); NULL gives every record.
 */
enum source_status source_next(
    struct source *, const struct scan *wanted, struct record *ret, struct err *);
struct source_stats source_stats(const struct source *);
/* To be polled for POLLIN after SOURCE_AGAIN; -1: this source cannot be followed. */
int source_fd(const struct source *);
/* Where the next record stands, for source_opts.resume.  false: this kind has no positions. */
bool source_position(const struct source *, char to[static SOURCE_POSITION]);
/*
 * Where to begin next time: before the record that source_next() gave last, or after its
 * SOURCE_END at the end, or (where a line without a newline stands there) before that line.
 * false: this kind, or this place, has none.  `known` is in the arena.
 */
bool source_place(const struct source *, struct arena *, struct log_place *ret);
void source_close(struct source *); /* NULL is fine */

#endif
