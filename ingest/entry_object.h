/* One object of JSON as an entry of the log that it can only be of. */
#ifndef OOMWHY_INGEST_ENTRY_OBJECT_H
#define OOMWHY_INGEST_ENTRY_OBJECT_H

#include "ingest/entry.h"

/* What the entry read last points into; zero-initialise. */
struct entry_object {
	void *doc;
	char *bytes; /* of values that are arrays of numbers: ENTRY_TEXT of them */
	size_t nbytes;
};

/* false: it is not JSON, or of no log that is known. */
bool entry_object_read(struct entry_object *, struct str text, struct entry *ret);
/* A value of the object that was read last, as text; STR_NONE: it has none. */
struct str entry_object_text(const struct entry_object *, const char *key);
void entry_object_done(struct entry_object *);

#endif
