/*
 * The systemd journal: that of this machine, directories and files of others.  All boots of it.
 *
 * No match is set: where a file is damaged in its middle, a match loses most of what can be
 * read (the chain of its entries breaks once and ends there), and the lines of user-space killers
 * and of the service manager are wanted as well.
 */
#include "base/mem.h"
#include "ingest/journal_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const struct source_kind source_journal;

static enum source_status
failed(struct journal *j, int rc, struct err *err)
{
	err_set(err, "%s: %s", j->where, strerror(-rc));
	return SOURCE_ERROR;
}

/* Several things may be wrong with the files of one journal: each is told. */
static void
add_reason(struct err *err, const char *reason)
{
	size_t n = strlen(err->msg);

	snprintf(err->msg + n, sizeof(err->msg) - n, "%s%s", n > 0 ? "; " : "", reason);
}

/* What the library passed over in silence is said at the end, and what was lost of the rest. */
static enum source_status
at_end(struct journal *j, struct err *err)
{
	int64_t given = j->stats.records - rescue_given(&j->rescue);
	int64_t missing = j->files.copies ? 0 : j->files.entries - given;
	char reason[sizeof(err->msg)];

	missing = (missing > 0 ? missing : 0) + j->unread;
	if (j->follow) {
		j->waiting = true;
		return SOURCE_AGAIN;
	}
	if (j->reported)
		return SOURCE_END;
	j->reported = true;
	err->msg[0] = '\0';
	rescue_tell(&j->rescue, reason, sizeof(reason));
	if (reason[0] != '\0')
		add_reason(err, reason);
	if (j->files.refused > 0)
		add_reason(err, j->files.why);
	if (j->files.refused > 1) {
		snprintf(reason, sizeof(reason), "and %zu more files", j->files.refused - 1);
		add_reason(err, reason);
	}
	if (missing > 0) {
		snprintf(reason, sizeof(reason),
		    "%s: %lld of %lld entries could not be read: damaged, or deleted meanwhile%s",
		    j->where, (long long)missing, (long long)j->files.entries,
		    j->files.thorough ? "" : "; --thorough looks for them");
		add_reason(err, reason);
	}
	return err->msg[0] == '\0' ? SOURCE_END : SOURCE_ERROR;
}

static bool
next_line(struct journal *j, struct record *ret)
{
	if (!str_cut_line(&j->rest, &j->record.text))
		return false;
	*ret = j->record;
	j->record.fragment = true;
	j->record.lost_before = 0;
	j->record.new_boot = false;
	return true;
}

/* Find out what the library has next. */
static int
look_ahead(struct journal *j)
{
	int rc;

	if (j->ahead || j->j == NULL)
		return 0;
	rc = j->sd.sd_journal_next(j->j);
	j->ahead = rc > 0;
	if (rc > 0 && j->sd.sd_journal_get_realtime_usec(j->j, &j->ahead_us) < 0)
		j->ahead_us = UINT64_MAX;
	return rc;
}

static enum source_status
journal_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	struct journal *j = (struct journal *)src;
	struct rescued *one;
	int rc;

	if (next_line(j, ret))
		return SOURCE_RECORD;
	if (j->waiting && (rc = j->sd.sd_journal_process(j->j)) < 0)
		return failed(j, rc, err);
	j->waiting = false;
	for (;;) {
		if ((rc = look_ahead(j)) < 0)
			return failed(j, rc, err);
		one = rescue_first(&j->rescue);
		if (one == NULL && !j->ahead)
			return at_end(j, err);
		if (one == NULL || (j->ahead && j->ahead_us <= one->entry.real_us))
			rc = journal_take(j, wanted, err);
		else
			rc =
			    rescue_open(&j->rescue) ? journal_take_rescued(j, one, wanted, err) : 0;
		if (rc < 0)
			return SOURCE_ERROR;
		if (rc > 0 && next_line(j, ret))
			return SOURCE_RECORD;
	}
}

/* A position that was vacuumed away puts us at the entry nearest to it, which is not known yet. */
static int
go_to(struct journal *j, const char *cursor)
{
	int rc = cursor == NULL ? -1 : j->sd.sd_journal_seek_cursor(j->j, cursor);

	if (rc < 0)
		return j->sd.sd_journal_seek_head(j->j);
	if (j->sd.sd_journal_next(j->j) > 0 && j->sd.sd_journal_test_cursor(j->j, cursor) <= 0)
		rc = j->sd.sd_journal_seek_cursor(j->j, cursor);
	return rc;
}

