#include "cli/surroundings.h"

#include <string.h>

/* Times of victims, where the lines alone do not tell them. */
static void
keep_ends(struct event *to, const struct event *old)
{
	for (size_t i = 0; i < to->nvictims; i++) {
		struct victim *v = &to->victims[i];

		for (size_t k = 0; k < old->nvictims; k++) {
			const struct victim *w = &old->victims[k];

			if (w->pid != v->pid)
				continue;
			if (!known(v->mono_us))
				v->mono_us = w->mono_us;
			if (!known(v->real_us))
				v->real_us = w->real_us;
			break;
		}
	}
}

/* The clock of the log stays as it was understood when the log was there. */
static void
keep_time(struct event *to, const struct event *old)
{
	int64_t shift = 0;

	if (known(to->real_us) && known(old->real_us))
		shift = old->real_us - to->real_us;
	for (size_t i = 0; i < to->nvictims; i++) {
		int64_t *us = &to->victims[i].real_us;

		if (known(*us) && __builtin_add_overflow(*us, shift, us))
			*us = UNKNOWN;
	}
	for (size_t i = 0; i < to->naftermath; i++) {
		int64_t *us = &to->aftermath[i].real_us;

		if (known(*us) && __builtin_add_overflow(*us, shift, us))
			*us = UNKNOWN;
	}
	to->real_us = old->real_us;
	to->real_source = old->real_source;
	to->real_error_us = old->real_error_us;
	if (!known(to->mono_us))
		to->mono_us = old->mono_us;
	keep_ends(to, old);
}

/* What was found missing is what stands there no more. */
static void
drop_found(struct event *ev)
{
	size_t n = 0;

	for (size_t i = 0; i < ev->nmissing; i++) {
		struct str what = ev->missing[i];

		if ((str_eq(what, STR("page size")) && known(ev->page_size)) ||
		    (str_eq(what, STR("kernel release")) && ev->kernel.p != NULL))
			continue;
		ev->missing[n++] = what;
	}
	ev->nmissing = n;
}

int
keep_surroundings(struct event *to, const struct event *old)
{
	keep_time(to, old);
	memcpy(to->id, old->id, sizeof(to->id));
	to->host = old->host;
	to->boot_id = old->boot_id;
	to->boot = old->boot;
	to->trust_kernel = old->trust_kernel;
	to->format = old->format;
	to->witness = old->witness;
	to->lost_records = old->lost_records;
	to->lines_dropped |= old->lines_dropped;
	to->boot_swap_total_kb = old->boot_swap_total_kb;
	if (to->kernel.p == NULL) {
		to->kernel = old->kernel;
		to->kernel_from_boot = old->kernel_from_boot;
	}
	if (!known(to->page_size)) {
		to->page_size = old->page_size;
		to->page_size_from_boot = old->page_size_from_boot;
	}
	if (old->trigger.comm.n > to->trigger.comm.n &&
	    str_ends(old->trigger.comm, to->trigger.comm)) /* a newline in it broke its line */
		to->trigger.comm = old->trigger.comm;
	if (to->killer_reason.p == NULL) /* it may stand before the event's first line */
		to->killer_reason = old->killer_reason;
	to->sources = old->sources;
	to->nsources = old->nsources;
	drop_found(to);
	return event_take_aftermath(to, old, false);
}
