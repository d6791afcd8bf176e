#include "base/scan_impl.h"

#include "base/mem.h"

#include <string.h>

/* How often a byte stands in log text, in parts per thousand; others: RARE. */
/* clang-format off */
static const struct {
	const char *bytes;
	unsigned weight;
} common[] = {
	{ " ", 130 },
	{ "0123456789", 25 },
	{ "etaoinsrld", 35 },
	{ "bcfghkmpuvwy", 14 },
	{ ":.-", 14 },
	{ "=/_[](),jqxz\"", 6 },
	{ "ADIMNSCTEP", 4 },
};
/* clang-format on */
enum { RARE = 1 };

/* Which bytes may stand at each place of a bucket's windows, as nibbles. */
struct nibbles {
	uint16_t low[SCAN_WINDOW], high[SCAN_WINDOW];
};

static void
weigh(unsigned weight[static 256])
{
	for (size_t c = 0; c < 256; c++)
		weight[c] = RARE;
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		for (const char *p = common[i].bytes; *p != '\0'; p++)
			weight[(unsigned char)*p] = common[i].weight;
}

/* The window least likely to be met where its literal is not. */
static size_t
rarest_window(struct str text, const unsigned weight[static 256])
{
	uint64_t least = UINT64_MAX;
	size_t best = 0;

	for (size_t at = 0; at + SCAN_WINDOW <= text.n; at++) {
		uint64_t w = 1;

		for (size_t i = 0; i < SCAN_WINDOW; i++)
			w *= weight[(unsigned char)text.p[at + i]];
		if (w < least) {
			least = w;
			best = at;
		}
	}
	return best;
}

static struct nibbles
nibbles_add(struct nibbles a, uint32_t window)
{
	for (size_t i = 0; i < SCAN_WINDOW; i++) {
		a.low[i] |= (uint16_t)(1u << (window >> (8 * i) & 15));
		a.high[i] |= (uint16_t)(1u << (window >> (8 * i + 4) & 15));
	}
	return a;
}

/* How often a bucket would stop the search, in parts per 10^9 of the text. */
static uint64_t
nibbles_cost(const struct nibbles *a, const unsigned weight[static 256])
{
	uint64_t cost = 1;

	for (size_t i = 0; i < SCAN_WINDOW; i++) {
		unsigned sum = 0;

		for (unsigned c = 0; c < 256; c++)
			if ((a->low[i] >> (c & 15) & 1) && (a->high[i] >> (c >> 4) & 1))
				sum += weight[c];
		cost *= sum;
	}
	return cost;
}

/*
 * Nibbles of different windows mix: with "OOM" and "Kil" in one bucket, "KOM" is a
 * candidate too.  So each literal goes where it adds the fewest candidates.
 */
static void
assign_buckets(struct scan *s, const unsigned weight[static 256])
{
	struct nibbles bucket[SCAN_BUCKETS] = { 0 };
	uint64_t cost[SCAN_BUCKETS] = { 0 };

	for (size_t i = 0; i < s->nliterals; i++) {
		struct scan_literal *lit = &s->literals[i];
		uint64_t least = UINT64_MAX;

		for (unsigned b = 0; b < SCAN_BUCKETS; b++) {
			struct nibbles with = nibbles_add(bucket[b], lit->window);
			uint64_t added = nibbles_cost(&with, weight) - cost[b];

			if (added < least) {
				least = added;
				lit->bucket = b;
			}
		}
		bucket[lit->bucket] = nibbles_add(bucket[lit->bucket], lit->window);
		cost[lit->bucket] = nibbles_cost(&bucket[lit->bucket], weight);
	}
}

