/* The fields of an entry that matter, copied: what a library hands out does not last. */
#ifndef OOMWHY_INGEST_JOURNAL_FIELDS_H
#define OOMWHY_INGEST_JOURNAL_FIELDS_H

#include "ingest/entry.h"

/* Zero-initialise; mem_free(.text.p) at last. */
struct journal_fields {
	struct entry_buffer text;
	struct {
		size_t at, n;
		bool known;
	} of[JOURNAL_FIELDS];
};

void journal_fields_begin(struct journal_fields *);
/* "NAME=value": 0; 1: it is too long and left out; -1 and *err. */
int journal_fields_add(struct journal_fields *, struct str assignment, struct err *);
/* All that were added; good until the next begin. */
void journal_fields_get(const struct journal_fields *, struct str ret[static JOURNAL_FIELDS]);

#endif
