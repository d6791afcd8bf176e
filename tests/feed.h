/* Lines of a log in, events out, without ingest/: for the tests of parse/. */
#ifndef OOMWHY_TESTS_FEED_H
#define OOMWHY_TESTS_FEED_H

#include "parse/parser.h"

enum { FEED_MAX = 64 };

struct fed {
	struct event *v[FEED_MAX];
	size_t n;
	struct err err;
	int rc;
};

/*
 * Feed a text: "[12.345678] text" gives a record with a kernel stamp, "[..][T12] text" one with a
 * caller, "host| ..." before it sets the host, any other line is bare.  fed_free() when done.
 */
struct fed feed(const char *text);
void fed_free(struct fed *);

#endif
