/*
 * Compressed logs, archives of logs, and logs that were rotated: streams of bytes, one after
 * the other, each with its own name and line numbers.
 */
#include "ingest/archive.h"
#include "ingest/kind.h"
#include "ingest/member_journal.h"
#include "ingest/sosreport.h"
#include "ingest/streams.h"
#include "ingest/text.h"

#include "base/mem.h"

/* A stream has come to its end: what has to be told of it before the next one. */
enum told { TELL_NOTHING, TELL_BREAK, TELL_MEMBER };

struct archive_source {
	struct source source;
	struct source_opts opts;
	struct streams streams;
	struct text *text;	/* of the stream in hand, or the one before; NULL: none */
	struct source *journal; /* the stream in hand is one; NULL: it is text */
	enum told told;
	bool in_stream;
	struct sosreport report;
	struct source_stats done;
};

static int
archive_bid(const char *where, struct str head)
{
	(void)where;
	return unpack_sniff(head) != UNPACK_NONE || member_content_of(head) == CONTENT_JOURNAL ? 10
											       : 0;
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
		.read = streams_read,
		.ctx = &s->streams,
		.where = streams_label(&s->streams),
		.mtime_us = from->mtime_us,
	};

	if (s->text != NULL && s->streams.path == NULL)
		return text_go_on(s->text, in, &s->opts, err);
	drop_text(s);
	s->text = text_new(in, &s->opts, err);
	return s->text == NULL ? -1 : 0;
}

/* 0, or -1 and *err. */
static int
begin_journal(struct archive_source *s, struct err *err)
{
	s->journal = member_journal_open(
	    streams_read, streams_hole, &s->streams, streams_label(&s->streams), &s->opts, err);
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

/* 1: its text is to be read, 0: it was looked at, -1: it cannot be read, and *err. */
static int
begin_stream(struct archive_source *s, const struct layers_stream *from, struct err *err)
{
	sosreport_enter(&s->report, from->inner, from->kind);
	if (from->kind == MEMBER_HOST || from->kind == MEMBER_UNAME || from->kind == MEMBER_BTIME)
		return sosreport_learn(&s->report, streams_read, &s->streams, err);
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

/* To the next stream with a text.  1, 0: the end, -1: something cannot be read, and *err. */
static int
next_stream(struct archive_source *s, struct err *err)
{
	struct layers_stream from;
	int got;

	while ((got = streams_next(&s->streams, &from, err)) == 1) {
		if ((got = begin_stream(s, &from, err)) != 0)
			break;
	}
	return got;
}

static void
end_stream(struct archive_source *s)
{
	s->in_stream = false;
	if (s->journal != NULL)
		end_journal(s);
	s->told = s->streams.broken ? TELL_BREAK : TELL_MEMBER;
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
			err_set(err, "%s: at byte %lld: %s", streams_label(&s->streams),
			    (long long)s->streams.at, s->streams.why.msg);
			return SOURCE_UNREAD;
		}
		if (s->told == TELL_MEMBER) {
			s->told = TELL_NOTHING;
			/* The next file of a rotated log goes on with what is open. */
			if (s->streams.path != NULL) {
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
	sum.members_passed += s->streams.passed;
	sum.members_unread += s->streams.unread;
	sum.packing = s->streams.packing;
	return sum;
}

static void
archive_close(struct source *src)
{
	struct archive_source *s = (struct archive_source *)src;

	text_free(s->text);
	source_close(s->journal);
	streams_done(&s->streams);
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
		.streams = { .where = where },
		.report = { .facts.boot_us = UNKNOWN },
		.done = { .first_us = UNKNOWN,
		    .last_us = UNKNOWN,
		    .first_mono_us = UNKNOWN,
		    .last_mono_us = UNKNOWN } };
	s->streams.opts = &s->opts;
	return s;
}

static struct source *
archive_open(struct input *in, const struct source_opts *opts, struct err *err)
{
	struct archive_source *s = archive_new(input_name(in), opts, err);

	if (s != NULL && streams_open(&s->streams, in, err) == 0)
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
	s->streams.paths = paths, s->streams.npaths = n;
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
