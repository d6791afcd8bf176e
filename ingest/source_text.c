/* A log as it stands in a file or comes through a pipe. */
#include "ingest/kind.h"
#include "ingest/text.h"

#include "base/mem.h"

struct text_source {
	struct source source;
	struct input *in;
	struct text *text;
};

/* Any bytes may be text: everything else is asked first. */
static int
text_bid(const char *where, struct str head)
{
	(void)where, (void)head;
	return 1;
}

extern const struct source_kind source_text;

static struct source *
text_open(struct input *in, const struct source_opts *opts, struct err *err)
{
	struct text_source *s = mem_alloc(sizeof(*s));
	struct text_input from = { .read = input_read,
		.ctx = in,
		.where = input_name(in),
		.mtime_us = input_mtime_us(in),
		.place = { .known = STR_NONE } };

	if (s == NULL) {
		err_no_memory(err);
		return NULL;
	}
	if (opts->part != NULL)
		from.place = opts->part->place;
	*s = (struct text_source){ { &source_text }, in, text_new(from, opts, err) };
	if (s->text == NULL) {
		mem_free(s);
		return NULL;
	}
	return &s->source;
}

static enum source_status
text_source_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	return text_next(((struct text_source *)src)->text, wanted, ret, err);
}

static struct source_stats
text_source_stats(const struct source *src)
{
	return text_stats(((const struct text_source *)src)->text);
}

static bool
text_source_place(const struct source *src, struct arena *mem, struct log_place *ret)
{
	return text_place(((const struct text_source *)src)->text, mem, ret);
}

static void
text_close(struct source *src)
{
	struct text_source *s = (struct text_source *)src;

	text_free(s->text);
	input_close(s->in);
	mem_free(s);
}

const struct source_kind source_text = {
	.name = "text",
	.bid = text_bid,
	.open = text_open,
	.next = text_source_next,
	.stats = text_source_stats,
	.place = text_source_place,
	.close = text_close,
};
