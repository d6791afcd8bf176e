#include "cli/bystander.h"

#include "system/witness.h"

/* In a storm of kills one look serves all events of this time: it opens files of every process. */
#define MOMENT_US 1000000
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

int
bystander_tell(struct bystander *b, int64_t now_us, struct event *ev, struct err *err)
{
	if (!known(b->seen_us) || now_us - b->seen_us > MOMENT_US) {
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
