#include "report/report.h"

#include <errno.h>
#include <string.h>

#define RENDERER(name) extern const struct renderer render_##name;
#include "report/render_list.inc" /* one RENDERER(x) per report/render_x.c, made by CMake */
#undef RENDERER

static const struct renderer *const renderers[] = {
#define RENDERER(name) &render_##name,
#include "report/render_list.inc"
#undef RENDERER
};

const struct renderer *
renderer_at(size_t i)
{
	return i < ARRAY_LEN(renderers) ? renderers[i] : NULL;
}

const struct renderer *
renderer_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(renderers); i++) {
		if (strcmp(renderers[i]->name, name) == 0)
			return renderers[i];
	}
	return NULL;
}

static void
widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
	if (known(from) && (!known(*first) || from < *first))
		*first = from;
	if (known(to) && (!known(*last) || to > *last))
		*last = to;
}

struct searched_source
searched_total(const struct searched *s)
{
	struct searched_source sum = { .first_us = UNKNOWN,
		.last_us = UNKNOWN,
		.first_mono_us = UNKNOWN,
		.last_mono_us = UNKNOWN };

	for (size_t i = 0; i < s->n; i++) {
		const struct searched_source *one = &s->v[i];

		sum.bytes += one->bytes;
		sum.lines += one->lines;
		sum.records += one->records;
		sum.long_lines += one->long_lines;
		sum.lost_records += one->lost_records;
		sum.members += one->members;
		sum.members_passed += one->members_passed;
		sum.members_unread += one->members_unread;
		widen(&sum.first_us, &sum.last_us, one->first_us, one->last_us);
		widen(&sum.first_mono_us, &sum.last_mono_us, one->first_mono_us, one->last_mono_us);
	}
	return sum;
}

void
report_begin(const struct renderer *r, struct report *rep)
{
	if (r->begin != NULL)
		r->begin(rep);
}

void
report_end(const struct renderer *r, struct report *rep, const struct digest *d)
{
	if (r->end != NULL)
		r->end(rep, d);
}

static void
tell_incident(const struct renderer *r, struct report *rep, const struct incident *in)
{
	if (r->incident != NULL) {
		r->incident(rep, in);
		return;
	}
	for (size_t i = 0; i < in->n; i++)
		r->event(rep, &in->v[i]);
}

void
report_incidents(const struct renderer *r, struct report *rep, const struct digest *d)
{
	for (size_t i = d->incidents->n; i-- > 0;)
		tell_incident(r, rep, &d->incidents->v[i]);
	report_end(r, rep, d);
}

int
report_finish(struct report *rep, struct err *err)
{
	errno = 0;
	if (fflush(rep->out) != 0 || ferror(rep->out))
		return err_set(err, "cannot write the answer: %s",
		    errno != 0 ? strerror(errno) : "an earlier write failed");
	return rep->failed ? err_no_memory(err) : 0;
}
