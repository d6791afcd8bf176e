#include "analyze/reconcile.h"

#define KILLED STR("Killed process ")

enum { CLOCK_SLACK_US = 5 * 1000000 };

/* journald writes an id of 32 digits, /proc the same with dashes. */
static bool
same_id(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && a.p[i] == '-')
			i++;
		while (k < b.n && b.p[k] == '-')
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if ((a.p[i++] | 0x20) != (b.p[k++] | 0x20))
			return false;
	}
}

/* A log may have the short name and the machine the long one. */
static bool
same_host(struct str a, struct str b)
{
	size_t at;

	if (str_chr(a, '.', &at))
		a.n = at;
	if (str_chr(b, '.', &at))
		b.n = at;
	return str_eq(a, b);
}

enum boot_match
event_boot(const struct event *ev, const struct machine *m)
{
	if (ev->boot_id.n > 0 && m->boot_id.n > 0)
		return same_id(ev->boot_id, m->boot_id) ? BOOT_THIS : BOOT_OTHER;
	if (ev->host.n > 0 && m->host.n > 0 && !same_host(ev->host, m->host))
		return BOOT_OTHER;
	if (!known(ev->real_us) || !known(m->boot_us))
		return BOOT_UNSURE;
	/* btime moves when the clock is set, and has whole seconds. */
	return ev->real_us >= m->boot_us - CLOCK_SLACK_US ? BOOT_THIS : BOOT_OTHER;
}

/* "Memory cgroup out of memory: Killed process 106 (mysqld)"; a name cannot forge it: it is
 * too short to hold these words and a number. */
static bool
is_kill_line(struct str text)
{
	struct str head;
	size_t at;

	if (!str_starts(text, KILLED)) {
		if (!str_find(text, STR(": Killed process "), &at))
			return false;
		head = str_head(text, at);
		if (!str_has(head, STR("ut of memory")))
			return false;
		text = str_from_at(text, at + 2);
	}
	return str_eat(&text, KILLED) && text.n > 0 && str_is_digit(*text.p);
}

int64_t
event_kill_lines(const struct event *ev)
{
	int64_t lines = 0;

	if (ev->kind != EVENT_KERNEL_OOM)
		return 0;
	for (size_t i = 0; i < ev->nlines; i++)
		lines += ev->lines[i].use == LINE_USED && is_kill_line(ev->lines[i].text);
	return lines;
}

void
reckon(struct reckoning *r, const struct event *ev, const struct machine *m)
{
	int64_t lines = event_kill_lines(ev);

	switch (event_boot(ev, m)) {
	case BOOT_THIS:
		r->logged += lines;
		r->events++;
		break;
	case BOOT_UNSURE:
		r->unsure += lines;
		break;
	case BOOT_OTHER:
		break;
	}
}
