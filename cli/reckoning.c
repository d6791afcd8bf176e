#include "cli/reckoning.h"

#include "cli/pipeline.h"
#include "cli/stored.h"

enum {
	EVENTS_MAX = 20000, /* of a boot: more are not read again only to count them */
};
#define BEFORE_BOOT_US (INT64_C(3600) * 1000000) /* the clock may have been set since */

struct counting {
	struct reckoning *r;
	const struct machine *m;
	struct store *st;
};

static int
count_finding(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct counting *c = ctx;

	(void)source, (void)err;
	reckon(c->r, f.event, c->m);
	event_free(f.event);
	return 0;
}

int
reckon_logs(struct reckoning *r, const struct machine *m, const struct options *o, bool *ret_failed,
    struct err *err)
{
	struct options facts = *o;
	struct counting c = { .r = r, .m = m };
	struct pipeline p = { .opts = &facts, .sink = count_finding, .ctx = &c };
	int rc;

	facts.facts = true; /* no verdict is needed */
	*r = (struct reckoning){ .counted = m->oom_kills, .where = "the log" };
	rc = pipeline_run(&p, err);
	*ret_failed = p.failed;
	pipeline_done(&p);
	return rc;
}

static int
count_row(void *ctx, const struct store_row *row, struct err *err)
{
	struct counting *c = ctx;
	struct event *ev = store_get(c->st, row->event, err);

	if (ev == NULL)
		return -1;
	reckon(c->r, ev, c->m);
	event_free(ev);
	return 0;
}

int
reckon_store(struct reckoning *r, const struct machine *m, struct store *st, struct err *err)
{
	struct counting c = { r, m, st };
	struct store_filter w = { .since_us =
				      known(m->boot_us) ? m->boot_us - BEFORE_BOOT_US : UNKNOWN,
		.until_us = UNKNOWN,
		.limit = EVENTS_MAX,
		.analyzer = STORED_ANALYZER };

	*r = (struct reckoning){ .counted = m->oom_kills, .where = "the store" };
	return store_list(st, &w, count_row, &c, err);
}
