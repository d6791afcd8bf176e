/*
 * Formats whose entries are more than a line, or a line of JSON: readers that
 * are shown one line after the other and say when an entry is whole.
 */
#ifndef OOMWHY_INGEST_ENTRY_H
#define OOMWHY_INGEST_ENTRY_H

#include "base/err.h"
#include "ingest/lines.h"
#include "ingest/prefix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ENTRY_MAX = 4 << 20, /* bytes of an entry; a console's output is one string */
	ENTRY_TEXT = LINES_MAX,
};

enum entry_status {
	ENTRY_ERROR = -1, /* see *err */
	ENTRY_OTHER = 0,  /* the line is none of this format */
	ENTRY_MORE,	  /* the line was taken, the entry goes on */
	ENTRY_READY,	  /* the line was taken and ended an entry */
	ENTRY_BEFORE,	  /* an entry ended before this line, which was not taken */
};

/* Good until the reader is used again. */
struct entry {
	struct prefix prefix; /* text may hold newlines */
	const char *format;
	struct str raw;	    /* the first line */
	int64_t line, last; /* its number */
	bool lines;	    /* text is lines of a log, each with its own prefix, not one message */
	bool is_physical;   /* those lines are lines of the file: nothing could be made of them */
};

/* Bytes that grow as needed, up to ENTRY_MAX. */
struct entry_buffer {
	char *p;
	size_t n, cap;
};

/* 0; 1: it would be too much, and nothing was added; -1 and *err. */
int entry_add(struct entry_buffer *, struct str, struct err *);

/* The fields of a journal entry that matter. */
enum journal_field {
	JOURNAL_MESSAGE,
	JOURNAL_HOSTNAME,
	JOURNAL_BOOT_ID,
	JOURNAL_TRANSPORT,
	JOURNAL_FACILITY,
	JOURNAL_PRIORITY,
	JOURNAL_IDENTIFIER,
	JOURNAL_COMM,
	JOURNAL_SOURCE_MONOTONIC,
	JOURNAL_REALTIME,
	JOURNAL_FIELDS,
};

int journal_field(struct str name); /* -1: not one of them */
const char *journal_field_name(enum journal_field);
/* fields: STR_NONE where the entry has none */
struct prefix journal_prefix(const struct str fields[JOURNAL_FIELDS]);

struct entry_json;
struct entry_fields; /* of export and verbose */

struct entry_json *entry_json_new(struct err *);
void entry_json_free(struct entry_json *);
/*
 * wanted: entries that hold none of its literals are passed over.  After ENTRY_READY there
 * may be more on the line: ask entry_json_next() until it says ENTRY_OTHER.
 */
enum entry_status entry_json_line(struct entry_json *, struct lines *, struct line,
    const struct scan *wanted, struct entry *ret, struct err *);
enum entry_status entry_json_next(struct entry_json *, struct lines *, const struct scan *wanted,
    struct entry *ret, struct err *);
bool entry_json_open(const struct entry_json *);
enum entry_status entry_json_end(struct entry_json *, struct entry *ret);
int64_t entry_json_bad(const struct entry_json *);    /* objects that could not be read */
int64_t entry_json_passed(const struct entry_json *); /* objects passed over */

struct entry_fields *entry_fields_new(struct err *);
void entry_fields_free(struct entry_fields *);
bool entry_fields_open(const struct entry_fields *);
bool entry_fields_is_export(const struct entry_fields *);
enum entry_status entry_export_line(
    struct entry_fields *, struct lines *, struct line, struct entry *ret, struct err *);
enum entry_status entry_verbose_line(
    struct entry_fields *, struct line, struct entry *ret, struct err *);
/* The input ended: ENTRY_READY or ENTRY_OTHER. */
enum entry_status entry_fields_end(struct entry_fields *, struct entry *ret);

#endif
