#include "ingest/source.h"

#include "ingest/kind.h"

#include <string.h>

#define SOURCE(name) extern const struct source_kind source_##name;
#include "ingest/source_list.inc"
#undef SOURCE

static const struct source_kind *const kinds[] = {
#define SOURCE(name) &source_##name,
#include "ingest/source_list.inc"
#undef SOURCE
};

const char *
source_kind_name(size_t i)
{
	return i < ARRAY_LEN(kinds) ? kinds[i]->name : NULL;
}

static const struct source_kind *
kind_named(const char *name, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	err_set(err, "'%s' is no kind of source", name);
	return NULL;
}

static const struct source_kind *
kind_of(const struct input *in, const char *name, struct err *err)
{
	const struct source_kind *best = NULL;
	int top = 0;

	if (name != NULL)
		return kind_named(name, err);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		int bid = kinds[i]->bid(input_name(in), input_head(in));

		if (bid > top)
			top = bid, best = kinds[i];
	}
	if (best == NULL)
		err_set(err, "%s: not a log of a kind that is known", input_name(in));
	return best;
}

struct source *
source_open(const char *where, const struct source_opts *opts, struct err *err)
{
	const struct source_kind *kind;
	struct source *src = NULL;
	struct input *in;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && opts->kind == NULL; i++) {
		if (kinds[i]->is_place != NULL && kinds[i]->is_place(where))
			return kinds[i]->open_place(where, opts, err);
	}
	in = input_open(where, opts->part, err);
	if (in == NULL) {
		/* No kind of source that is built in knows the name. */
		if (strncmp(where, "journal:", 8) == 0)
			err_set(err, "%s this oomwhy was built without libsystemd", where);
		return NULL;
	}
	input_watch(in, opts->tick, opts->tick_ctx);
	kind = kind_of(in, opts->kind, err);
	if (kind != NULL)
		src = kind->open(in, opts, err);
	if (src == NULL)
		input_close(in);
	return src;
}

enum source_status
source_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	return src->kind->next(src, wanted, ret, err);
}

struct source_stats
source_stats(const struct source *src)
{
	return src->kind->stats(src);
}

void
source_stats_add(struct source_stats *sum, const struct source_stats *st)
{
	sum->bytes += st->bytes, sum->lines += st->lines, sum->records += st->records;
	sum->long_lines += st->long_lines, sum->lost_records += st->lost_records;
	sum->bad_entries += st->bad_entries;
	if (known(st->first_us) && (!known(sum->first_us) || st->first_us < sum->first_us))
		sum->first_us = st->first_us;
	if (known(st->last_us) && (!known(sum->last_us) || st->last_us > sum->last_us))
		sum->last_us = st->last_us;
	if (!known(sum->first_mono_us))
		sum->first_mono_us = st->first_mono_us;
	if (known(st->last_mono_us))
		sum->last_mono_us = st->last_mono_us;
	sum->format = st->format;
}

int
source_fd(const struct source *src)
{
	return src->kind->fd == NULL ? -1 : src->kind->fd(src);
}

bool
source_position(const struct source *src, char to[static SOURCE_POSITION])
{
	return src->kind->position != NULL && src->kind->position(src, to, SOURCE_POSITION) == 0;
}

bool
source_place(const struct source *src, struct arena *mem, struct log_place *ret)
{
	return src->kind->place != NULL && src->kind->place(src, mem, ret);
}

void
source_close(struct source *src)
{
	if (src != NULL)
		src->kind->close(src);
}
