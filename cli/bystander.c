#include "cli/bystander.h"

#include "system/witness.h"

/* In a storm of kills one look serves all that happened before it: it opens files of every process.
 * Times of records are exact to some milliseconds. */
#define MOMENT_US 1000000
#define EXACT_US 10000
/* What happened longer ago by its own clock was not seen, however new its lines are here. */
#define PAST_US 60000000

int
bystander_open(struct bystander *b, struct err *err)
{
	b->seen_us = UNKNOWN;
	return root_open(&b->root, "/", err);
}

/* Where the clock of the log is doubtful, its doubt counts for it. */
static bool
is_past(const struct event *ev, int64_t now_us)
{
	int64_t age;

	return known(ev->real_us) && known(now_us) &&
	       !__builtin_sub_overflow(now_us, ev->real_us, &age) &&
	       age > PAST_US + (known(ev->real_error_us) ? ev->real_error_us : 0);
}

/* A look from before the kill says nothing of what it left. */
static bool
serves(const struct bystander *b, const struct event *ev, int64_t now_us)
{
	const struct victim *v = event_victim(ev);
	int64_t killed = v != NULL && known(v->real_us) ? v->real_us : ev->real_us;

	return known(b->seen_us) && now_us - b->seen_us <= MOMENT_US && known(killed) &&
	       known(b->seen.real_us) && b->seen.real_us - EXACT_US >= killed;
}

int
bystander_tell(struct bystander *b, int64_t now_us, struct event *ev, struct err *err)
{
	if (!serves(b, ev, now_us)) {
		witness_take(&b->root, &b->seen);
		b->seen_us = now_us;
	}
	if (is_past(ev, b->seen.real_us))
		return 0;
	ev->witness = witness_text(&ev->mem, &b->seen);
	return ev->witness.p == NULL ? err_no_memory(err) : 0;
}

void
bystander_close(struct bystander *b)
{
	root_close(&b->root);
}
