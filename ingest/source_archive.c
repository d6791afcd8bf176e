/*
 * Compressed logs, archives of logs, and logs that were rotated: streams of bytes, one after
 * the other, each with its own name and line numbers.
 */
#include "ingest/archive.h"
#include "ingest/kind.h"
#include "ingest/layers.h"
#include "ingest/member_journal.h"
#include "ingest/sosreport.h"
#include "ingest/text.h"

#include "base/mem.h"

/*
 * A packed log of a machine is rarely 1/100 of its size, and zeros in gzip are 1/1000.
 * Memory does not grow with any of these: a bomb can only waste time.
 */
static const struct layers_limits limits = {
	.members = 1000000, .archives = 4, .layers = 12, .free = INT64_C(4) << 30, .ratio = 1000
};

/* A stream has come to its end: what has to be told of it before the next one. */
enum told { TELL_NOTHING, TELL_BREAK, TELL_MEMBER };

struct archive_source {
	struct source source;
	struct source_opts opts;
	const char *const *paths; /* of a rotated log; */
	size_t npaths, next_path; /* 0: one file, which is open already */
	const char *where;
	struct layers *layers;	/* of the file in hand; NULL: none is open */
	struct text *text;	/* of the stream in hand, or the one before; NULL: none */
	struct source *journal; /* the stream in hand is one; NULL: it is text */
	char *path;		/* "where:member"; NULL: of the file itself */
	enum told told;
	bool in_stream, broken;
	struct err why; /* it is broken */
	int64_t at;	/* bytes of the stream that were given */
	struct sosreport report;
	struct source_stats done;
	const char *packing;
};

static int
archive_bid(const char *where, struct str head)
{
	(void)where;
	return unpack_sniff(head) != UNPACK_NONE || member_content_of(head) == CONTENT_JOURNAL ? 10
											       : 0;
}

/* A stream that breaks ends there: what came before is read like any other. */
static ssize_t
read_stream(void *ctx, char *to, size_t n, struct err *err)
{
	struct archive_source *s = ctx;
	ssize_t got = s->broken ? 0 : layers_read(s->layers, to, n, &s->why);

	(void)err;
	s->broken |= got < 0;
	s->at += got > 0 ? got : 0;
	return got < 0 ? 0 : got;
}

static const char *
label(const struct archive_source *s)
{
	return s->path != NULL ? s->path : s->where;
}

/* 0, or -1 and *err. */
static int
set_label(struct archive_source *s, struct str name, struct err *err)
{
	struct str where = str_from(s->where);

	mem_free(s->path);
	s->path = NULL;
	if (name.p == NULL)
		return 0;
	if ((s->path = mem_alloc(where.n + name.n + 2)) == NULL)
		return err_no_memory(err);
	memcpy(s->path, where.p, where.n);
	s->path[where.n] = ':';
	memcpy(s->path + where.n + 1, name.p, name.n);
	s->path[where.n + 1 + name.n] = '\0';
	return 0;
}

static void
drop_text(struct archive_source *s)
{
	struct source_stats st;

	if (s->text == NULL)
		return;
	st = text_stats(s->text);
	source_stats_add(&s->done, &st);
	text_free(s->text);
	s->text = NULL;
}

/* The text of the file before goes on in this one, or a new one begins.  0, or -1 and *err. */
static int
begin_text(struct archive_source *s, const struct layers_stream *from, struct err *err)
{
	struct text_input in = {
		.read = read_stream, .ctx = s, .where = label(s), .mtime_us = from->mtime_us
	};

	if (s->text != NULL && s->path == NULL)
		return text_go_on(s->text, in, &s->opts, err);
	drop_text(s);
	s->text = text_new(in, &s->opts, err);
	return s->text == NULL ? -1 : 0;
}

static int64_t
hole(void *ctx)
{
	const struct archive_source *s = ctx;

	return layers_hole(s->layers);
}

/* 0, or -1 and *err. */
static int
begin_journal(struct archive_source *s, struct err *err)
{
	s->journal = member_journal_open(read_stream, hole, s, label(s), &s->opts, err);
	return s->journal == NULL ? -1 : 0;
}

static void
end_journal(struct archive_source *s)
{
	struct source_stats st = source_stats(s->journal);

	source_stats_add(&s->done, &st);
	source_close(s->journal);
	s->journal = NULL;
}

static int
unread(struct archive_source *s, const char *why, struct err *err)
{
	s->done.members_unread++;
	return err_set(err, "%s: %s", label(s), why);
}

/* 1: its text is to be read, 0: it was looked at, -1: it cannot be read, and *err. */
static int
begin_stream(struct archive_source *s, const struct layers_stream *from, struct err *err)
{
	s->broken = false;
	s->at = 0;
	sosreport_enter(&s->report, from->inner, from->kind);
	if (from->kind == MEMBER_HOST || from->kind == MEMBER_UNAME || from->kind == MEMBER_BTIME)
		return sosreport_learn(&s->report, read_stream, s, err);
	switch (member_content_of(from->head)) {
	case CONTENT_JOURNAL:
		if (begin_journal(s, err) == 0)
			break;
		s->done.members_unread++;
		return -1;
	case CONTENT_BINARY:
		s->done.members_passed++;
		return 0;
	case CONTENT_TEXT:
		break;
	}
	if (s->journal == NULL && begin_text(s, from, err) != 0)
		return -1;
	s->done.members++;
	s->in_stream = true;
	return 1;
}

