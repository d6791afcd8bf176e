/*
 * A sosreport in an archive: what its members say of the machine completes what its logs do
 * not say.  Facts are of one report; the next one in the same archive is another machine's.
 */
#ifndef OOMWHY_INGEST_SOSREPORT_H
#define OOMWHY_INGEST_SOSREPORT_H

#include "ingest/lines.h"
#include "ingest/member.h"
#include "model/record.h"

/* Begins as { .facts.boot_us = UNKNOWN }. */
struct sosreport {
	bool inside; /* the member in hand is one of a report; */
	enum member_kind kind;
	char name[128]; /* the report that the facts are of */
	struct member_facts facts;
};

void sosreport_enter(struct sosreport *, struct str path, enum member_kind);
/* Of the member in hand.  0, or -1 and *err: no memory. */
int sosreport_learn(struct sosreport *, lines_read *, void *ctx, struct err *);
void sosreport_complete(const struct sosreport *, struct record *);

#endif
