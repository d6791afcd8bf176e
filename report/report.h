/*
 * Findings in, bytes out.  A renderer is one const struct in a file of its own;
 * the file's name is its registration (render_text.c defines render_text).
 *
 * Renderers read no clock, no environment and no store: what they may depend on
 * is in struct report_opts.
 */
#ifndef OOMWHY_REPORT_REPORT_H
#define OOMWHY_REPORT_REPORT_H

#include "analyze/verdict.h"
#include "base/err.h"
#include "model/event.h"
#include "report/incident.h"

#include <stdio.h>
#include <time.h>

/* What was read of one source. */
struct searched_source {
	const char *path;
	const char *format;	   /* NULL: nothing in it was recognised */
	const char *failed;	   /* why it could not be read to its end; NULL: it was */
	int64_t bytes, lines;	   /* physical */
	int64_t records;	   /* log entries */
	int64_t first_us, last_us; /* span of wall-clock time; UNKNOWN: no stamps */
	int64_t first_mono_us, last_mono_us;
	int64_t long_lines;				 /* cut at the line size limit */
	int64_t lost_records;				 /* known to be lost */
	int64_t members, members_passed, members_unread; /* of archives */
};

/* What was read in all: the answer when there is no event. */
struct searched {
	struct searched_source *v;
	size_t n;
	int64_t events;	      /* found */
	int64_t filtered;     /* of them, left out by the filters */
	int64_t files_passed; /* of directories, that hold no text */
};

/* The sums over all sources; spans are the widest. */
struct searched_source searched_total(const struct searched *);

struct report_opts {
	bool color;
	bool verbose;
	int columns; /* of a line of text; 0: what reads well */
	/* Local time of a second since 1970, false if there is none; NULL: show UTC. */
	bool (*local)(int64_t second, struct tm *ret);
};

/* One answer being written. */
struct report {
	FILE *out;
	struct report_opts opts;
	size_t shown; /* events, so far */
	bool failed;  /* no memory: the answer is not whole */
};

/* What is known when everything was read. */
struct digest {
	const struct searched *searched;
	const struct incident_list *incidents;
};

struct renderer {
	const char *name;		/* --format=NAME */
	bool lines;			/* one object a line for each event, and nothing else */
	void (*begin)(struct report *); /* NULL: nothing stands before the events */
	void (*event)(struct report *, const struct finding *); /* one by one, the log's order */
	/* Newest first.  NULL: its events one by one. */
	void (*incident)(struct report *, const struct incident *);
	void (*end)(struct report *, const struct digest *); /* NULL: nothing after them */
};

const struct renderer *renderer_at(size_t i);		/* NULL: no more */
const struct renderer *renderer_find(const char *name); /* NULL: none of that name */

void report_begin(const struct renderer *, struct report *);
void report_end(const struct renderer *, struct report *, const struct digest *);
/* All incidents, newest first, and the end.  report_finish() tells how it went. */
void report_incidents(const struct renderer *, struct report *, const struct digest *);
/* stdio remembers the first failed write: renderers never check, this does once. */
int report_finish(struct report *, struct err *);

#endif
