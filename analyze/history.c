#include "analyze/history.h"

#include "analyze/arith.h"

#include <string.h>

/* A pid, name and size are of one process for this long; pids are reused. */
enum { SAME_US = 600 * 1000000 };

void
history_add(struct history *h, const struct event *ev)
{
	for (size_t i = 0; i < ev->nvictims; i++) {
		const struct victim *v = &ev->victims[i];
		struct killed *k = &h->v[h->n++ % HISTORY_MAX];

		*k = (struct killed){ .pid = v->pid,
			.total_vm_kb = v->total_vm_kb,
			.mono_us = v->mono_us,
			.real_us = v->real_us,
			.comm_n = v->comm.n < HISTORY_COMM ? v->comm.n : HISTORY_COMM };
		if (k->comm_n > 0)
			memcpy(k->comm, v->comm.p, k->comm_n);
	}
}

static bool
is_recent(const struct killed *k, const struct event *ev)
{
	if (known(k->mono_us) && known(ev->mono_us))
		return distance(ev->mono_us, k->mono_us) <= SAME_US;
	if (known(k->real_us) && known(ev->real_us))
		return distance(ev->real_us, k->real_us) <= SAME_US;
	return false;
}

bool
history_has(
    const struct history *h, const struct event *ev, const struct task *t, int64_t page_size)
{
	size_t n;

	if (h == NULL || !known(page_size))
		return false;
	n = h->n < HISTORY_MAX ? h->n : HISTORY_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct killed *k = &h->v[i];
		struct str comm = { k->comm, k->comm_n };

		/* total_vm stays as it was until the mm is gone; resident pages do not. */
		if (k->pid == t->pid && known(k->total_vm_kb) && is_recent(k, ev) &&
		    str_eq(comm, str_head(t->comm, HISTORY_COMM)) &&
		    times(t->total_vm_pages, page_size / 1024) == k->total_vm_kb)
			return true;
	}
	return false;
}
