#include "cli/trends.h"

#include "analyze/place.h"
#include "base/mem.h"

#include <time.h>

/* Newest first, as the store lists them. */
struct kills {
	const struct options *opts;
	const struct event *about;
	enum place_kind place; /* of its limit */
	int64_t event;
	struct trend_point v[TREND_POINTS_MAX];
	size_t n, at;
	bool found, more;
};

static int
hour_of(const struct options *o, int64_t us)
{
	time_t t = (time_t)(us / 1000000);
	struct tm tm;

	if ((o->utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) == NULL)
		return -1;
	return tm.tm_hour;
}

/* A cgroup's kills are a matter of its limit; containers and pods get a new path each time. */
static bool
same_matter(const struct kills *k, const struct store_row *row)
{
	const char *constraint = constraint_name(k->about->constraint);

	if (constraint == NULL || !str_eq(row->constraint, str_from(constraint)))
		return constraint == NULL && row->constraint.p == NULL;
	if (k->about->constraint != CONSTRAINT_MEMCG || k->place == PLACE_CONTAINER ||
	    k->place == PLACE_POD)
		return true;
	return str_eq(row->cgroup, k->about->cgroup.oom_memcg);
}

static int
take(void *ctx, const struct store_row *row, struct err *err)
{
	struct kills *k = ctx;

	(void)err;
	if (!known(row->real_us) || !same_matter(k, row))
		return 0;
	if (k->n == TREND_POINTS_MAX) {
		k->more = true;
		return 0;
	}
	if (row->event == k->event) {
		k->at = k->n;
		k->found = true;
	}
	k->v[k->n++] = (struct trend_point){ row->real_us, row->victim_anon_kb,
		hour_of(k->opts, row->real_us) };
	return 0;
}

static void
turn(struct kills *k)
{
	for (size_t i = 0; i < k->n / 2; i++) {
		struct trend_point p = k->v[i];

		k->v[i] = k->v[k->n - 1 - i];
		k->v[k->n - 1 - i] = p;
	}
	k->at = k->n - 1 - k->at;
}

static int
find(
    struct store *st, struct kills *k, struct arena *mem, const struct trend **ret, struct err *err)
{
	const struct event *ev = k->about;
	struct store_filter w = { .since_us = UNKNOWN,
		.until_us = UNKNOWN,
		.limit = TREND_POINTS_MAX + 1,
		.host = ev->host.p == NULL ? NULL : arena_dup(mem, ev->host).p,
		.victim = arena_dup(mem, event_victim(ev)->comm).p,
		.analyzer = "" };
	struct trend *t = arena_alloc(mem, sizeof(*t));

	if (t == NULL || w.victim == NULL || (w.host == NULL && ev->host.p != NULL))
		return err_no_memory(err);
	if (store_list(st, &w, take, k, err) != 0)
		return -1;
	if (!k->found)
		return 0;
	turn(k);
	if (!trend_of(mem, k->v, k->n, k->at, t))
		return err_no_memory(err);
	t->more = k->more;
	*ret = t;
	return 0;
}

int
trends_find(struct store *st, const struct options *o, int64_t event, struct arena *mem,
    const struct trend **ret, struct err *err)
{
	struct event *ev = store_get_victims(st, event, err);
	const struct victim *v = ev == NULL ? NULL : event_victim(ev);
	struct kills *k = mem_alloc(sizeof(*k));
	int rc = 0;

	*ret = NULL;
	if (ev == NULL)
		rc = -1;
	else if (k == NULL)
		rc = err_no_memory(err);
	else if (v != NULL && v->comm.n > 0 && known(ev->real_us)) {
		*k = (struct kills){ .opts = o, .about = ev, .event = event };
		k->place = place_of(mem, ev->cgroup.oom_memcg).kind;
		rc = find(st, k, mem, ret, err);
	}
	mem_free(k);
	event_free(ev);
	return rc;
}
