/*
 * The systemd journal: that of this machine, directories and files of others.  All boots of it.
 *
 * No match is set: where a file is damaged in its middle, a match loses most of what can be
 * read (the chain of its entries breaks once and ends there), and the lines of user-space killers
 * and of the service manager are wanted as well.
 */
#include "base/mem.h"
#include "ingest/boots.h"
#include "ingest/entry.h"
#include "ingest/journal_systemd.h"
#include "ingest/kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct journal {
	struct source source;
	const char *where;
	struct input *in; /* NULL: it was named, not recognised */
	struct systemd sd;
	sd_journal *j;
	struct journal_files files;
	struct boots boots;
	struct entry_buffer fields;
	struct str rest; /* lines left of an entry */
	struct record record;
	bool follow, waiting, reported;
	int fd;
	int64_t lost;	/* not yet told in a record */
	int64_t unread; /* entries whose message cannot be read */
	struct source_stats stats;
};

extern const struct source_kind source_journal;

static enum source_status
failed(struct journal *j, int rc, struct err *err)
{
	err_set(err, "%s: %s", j->where, strerror(-rc));
	return SOURCE_ERROR;
}

/* What the library passed over in silence is said at the end. */
static enum source_status
at_end(struct journal *j, struct err *err)
{
	int64_t missing = j->files.copies ? 0 : j->files.entries - j->stats.records;

	missing = (missing > 0 ? missing : 0) + j->unread;
	if (j->follow) {
		j->waiting = true;
		return SOURCE_AGAIN;
	}
	if (j->reported || (j->files.refused == 0 && missing == 0))
		return SOURCE_END;
	j->reported = true;
	if (j->files.refused > 1)
		err_set(err, "%s (and %zu more files)", j->files.why, j->files.refused - 1);
	else if (j->files.refused == 1)
		err_set(err, "%s", j->files.why);
	else
		err_set(err,
		    "%s: %lld of %lld entries could not be read: damaged, or deleted meanwhile",
		    j->where, (long long)missing, (long long)j->files.entries);
	return SOURCE_ERROR;
}

/*
 * The wanted fields of the entry, copied: the library's slices do not outlive the next call.
 * 0; 1: some could not be read; -1 and *err.
 */
static int
collect(struct journal *j, struct str f[JOURNAL_FIELDS], struct err *err)
{
	struct {
		size_t at, n;
		bool known;
	} of[JOURNAL_FIELDS] = { { 0 } };
	const void *data;
	size_t n;
	int rc;

	j->fields.n = 0;
	j->sd.sd_journal_restart_data(j->j);
	while ((rc = j->sd.sd_journal_enumerate_data(j->j, &data, &n)) > 0) {
		struct str value = { data, n }, name;
		int field;

		if (!str_cut(&value, STR("="), &name) || (field = journal_field(name)) < 0 ||
		    of[field].known)
			continue;
		of[field].at = j->fields.n;
		rc = entry_add(&j->fields, str_head(value, ENTRY_TEXT), err);
		if (rc < 0)
			return -1;
		of[field].n = j->fields.n - of[field].at;
		of[field].known = rc == 0;
	}
	for (int i = 0; i < JOURNAL_FIELDS; i++)
		f[i] = of[i].known ? (struct str){ j->fields.p + of[i].at, of[i].n } : STR_NONE;
	return rc < 0 ? 1 : 0;
}

static void
fill(struct journal *j, const struct prefix *p, uint64_t real_us)
{
	struct record *r = &j->record;

	*r = (struct record){ .text = p->text,
		.raw = p->text,
		.host = p->host,
		.boot_id = p->boot_id,
		.ident = p->ident,
		.caller = STR_NONE,
		.path = str_from(j->where),
		.line = j->stats.records,
		.mono_us = p->mono_us,
		.real_us = real_us <= PREFIX_MAX_US ? (int64_t)real_us : UNKNOWN,
		.real_source = TIME_RECORD,
		.real_error_us = 1000,
		.seq = UNKNOWN,
		.facility = p->facility,
		.level = p->level,
		.lost_before = j->lost,
		.kernel_known = p->kernel_known };
	if (!known(r->real_us))
		r->real_source = TIME_NONE, r->real_error_us = UNKNOWN;
	j->stats.lost_records += j->lost;
	j->lost = 0;
	boots_tell(&j->boots, r);
	j->rest = p->text;
}

/* journald's own words where the kernel's buffer overran it (journald-kmsg.c). */
static void
note_missed(struct journal *j, struct str message)
{
	int64_t n;

	if (str_eat(&message, STR("Missed ")) && str_eat_i64(&message, &n) && n > 0 &&
	    n < 1 << 20 && str_eq_z(message, " kernel messages"))
		j->lost += n;
}

static bool
is_wanted(struct journal *j, const struct scan *wanted)
{
	struct str message;
	const void *data;
	size_t n, newlines = 0;
	int rc;

	rc = j->sd.sd_journal_get_data(j->j, "MESSAGE", &data, &n);
	if (rc < 0) {
		/* Damaged, or of a compression that the library was built without. */
		j->unread += rc != -ENOENT;
		return false;
	}
	message = (struct str){ data, n };
	j->stats.bytes += (int64_t)n;
	if (!str_eat(&message, STR("MESSAGE=")))
		return false;
	note_missed(j, message);
	return wanted == NULL || scan_find(wanted, message.p, message.n, 0, &newlines) < message.n;
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

static enum source_status
journal_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	struct journal *j = (struct journal *)src;
	struct str f[JOURNAL_FIELDS];
	struct prefix p;
	uint64_t real_us;
	int rc;

	if (next_line(j, ret))
		return SOURCE_RECORD;
	if (j->waiting && (rc = j->sd.sd_journal_process(j->j)) < 0)
		return failed(j, rc, err);
	j->waiting = false;
	while ((rc = j->sd.sd_journal_next(j->j)) > 0) {
		if (j->sd.sd_journal_get_realtime_usec(j->j, &real_us) < 0)
			real_us = UINT64_MAX;
		if (real_us <= PREFIX_MAX_US) {
			if (!known(j->stats.first_us))
				j->stats.first_us = (int64_t)real_us;
			j->stats.last_us = (int64_t)real_us;
		}
		j->stats.records++, j->stats.lines++;
		if (!is_wanted(j, wanted))
			continue;
		if ((rc = collect(j, f, err)) < 0)
			return SOURCE_ERROR;
		j->unread += rc;
		p = journal_prefix(f);
		fill(j, &p, real_us);
		if (next_line(j, ret))
			return SOURCE_RECORD;
	}
	return rc < 0 ? failed(j, rc, err) : at_end(j, err);
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

	if (systemd_load(&j->sd, err) != 0 || boots_init(&j->boots, err) != 0 ||
	    (local ? journal_list_local(&j->files, &j->sd, j->where, err)
		   : journal_list(&j->files, &j->sd, place, err)) != 0)
		return -1;
	if (j->files.n == 0)
		return j->files.refused > 0 ? err_set(err, "%s", j->files.why)
					    : err_set(err, "there is no journal %s%s",
						  local ? "of this machine" : "in ", place);
	j->follow = opts->follow && local;
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
	boots_done(&j->boots);
	mem_free(j->fields.p);
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
	(void)where;
	return journal_is_head(head) ? 100 : 0;
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

	if (j->sd.sd_journal_get_cursor(j->j, &cursor) >= 0)
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
