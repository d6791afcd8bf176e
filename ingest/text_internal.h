/* The parts of text.h: what a line becomes (text_line.c), and the record it ends as
 * (text_record.c). */
#ifndef OOMWHY_INGEST_TEXT_INTERNAL_H
#define OOMWHY_INGEST_TEXT_INTERNAL_H

#include "ingest/boots.h"
#include "ingest/clock.h"
#include "ingest/entry.h"
#include "ingest/frags.h"
#include "ingest/pstore.h"
#include "ingest/text.h"

enum { KEPT_TEXT = 256, MAX_FORMATS = 32 };

/* A copy that outlives the line. */
struct kept {
	struct str s;
	char bytes[KEPT_TEXT];
};

/* What is left to give of a message of several lines. */
struct pending_message {
	struct str rest;      /* n == 0: nothing */
	struct record record; /* its fields, for every line of it */
};

/* What is left to give of an entry that is lines of a log. */
struct pending_lines {
	struct str rest;
	struct entry entry; /* what stands round them */
};

struct text {
	struct lines lines;
	struct str path; /* as the user named it */
	struct clock clock;
	struct boots boots;
	struct prefix_memory memory;
	struct entry_json *json;
	struct entry_fields *fields;
	struct frags *frags;   /* NULL before the first */
	struct pstore *pstore; /* the parts of the file; NULL: it is none */
	struct pending_message message;
	struct pending_lines entry;
	struct line held;	/* to be looked at again; text.p == NULL: none */
	int64_t line_at;	/* offset of the line in hand; UNKNOWN: nothing can begin there */
	int64_t lines_before;	/* in front of that */
	struct log_place begin; /* of what is read; its `known` is not kept */
	bool at_end;
	bool stands_alone; /* the record given last: it has a prefix, and a line of its own */

	struct record before; /* the record of the line before, for lines that go on with it */
	struct kept host, ident, caller, boot_id;
	struct str shown; /* the line in hand, as it was matched */
	size_t column;	  /* where its message began; 0: nothing can go on */

	char *plain;		     /* LINES_MAX bytes: a line without its colours */
	char *undone;		     /* the same: a message without its escapes */
	struct entry_buffer partial; /* CRI's P, up to here */
	struct prefix partial_prefix;

	int64_t expected_seq; /* of /dev/kmsg; UNKNOWN: none */
	int64_t last_seq, last_seq_mono_us;
	int64_t lost;		/* not yet told in a record */
	struct str boot_id_now; /* "-- Boot <id> --" */
	char boot_id_bytes[32];

	bool prefixed;				 /* some line had a prefix */
	bool settled;				 /* the style of the first lines is known */
	bool in_order;				 /* it is one where no line may be skipped */
	bool in_json;				 /* the last line was of an entry */
	bool more_json;				 /* more objects may stand on the line */
	const struct prefix_style *record_style; /* kmsg's or netconsole's, of the line before */
	int64_t unsettled;			 /* lines without a style at the beginning */

	int64_t files_bytes, files_lines, files_cuts; /* of the files before this one */
	struct source_stats stats;
	struct {
		const char *name;
		int64_t lines;
	} format[MAX_FORMATS];
	size_t nformats, last_format;
};

/* Count the records lost before this one.  false: it came already, as datagrams do. */
bool text_count_seq(struct text *, const struct prefix *);
/* Make a record of a prefix; `from` is the physical line it stood on. */
void text_record(struct text *, const char *format, struct prefix *, const struct line *from,
    struct record *ret);
/* A line of the file or of an entry, with `around` what stands round it (or NULL). */
bool text_line(struct text *, const struct line *, const struct entry *around, struct record *ret);
/* The next line of what is pending. */
bool text_pending(struct text *, struct record *ret);
/* Time of a line that nobody wants, so that years, boots and spans stay right. */
void text_sample(struct text *, const struct line *);
/* Take the fields of the record that this line goes on with. */
bool text_continue(struct text *, struct str text, const struct line *, struct record *ret);
void text_bare(struct text *, struct str text, const struct line *, struct record *ret);
/* Take up where `place` is; text_place() is its other half. */
bool text_begin_at(struct text *, const struct log_place *);
/* What waited at the end of the input. */
bool text_flush(struct text *, struct record *ret);

#endif
