/* Stores made for a test, and events as text to compare. */
#ifndef OOMWHY_TESTS_STORE_EVENT_H
#define OOMWHY_TESTS_STORE_EVENT_H

#include "tests/feed.h"
#include "tests/report_event.h"

#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

/* A directory of its own for each test; store_done() removes what we put there. */
struct scratch {
	char dir[64], db[80];
};

static inline struct scratch
scratch_new(void)
{
	struct scratch s = { .dir = "/tmp/oomwhy-store-XXXXXX" };

	assert_non_null(mkdtemp(s.dir));
	snprintf(s.db, sizeof(s.db), "%s/t.db", s.dir);
	return s;
}

static inline void
scratch_done(struct scratch *s)
{
	static const char *const tails[] = { "", "-wal", "-shm", ".2", ".2-wal", ".2-shm" };
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		snprintf(path, sizeof(path), "%s%s", s->db, tails[i]);
		unlink(path);
	}
	rmdir(s->dir);
}

static inline struct store *
open_store(const char *path, enum store_mode mode)
{
	struct err err = { "" };
	struct store *st = store_open(path, mode, 500, &err);

	if (st == NULL)
		fail_msg("%s", err.msg);
	return st;
}

/* Everything we know of an event: its JSON, and its lines. */
static inline char *
event_text(struct event *ev)
{
	struct finding f = { .event = ev };
	char *json = render_one("ndjson", &f, (struct report_opts){ 0 });
	char *raw = render_one("raw", &f, (struct report_opts){ 0 });
	char *both = malloc(strlen(json) + strlen(raw) + 1);

	assert_non_null(both);
	strcpy(both, json);
	strcat(both, raw);
	free(json);
	free(raw);
	return both;
}

static inline enum store_put
put(struct store *st, struct event *ev, int64_t *ret)
{
	struct err err = { "" };
	enum store_put got;

	assert_int_equal(store_begin(st, &err), 0);
	got = store_put(st, ev, ret, &err);
	if (got == PUT_FAILED)
		fail_msg("%s", err.msg);
	assert_int_equal(store_commit(st, &err), 0);
	return got;
}

static inline struct event *
get(struct store *st, int64_t event)
{
	struct err err = { "" };
	struct event *ev = store_get(st, event, &err);

	if (ev == NULL)
		fail_msg("%s", err.msg);
	return ev;
}

#endif
