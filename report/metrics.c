#include "report/metrics.h"

#include "base/escape.h"

#include <inttypes.h>
#include <stdlib.h>

/* As the store names them, and as the label does. */
static const struct {
	const char *name, *label;
} scopes[METRIC_SCOPES] = {
	{ "none", "global" },
	{ "memcg", "memcg" },
	{ "cpuset", "cpuset" },
	{ "memory_policy", "memory_policy" },
	{ "userspace", "userspace" },
	{ "unknown", "unknown" },
};

size_t
metrics_scope(struct str scope)
{
	for (size_t i = 0; i < METRIC_SCOPES; i++) {
		if (str_eq_z(scope, scopes[i].name))
			return i;
	}
	return METRIC_SCOPES - 1;
}

static void
put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP oomwhy_%s %s\n# TYPE oomwhy_%s %s\n", name, help, name, type);
}

static void
put_one(FILE *out, const char *name, const char *type, const char *help, int64_t value)
{
	if (!known(value))
		return;
	put_head(out, name, type, help);
	fprintf(out, "oomwhy_%s %" PRId64 "\n", name, value);
}

/* All scopes, always: a series that begins with its first event tells no increase of it. */
static void
put_scopes(FILE *out, const char *name, const char *help, const int64_t n[static METRIC_SCOPES])
{
	put_head(out, name, "counter", help);
	for (size_t i = 0; i < METRIC_SCOPES; i++)
		fprintf(out, "oomwhy_%s{scope=\"%s\"} %" PRId64 "\n", name, scopes[i].label, n[i]);
}

/* The escapes of log text first, then those of the format: \\ \" and no line ends. */
static void
put_label(FILE *out, struct str s)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (f == NULL)
		return;
	str_put_escaped(f, s);
	if (fclose(f) == 0) {
		for (size_t i = 0; i < n; i++) {
			if (text[i] == '\\' || text[i] == '"')
				putc('\\', out);
			putc(text[i], out);
		}
	}
	free(text);
}

static void
put_recent(FILE *out, const struct period *p)
{
	const struct period_names *all = &p->by[BY_SERVICE];

	if (all->n == 0)
		return;
	put_head(out, "recent_victims", "gauge",
	    "Processes killed in the last 24 hours, of the ten services that lost most.");
	for (size_t i = 0; i < all->n && i < PERIOD_TOP; i++) {
		fputs("oomwhy_recent_victims{service=\"", out);
		put_label(out, all->v[i].name);
		fprintf(out, "\"} %" PRId64 "\n", all->v[i].kills);
	}
}

void
metrics_put(FILE *out, const struct metrics *m)
{
	int64_t second = INT64_C(1000000);

	put_head(out, "build_info", "gauge", "The version of the program that wrote this.");
	fprintf(out, "oomwhy_build_info{version=\"%s\"} 1\n", m->version);
	put_scopes(out, "events_total",
	    "OOM events that came into the store, by what ran out of memory.", m->events);
	put_scopes(out, "victims_total", "Processes they killed.", m->victims);
	put_one(out, "lost_records_total", "counter",
	    "Log records that are known to be lost before they could be read.", m->lost_records);
	put_one(out, "last_event_timestamp_seconds", "gauge", "When the newest OOM event happened.",
	    known(m->last_event_us) ? m->last_event_us / second : UNKNOWN);
	put_one(out, "last_ingest_timestamp_seconds", "gauge", "When logs were looked at last.",
	    m->alive_s);
	put_one(out, "stored_events", "gauge", "OOM events in the store now.", m->stored_events);
	put_one(out, "store_bytes", "gauge", "Size of the store.", m->store_bytes);
	put_recent(out, m->recent);
}
