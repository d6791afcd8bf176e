/*
 * An event's own lines are read as a log of their own; what stood round them in the log they
 * came from (host, boot, what other reports of the boot told) stays as it was stored.
 */
#include "cli/reparse.h"

#include "cli/surroundings.h"

#include "base/mem.h"
#include "parse/parser.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct again {
	const struct event *old;
	struct event *anew; /* the one that is the old one */
	size_t found;
	const struct event_line **lines; /* of the old one, each physical line once */
	int64_t nlines;
	size_t records;
	bool strange; /* what came of the lines is not what came of them in their log */
};

static bool
write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = str_from_at(s, (size_t)n);
	}
	return true;
}

/* Several records may have stood on one line. */
static bool
write_lines(struct again *a, int fd)
{
	for (size_t i = 0; i < a->old->nlines; i++) {
		const struct event_line *l = &a->old->lines[i];

		if (a->nlines > 0 && a->lines[a->nlines - 1]->line == l->line)
			continue;
		a->lines[a->nlines++] = l;
		if (!write_all(fd, l->raw) || !write_all(fd, STR("\n")))
			return false;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static int
take(void *ctx, struct event *ev, struct err *err)
{
	struct again *a = ctx;

	(void)err;
	a->found++;
	if (a->anew == NULL || memcmp(ev->id, a->old->id, sizeof(ev->id)) == 0) {
		event_free(a->anew);
		a->anew = ev;
	} else {
		event_free(ev);
	}
	return 0;
}

static void
place(struct again *a, struct record *r)
{
	const struct event *old = a->old;

	if (r->line >= 1 && r->line <= a->nlines) {
		const struct event_line *l = a->lines[r->line - 1];

		/* Of lines that were broken in two, `raw` is the first, `text` the whole. */
		if (l->text.n > r->text.n && str_starts(l->text, r->text))
			r->text = l->text;
		a->strange |= !str_eq(l->text, r->text);
		r->line = l->line;
	}
	r->lost_before = a->records == 2 ? old->lost_records : 0; /* anywhere inside */
	r->boot = old->boot;
	r->kernel_known = old->trust_kernel;
	if (r->host.p == NULL)
		r->host = old->host;
	if (r->boot_id.p == NULL)
		r->boot_id = old->boot_id;
}

static int
read_lines(struct again *a, const char *path, const struct source_opts *opts, struct err *err)
{
	struct source *src = source_open(path, opts, err);
	struct parser *p = src == NULL ? NULL : parser_new(take, a, err);
	enum source_status got = SOURCE_ERROR;
	struct record r;
	int rc = 0;

	while (p != NULL && rc == 0 && (got = source_next(src, NULL, &r, err)) == SOURCE_RECORD) {
		a->records++;
		place(a, &r);
		rc = parser_feed(p, &r, err);
	}
	if (got == SOURCE_ERROR || (rc == 0 && parser_end(p, err) != 0))
		rc = -1;
	/* What their log told of lines without a prefix, they do not tell alone. */
	a->strange |= a->records != a->old->nlines || a->found > 1;
	parser_free(p);
	source_close(src);
	return rc;
}

/* Of an entry of several lines, or one in an envelope, the line alone is not enough: its text
 * is, and what was known of its time is kept. */
static int
read_texts(struct again *a, struct err *err)
{
	const struct event *old = a->old;
	struct parser *p = parser_new(take, a, err);
	int rc = p == NULL ? -1 : 0;

	event_free(a->anew);
	a->anew = NULL;
	for (size_t i = 0; i < old->nlines && rc == 0; i++) {
		struct record r = { .text = old->lines[i].text,
			.raw = old->lines[i].raw,
			.host = old->host,
			.boot_id = old->boot_id,
			.line = old->lines[i].line,
			.mono_us = old->mono_us,
			.real_us = old->real_us,
			.real_error_us = old->real_error_us,
			.real_source = old->real_source,
			.seq = UNKNOWN,
			.facility = -1,
			.level = -1,
			.lost_before = i == 1 ? old->lost_records : 0,
			.kernel_known = old->trust_kernel,
			.boot = old->boot };

		rc = parser_feed(p, &r, err);
	}
	if (rc == 0)
		rc = parser_end(p, err);
	parser_free(p);
	return rc;
}

/* The times that read_texts() made up. */
static void
forget_times(struct event *ev)
{
	for (size_t i = 0; i < ev->nvictims; i++)
		ev->victims[i].mono_us = ev->victims[i].real_us = UNKNOWN;
	for (size_t i = 0; i < ev->naftermath; i++)
		ev->aftermath[i].mono_us = ev->aftermath[i].real_us = UNKNOWN;
}

static int64_t
year_of(const struct event *ev)
{
	time_t t = (time_t)(ev->real_us / 1000000);
	struct tm tm;

	return known(ev->real_us) && localtime_r(&t, &tm) != NULL ? tm.tm_year + 1900 : UNKNOWN;
}

static char *
facts_of(struct event *ev)
{
	struct finding f = { .event = ev };
	char *text = NULL;
	size_t size;
	struct report rep = { .out = open_memstream(&text, &size) };

	if (rep.out == NULL)
		return NULL;
	renderer_find("ndjson")->event(&rep, &f);
	fclose(rep.out);
	return text;
}

static int
differ(struct event *a, struct event *b, struct err *err)
{
	char *x = facts_of(a), *y = facts_of(b);
	int rc = x == NULL || y == NULL ? err_no_memory(err) : strcmp(x, y) != 0;

	free(x);
	free(y);
	return rc;
}

static int
read_again(struct again *a, const struct options *o, struct err *err)
{
	struct source_opts opts = o->source;
	char path[32];
	int fd = memfd_create("oomwhy", MFD_CLOEXEC), rc = -1;

	opts.kind = "text"; /* lines that look packed are lines all the same */
	opts.year = year_of(a->old);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	a->lines = mem_alloc((a->old->nlines + 1) * sizeof(const struct event_line *));
	if (a->lines == NULL)
		err_no_memory(err);
	else if (fd == -1 || !write_lines(a, fd))
		err_set(err, "cannot read stored lines again: %s", strerror(errno));
	else
		rc = read_lines(a, path, &opts, err);
	mem_free(a->lines);
	if (fd != -1)
		close(fd);
	if (rc == 0 && a->strange && (rc = read_texts(a, err)) == 0 && a->anew != NULL)
		forget_times(a->anew);
	return rc;
}

/* 1: it says something new now. */
static int
reparse(struct store *st, int64_t event, const struct options *o, struct err *err)
{
	struct event *old = store_get(st, event, err);
	struct again a = { .old = old };
	int rc = -1;

	if (old != NULL && read_again(&a, o, err) == 0) {
		rc = 0;
		/* Lines alone may tell less than they did in their log. */
		if (a.anew != NULL && a.anew->kind == old->kind &&
		    a.anew->completeness <= old->completeness) {
			rc = keep_surroundings(a.anew, old) != 0 ? err_no_memory(err)
								 : differ(old, a.anew, err);
		}
		if (rc == 1 && store_replace(st, event, a.anew, err) != 0)
			rc = -1;
	}
	event_free(a.anew);
	event_free(old);
	return rc;
}

int
reparse_all(struct store *st, const struct options *o, int64_t *ret_events, int64_t *ret_changed,
    struct err *err)
{
	int64_t event = 0;

	*ret_events = *ret_changed = 0;
	while ((event = store_next(st, event, err)) > 0) {
		int rc = reparse(st, event, o, err);

		if (rc < 0)
			return -1;
		++*ret_events;
		*ret_changed += rc;
	}
	return event < 0 ? -1 : 0;
}
