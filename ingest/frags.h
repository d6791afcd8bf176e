/*
 * Records that netconsole sent in pieces: "ncfrag=0/1035" before the text says
 * where a piece belongs.  Datagrams come twice, in any order, or never.
 */
#ifndef OOMWHY_INGEST_FRAGS_H
#define OOMWHY_INGEST_FRAGS_H

#include "ingest/prefix.h"

enum { FRAGS_TEXT = 8192, FRAGS_OPEN = 8, FRAGS_PIECES = 16, FRAGS_NAME = 16 };

struct frags {
	struct frags_record {
		int64_t seq, total;
		int64_t at[FRAGS_PIECES];
		size_t pieces;
		int64_t got;
		struct prefix prefix;
		char caller[FRAGS_NAME];
		char text[FRAGS_TEXT];
	} open[FRAGS_OPEN];
	size_t nopen;
	int64_t done; /* sequence number of the record that was whole last */
};

struct frags *frags_new(void); /* NULL: no memory */
void frags_free(struct frags *);
/*
 * Add the piece p.  true: *p is a record now, whole; or the oldest, cut, that had to make
 * room.  false: more is needed.  p->text lives until the next call.
 */
bool frags_add(struct frags *, struct prefix *p, bool *ret_cut);
/* At the end: what is there of the oldest record; false when there is none. */
bool frags_flush(struct frags *, struct prefix *ret);

#endif
