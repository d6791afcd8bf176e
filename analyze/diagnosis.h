/*
 * What an expert would say of the event: the rules that fired, the one that
 * explains most first.  Each rests on lines of the log, says what speaks
 * against it, what to do about it and what that costs, and which advice that
 * people find elsewhere would not help.
 *
 * A rule fires only on facts that the log has: what is unknown never counts as
 * zero.  The rules are rows of the tables in rule_*.c.
 */
#ifndef OOMWHY_ANALYZE_DIAGNOSIS_H
#define OOMWHY_ANALYZE_DIAGNOSIS_H

#include "analyze/ledger.h"
#include "analyze/services.h"
#include "analyze/verdict.h"

enum confidence {
	CONFIDENCE_CERTAIN, /* the lines say it, or nothing else can have printed them */
	CONFIDENCE_LIKELY,
	CONFIDENCE_POSSIBLE,
};

/* What a diagnosis is about. */
enum topic {
	TOPIC_CAUSE,  /* why memory ran out */
	TOPIC_CHOICE, /* why this process and no other */
	TOPIC_BESIDE, /* what made it worse, or limits what can be said */
};

struct evidence {
	int64_t line;	 /* number in the source; UNKNOWN: it follows from several */
	struct str text; /* a fact with its numbers, one clause */
};

struct advice {
	struct str text;    /* what to do, one sentence */
	struct str command; /* commands or lines of a configuration; STR_NONE */
	struct str file;    /* where the lines go; STR_NONE: it is a command for a shell */
	struct str price;   /* what it costs or risks; STR_NONE */
};

/* What is often advised and would not help here. */
struct wrong_advice {
	const char *claim, *why;
};

struct diagnosis {
	const char *id;	   /* stable; docs/DIAGNOSES.md describes each */
	const char *title; /* a few words */
	enum topic topic;
	enum confidence confidence;
	struct str says; /* one or two sentences with this event's numbers */
	const struct evidence *evidence;
	size_t nevidence;
	const struct str *against; /* what speaks against it */
	size_t nagainst;
	const struct advice *advice; /* the most useful first */
	size_t nadvice;
	const struct wrong_advice *wrong;
	size_t nwrong;
};

struct diagnoses {
	const struct diagnosis *v; /* as an expert would give them, the answer first */
	size_t n;
};

/*
 * Everything returned lives in the event's arena.  NULL: no memory.  All texts
 * hold names as the log has them: renderers escape.
 */
const struct diagnoses *diagnoses_of(
    struct event *, const struct verdict *, const struct ledgers *);

const char *confidence_name(enum confidence); /* "certain" */
const char *topic_name(enum topic);	      /* "cause" */
bool diagnosis_id_known(struct str id);

#endif
