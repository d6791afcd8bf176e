/*
 * Kills by user-space killers (systemd-oomd, earlyoom, ...): events of their
 * own kind, with the killer's stated reason and no verdict.
 */
#include "parse/internal.h"

#include "parse/userspace.h"

#include <string.h>

static struct str
keep_reason(struct parser *p, struct event *ev, struct str reason)
{
	if (reason.n > 0)
		return arena_dup(&ev->mem, reason);
	return p->user_reason_n == 0
		   ? STR_NONE
		   : arena_dup(&ev->mem, (struct str){ p->user_reason, p->user_reason_n });
}

/* SIGTERM, then SIGKILL, to one process is one kill with two lines. */
static bool
same_kill(const struct event *ev, const struct record *r, const struct userspace_kill *k)
{
	struct str host = r->host;

	if (ev == NULL || !str_eq(ev->killer, str_from(k->killer)) || !str_eq(ev->host, host))
		return false;
	if (k->phase == USERSPACE_AFTER)
		return true;
	if (known(k->pid))
		return ev->nvictims > 0 && ev->victims[0].pid == k->pid;
	return k->cgroup.n > 0 && ev->nvictims > 0 && str_eq(ev->victims[0].cgroup, k->cgroup);
}

static int
fill(struct parser *p, struct event *ev, const struct record *r, const struct userspace_kill *k)
{
	struct victim *v = event_add_victim(ev);

	if (v == NULL)
		return -1;
	ev->killer = str_from(k->killer);
	ev->killer_reason = keep_reason(p, ev, k->reason);
	ev->outcome = OUTCOME_KILLED;
	v->pid = k->pid;
	v->comm = arena_dup(&ev->mem, k->comm);
	v->uid = k->uid;
	v->oom_score_adj = k->oom_score_adj;
	v->score = k->score;
	v->anon_rss_kb = UNKNOWN;
	v->cgroup = arena_dup(&ev->mem, k->cgroup);
	v->unit = arena_dup(&ev->mem, k->unit);
	v->line = r->line;
	v->mono_us = r->mono_us;
	v->real_us = r->real_us;
	v->role = ROLE_CHOSEN;
	p->user_reason_n = 0;
	return 0;
}

static int
open_kill(struct parser *p, const struct record *r, const struct userspace_kill *k, struct err *err)
{
	struct event *ev = event_new(EVENT_USERSPACE_KILL);

	if (ev == NULL)
		return err_no_memory(err);
	event_begin(ev, r);
	if (fill(p, ev, r, k) != 0) {
		event_free(ev);
		return err_no_memory(err);
	}
	if (queue_push(p, ev, NULL, err) != 0) {
		event_free(ev);
		return -1;
	}
	p->user = ev;
	return 0;
}

int
user_feed(struct parser *p, const struct record *r, struct err *err)
{
	struct userspace_kill k;
	struct context c = { .parser = p, .rec = r, .err = err };

	if (!userspace_match(r->ident, r->text, &k))
		return aftermath_feed(p, r, err);
	if (p->user != NULL) {
		struct queue_entry *q = queue_entry_of(p, p->user);
		struct moment now = moment_of(r);

		if (q != NULL && moment_is_late(&q->seen, &now))
			p->user = NULL;
	}
	if (k.phase == USERSPACE_CAUSE) {
		struct str s =
		    str_head(k.reason.n > 0 ? k.reason : r->text, sizeof(p->user_reason));

		memcpy(p->user_reason, s.p, s.n);
		p->user_reason_n = s.n;
		return 0;
	}
	if (k.phase == USERSPACE_AFTER && !same_kill(p->user, r, &k))
		return 0;
	if (!same_kill(p->user, r, &k) && open_kill(p, r, &k, err) != 0)
		return -1;
	if (context_keep(&c, p->user) != 0)
		return -1;
	return event_note(&c, p->user, LINE_USED);
}
