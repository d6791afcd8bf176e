/*
 * When all that was read is done with, and what of it later lines need: then a log that has
 * grown can be read from here on, with the same result.
 */
#include "parse/internal.h"

#include "base/mem.h"
#include "base/words.h"

#include <string.h>

enum { FORM = 1, BOOTS_KEPT = 32 };

bool
moment_is_late(const struct moment *then, const struct moment *now)
{
	if (known(then->real_us) && known(now->real_us))
		return now->real_us > then->real_us + MAX_SILENCE_US;
	return known(then->mono_us) && known(now->mono_us) &&
	       now->mono_us > then->mono_us + MAX_SILENCE_US;
}

struct moment
moment_of(const struct record *r)
{
	return (struct moment){ r->real_us, r->mono_us };
}

static bool
stream_is_done(const struct stream *s, const struct moment *now)
{
	struct moment held = moment_of(&s->held.rec);

	/* It waits for a rest that would have come by now. */
	if (s->held.shape != NULL && s->held.shape->take == take_killed &&
	    kill_complete(s->held.rec.text) && moment_is_late(&held, now))
		return true;
	if (s->held.shape != NULL || (s->ev != NULL && s->section != SECTION_END))
		return false;
	return !(s->sysrq || s->foreign_memory) || moment_is_late(&s->flagged, now);
}

bool
parser_is_done(const struct parser *p, const struct moment *now)
{
	for (size_t i = 0; i < p->nqueue; i++) {
		if (!moment_is_late(&p->queue[i].seen, now))
			return false;
	}
	for (size_t i = 0; i < p->nstreams; i++) {
		if (!stream_is_done(p->streams[i], now))
			return false;
	}
	return true;
}

static size_t
count_facts(const struct parser *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nboots; i++) {
		const struct boot_facts *b = &p->boots[i];

		n += b->kernel[0] != '\0' || known(b->page_size) || known(b->swap_total_kb);
	}
	return n;
}

struct str
parser_keep(const struct parser *p, struct arena *mem)
{
	size_t n = count_facts(p);
	struct words w;

	if (n > BOOTS_KEPT)
		return STR_NONE;
	words_begin(&w);
	words_int(&w, FORM);
	words_text(&w, (struct str){ p->user_reason, p->user_reason_n });
	words_text(&w, p->last == NULL ? STR_NONE : str_from(p->last->host));
	words_text(&w, p->last == NULL ? STR_NONE : str_from(p->last->boot_id));
	words_text(&w, p->last == NULL ? STR_NONE : str_from(p->last->caller));
	words_int(&w, p->last == NULL ? UNKNOWN : (int64_t)p->last->boot);
	words_int(&w, (int64_t)n);
	for (size_t i = 0; i < p->nboots; i++) {
		const struct boot_facts *b = &p->boots[i];

		if (b->kernel[0] == '\0' && !known(b->page_size) && !known(b->swap_total_kb))
			continue;
		words_text(&w, str_from(b->host));
		words_text(&w, str_from(b->boot_id));
		words_text(&w, str_from(b->kernel));
		words_int(&w, b->boot);
		words_int(&w, b->page_size);
		words_int(&w, b->swap_total_kb);
	}
	return words_end(&w, mem);
}

static bool
eat_name(struct str *from, char *to, size_t size)
{
	struct str s;

	if (!words_eat_text(from, size - 1, &s))
		return false;
	memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	return true;
}

static bool
restore_facts(struct parser *p, struct str *from)
{
	struct boot_facts *b = &p->boots[p->nboots];
	int64_t boot;

	*b = (struct boot_facts){ .used_at = ++p->clock };
	if (!eat_name(from, b->host, sizeof(b->host)) ||
	    !eat_name(from, b->boot_id, sizeof(b->boot_id)) ||
	    !eat_name(from, b->kernel, sizeof(b->kernel)) ||
	    !words_eat_int(from, 0, UINT32_MAX, &boot) || !words_eat_any(from, &b->page_size) ||
	    !words_eat_any(from, &b->swap_total_kb))
		return false;
	b->boot = (unsigned)boot;
	p->nboots++;
	return true;
}

int
parser_restore(struct parser *p, struct str from, struct err *err)
{
	struct str reason, host, boot_id, caller;
	int64_t form, boot, n;
	bool good;

	good = words_eat_int(&from, FORM, FORM, &form) &&
	       words_eat_text(&from, sizeof(p->user_reason), &reason) &&
	       words_eat_text(&from, sizeof(p->last->host) - 1, &host) &&
	       words_eat_text(&from, sizeof(p->last->boot_id) - 1, &boot_id) &&
	       words_eat_text(&from, sizeof(p->last->caller) - 1, &caller) &&
	       words_eat_int(&from, UNKNOWN, UINT32_MAX, &boot) &&
	       words_eat_int(&from, 0, BOOTS_KEPT, &n);
	while (good && n-- > 0)
		good = restore_facts(p, &from);
	if (!good || from.n != 0)
		return err_set(err, "what was kept of the lines before cannot be read");
	memcpy(p->user_reason, reason.p, reason.n);
	p->user_reason_n = reason.n;
	p->warm_up = 0;
	if (known(boot)) {
		struct record r = {
			.host = host, .boot_id = boot_id, .caller = caller, .boot = (unsigned)boot
		};

		if (stream_for(p, &r) == NULL)
			return err_no_memory(err);
	}
	return 0;
}
