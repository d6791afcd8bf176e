/* Shared by analyze/redact*.c. */
#ifndef OOMWHY_ANALYZE_REDACT_INTERNAL_H
#define OOMWHY_ANALYZE_REDACT_INTERNAL_H

#include "analyze/redact.h"

/* What something is: the same text as a host and as a process gets two names. */
enum redact_kind {
	REDACT_HOST,
	REDACT_COMM,
	REDACT_WORD, /* of a path */
	REDACT_NUMBER,
	REDACT_SOURCE,
	REDACT_HEX,
	REDACT_UUID,
	REDACT_KINDS
};

struct redactor {
	struct arena mem;
	void *tree; /* of tsearch(3) */
	size_t n;
	unsigned count[REDACT_KINDS];
};

/* The name for it; .p NULL: no memory, or unknown as it was. */
struct str redact_name(struct redactor *, enum redact_kind, struct str);

/* A user or another number that belongs to the machine; those of the system stay. */
struct str redact_number(struct redactor *, struct str digits);

#endif