static void
sort_by_bucket(struct scan *s)
{
	for (size_t i = 1; i < s->nliterals; i++) {
		struct scan_literal lit = s->literals[i];
		size_t at = i;

		for (; at > 0 && s->literals[at - 1].bucket > lit.bucket; at--)
			s->literals[at] = s->literals[at - 1];
		s->literals[at] = lit;
	}
	for (size_t b = 0, i = 0; b <= SCAN_BUCKETS; b++) {
		while (i < s->nliterals && s->literals[i].bucket < b)
			i++;
		s->bucket_begin[b] = i;
	}
}

static void
fill_tables(struct scan *s)
{
	for (size_t i = 0; i < s->nliterals; i++) {
		const struct scan_literal *lit = &s->literals[i];
		unsigned char bit = (unsigned char)(1u << lit->bucket);
		uint32_t pair = lit->window & 0xffff;

		s->pairs[pair / 64] |= (uint64_t)1 << pair % 64;
		for (size_t k = 0; k < SCAN_WINDOW; k++) {
			s->low[k][lit->window >> (8 * k) & 15] |= bit;
			s->high[k][lit->window >> (8 * k + 4) & 15] |= bit;
		}
		if (lit->at > s->reach)
			s->reach = lit->at;
	}
}

struct scan *
scan_new(const struct str *literals, size_t n)
{
	unsigned weight[256];
	struct scan *s;

	if (n > SCAN_LITERALS || (s = mem_alloc(sizeof(*s))) == NULL)
		return NULL;
	*s = (struct scan){ .engine = scan_vector() };
	if (s->engine == NULL)
		s->engine = scan_portable;
	weigh(weight);
	for (size_t i = 0; i < n; i++) {
		struct scan_literal *lit = &s->literals[s->nliterals++];

		lit->text = literals[i];
		if (lit->text.n < SCAN_WINDOW || lit->text.n > SCAN_LEN_MAX) {
			scan_free(s);
			return NULL;
		}
		lit->at = rarest_window(lit->text, weight);
		lit->window = scan_window(lit->text.p + lit->at);
	}
	assign_buckets(s, weight);
	sort_by_bucket(s);
	fill_tables(s);
	return s;
}

void
scan_free(struct scan *s)
{
	mem_free(s);
}

size_t
scan_find(const struct scan *s, const char *buf, size_t n, size_t from, size_t *newlines)
{
	if (from >= n)
		return n;
	return s->engine(s, (struct scan_text){ buf, n, from }, newlines);
}

size_t
scan_verify(const struct scan *s, struct scan_text t, size_t at, unsigned buckets)
{
	uint32_t window = scan_window(t.p + at);
	size_t best = t.n;

	for (unsigned b = 0; b < SCAN_BUCKETS; b++) {
		if ((buckets >> b & 1) == 0)
			continue;
		for (size_t i = s->bucket_begin[b]; i < s->bucket_begin[b + 1]; i++) {
			const struct scan_literal *lit = &s->literals[i];
			size_t begin = at - lit->at;

			if (lit->window != window || at < t.from + lit->at || begin >= best ||
			    t.n - begin < lit->text.n)
				continue;
			if (memcmp(t.p + begin, lit->text.p, lit->text.n) == 0)
				best = begin;
		}
	}
	return best;
}

size_t
scan_walk(const struct scan *s, struct scan_text t, size_t at, size_t best)
{
	for (; at + SCAN_WINDOW <= t.n && at < best + s->reach; at++) {
		uint32_t pair = (uint32_t)scan_window(t.p + at) & 0xffff;

		if (s->pairs[pair / 64] >> pair % 64 & 1) {
			size_t begin = scan_verify(s, t, at, ~0u);

			if (begin < best)
				best = begin;
		}
	}
	return best;
}

size_t
scan_newlines(const char *p, size_t n)
{
	const char *end = p + n;
	size_t count = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		count++;
		p++;
	}
	return count;
}

size_t
scan_portable(const struct scan *s, struct scan_text t, size_t *newlines)
{
	size_t found = scan_walk(s, t, t.from, t.n);

	*newlines += scan_newlines(t.p + t.from, found - t.from);
	return found;
}
