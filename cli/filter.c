#include "cli/filter.h"

enum { ID_MIN = 12 }; /* digits of a container id that docker ps shows */

static bool
is_named(const char *want, struct str name)
{
	return want == NULL || (name.p != NULL && str_eq(str_from(want), name));
}

static bool
has_victim(const struct event *ev, const char *comm)
{
	if (comm == NULL)
		return true;
	for (size_t i = 0; i < ev->nvictims; i++) {
		if (is_named(comm, ev->victims[i].comm))
			return true;
	}
	return false;
}

static bool
in_span(const struct filter *f, int64_t us)
{
	if (!known(f->since_us) && !known(f->until_us))
		return true;
	return known(us) && (!known(f->since_us) || us >= f->since_us) &&
	       (!known(f->until_us) || us <= f->until_us);
}

/* "nginx" is nginx.service too, and the first 12 digits a container's whole id. */
static bool
is_unit(const char *want, struct str unit)
{
	return is_named(want, unit) ||
	       (str_eat(&unit, str_from(want)) && str_eq(unit, STR(".service")));
}

static bool
is_container(const char *want, struct str id)
{
	return is_named(want, id) || (strlen(want) >= ID_MIN && str_starts_z(id, want));
}

static bool
has_service(const struct finding *f, const char *want)
{
	const struct event *ev = f->event;

	if (want == NULL)
		return true;
	for (size_t i = 0; i < ev->nvictims && f->services != NULL; i++) {
		const struct victim *v = &ev->victims[i];
		struct place p = service_place(f->services, ev, v);

		if (is_named(want, service_of_victim(f->services, ev, v)) ||
		    is_unit(want, v->unit) || is_unit(want, p.unit) || is_named(want, p.pod_uid) ||
		    (p.container_id.p != NULL && is_container(want, p.container_id)))
			return true;
	}
	return false;
}

bool
filter_match(const struct filter *f, const struct finding *found)
{
	const struct event *ev = found->event;

	return is_named(f->host, ev->host) && has_victim(ev, f->victim) &&
	       has_service(found, f->service) &&
	       (f->constraint == CONSTRAINT_UNKNOWN || f->constraint == ev->constraint) &&
	       in_span(f, ev->real_us);
}
