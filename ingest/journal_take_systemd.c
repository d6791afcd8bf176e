/* One entry of a journal as a record, or not wanted. */
#include "ingest/journal_source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* Of the entry that the library stands at. */
static bool
has_twin(struct journal *j, struct str text)
{
	struct twin e = { .real_us = j->ahead_us, .text = text };
	sd_id128_t boot = { 0 };

	if (j->twins == NULL)
		return false;
	j->sd.sd_journal_get_monotonic_usec(j->j, &e.mono_us, &boot);
	memcpy(e.boot_id, boot.bytes, sizeof(e.boot_id));
	return twins_meet(j->twins, &e, 0);
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
	/* Asked first: whether a line is wanted depends on what came before it. */
	if (has_twin(j, (struct str){ data, n }) || !is_wanted(j, (struct str){ data, n }, wanted))
		return 0;
	if ((rc = collect(j, err)) < 0)
		return -1;
	j->unread += rc;
	fill(j, j->ahead_us, true);
	return 1;
}

/*
 * 1: it is the message; 0: there is none, and *ret_read says whether all fields could be read; -1
 * and *err.  Fields stand in the order in which they were first written to the file: the message,
 * which is mostly new, is the last or near it.
 */
static int
find_message(struct rescued *one, struct str *ret, bool *ret_read, struct err *err)
{
	*ret_read = true;
	for (uint32_t i = one->entry.items; i-- > 0;) {
		int rc = salvage_field(one->file, &one->entry, i, ret, err);

		if (rc < 0 || (rc > 0 && str_starts_z(*ret, "MESSAGE=")))
			return rc;
		*ret_read &= rc > 0;
	}
	return 0;
}

/* An entry holds the boot itself, too: where the field is damaged, that is known all the same. */
static int
add_boot(struct journal_fields *f, const struct salvage_entry *e, struct err *err)
{
	char text[sizeof("_BOOT_ID=") + 2 * sizeof(e->boot_id)] = "_BOOT_ID=";
	size_t n = strlen(text);

	for (size_t i = 0; i < sizeof(e->boot_id); i++, n += 2)
		snprintf(text + n, sizeof(text) - n, "%02x", e->boot_id[i]);
	return journal_fields_add(f, (struct str){ text, n }, err);
}

int
journal_take_rescued(
    struct journal *j, struct rescued *one, const struct scan *wanted, struct err *err)
{
	struct salvage_entry e = one->entry;
	size_t origin = (size_t)(one - j->rescue.v) + 1;
	struct twin twin = { .real_us = e.real_us, .mono_us = e.mono_us };
	bool was_read, is_whole = true;
	struct str field;
	int rc = find_message(one, &field, &was_read, err);

	count(j, e.real_us);
	if (rc < 0)
		return -1;
	memcpy(twin.boot_id, e.boot_id, sizeof(twin.boot_id));
	twin.text = field;
	if (rc == 0 || twins_meet(j->twins, &twin, origin) || !is_wanted(j, field, wanted)) {
		rescue_advance(&j->rescue, rc > 0 || was_read);
		return 0;
	}
	journal_fields_begin(&j->fields);
	for (uint32_t i = 0; i < e.items; i++) {
		rc = salvage_field(one->file, &e, i, &field, err);
		if (rc < 0 || (rc > 0 && journal_fields_add(&j->fields, field, err) < 0))
			return -1;
		is_whole &= rc > 0;
	}
	if (!is_whole && add_boot(&j->fields, &e, err) < 0)
		return -1;
	fill(j, e.real_us, e.sure);
	rescue_advance(&j->rescue, true);
	return 1;
}