/* 1: a file is open, 0: there are no more, -1 and *err. */
static int
next_file(struct archive_source *s, struct err *err)
{
	struct input *in;

	if (s->layers != NULL) {
		s->done.members_passed += layers_stats(s->layers).passed;
		layers_free(s->layers);
		s->layers = NULL;
	}
	if (s->next_path == s->npaths)
		return 0;
	s->where = s->paths[s->next_path++];
	if ((in = input_open(s->where, NULL, err)) == NULL)
		return -1;
	input_watch(in, s->opts.tick, s->opts.tick_ctx);
	if ((s->layers = layers_new(in, &limits, err)) == NULL)
		input_close(in);
	return s->layers == NULL ? -1 : 1;
}

/* To the next stream with a text.  1, 0: the end, -1: something cannot be read, and *err. */
static int
next_stream(struct archive_source *s, struct err *err)
{
	struct layers_stream from;
	struct err why;
	int got = 0;

	for (;;) {
		got = s->layers == NULL ? 0 : layers_next(s->layers, &from, &why);
		if (got == 0) {
			if ((got = next_file(s, err)) != 1)
				return got;
			continue;
		}
		if (set_label(s, from.name, err) != 0)
			return -1;
		if (got < 0)
			return unread(s, why.msg, err);
		s->packing = unpack_name(layers_packing(s->layers));
		got = begin_stream(s, &from, err);
		if (got != 0)
			return got;
	}
}

static void
end_stream(struct archive_source *s)
{
	s->in_stream = false;
	if (s->journal != NULL)
		end_journal(s);
	s->told = s->broken ? TELL_BREAK : TELL_MEMBER;
}

static enum source_status
archive_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	struct archive_source *s = (struct archive_source *)src;
	enum source_status st;
	int got;

	for (;;) {
		if (s->in_stream) {
			st = s->journal != NULL ? source_next(s->journal, wanted, ret, err)
						: text_next(s->text, wanted, ret, err);
			if (st == SOURCE_RECORD)
				sosreport_complete(&s->report, ret);
			if (st != SOURCE_END && (st != SOURCE_ERROR || s->journal == NULL))
				return st;
			end_stream(s);
			/* What is wrong with a journal is of that member alone. */
			if (st == SOURCE_ERROR)
				return SOURCE_UNREAD;
		}
		if (s->told == TELL_BREAK) {
			s->told = TELL_MEMBER;
			err_set(
			    err, "%s: at byte %lld: %s", label(s), (long long)s->at, s->why.msg);
			return SOURCE_UNREAD;
		}
		if (s->told == TELL_MEMBER) {
			s->told = TELL_NOTHING;
			/* The next file of a rotated log goes on with what is open. */
			if (s->path != NULL) {
				drop_text(s);
				return SOURCE_MEMBER;
			}
		}
		got = next_stream(s, err);
		if (got <= 0)
			return got == 0 ? SOURCE_END : SOURCE_UNREAD;
	}
}

static struct source_stats
archive_stats(const struct source *src)
{
	const struct archive_source *s = (const struct archive_source *)src;
	struct source_stats sum = s->done;

	if (s->text != NULL) {
		struct source_stats st = text_stats(s->text);

		source_stats_add(&sum, &st);
	}
	sum.packing = s->packing;
	return sum;
}

static void
archive_close(struct source *src)
{
	struct archive_source *s = (struct archive_source *)src;

	text_free(s->text);
	source_close(s->journal);
	layers_free(s->layers);
	mem_free(s->path);
	mem_free(s);
}

static struct archive_source *
archive_new(const char *where, const struct source_opts *opts, struct err *err)
{
	struct archive_source *s = mem_alloc(sizeof(*s));

	if (s == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*s = (struct archive_source){ .source = { &source_archive },
		.opts = *opts,
		.where = where,
		.report = { .facts.boot_us = UNKNOWN },
		.done = { .first_us = UNKNOWN,
		    .last_us = UNKNOWN,
		    .first_mono_us = UNKNOWN,
		    .last_mono_us = UNKNOWN } };
	return s;
}

static struct source *
archive_open(struct input *in, const struct source_opts *opts, struct err *err)
{
	struct archive_source *s = archive_new(input_name(in), opts, err);

	if (s != NULL && (s->layers = layers_new(in, &limits, err)) != NULL)
		return &s->source;
	mem_free(s);
	return NULL;
}

struct source *
archive_open_rotated(
    const char *const *paths, size_t n, const struct source_opts *opts, struct err *err)
{
	struct archive_source *s = archive_new(paths[n - 1], opts, err);

	if (s == NULL)
		return NULL;
	s->paths = paths, s->npaths = n;
	return &s->source;
}

const struct source_kind source_archive = {
	.name = "archive",
	.bid = archive_bid,
	.open = archive_open,
	.next = archive_next,
	.stats = archive_stats,
	.close = archive_close,
};
