/* What the kills before tell, in sentences; every format has these. */
#include "report/trend.h"

#include "base/escape.h"
#include "report/instant.h"
#include "report/words.h"

#include <stdlib.h>

#define DAY_US (24 * 3600 * INT64_C(1000000))

/* "mysqld of db1" */
static void
put_who(FILE *out, const struct event *ev)
{
	const struct victim *v = event_victim(ev);

	if (v != NULL)
		str_put_escaped(out, v->comm);
	if (ev->host.n > 0) {
		fputs(" of ", out);
		str_put_escaped(out, ev->host);
	}
}

static const char *
ordinal(int64_t n)
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };

	return n % 10 > 3 || (n % 100 >= 11 && n % 100 <= 13) ? "th" : ends[n % 10];
}

static bool
say_count(FILE *out, const struct finding *f, const struct trend *t)
{
	if (t->kills == 1) {
		fputs("This is the only time that ", out);
		put_who(out, f->event);
		fputs(" was killed, as far as the store knows.", out);
		return true;
	}
	fprintf(out, "The store knows %s%lld kills of ", t->more ? "more than " : "",
	    (long long)t->kills);
	put_who(out, f->event);
	fprintf(out, "; this is the %lld%s", (long long)t->number, ordinal(t->number));
	if (t->week > 1)
		fprintf(out, ", of %lld within 7 days", (long long)t->week);
	if (t->day > 1)
		fprintf(out, ", %lld of them within 24 hours", (long long)t->day);
	fputs(".", out);
	return true;
}

static bool
say_loop(FILE *out, const struct finding *f, const struct trend *t)
{
	(void)f;
	if (!known(t->period_us))
		return false;
	fprintf(out,
	    "It comes back: the last %s between kills were about %s each. A service that is "
	    "started "
	    "again and runs into the same end.",
	    words_count(t->period_gaps, "time", "times").s, duration_human(t->period_us).s);
	return true;
}

static bool
say_size(FILE *out, const struct finding *f, const struct trend *t)
{
	(void)f;
	switch (t->size) {
	case TREND_SIZE_STEADY:
		fprintf(out, "It had about as much each time, %s to %s of its own",
		    words_kb(t->size_min_kb).s, words_kb(t->size_max_kb).s);
		if (known(t->growth_kb_hour))
			fprintf(out,
			    ": from start to kill it gains about %s an hour, a leak or a cache "
			    "without a limit rather than a spike.",
			    words_kb(t->growth_kb_hour).s);
		else
			fputs(".", out);
		return true;
	case TREND_SIZE_GROWS:
	case TREND_SIZE_SHRINKS:
		fprintf(out, "It was %s from kill to kill, by about %s a day: %s to %s of its own.",
		    t->size == TREND_SIZE_GROWS ? "larger" : "smaller",
		    words_kb(t->growth_kb_day < 0 ? -t->growth_kb_day : t->growth_kb_day).s,
		    words_kb(t->size_min_kb).s, words_kb(t->size_max_kb).s);
		return true;
	case TREND_SIZE_VARIES:
		fprintf(out, "Its size differed from kill to kill: %s to %s of its own.",
		    words_kb(t->size_min_kb).s, words_kb(t->size_max_kb).s);
		return true;
	case TREND_SIZE_UNKNOWN:
		break;
	}
	return false;
}

static bool
say_hour(FILE *out, const struct finding *f, const struct trend *t)
{
	(void)f;
	if (!known(t->hour))
		return false;
	fprintf(out,
	    "%lld of %lld came between %02lld:00 and %02lld:00: look for what runs then, such as "
	    "backups, rotation of logs, batch jobs.",
	    (long long)t->in_hour, (long long)t->kills, (long long)t->hour,
	    (long long)(t->hour + 2) % 24);
	return true;
}

static bool
say_rate(FILE *out, const struct finding *f, const struct trend *t)
{
	int64_t span;

	(void)f;
	if (t->kills < 3 || known(t->period_us) ||
	    __builtin_sub_overflow(t->last_us, t->first_us, &span) || span < DAY_US)
		return false;
	fprintf(out, "That is %.1f a day over %s.", (double)t->kills * DAY_US / (double)span,
	    duration_human(span).s);
	return true;
}

static bool (*const sentences[])(FILE *, const struct finding *,
    const struct trend *) = { say_count, say_rate, say_loop, say_size, say_hour };

size_t
trend_sentences(const struct finding *f, char *ret[static TREND_SENTENCES])
{
	size_t n = 0;

	for (size_t i = 0; f->trend != NULL && i < ARRAY_LEN(sentences); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		if (out == NULL)
			return n;
		bool said = sentences[i](out, f, f->trend);

		if (fclose(out) == 0 && said)
			ret[n++] = text;
		else
			free(text);
	}
	return n;
}
