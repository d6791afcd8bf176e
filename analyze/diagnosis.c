/* Asking every rule, and putting the answers in the order an expert gives them. */
#include "analyze/rule.h"

#include <stdlib.h>

/* In the order of decision; a table ends with a row without an id. */
static const struct diagnosis_rule *const tables[] = { rules_real, rules_node, rules_order,
	rules_zone, rules_dirty, rules_memcg, rules_slab, rules_kernel, rules_shared, rules_pool,
	rules_process, rules_choice, rules_swap, rules_log };

enum { FIRED_MAX = 32 }; /* more than can be true of one event */

struct fired {
	struct diagnosis d;
	enum band band;
	int64_t weight;
	size_t place; /* in the tables */
};

static bool
has_needs(const struct diagnosis_rule *rule, const struct facts *f)
{
	for (size_t i = 0; i < NEEDS_MAX && rule->needs[i] != 0; i++) {
		int64_t v;

		memcpy(&v, (const char *)f + rule->needs[i] - 1, sizeof(v));
		if (!known(v))
			return false;
	}
	return true;
}

static void *
keep(struct brief *b, const void *v, size_t bytes)
{
	void *p = bytes == 0 ? NULL : arena_raw(b->mem, bytes);

	if (p != NULL)
		memcpy(p, v, bytes);
	else if (bytes > 0)
		b->failed = true;
	return p;
}

static enum topic
topic_of(enum band band)
{
	return band == BAND_CHOICE   ? TOPIC_CHOICE
	       : band == BAND_BESIDE ? TOPIC_BESIDE
				     : TOPIC_CAUSE;
}

/* -1: no memory. */
static int
ask(const struct diagnosis_rule *rule, const struct facts *f, struct fired *out)
{
	struct brief b = { .f = f, .mem = &f->ev->mem, .d = &out->d };

	out->d = (struct diagnosis){ .id = rule->id,
		.title = rule->title,
		.topic = topic_of(rule->band),
		.confidence = rule->confidence,
		.wrong = rule->wrong,
		.nwrong = rule->nwrong };
	out->band = rule->band;
	rule->tell(&b);
	if (f->page_assumed && rule->band == BAND_HOLDER && f->ev->tasks.n > 0) {
		but(&b, "the size of a page is not in the log; 4 KiB is assumed");
		unsure(&b, CONFIDENCE_POSSIBLE);
	}
	out->weight = b.weight;
	out->d.evidence = keep(&b, b.evidence, out->d.nevidence * sizeof(*b.evidence));
	out->d.against = keep(&b, b.against, out->d.nagainst * sizeof(*b.against));
	out->d.advice = keep(&b, b.advice, out->d.nadvice * sizeof(*b.advice));
	return b.failed ? -1 : 0;
}

static int
as_decided(const void *a, const void *b)
{
	const struct fired *x = a, *y = b;

	if (x->band != y->band)
		return x->band < y->band ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

static int
ask_all(const struct facts *f, struct fired *fired, size_t *n)
{
	bool cause = false;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (const struct diagnosis_rule *r = tables[t]; r->id != NULL; r++) {
			if (*n == FIRED_MAX || (r->last_resort && cause) || !has_needs(r, f) ||
			    !r->fires(f))
				continue;
			if (ask(r, f, &fired[*n]) != 0)
				return -1;
			fired[*n].place = *n;
			cause |= r->band < BAND_CHOICE;
			++*n;
		}
	}
	return 0;
}

const struct diagnoses *
diagnoses_of(struct event *ev, const struct verdict *verdict, const struct ledgers *ledgers)
{
	struct diagnoses *all = arena_alloc(&ev->mem, sizeof(*all));
	struct fired fired[FIRED_MAX];
	struct diagnosis *v;
	struct facts f;
	size_t n = 0;

	if (all == NULL || facts_of(&f, ev, verdict, ledgers) != 0 || ask_all(&f, fired, &n) != 0)
		return NULL;
	if (n == 0)
		return all;
	qsort(fired, n, sizeof(*fired), as_decided);
	v = arena_alloc(&ev->mem, n * sizeof(*v));
	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		v[i] = fired[i].d;
	*all = (struct diagnoses){ v, n };
	return all;
}

bool
diagnosis_id_known(struct str id)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (const struct diagnosis_rule *r = tables[t]; r->id != NULL; r++) {
			if (str_eq_z(id, r->id))
				return true;
		}
	}
	return false;
}

const char *
confidence_name(enum confidence c)
{
	static const char *const names[] = { "certain", "likely", "possible" };

	return names[c];
}

const char *
topic_name(enum topic t)
{
	static const char *const names[] = { "cause", "choice", "beside" };

	return names[t];
}
