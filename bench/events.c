/*
 * events FILE: how fast records become events, with nothing done to them.  Prints
 * "BYTES LINES EVENTS" and takes no time for output or analysis.
 */
#include "ingest/source.h"
#include "parse/parser.h"

#include <inttypes.h>
#include <stdio.h>

static int
count(void *ctx, struct event *ev, struct err *err)
{
	int64_t *events = ctx;

	(void)err;
	++*events;
	event_free(ev);
	return 0;
}

static int
read_all(struct source *src, struct parser *p, const struct scan *wanted, struct err *err)
{
	enum source_status st;
	struct record rec;

	while ((st = source_next(src, parser_idle(p) ? wanted : NULL, &rec, err)) == SOURCE_RECORD)
		if (parser_feed(p, &rec, err) == -1)
			return -1;
	return st == SOURCE_ERROR ? -1 : parser_end(p, err);
}

int
main(int argc, char **argv)
{
	/* A fixed clock: the same file gives the same work. */
	struct source_opts opts = { .year = UNKNOWN, .now_us = 1795400000000000, .zone = "UTC" };
	struct err err = { "usage: events FILE" };
	int64_t events = 0;
	struct scan *wanted = parser_anchors();
	struct parser *p = parser_new(count, &events, &err);
	struct source *src = argc == 2 ? source_open(argv[1], &opts, &err) : NULL;
	int status = 1;

	if (src != NULL && p != NULL && wanted != NULL && read_all(src, p, wanted, &err) == 0) {
		struct source_stats st = source_stats(src);

		printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", st.bytes, st.lines, events);
		status = 0;
	} else {
		fprintf(stderr, "events: %s\n", err.msg);
	}
	source_close(src);
	parser_free(p);
	scan_free(wanted);
	return status;
}
