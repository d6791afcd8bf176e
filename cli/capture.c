#include "cli/capture.h"

enum {
	/* mm/oom_kill.c: the reaper is 2 s late, and tries for one more. */
	LATE_US = 5000000,
	/* A report is printed line by line; a slow console takes its time between them. */
	STALLED_US = 10000000,
	SETTLED_US = 12000000,
	MAX_WAIT_US = 120000000,
};

static int
take(void *ctx, struct event *ev, struct err *err)
{
	struct capture *c = ctx;
	(void)err;

	ev->format = source_stats(c->src).format;
	backlog_add(c->backlog, ev);
	return 0;
}

/* The first to tell of it: whoever stands by looks round. */
static int
take_at_once(void *ctx, struct event *ev, struct err *err)
{
	struct capture *c = ctx;

	if (c->live && c->bystander != NULL &&
	    bystander_tell(c->bystander, c->now_us, ev, err) != 0) {
		event_free(ev);
		return -1;
	}
	return take(ctx, ev, err);
}

int
capture_open(struct capture *c, const char *where, const struct source_opts *opts,
    struct backlog *backlog, struct bystander *bystander, struct err *err)
{
	*c = (struct capture){ .backlog = backlog,
		.bystander = bystander,
		.mark = { .where = where },
		.since_us = UNKNOWN,
		.quiet_us = UNKNOWN };
	c->anchors = parser_anchors();
	c->eager = parser_new(take_at_once, c, err);
	c->patient = parser_new(take, c, err);
	c->src = source_open(where, opts, err);
	if (c->src != NULL && source_fd(c->src) < 0) {
		err_set(err, "%s: only kmsg: and journal: can be followed", where);
		source_close(c->src);
		c->src = NULL;
	}
	if (c->anchors == NULL)
		err_no_memory(err);
	return c->anchors == NULL || c->eager == NULL || c->patient == NULL || c->src == NULL ? -1
											      : 0;
}

static void
note_gap(struct capture *c, const struct record *r)
{
	struct gap *g = &c->mark.gap;

	if (r->lost_before == 0)
		return;
	if (g->lost == 0)
		*g = (struct gap){ str_from(c->mark.where), 0, r->real_us, r->real_us };
	g->lost += r->lost_before;
	g->last_us = r->real_us;
}

static int
feed(struct capture *c, const struct record *r, int64_t now_us, struct err *err)
{
	note_gap(c, r);
	c->quiet_us = now_us;
	if (parser_feed(c->eager, r, err) != 0 || parser_feed(c->patient, r, err) != 0)
		return -1;
	if (parser_state(c->patient) == PARSER_EMPTY)
		c->since_us = UNKNOWN;
	else if (!known(c->since_us))
		c->since_us = now_us;
	return 0;
}

int
capture_read(struct capture *c, int64_t now_us, struct err *err)
{
	struct record rec;
	enum source_status st = SOURCE_AGAIN;
	int rc = 0;

	c->now_us = now_us;
	while (!backlog_full(c->backlog)) {
		/* Where to begin again if we are killed: before what is not stored. */
		if (!known(c->since_us))
			source_position(c->src, c->mark.position);
		st = source_next(c->src, parser_idle(c->patient) ? c->anchors : NULL, &rec, err);
		if (st != SOURCE_RECORD)
			break;
		if (feed(c, &rec, now_us, err) != 0)
			return -1;
	}
	c->ended |= st == SOURCE_END;
	if (st == SOURCE_AGAIN)
		rc = parser_hurry(c->eager, err);
	if (rc == 0 && st != SOURCE_ERROR && parser_state(c->eager) == PARSER_TOLD)
		rc = parser_end(c->eager, err);
	/* Nothing waits to be read: what is read next is new. */
	c->live = st == SOURCE_AGAIN && !backlog_full(c->backlog);
	return st == SOURCE_ERROR ? -1 : rc;
}

int64_t
capture_deadline(const struct capture *c)
{
	int64_t at = UNKNOWN;

	if (!known(c->since_us))
		return UNKNOWN;
	at = c->quiet_us + (parser_state(c->patient) == PARSER_OPEN ? STALLED_US : LATE_US);
	if (parser_state(c->patient) == PARSER_TOLD && c->since_us + SETTLED_US < at)
		at = c->since_us + SETTLED_US;
	return c->since_us + MAX_WAIT_US < at ? c->since_us + MAX_WAIT_US : at;
}

int
capture_settle(struct capture *c, int64_t now_us, struct err *err)
{
	int64_t at = capture_deadline(c);

	return known(at) && now_us >= at ? capture_end(c, err) : 0;
}

int
capture_end(struct capture *c, struct err *err)
{
	bool live = c->live;

	/* What was waited for in vain is not of now. */
	c->live = false;
	if (parser_end(c->eager, err) != 0 || parser_end(c->patient, err) != 0)
		return -1;
	c->live = live;
	c->since_us = UNKNOWN;
	source_position(c->src, c->mark.position);
	return 0;
}

void
capture_close(struct capture *c)
{
	parser_free(c->eager);
	parser_free(c->patient);
	scan_free(c->anchors);
	source_close(c->src);
}
