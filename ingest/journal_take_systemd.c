/* One entry of a journal as a record, or not wanted. */
#include "ingest/journal_source.h"

#include <errno.h>

/* 0; 1: some fields could not be read; -1 and *err. */
static int
collect(struct journal *j, struct err *err)
{
	const void *data;
	size_t n;
	int rc;

	journal_fields_begin(&j->fields);
	j->sd.sd_journal_restart_data(j->j);
	while ((rc = j->sd.sd_journal_enumerate_data(j->j, &data, &n)) > 0) {
		if (journal_fields_add(&j->fields, (struct str){ data, n }, err) < 0)
			return -1;
	}
	return rc < 0 ? 1 : 0;
}

static void
fill(struct journal *j, uint64_t real_us, bool sure)
{
	struct str f[JOURNAL_FIELDS];
	struct record *r = &j->record;
	struct prefix p;

	journal_fields_get(&j->fields, f);
	p = journal_prefix(f);
	*r = (struct record){ .text = p.text,
		.raw = p.text,
		.host = p.host,
		.boot_id = p.boot_id,
		.ident = p.ident,
		.caller = STR_NONE,
		.path = str_from(j->where),
		.line = j->stats.records,
		.mono_us = p.mono_us,
		.real_us = real_us <= PREFIX_MAX_US ? (int64_t)real_us : UNKNOWN,
		.real_source = TIME_RECORD,
		.real_error_us = 1000,
		.seq = UNKNOWN,
		.facility = p.facility,
		.level = p.level,
		.lost_before = j->lost,
		.kernel_known = p.kernel_known && sure };
	if (!known(r->real_us))
		r->real_source = TIME_NONE, r->real_error_us = UNKNOWN;
	j->stats.lost_records += j->lost;
	j->lost = 0;
	boots_tell(&j->boots, r);
	j->rest = p.text;
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

/* "MESSAGE=..." */
static bool
is_wanted(struct journal *j, struct str message, const struct scan *wanted)
{
	size_t newlines = 0;

	j->stats.bytes += (int64_t)message.n;
	if (!str_eat(&message, STR("MESSAGE=")))
		return false;
	note_missed(j, message);
	return wanted == NULL || scan_find(wanted, message.p, message.n, 0, &newlines) < message.n;
}

static void
count(struct journal *j, uint64_t real_us)
{
	if (real_us <= PREFIX_MAX_US) {
		if (!known(j->stats.first_us))
			j->stats.first_us = (int64_t)real_us;
		j->stats.last_us = (int64_t)real_us;
	}
	j->stats.records++, j->stats.lines++;
}

int
journal_take(struct journal *j, const struct scan *wanted, struct err *err)
{
	const void *data;
	size_t n;
	int rc;

	j->ahead = false;
	count(j, j->ahead_us);
	rc = j->sd.sd_journal_get_data(j->j, "MESSAGE", &data, &n);
	if (rc < 0) {
		/* Damaged, or of a compression that the library was built without. */
		j->unread += rc != -ENOENT;
		return 0;
	}
	if (!is_wanted(j, (struct str){ data, n }, wanted) ||
	    (j->twins != NULL && twins_meet(j->twins, j->ahead_us, (struct str){ data, n }, 0)))
		return 0;
	if ((rc = collect(j, err)) < 0)
		return -1;
	j->unread += rc;
	fill(j, j->ahead_us, true);
	return 1;
}

/* Its fields stand in the order in which they were first
 * written to the file: the message, which is mostly new, is the last or near it. */
int
journal_take_rescued(
    struct journal *j, struct rescued *one, const struct scan *wanted, struct err *err)
{
	struct salvage_entry e = one->entry;
	size_t origin = (size_t)(one - j->rescue.v) + 1;
	bool is_whole = true, is_one = false;
	struct str field;
	int rc = 0;

	count(j, e.real_us);
	for (uint32_t i = e.items; i-- > 0 && !is_one;) {
		if ((rc = salvage_field(one->file, &e, i, &field, err)) < 0)
			return -1;
		is_whole &= rc > 0;
		is_one = rc > 0 && str_starts_z(field, "MESSAGE=");
	}
	if (!is_one)
		j->unread += !is_whole;
	if (!is_one || !is_wanted(j, field, wanted) ||
	    twins_meet(j->twins, e.real_us, field, origin))
		return rescue_advance(one, err);
	journal_fields_begin(&j->fields);
	for (uint32_t i = 0; i < e.items; i++) {
		rc = salvage_field(one->file, &e, i, &field, err);
		if (rc < 0 || (rc > 0 && journal_fields_add(&j->fields, field, err) < 0))
			return -1;
	}
	fill(j, e.real_us, e.sure);
	return rescue_advance(one, err) < 0 ? -1 : 1;
}
