/* Store files as a test meddles with them. */
#ifndef OOMWHY_TESTS_STORE_FILE_H
#define OOMWHY_TESTS_STORE_FILE_H

#include "tests/store_event.h"

#include <fcntl.h>
#include <sqlite3.h>

/* An error is one line that names the file. */
static inline void
fails(const char *path, enum store_mode mode, const char *says)
{
	struct err err = { "" };
	struct store *st = store_open(path, mode, 100, &err);

	assert_null(st);
	assert_has(err.msg, path);
	assert_has(err.msg, says);
	assert_null(strchr(err.msg, '\n'));
}

static inline void
sql(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static inline void
fill(const char *path, int events)
{
	struct store *st = open_store(path, STORE_WRITE);
	int64_t event;

	for (int i = 0; i < events; i++) {
		struct event *ev = make_kill("a", i, i);

		assert_int_equal(put(st, ev, &event), PUT_NEW);
		event_free(ev);
	}
	store_close(st);
}

static inline int64_t
count(const char *path, enum store_mode mode)
{
	struct store *st = open_store(path, mode);
	struct store_info info;
	struct err err;

	assert_int_equal(store_info(st, &info, &err), 0);
	store_close(st);
	return info.events;
}

static inline void
overwrite(const char *path, off_t at, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	for (; n > 0; n--, at++)
		assert_int_equal(pwrite(fd, "Z", 1, at), 1);
	close(fd);
}

#endif
