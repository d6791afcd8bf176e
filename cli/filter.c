#include "cli/filter.h"

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

bool
filter_match(const struct filter *f, const struct event *ev)
{
	return is_named(f->host, ev->host) && has_victim(ev, f->victim) &&
	       (f->constraint == CONSTRAINT_UNKNOWN || f->constraint == ev->constraint) &&
	       in_span(f, ev->real_us);
}
