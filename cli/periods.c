#include "cli/periods.h"

#include "analyze/redact.h"
#include "cli/stored.h"

struct filling {
	struct period *period; /* NULL: only counted */
	struct store *st;
	const struct options *opts;
	int64_t kills;
};

/* False: no memory. */
static bool
redact_row(struct redactor *red, struct period_row *r, struct str *id)
{
	return redact_in_place(red, redact_id, id) && redact_in_place(red, redact_host, &r->host) &&
	       redact_in_place(red, redact_id, &r->boot_id) &&
	       redact_in_place(red, redact_cgroup, &r->cgroup) &&
	       redact_in_place(red, redact_comm, &r->victim);
}

static bool
is_service(const char *want, struct str service, struct str victim)
{
	return want == NULL || str_eq(service, str_from(want)) || str_eq(victim, str_from(want));
}

static int
put_row(struct filling *f, const struct store_kill *k, struct str service, struct str cause,
    struct err *err)
{
	struct period_row r = { "", k->event, k->host, k->boot_id, k->constraint, k->outcome,
		k->cgroup, k->victim, service, cause, k->boot, k->real_us, k->mono_us,
		k->counted_us, k->victims, k->userspace };

	struct str id = str_from(k->id);
	struct redactor *red = f->opts->redactor;

	f->kills += k->victims;
	if (f->period == NULL)
		return 0;
	if (red != NULL && !redact_row(red, &r, &id))
		return err_no_memory(err);
	snprintf(r.id, sizeof(r.id), "%.*s", STR_ARG(id));
	return period_add(f->period, &r) == 0 ? 0 : err_no_memory(err);
}

/* The kept summary says whose service it was; rules of the user, and units and containers that
 * --service may name, only the event itself does. */
static int
take(void *ctx, const struct store_kill *k, struct err *err)
{
	struct filling *f = ctx;
	const char *want = f->opts->filter.service;
	struct finding found;
	struct summary_row s;
	bool wanted;
	int rc = 0;

	if (k->summarised && f->opts->rules.n == 0 && f->opts->redactor == NULL &&
	    is_service(want, k->service, k->victim))
		return put_row(f, k, k->service, k->cause, err);
	if (stored_finding(f->st, f->opts, k->event, &found, &wanted, err) != 0)
		return -1;
	s = stored_summary(&found);
	if (want == NULL || wanted)
		rc = put_row(f, k, s.service, s.cause, err);
	event_free(found.event);
	return rc;
}

int
periods_fill(struct period *p, struct store *st, const struct options *o,
    const struct store_span *span, struct err *err)
{
	struct filling f = { .period = p, .st = st, .opts = o };

	return store_period(st, span, take, &f, err);
}

int
periods_count(struct store *st, const struct options *o, const struct store_span *span,
    int64_t *ret_kills, struct err *err)
{
	struct filling f = { .st = st, .opts = o };
	int rc = store_period(st, span, take, &f, err);

	*ret_kills = f.kills;
	return rc;
}

/* Copied into the period: the finding is gone with its event. */
static int
advise(struct period *p, const struct diagnosis *d, const struct period_name *cause)
{
	struct period_advice *to = &p->advice[p->nadvice];
	const struct advice *first = &d->advice[0];

	*to = (struct period_advice){ .cause = cause->name,
		.title = arena_dup(&p->mem, str_from(d->title)),
		.confidence = str_from(confidence_name(d->confidence)),
		.says = arena_dup(&p->mem, d->says),
		.events = cause->events };
	memcpy(to->id, cause->last_id, sizeof(to->id));
	if (to->title.p == NULL || to->says.p == NULL)
		return -1;
	p->nadvice++;
	to->text = arena_dup(&p->mem, first->text);
	to->command = arena_dup(&p->mem, first->command);
	to->file = arena_dup(&p->mem, first->file);
	to->price = arena_dup(&p->mem, first->price);
	return to->text.p == NULL || (first->command.p != NULL && to->command.p == NULL) ||
		       (first->file.p != NULL && to->file.p == NULL) ||
		       (first->price.p != NULL && to->price.p == NULL)
		   ? -1
		   : 0;
}

int
periods_advise(struct period *p, struct store *st, const struct options *o, struct err *err)
{
	const struct period_names *causes = &p->by[BY_CAUSE];
	int rc = 0;

	for (size_t i = 0; i < causes->n && p->nadvice < PERIOD_ADVICE && rc == 0; i++) {
		const struct diagnosis *d = NULL;
		struct finding f;
		bool wanted;

		if (stored_finding(st, o, causes->v[i].last_event, &f, &wanted, err) != 0)
			return -1;
		for (size_t k = 0; k < f.diagnoses->n && d == NULL; k++) {
			if (str_eq_z(causes->v[i].name, f.diagnoses->v[k].id))
				d = &f.diagnoses->v[k];
		}
		if (d != NULL && d->nadvice > 0 && advise(p, d, &causes->v[i]) != 0)
			rc = err_no_memory(err);
		event_free(f.event);
	}
	return rc;
}
