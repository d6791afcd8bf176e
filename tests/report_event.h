/* Events and findings made by hand, and what a renderer writes of them. */
#ifndef OOMWHY_TESTS_REPORT_EVENT_H
#define OOMWHY_TESTS_REPORT_EVENT_H

#include "tests/test.h"

#include "report/report.h"

#include <stdlib.h>
#include <string.h>

/* A kill by the kernel, of which nothing but the victim is known. */
static inline struct event *
make_kill(const char *comm, int64_t pid, int64_t mono_us)
{
	struct event *ev = event_new(EVENT_KERNEL_OOM);
	struct victim *v;

	assert_non_null(ev);
	v = event_add_victim(ev);
	assert_non_null(v);
	v->comm = str_from(comm);
	v->pid = pid;
	ev->outcome = OUTCOME_KILLED;
	ev->completeness = COMPLETE_KILL_ONLY;
	ev->mono_us = mono_us;
	snprintf(ev->id, sizeof(ev->id), "%08llx%08llx", (unsigned long long)pid & 0xffffffff,
	    (unsigned long long)mono_us & 0xffffffff);
	return ev;
}

static inline struct task *
add_row(struct event *ev, const char *comm, int64_t pid, int64_t rss)
{
	struct task *t = event_add_task(ev);

	assert_non_null(t);
	ev->tasks.seen = true;
	t->pid = t->tgid = pid;
	t->comm = str_from(comm);
	t->rss_pages = rss;
	return t;
}

/* What a renderer writes of one event; the caller frees it. */
static inline char *
render_one(const char *name, const struct finding *f, struct report_opts opts)
{
	const struct renderer *r = renderer_find(name);
	char *text = NULL;
	size_t size;
	struct report rep = { .out = open_memstream(&text, &size), .opts = opts };
	struct err err;

	assert_non_null(r);
	assert_non_null(rep.out);
	r->event(&rep, f);
	assert_int_equal(report_finish(&rep, &err), 0);
	fclose(rep.out);
	return text;
}

#define assert_has(text, part)                                                                     \
	do {                                                                                       \
		if (strstr(text, part) == NULL)                                                    \
			fail_msg("no '%s' in:\n%s", part, text);                                   \
	} while (0)

#define assert_has_not(text, part)                                                                 \
	do {                                                                                       \
		if (strstr(text, part) != NULL)                                                    \
			fail_msg("'%s' in:\n%s", part, text);                                      \
	} while (0)

#endif