static int
open_journal(struct journal *j, const char *place, const struct source_opts *opts, struct err *err)
{
	bool local = *place == '\0';
	int rc;

	j->follow = opts->follow && local;
	j->files.rescue = j->follow ? NULL : &j->rescue;
	j->files.thorough = opts->thorough && !j->follow;
	/* Without the library each file is read entry by entry; it alone can wait for more. */
	if (systemd_load(&j->sd, err) != 0 && j->follow)
		return -1;
	if (boots_init(&j->boots, err) != 0 ||
	    (local ? journal_list_local(&j->files, &j->sd, j->where, err)
		   : journal_list(&j->files, &j->sd, place, err)) != 0)
		return -1;
	if (j->rescue.n > 0 && (j->twins = twins_new(err)) == NULL)
		return -1;
	if (j->files.n == 0 && j->rescue.n > 0)
		return 0;
	if (j->files.n == 0)
		return j->files.refused > 0 ? err_set(err, "%s", j->files.why)
					    : err_set(err, "there is no journal %s%s",
						  local ? "of this machine" : "in ", place);
	rc = j->follow ? j->sd.sd_journal_open(&j->j, SD_JOURNAL_LOCAL_ONLY)
		       : j->sd.sd_journal_open_files(&j->j, j->files.path, 0);
	/* Asked for at once, or files that are deleted stay open (sd_journal_get_fd(3)). */
	if (rc >= 0 && j->follow)
		rc = j->fd = j->sd.sd_journal_get_fd(j->j);
	if (rc >= 0)
		rc = j->sd.sd_journal_set_data_threshold(j->j, ENTRY_TEXT);
	if (rc >= 0)
		rc = go_to(j, opts->resume);
	return rc < 0 ? (failed(j, rc, err), -1) : 0;
}

static void
journal_close(struct source *src)
{
	struct journal *j = (struct journal *)src;

	if (j->j != NULL)
		j->sd.sd_journal_close(j->j);
	systemd_unload(&j->sd);
	journal_files_done(&j->files);
	rescue_done(&j->rescue);
	twins_free(j->twins);
	boots_done(&j->boots);
	mem_free(j->fields.text.p);
	input_close(j->in);
	mem_free(j);
}

static struct source *
make(const char *where, const char *place, struct input *in, const struct source_opts *opts,
    struct err *err)
{
	struct journal *j = mem_alloc(sizeof(*j));

	if (j == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*j = (struct journal){ .source = { &source_journal },
		.where = where,
		.files = { .label = in == NULL ? NULL : where },
		.fd = -1,
		.stats = { .first_us = UNKNOWN,
		    .last_us = UNKNOWN,
		    .first_mono_us = UNKNOWN,
		    .last_mono_us = UNKNOWN,
		    .format = "journal" } };
	if (open_journal(j, place, opts, err) != 0) {
		journal_close(&j->source);
		return NULL;
	}
	j->in = in;
	return &j->source;
}

static int
journal_bid(const char *where, struct str head)
{
	/* By its name alone if its head is overwritten: no log as text holds a NUL. */
	bool broken = journal_is_name(where) && memchr(head.p, '\0', head.n) != NULL;

	return journal_is_head(head) ? 100 : broken ? 90 : 0;
}

/* Recognised by its content, so it may be a descriptor alone: the library wants a name. */
static struct source *
journal_open(struct input *in, const struct source_opts *opts, struct err *err)
{
	const char *where = input_name(in);
	char path[32];

	if (opts->part == NULL && strcmp(where, "-") != 0)
		return make(where, where, in, opts, err);
	snprintf(path, sizeof(path), "/proc/self/fd/%d",
	    opts->part != NULL ? opts->part->fd : STDIN_FILENO);
	return make(where, path, in, opts, err);
}

static const char *
after_scheme(const char *where)
{
	return strncmp(where, "journal:", 8) == 0 ? where + 8 : where;
}

static bool
journal_is_place(const char *where)
{
	return strncmp(where, "journal:", 8) == 0;
}

static struct source *
journal_open_place(const char *where, const struct source_opts *opts, struct err *err)
{
	return make(where, after_scheme(where), NULL, opts, err);
}

static struct source_stats
journal_stats(const struct source *src)
{
	return ((const struct journal *)src)->stats;
}

static int
journal_fd(const struct source *src)
{
	return ((const struct journal *)src)->fd;
}

static int
journal_position(const struct source *src, char *to, size_t n)
{
	const struct journal *j = (const struct journal *)src;
	char *cursor = NULL;
	int len = -1;

	if (j->j != NULL && j->sd.sd_journal_get_cursor(j->j, &cursor) >= 0)
		len = snprintf(to, n, "%s", cursor);
	free(cursor); /* the library's allocation */
	return len > 0 && len < (int)n ? 0 : -1;
}

const struct source_kind source_journal = {
	.name = "journal",
	.bid = journal_bid,
	.open = journal_open,
	.next = journal_next,
	.stats = journal_stats,
	.close = journal_close,
	.is_place = journal_is_place,
	.open_place = journal_open_place,
	.fd = journal_fd,
	.position = journal_position,
};
