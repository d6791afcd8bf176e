/*
 * Where a log can be taken up again, and what the lines before that place told of those
 * behind it: the year, the boots of its hosts, the numbers of records.
 */
#include "ingest/text_internal.h"

#include <string.h>

/* What this file writes; another reader of it starts from the beginning. */
enum { FORM = 1 };

static bool
is_between(const struct text *t)
{
	return t->pstore == NULL && t->frags == NULL && !t->in_json && !t->in_order &&
	       t->partial.n == 0 && t->message.rest.n == 0 && t->entry.rest.n == 0 &&
	       t->held.text.p == NULL && t->lost == 0 && t->prefixed && !entry_json_open(t->json) &&
	       !entry_fields_open(t->fields);
}

bool
text_place(const struct text *t, struct arena *mem, struct log_place *ret)
{
	int64_t at = t->at_end ? lines_end(&t->lines) : t->line_at;
	const struct clock *c = &t->clock;
	struct words w;
	bool kept;

	if (!known(at) || !is_between(t) || !(t->at_end || t->stands_alone))
		return false;
	ret->offset = t->begin.offset + at;
	ret->lines = t->at_end ? t->lines.newlines : t->lines_before;
	words_begin(&w);
	words_int(&w, FORM);
	words_int(&w, c->year);
	words_int(&w, c->month);
	words_int(&w, c->year_given);
	words_int(&w, c->real_us);
	words_int(&w, c->mono_us);
	words_int(&w, t->before.boot);
	/* The record in hand is read again, and is not the copy of one that came before. */
	words_int(&w, t->at_end ? t->expected_seq : t->last_seq);
	words_text(&w, t->boot_id_now);
	words_text(&w, (struct str){ t->memory.host, t->memory.nhost });
	kept = boots_keep(&t->boots, &w);
	ret->known = words_end(&w, mem);
	return kept && ret->known.p != NULL;
}

static bool
restore_clock(struct clock *c, struct str *from)
{
	int64_t year, month, given;

	if (!words_eat_int(from, 0, 9999, &year) || !words_eat_int(from, 0, 12, &month) ||
	    !words_eat_int(from, 0, 1, &given) ||
	    !words_eat_int(from, UNKNOWN, PREFIX_MAX_US, &c->real_us) ||
	    !words_eat_int(from, UNKNOWN, PREFIX_MAX_US, &c->mono_us))
		return false;
	c->month = (int)month;
	if (month != 0)
		c->year = (int)year;
	c->year_given |= given == 1;
	return true;
}

bool
text_begin_at(struct text *t, const struct log_place *place)
{
	struct str from = place->known, id, host;
	int64_t form, boot;

	t->begin = (struct log_place){ place->offset, place->lines, STR_NONE };
	t->lines.newlines = place->lines;
	t->lines.is_utf8 = true;
	t->prefixed = t->settled = true;
	if (!words_eat_int(&from, FORM, FORM, &form) || !restore_clock(&t->clock, &from) ||
	    !words_eat_int(&from, 0, UINT32_MAX, &boot) ||
	    !words_eat_int(&from, UNKNOWN, INT64_MAX, &t->expected_seq) ||
	    !words_eat_text(&from, sizeof(t->boot_id_bytes), &id) ||
	    !words_eat_text(&from, sizeof(t->memory.host), &host) ||
	    !boots_restore(&t->boots, &from))
		return false;
	t->before.boot = (unsigned)boot;
	if (id.n > 0) {
		memcpy(t->boot_id_bytes, id.p, id.n);
		t->boot_id_now = (struct str){ t->boot_id_bytes, id.n };
	}
	memcpy(t->memory.host, host.p, host.n);
	t->memory.nhost = host.n;
	return from.n == 0;
}
