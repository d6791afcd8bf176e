#include "cli/newest.h"

#include "cli/machine.h"
#include "cli/stored.h"

struct newest {
	struct finding f;
};

/* By the clock where both have one, else by the order of the sources. */
static bool
is_older(const struct event *ev, const struct event *than)
{
	return known(ev->real_us) && known(than->real_us) && ev->real_us < than->real_us;
}

static int
take(void *ctx, struct finding f, unsigned source, struct err *err)
{
	struct newest *n = ctx;

	(void)source;
	(void)err;
	if (f.event->kind != EVENT_KERNEL_OOM ||
	    (n->f.event != NULL && is_older(f.event, n->f.event))) {
		event_free(f.event);
		return 0;
	}
	event_free(n->f.event);
	n->f = f;
	return 0;
}

static int
events_named(const struct options *o)
{
	int n = 0;

	for (int i = 0; i < o->npaths; i++)
		n += stored_is_event(o->paths[i]);
	return n;
}

int
newest_find(const struct options *o, struct finding *ret, bool *ret_partly, struct err *err)
{
	struct newest n = { .f = { .event = NULL } };
	struct pipeline p = { .opts = o, .sink = take, .ctx = &n };
	int events = events_named(o), rc;

	if (events > 0 && o->npaths > 1)
		rc = err_set(err, "one EVENT at a time");
	else
		rc = (events > 0      ? stored_run
		      : o->npaths > 0 ? pipeline_run
				      : machine_run)(&p, err);
	*ret_partly = p.failed;
	if (rc == 0 && n.f.event == NULL)
		rc = err_set(err, p.searched.filtered > 0
				      ? "no kill by the kernel is left by the filters"
				      : "no kill by the kernel was found");
	pipeline_done(&p);
	if (rc != 0) {
		event_free(n.f.event);
		n.f.event = NULL;
	}
	*ret = n.f;
	return rc;
}
