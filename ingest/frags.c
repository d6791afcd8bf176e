#include "ingest/frags.h"

#include "base/mem.h"

#include <string.h>

struct frags *
frags_new(void)
{
	struct frags *f = mem_alloc(sizeof(*f));

	if (f != NULL)
		f->nopen = 0, f->done = UNKNOWN;
	return f;
}

void
frags_free(struct frags *f)
{
	mem_free(f);
}

/* Take record i out; the place behind the last keeps its bytes until the next call. */
static struct frags_record *
take(struct frags *f, size_t i)
{
	struct frags_record r = f->open[i];

	f->nopen--;
	memmove(&f->open[i], &f->open[i + 1], (f->nopen - i) * sizeof(r));
	f->open[f->nopen] = r;
	return &f->open[f->nopen];
}

static void
give(struct frags *f, struct frags_record *r, struct prefix *ret)
{
	*ret = r->prefix;
	if (ret->caller.p != NULL)
		ret->caller.p = r->caller;
	/* A hole ends it: what stands behind is not known to belong there. */
	ret->text = (struct str){ r->text, strnlen(r->text, (size_t)r->total) };
	f->done = r->seq;
}

bool
frags_flush(struct frags *f, struct prefix *ret)
{
	if (f == NULL || f->nopen == 0)
		return false;
	give(f, take(f, 0), ret);
	return true;
}

static struct frags_record *
begin(struct frags *f, const struct prefix *p)
{
	struct frags_record *r = &f->open[f->nopen++];

	memset(r, 0, sizeof(*r));
	r->seq = p->seq;
	r->total = p->frag_total;
	r->prefix = *p;
	r->prefix.host = r->prefix.ident = STR_NONE;
	if (p->caller.n <= sizeof(r->caller) && p->caller.n > 0)
		memcpy(r->caller, p->caller.p, p->caller.n);
	else
		r->prefix.caller = STR_NONE;
	return r;
}

static bool
has_piece(const struct frags_record *r, int64_t at)
{
	for (size_t i = 0; i < r->pieces; i++) {
		if (r->at[i] == at)
			return true;
	}
	return r->pieces == FRAGS_PIECES;
}

bool
frags_add(struct frags *f, struct prefix *p, bool *ret_cut)
{
	struct frags_record *r = NULL;
	struct prefix cut;
	bool evicted = false;
	size_t i;

	*ret_cut = false;
	if (p->frag_total > FRAGS_TEXT || p->frag_at + (int64_t)p->text.n > p->frag_total)
		return true; /* not one that netconsole sends */
	if (p->seq == f->done)
		return false;
	for (i = 0; i < f->nopen && r == NULL; i++) {
		if (f->open[i].seq == p->seq && f->open[i].total == p->frag_total)
			r = &f->open[i];
	}
	if (r == NULL) {
		/* The last place is where what was taken out stays readable. */
		if (f->nopen == FRAGS_OPEN - 1)
			evicted = frags_flush(f, &cut);
		if (evicted)
			memmove(&f->open[FRAGS_OPEN - 1], &f->open[f->nopen], sizeof(*r));
		r = begin(f, p);
	}
	if (!has_piece(r, p->frag_at)) {
		r->at[r->pieces++] = p->frag_at;
		memcpy(r->text + p->frag_at, p->text.p, p->text.n);
		r->got += (int64_t)p->text.n;
	}
	if (evicted) {
		give(f, &f->open[FRAGS_OPEN - 1], p);
		*ret_cut = true;
		return true;
	}
	if (r->got < r->total)
		return false;
	give(f, take(f, (size_t)(r - f->open)), p);
	return true;
}
