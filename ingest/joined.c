#include "ingest/joined.h"

#include "base/mem.h"
#include "ingest/kind.h"
#include "ingest/pstore.h"
#include "ingest/text.h"

#include <sys/stat.h>

struct joined {
	struct source source;
	const char *const *paths;
	size_t n, next;	   /* the file to be opened next */
	struct input *in;  /* NULL: none is open */
	bool ends_in_line; /* of the file in hand: its last byte was no newline */
	struct text *text;
};

bool
joined_is_part(const char *path)
{
	struct pstore_head head;
	struct err ignored;
	struct stat st;
	struct input *in;
	struct str begin, line;
	bool is;

	/* A pipe would be used up by looking. */
	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    (in = input_open(path, NULL, &ignored)) == NULL)
		return false;
	begin = input_head(in);
	is = str_cut_line(&begin, &line) && (pstore_head(line, &head) || pstore_is_mark(line));
	input_close(in);
	return is;
}

/* As read(2), through all files; pstore_read() then puts the parts in order. */
static ssize_t
joined_read(void *ctx, char *to, size_t n, struct err *err)
{
	struct joined *j = ctx;

	for (;;) {
		ssize_t got;

		if (j->in == NULL && j->next == j->n)
			return 0;
		if (j->in == NULL && (j->in = input_open(j->paths[j->next++], NULL, err)) == NULL)
			return -1;
		got = input_read(j->in, to, n, err);
		if (got > 0)
			j->ends_in_line = to[got - 1] != '\n';
		if (got != 0)
			return got;
		input_close(j->in);
		j->in = NULL;
		if (j->ends_in_line && n > 0) {
			j->ends_in_line = false;
			*to = '\n';
			return 1;
		}
	}
}

static enum source_status
joined_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	return text_next(((struct joined *)src)->text, wanted, ret, err);
}

static struct source_stats
joined_stats(const struct source *src)
{
	return text_stats(((const struct joined *)src)->text);
}

static void
joined_close(struct source *src)
{
	struct joined *j = (struct joined *)src;

	text_free(j->text);
	input_close(j->in);
	mem_free(j);
}

static const struct source_kind joined_kind = {
	.name = "pstore",
	.next = joined_next,
	.stats = joined_stats,
	.close = joined_close,
};

struct source *
joined_open(const char *const *paths, size_t n, const char *label, const struct source_opts *opts,
    struct err *err)
{
	struct joined *j = mem_alloc(sizeof(*j));
	struct text_input from = { .read = joined_read, .ctx = j, .where = label };

	if (j == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*j = (struct joined){ .source = { &joined_kind }, .paths = paths, .n = n };
	if ((j->in = input_open(paths[j->next++], NULL, err)) != NULL) {
		from.mtime_us = input_mtime_us(j->in);
		j->text = text_new(from, opts, err);
	}
	if (j->text != NULL)
		return &j->source;
	joined_close(&j->source);
	return NULL;
}
