/* What the renderers of a period say alike. */
#include "report/period_formats.h"

#include <inttypes.h>
#include <string.h>

#define HOUR_US (3600 * INT64_C(1000000))
#define DAY_US (24 * HOUR_US)

static const struct {
	const char *key, *title, *one;
} by[PERIOD_BY] = {
	[BY_VICTIM] = { "victims", "Killed processes", "Process" },
	[BY_SERVICE] = { "services", "Services", "Service" },
	[BY_HOST] = { "hosts", "Hosts", "Host" },
	[BY_CGROUP] = { "cgroups", "Cgroups", "Cgroup" },
	[BY_CAUSE] = { "causes", "Causes", "Cause" },
};

const char *
period_by_key(enum period_by i)
{
	return by[i].key;
}

const char *
period_by_title(enum period_by i)
{
	return by[i].title;
}

const char *
period_by_one(enum period_by i)
{
	return by[i].one;
}

struct instant_text
period_length(int64_t us)
{
	struct instant_text t;

	if (us > 0 && us % DAY_US == 0)
		snprintf(t.s, sizeof(t.s), "%s", words_count(us / DAY_US, "day", "days").s);
	else if (us > 0 && us % HOUR_US == 0 && us < DAY_US)
		snprintf(t.s, sizeof(t.s), "%" PRId64 " h", us / HOUR_US);
	else if (us < 0)
		snprintf(t.s, sizeof(t.s), "no time");
	else
		t = duration_human(us);
	return t;
}

struct words
period_title(const struct period *p)
{
	struct words w;

	if (p->since_last)
		snprintf(w.s, sizeof(w.s), "New OOM kills since the last report");
	else if (known(p->until_us))
		snprintf(w.s, sizeof(w.s), "OOM kills in a period of %.32s",
		    period_length(p->now_us - p->since_us).s);
	else
		snprintf(w.s, sizeof(w.s), "OOM kills in the last %.32s",
		    period_length(p->now_us - p->since_us).s);
	return w;
}

void
period_put_counts(FILE *out, const struct period *p)
{
	const struct {
		int64_t n;
		const char *one, *many;
	} rows[] = {
		{ p->panics, "panic", "panics" },
		{ p->unkilled, "without a process that could be killed",
		    "without a process that could be killed" },
		{ p->userspace, "by a user-space killer", "by a user-space killer" },
		{ p->untimed, "without a time in the log", "without a time in the log" },
	};

	if (p->events == 0) {
		fputs("No OOM kill", out);
	} else {
		fprintf(out, "%s in %s", words_count(p->kills, "kill", "kills").s,
		    words_count(p->incidents, "incident", "incidents").s);
		if (p->by[BY_HOST].n > 1)
			fprintf(out, " on %zu hosts", p->by[BY_HOST].n);
		if (p->events != p->kills)
			fprintf(out, ", %s", words_count(p->events, "event", "events").s);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].n > 0)
			fprintf(out, "; %s", words_count(rows[i].n, rows[i].one, rows[i].many).s);
	}
	if (known(p->kills_before))
		fprintf(out, "; %" PRId64 " in as long a time before", p->kills_before);
	putc('.', out);
}

const char *
period_scope(const struct period_incident *in)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "none", "the machine ran out of memory" },
		{ "memcg", "a cgroup reached its limit" },
		{ "cpuset", "the nodes of a cpuset ran out of memory" },
		{ "memory_policy", "the nodes of a memory policy ran out of memory" },
	};
	struct str name = period_str(&in->constraint);

	if (in->userspace)
		return "killed from user space";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq_z(name, rows[i].name))
			return rows[i].says;
	}
	return "what ran out is not in the log";
}

struct str
period_who(const struct period_incident *in)
{
	struct str outcome = period_str(&in->outcome);

	if (in->victim.n > 0)
		return period_str(&in->victim);
	if (in->service.n > 0)
		return period_str(&in->service);
	if (str_eq(outcome, STR("panic")))
		return STR("(panic)");
	if (str_eq(outcome, STR("no-killable-process")))
		return STR("(nobody could be killed)");
	return STR("(name unknown)");
}

struct instant_text
period_bucket_at(const struct report_opts *opts, const struct period *p, size_t i)
{
	struct instant_text t;

	if (!instant_human(opts, p->buckets[i].from_us, &t))
		return (struct instant_text){ "?" };
	/* "2026-11-20 14:05:00 UTC": the day, and the minute where that matters. */
	t.s[p->bucket_us >= DAY_US ? 10 : 16] = '\0';
	return t;
}

struct words
period_more(const struct period_names *all)
{
	struct words w = { "" };
	int64_t more = all->n > PERIOD_TOP ? (int64_t)all->n - PERIOD_TOP : 0;

	if (all->other > 0)
		snprintf(w.s, sizeof(w.s), "and more than %" PRId64 " more", more);
	else if (more > 0)
		snprintf(w.s, sizeof(w.s), "and %" PRId64 " more", more);
	return w;
}

int64_t
period_peak(const struct period *p)
{
	int64_t peak = 0;

	for (size_t i = 0; i < p->nbuckets; i++)
		peak = p->buckets[i].kills > peak ? p->buckets[i].kills : peak;
	return peak;
}

const struct period_format *
period_format_find(const char *name)
{
	static const struct period_format *const all[] = { &period_text, &period_markdown,
		&period_html, &period_json, &period_csv };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	}
	return NULL;
}
