/* What options say together: views, zones, kinds, and times that need the zone first. */
#include "cli/options.h"

#include "cli/rules.h"
#include "cli/when.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* tzset() takes what it does not know for UTC: a zone is a file, or a rule of POSIX that has a
 * digit ("CET-1CEST"), or UTC. */
static bool
is_zone(const char *zone)
{
	char path[PATH_MAX];

	if (*zone == ':')
		zone++;
	if (strcmp(zone, "UTC") == 0 || strcmp(zone, "GMT") == 0)
		return true;
	if (snprintf(path, sizeof(path), "%s%s", *zone == '/' ? "" : "/usr/share/zoneinfo/", zone) <
		(int)sizeof(path) &&
	    access(path, R_OK) == 0)
		return true;
	return strchr(zone, '/') == NULL && strcspn(zone, "0123456789") >= 3 &&
	       strpbrk(zone, "0123456789") != NULL;
}

static int
check_kind(const char *kind, struct err *err)
{
	char all[128] = "";
	const char *name;

	for (size_t i = 0, at = 0; (name = source_kind_name(i)) != NULL && at < sizeof(all); i++) {
		if (kind == NULL || strcmp(kind, name) == 0)
			return 0;
		at +=
		    (size_t)snprintf(all + at, sizeof(all) - at, "%s%s", i == 0 ? "" : ", ", name);
	}
	return err_set(err, "--source: there is no kind '%s'; there are %s", kind, all);
}

/* Views that are formats of their own go with no other. */
static int
settle_format(struct options *o, struct err *err)
{
	const char *view = o->brief ? "brief" : o->raw ? "raw" : NULL;

	if (view == NULL)
		return 0;
	if (o->brief && o->raw)
		return err_set(err, "--brief and --raw are two views: give one");
	if (o->format != NULL && strcmp(o->format, view) != 0)
		return err_set(err, "--%s is a view of its own: it does not go with --format=%s",
		    view, o->format);
	if (o->verbose && o->brief)
		return err_set(err, "--brief and --verbose contradict each other");
	o->format = view;
	return 0;
}

/* The user's own names of services would give away what the others hide. */
static int
settle_names(struct options *o, struct err *err)
{
	if (!o->redact)
		return rules_load(o->rules_file, &o->rules, err);
	if (o->rules_file != NULL)
		return err_set(err, "--redact does not go with --rules: they name what is yours");
	if (o->raw)
		return err_set(err, "--redact does not go with --raw: lines may hold anything");
	o->redactor = redactor_new();
	return o->redactor == NULL ? err_no_memory(err) : 0;
}

/* The zone of the log is the zone of the answer, and of --since. */
int
options_settle(struct options *o, struct err *err)
{
	if (o->source.zone != NULL && !is_zone(o->source.zone))
		return err_set(err, "--tz: there is no time zone '%s' here", o->source.zone);
	if (check_kind(o->source.kind, err) != 0)
		return -1;
	if (o->source.zone != NULL && setenv("TZ", o->source.zone, 1) != 0)
		return err_no_memory(err);
	tzset();
	if (settle_format(o, err) != 0)
		return -1;
	if (o->since != NULL &&
	    when_parse(o->since, o->source.now_us, o->utc, &o->filter.since_us, err) != 0)
		return err_prefix(err, "--since");
	if (o->until != NULL &&
	    when_parse(o->until, o->source.now_us, o->utc, &o->filter.until_us, err) != 0)
		return err_prefix(err, "--until");
	if (known(o->filter.since_us) && known(o->filter.until_us) &&
	    o->filter.since_us > o->filter.until_us)
		return err_set(err, "--since is later than --until");
	return settle_names(o, err);
}
