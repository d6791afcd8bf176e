#include "cli/threshold.h"

#include <inttypes.h>
#include <stdio.h>

#define LOWEST (INT64_MIN + 1)

bool
threshold_parse(const char *text, struct threshold *ret)
{
	struct str s = str_from(text);
	struct threshold t = { .from = 0, .to = INT64_MAX, .inside = str_eat_chr(&s, '@') };
	size_t colon;

	if (str_chr(s, ':', &colon)) {
		if (str_eat_chr(&s, '~'))
			t.from = LOWEST;
		else if (!str_eat_i64(&s, &t.from))
			return false;
		if (!str_eat_chr(&s, ':'))
			return false;
		if (s.n > 0 && !str_eat_i64(&s, &t.to))
			return false;
	} else if (!str_eat_i64(&s, &t.to)) {
		return false;
	}
	*ret = t;
	return s.n == 0 && t.from <= t.to;
}

bool
threshold_alerts(const struct threshold *t, int64_t value)
{
	bool within = value >= t->from && value <= t->to;

	return within == t->inside;
}

struct threshold_text
threshold_text(const struct threshold *t)
{
	struct threshold_text r;
	const char *at = t->inside ? "@" : "";

	if (t->from == 0 && t->to < INT64_MAX)
		snprintf(r.s, sizeof(r.s), "%s%" PRId64, at, t->to);
	else if (t->from == LOWEST && t->to == INT64_MAX)
		snprintf(r.s, sizeof(r.s), "%s~:", at);
	else if (t->from == LOWEST)
		snprintf(r.s, sizeof(r.s), "%s~:%" PRId64, at, t->to);
	else if (t->to == INT64_MAX)
		snprintf(r.s, sizeof(r.s), "%s%" PRId64 ":", at, t->from);
	else
		snprintf(r.s, sizeof(r.s), "%s%" PRId64 ":%" PRId64, at, t->from, t->to);
	return r;
}
