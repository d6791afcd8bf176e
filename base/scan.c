#include "base/scan_impl.h"

#include "base/mem.h"

#include <string.h>

/* How often a byte stands in log text, in parts per thousand; others: RARE. */
/* clang-format off */
static const struct {
	const char *bytes;
	unsigned weight;
} common[] = {
	{ " ", 120 },
	{ "0123456789", 22 },
	{ "e", 60 },
	{ "adinorst:", 35 },
	{ "bcfghklmpu.-", 18 },
	{ "vwxy[]", 7 },
	{ "=_/,()ACDIJMNOPRST", 2 },
};
/* clang-format on */
enum { RARE = 1, EVERYDAY = 16 };

/* Bytes are not strangers to each other: what stands in here is EVERYDAY times as common. */
static const char everyday[] =
    " kernel: systemd[1]: process pid memory page usage info"
    " failure session user root boot booting reading low while version"
    " allocated killed change language enabled release value values email will be application ";

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
		if (memmem(everyday, sizeof(everyday) - 1, text.p + at, SCAN_WINDOW) != NULL)
			w *= EVERYDAY;
		if (w < least) {
			least = w;
			best = at;
		}
	}
	return best;
}

static struct nibbles
nibbles_add(struct nibbles a, const struct scan_literal *lit)
{
	for (size_t i = 0; i < SCAN_WINDOW; i++) {
		unsigned char c = (unsigned char)lit->text.p[lit->at + i];

		a.low[i] |= (uint16_t)(1u << (c & 15));
		a.high[i] |= (uint16_t)(1u << (c >> 4));
	}
	return a;
}

/* How often a bucket would stop the search, in parts per 10^9 of the text. */
static uint64_t
nibbles_cost(const struct nibbles *a, const unsigned weight[static 256])
{
	uint64_t cost = 1;

	for (size_t i = 0; i < SCAN_WINDOW; i++) {
		uint64_t sum = 0;

		for (unsigned high = a->high[i]; high != 0; high &= high - 1)
			for (unsigned low = a->low[i]; low != 0; low &= low - 1)
				sum += weight[__builtin_ctz(high) << 4 | __builtin_ctz(low)];
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
			struct nibbles with = nibbles_add(bucket[b], lit);
			uint64_t added = nibbles_cost(&with, weight) - cost[b];

			if (added < least) {
				least = added;
				lit->bucket = b;
			}
		}
		bucket[lit->bucket] = nibbles_add(bucket[lit->bucket], lit);
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

/* 16 bits; multiplying by 2^32 / golden ratio spreads what differs in any byte. */
static unsigned
window_hash(uint32_t window)
{
	return window * 2654435769u >> 16;
}

static void
fill_tables(struct scan *s)
{
	for (size_t i = 0; i < s->nliterals; i++) {
		const struct scan_literal *lit = &s->literals[i];
		unsigned char bit = (unsigned char)(1u << lit->bucket);
		unsigned hash = window_hash(lit->window);

		s->windows[hash / 64] |= (uint64_t)1 << hash % 64;
		for (size_t k = 0; k < SCAN_WINDOW; k++) {
			unsigned char c = (unsigned char)lit->text.p[lit->at + k];

			s->low[k][c & 15] |= bit;
			s->high[k][c >> 4] |= bit;
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

/* Windows at this place or later can bring nothing before `best`. */
static size_t
walk_end(const struct scan *s, struct scan_text t, size_t best)
{
	size_t end = t.n < SCAN_WINDOW ? 0 : t.n - SCAN_WINDOW + 1;

	return best + s->reach < end ? best + s->reach : end;
}

size_t
scan_walk(const struct scan *s, struct scan_text t, size_t at, size_t best)
{
	size_t end = walk_end(s, t, best);

	for (; at < end; at++) {
		unsigned hash = window_hash(scan_window(t.p + at));

		if (s->windows[hash / 64] >> hash % 64 & 1) {
			size_t begin = scan_verify(s, t, at, ~0u);

			if (begin < best) {
				best = begin;
				end = walk_end(s, t, best);
			}
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
