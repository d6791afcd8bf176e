/*
 * Incidents: the events of one host and boot that follow each other within a
 * minute.  A storm of kills is one situation and is told as one.
 *
 * Memory is bounded: only the newest incidents are kept, and of a long one only
 * as many events as fit; the others are counted.
 */
#ifndef OOMWHY_REPORT_INCIDENT_H
#define OOMWHY_REPORT_INCIDENT_H

#include "analyze/diagnosis.h"
#include "analyze/ledger.h"
#include "analyze/services.h"
#include "analyze/trend.h"
#include "analyze/verdict.h"
#include "model/event.h"

#include <stddef.h>

/* An event and what we made of it. */
struct finding {
	struct event *event;
	const struct verdict *verdict;	   /* NULL: not analysed, or not the kernel's choice */
	const struct ledgers *ledgers;	   /* NULL: not analysed */
	const struct services *services;   /* the same */
	const struct diagnoses *diagnoses; /* the same */
	const struct trend *trend;	   /* NULL: no store was asked, or it knows no time */
	int64_t sequence, revision;	   /* of a change in the store; 0: it is not told of one */
};

enum {
	INCIDENT_GAP_US = 60 * 1000000,
	INCIDENT_EVENTS_MAX = 1000,	       /* kept of one incident */
	INCIDENT_BYTES_MAX = 16 * 1024 * 1024, /* the same, without its first event */
};

struct incident {
	struct finding *v; /* the kept events, oldest first; the first one is always here */
	size_t n, cap;
	size_t bytes;
	int64_t events;	 /* all that belong to it */
	unsigned source; /* number of the source, where no host is known */
	int64_t last_us; /* of the newest event; UNKNOWN without a wall clock */
	int64_t last_mono_us;
};

struct incident_list {
	struct incident *v; /* oldest first */
	size_t n, cap;
	size_t keep;	   /* at most this many; 0: 5 */
	int64_t incidents; /* all there were */
};

/* Takes the event, frees what no longer fits.  -1: no memory (the event is freed). */
int incident_add(struct incident_list *, struct finding, unsigned source);
/* Which of its events tells the most of it: the first, unless that is a line without a report and
 * a later one has a report. */
size_t incident_lead(const struct incident *);
/* How much later, by the kernel's clock if both have it, else by the wall clock; UNKNOWN: neither,
 * or it was not later. */
int64_t incident_later_us(const struct event *first, const struct event *ev);
void incident_list_done(struct incident_list *);

#endif
