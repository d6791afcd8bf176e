#include "cli/backlog.h"

#include "cli/message.h"
#include "cli/stored.h"

void
backlog_add(struct backlog *b, struct event *ev)
{
	ev->next = NULL;
	if (b->last == NULL)
		b->first = ev;
	else
		b->last->next = ev;
	b->last = ev;
	b->n++;
	b->bytes += ev->mem.total;
}

bool
backlog_full(const struct backlog *b)
{
	return b->n >= BACKLOG_EVENTS || b->bytes >= BACKLOG_BYTES;
}

static int
put_all(struct backlog *b, struct store *st, int64_t fresh[], size_t *nfresh, struct err *err)
{
	int64_t event;

	for (struct event *ev = b->first; ev != NULL; ev = ev->next) {
		enum store_put put;

		/* An event comes again when more is known of it. */
		store_begin_pass(st);
		put = store_put(st, ev, &event, err);
		if (put == PUT_FAILED)
			return -1;
		if (put == PUT_NEW && *nfresh < BACKLOG_EVENTS)
			fresh[(*nfresh)++] = event;
	}
	return 0;
}

static int
put_marks(struct store *st, const struct backlog_mark *m, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (m[i].gap.lost > 0 && store_add_gap(st, &m[i].gap, err) != 0)
			return -1;
		if (m[i].position[0] != '\0' &&
		    store_set_position(st, m[i].where, str_from(m[i].position), err) != 0)
			return -1;
	}
	return 0;
}

/* What fails here is told, and is no reason to store anything again. */
static void
tell(struct store *st, const struct options *opts, int64_t event, struct hooks *hooks)
{
	struct err err = { "" };
	struct finding f = { .event = NULL };
	struct summary_row row;
	bool wanted;
	int rc = stored_finding(st, opts, event, &f, &wanted, &err);

	if (rc == 0)
		rc = hook_run(hooks, &f, &err);
	if (rc != 0)
		message("%s", err.msg);
	/* Names by rules of the user are no more than of today. */
	if (f.event != NULL && f.verdict != NULL && opts->rules.n == 0) {
		row = stored_summary(&f);
		if (store_begin(st, &err) == 0 &&
		    (store_set_summary(st, event, STORED_ANALYZER, &row, &err) != 0 ||
			store_commit(st, &err) != 0))
			store_rollback(st);
	}
	event_free(f.event);
}

int
backlog_store(struct backlog *b, struct store *st, const struct options *opts,
    struct backlog_mark *marks, size_t nmarks, struct hooks *hooks, struct err *err)
{
	int64_t fresh[BACKLOG_EVENTS];
	size_t nfresh = 0;

	if (store_begin(st, err) != 0)
		return -1;
	if (put_all(b, st, fresh, &nfresh, err) != 0 || put_marks(st, marks, nmarks, err) != 0 ||
	    store_commit(st, err) != 0) {
		store_rollback(st);
		return -1;
	}
	backlog_done(b);
	for (size_t i = 0; i < nmarks; i++)
		marks[i].gap.lost = 0;
	for (size_t i = 0; i < nfresh; i++)
		tell(st, opts, fresh[i], hooks);
	return 0;
}

void
backlog_done(struct backlog *b)
{
	while (b->first != NULL) {
		struct event *next = b->first->next;

		event_free(b->first);
		b->first = next;
	}
	*b = (struct backlog){ .first = NULL };
}
