#include "ingest/journal_twins.h"

#include "base/mem.h"

/* FNV-1a */
static uint64_t
hash_of(struct str s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h;
}

struct twins *
twins_new(struct err *err)
{
	struct twins *t = mem_alloc(sizeof(*t));

	if (t == NULL)
		err_no_memory(err);
	else
		t->n = 0, t->real_us = 0;
	return t;
}

bool
twins_meet(struct twins *t, uint64_t real_us, struct str text, size_t origin)
{
	uint64_t hash = hash_of(text);

	if (real_us != t->real_us)
		t->n = 0;
	t->real_us = real_us;
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].hash == hash && t->v[i].origin != origin && !t->v[i].met) {
			t->v[i].met = true;
			return true;
		}
	}
	if (t->n < TWINS_MAX) {
		t->v[t->n].hash = hash;
		t->v[t->n].origin = origin;
		t->v[t->n++].met = false;
	}
	return false;
}
