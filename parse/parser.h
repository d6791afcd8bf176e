/*
 * Records in, events out: a state machine over line shapes.  Pure: no I/O, no
 * clock, no locale.  One parser serves any number of hosts and boots at once.
 */
#ifndef OOMWHY_PARSE_PARSER_H
#define OOMWHY_PARSE_PARSER_H

#include "base/err.h"
#include "base/scan.h"
#include "model/event.h"
#include "model/note.h"
#include "model/record.h"

/* Takes ownership of the event.  0, or -1 and *err to stop the parse. */
typedef int parser_sink(void *ctx, struct event *, struct err *);

struct parser;

struct parser *parser_new(parser_sink *, void *ctx, struct err *);
/* Be told also what stands beside the events; from the next record on. */
typedef void parser_note(void *ctx, const struct note *);
void parser_take_notes(struct parser *, parser_note *, void *ctx);
int parser_feed(struct parser *, const struct record *, struct err *);
/* Nothing is open: lines without one of parser_anchors() may be skipped. */
bool parser_idle(const struct parser *);
/* What a follower has to wait for. */
enum parser_state {
	PARSER_EMPTY, /* no event is held */
	PARSER_TOLD,  /* of every event that is held the end was told: late lines may follow */
	PARSER_OPEN,  /* a report goes on */
};
enum parser_state parser_state(const struct parser *);
/* No record comes for now: a kill line that was held for a rest is taken as it stands. */
int parser_hurry(struct parser *, struct err *);
/* When a line was written; UNKNOWN. */
struct moment {
	int64_t real_us, mono_us;
};
/* Whether no line from now on can add to what was read before. */
bool parser_is_done(const struct parser *, const struct moment *now);
/* What it told of its boots, in the arena, for a parser that goes on in its place; STR_NONE: it
 * is too much, or no memory. */
struct str parser_keep(const struct parser *, struct arena *);
/* Before the first record.  -1 and *err: it is not what parser_keep() gave. */
int parser_restore(struct parser *, struct str kept, struct err *);
/* End of a source: what is open ends here; later records are of another source. */
int parser_end(struct parser *, struct err *);
/* What is open is thrown away, as if nothing had been read. */
void parser_forget(struct parser *);
void parser_free(struct parser *);

/* Every literal that can begin something of interest. */
struct scan *parser_anchors(void); /* caller frees; NULL: no memory */
/* The same one by one, for the benchmark's peers. */
void parser_anchor_each(void (*each)(void *ctx, struct str literal), void *ctx);

#endif
