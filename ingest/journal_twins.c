#include "ingest/journal_twins.h"

#include "base/mem.h"

#include <string.h>

/* Entries of one microsecond, of all files: at boot all that the kernel said before journald
 * came. */
enum { SLOTS = 1 << 16, PROBES = 32 };

struct slot {
	uint64_t hash, round; /* round: of which microsecond it is; 0: of none */
	size_t origin;
	uint32_t n; /* times that it was said */
};

struct twins {
	uint64_t real_us, round;
	struct slot v[SLOTS];
};

/* Not of a file: how often an entry was told. */
#define TOLD SIZE_MAX

/* FNV-1a */
static uint64_t
mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(1099511628211);
	return h;
}

static uint64_t
hash_of(const struct twin *e)
{
	uint64_t h = UINT64_C(14695981039346656037);

	h = mix(h, &e->mono_us, sizeof(e->mono_us));
	h = mix(h, e->boot_id, sizeof(e->boot_id));
	return mix(h, e->text.p, e->text.n);
}

struct twins *
twins_new(struct err *err)
{
	struct twins *t = mem_alloc(sizeof(*t));

	if (t == NULL)
		err_no_memory(err);
	else
		memset(t, 0, sizeof(*t));
	return t;
}

void
twins_free(struct twins *t)
{
	mem_free(t);
}

/* NULL: there is no room. */
static struct slot *
slot_of(struct twins *t, uint64_t hash, size_t origin)
{
	uint64_t at = mix(hash, &origin, sizeof(origin));

	for (unsigned i = 0; i < PROBES; i++) {
		struct slot *s = &t->v[(at + i) % SLOTS];

		if (s->round != t->round)
			*s = (struct slot){ hash, t->round, origin, 0 };
		if (s->hash == hash && s->origin == origin)
			return s;
	}
	return NULL;
}

bool
twins_meet(struct twins *t, const struct twin *e, size_t origin)
{
	uint64_t hash = hash_of(e);
	struct slot *said, *told;

	if (e->real_us != t->real_us || t->round == 0)
		t->round++, t->real_us = e->real_us;
	said = slot_of(t, hash, origin);
	told = slot_of(t, hash, TOLD);
	if (said == NULL || told == NULL)
		return false;
	if (++said->n <= told->n)
		return true;
	told->n = said->n;
	return false;
}
