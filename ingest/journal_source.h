/* The source of journals, shared by its files: source_journal.c and journal_take_systemd.c. */
#ifndef OOMWHY_INGEST_JOURNAL_SOURCE_H
#define OOMWHY_INGEST_JOURNAL_SOURCE_H

#include "ingest/boots.h"
#include "ingest/journal_fields.h"
#include "ingest/journal_systemd.h"
#include "ingest/journal_twins.h"
#include "ingest/kind.h"

struct journal {
	struct source source;
	const char *where;
	struct input *in; /* NULL: it was named, not recognised */
	struct systemd sd;
	sd_journal *j; /* NULL: the library reads none of the files */
	struct journal_files files;
	struct rescue rescue;
	struct twins *twins; /* NULL: no file was rescued */
	struct boots boots;
	struct journal_fields fields;
	struct str rest; /* lines left of an entry */
	struct record record;
	bool follow, waiting, reported;
	bool ahead;	   /* the library stands at an entry that was not given */
	uint64_t ahead_us; /* its time; UINT64_MAX: unknown */
	int fd;
	int64_t lost;	/* not yet told in a record */
	int64_t unread; /* entries of the library whose message cannot be read */
	struct source_stats stats;
};

/* The entry that the library stands at.  1: it is the record; 0: it is not wanted; -1 and *err. */
int journal_take(struct journal *, const struct scan *wanted, struct err *);
/* The same of the one of rescue_open(), and on to the next of its file. */
int journal_take_rescued(
    struct journal *, struct rescued *, const struct scan *wanted, struct err *);

#endif
