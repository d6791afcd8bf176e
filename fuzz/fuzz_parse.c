/* Any lines as the messages of a log. */
#include "fuzz/fuzz.h"
#include "parse/parser.h"

#include <stdlib.h>

static int
drop(void *ctx, struct event *ev, struct err *err)
{
	(void)ctx;
	(void)err;
	event_free(ev);
	return 0;
}

/* A line of the kernel's log, a millisecond after the last one. */
static struct record
record_of(struct str text, int64_t line)
{
	return (struct record){ .text = text,
		.raw = text,
		.ident = STR("kernel"),
		.path = STR("fuzz"),
		.line = line,
		.mono_us = line * 1000,
		.real_us = UNKNOWN,
		.real_error_us = UNKNOWN,
		.seq = UNKNOWN,
		.facility = -1,
		.level = -1 };
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, line;
	struct err err;
	struct parser *p = parser_new(drop, NULL, &err);
	int64_t number = 0;

	while (str_cut_line(&rest, &line)) {
		struct record rec = record_of(line, ++number);

		if (parser_feed(p, &rec, &err) == -1)
			abort();
	}
	if (parser_end(p, &err) == -1)
		abort();
	parser_free(p);
	return 0;
}
