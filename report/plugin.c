#include "report/plugin.h"

#include "base/escape.h"
#include "report/instant.h"
#include "report/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SERVICES_NAMED = 3 };

/* Escaped, and what a web page, a shell of a notification or the line itself would take for its
 * own: "|" begins the performance data. */
static void
put_safe(FILE *out, struct str s)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (f == NULL)
		return;
	str_put_escaped(f, s);
	if (fclose(f) == 0) {
		for (size_t i = 0; i < n; i++) {
			if (strchr("|<>&'\"`$~;", text[i]) != NULL)
				fprintf(out, "\\x%02x", (unsigned char)text[i]);
			else
				putc(text[i], out);
		}
	}
	free(text);
}

/* ": mysqld (2), apache2 and 3 others" */
static void
put_services(FILE *out, const struct period_names *all)
{
	size_t n = 0;

	for (; n < all->n && n < SERVICES_NAMED && all->v[n].kills > 0; n++) {
		fputs(n == 0 ? ": " : ", ", out);
		put_safe(out, all->v[n].name);
		if (all->v[n].kills > 1)
			fprintf(out, " (%" PRId64 ")", all->v[n].kills);
	}
	if (n < all->n && all->v[n].kills > 0)
		fprintf(out, " and %s",
		    words_count((int64_t)(all->n - n) + all->other, "other", "others").s);
}

void
plugin_put(FILE *out, int state, const struct period *p, const struct plugin_limits *limits)
{
	static const char *const states[] = { "OK", "WARNING", "CRITICAL" };

	fprintf(out, "OOM %s - %s in %s", states[state],
	    p->kills == 0 ? "no kill" : words_count(p->kills, "kill", "kills").s,
	    period_length(p->now_us - p->since_us).s);
	put_services(out, &p->by[BY_SERVICE]);
	if (p->panics > 0)
		fprintf(out, "; %s", words_count(p->panics, "panic", "panics").s);
	fprintf(out, " | kills=%" PRId64 ";%s;%s;0 events=%" PRId64 ";;;0 panics=%" PRId64 ";;;0",
	    p->kills, limits->warning, limits->critical, p->events, p->panics);
	if (known(p->last_us) && p->last_us <= p->now_us)
		fprintf(out, " last_age=%" PRId64 "s;;;0", (p->now_us - p->last_us) / 1000000);
	putc('\n', out);
}

void
plugin_put_unknown(FILE *out, const char *why)
{
	fputs("OOM UNKNOWN - ", out);
	put_safe(out, str_from(why));
	putc('\n', out);
}
