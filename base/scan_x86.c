/*
 * The search with AVX2: 64 bytes at a step, three table look-ups by nibble for
 * each byte ("Teddy", from the Hyperscan library), newlines from the same loads.
 */
#include "base/scan_impl.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

enum {
	STEP = 64,
	HALF = STEP / 2,
	READS = STEP + SCAN_WINDOW - 1, /* bytes a step looks at */
	RUN = 64,			/* steps; a byte counts two newlines in each */
};

struct tables {
	__m256i low[SCAN_WINDOW], high[SCAN_WINDOW];
};

AVX2 static inline __m256i
load(const char *p)
{
	return _mm256_loadu_si256((const __m256i_u *)p);
}

AVX2 static inline __m256i
twice(const unsigned char table[static 16])
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i_u *)table));
}

/* For each of 32 positions the buckets of which a window may stand there. */
AVX2 static inline __m256i
candidates(const struct tables *t, const char *p)
{
	const __m256i nibble = _mm256_set1_epi8(15);
	__m256i all = _mm256_set1_epi8(-1);

	for (int i = 0; i < SCAN_WINDOW; i++) {
		__m256i bytes = load(p + i);
		__m256i low = _mm256_and_si256(bytes, nibble);
		__m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);

		all = _mm256_and_si256(all, _mm256_shuffle_epi8(t->low[i], low));
		all = _mm256_and_si256(all, _mm256_shuffle_epi8(t->high[i], high));
	}
	return all;
}

/* The earliest literal whose window stands in the step at `at`; t.n: none. */
AVX2 static size_t
look_closer(const struct scan *s, struct scan_text t, size_t at, __m256i first, __m256i second)
{
	const __m256i zero = _mm256_setzero_si256();
	unsigned char buckets[STEP];
	uint64_t none_first, none_second, hits;

	_mm256_storeu_si256((__m256i_u *)buckets, first);
	_mm256_storeu_si256((__m256i_u *)(buckets + HALF), second);
	none_first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, zero));
	none_second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, zero));
	for (hits = ~(none_first | none_second << HALF); hits != 0; hits &= hits - 1) {
		size_t i = (size_t)__builtin_ctzll(hits);
		size_t found = scan_verify(s, t, at + i, buckets[i]);

		if (found < t.n)
			return scan_walk(s, t, at + i + 1, found);
	}
	return t.n;
}

AVX2 static inline size_t
sum_bytes(__m256i counts)
{
	uint64_t lanes[4];

	_mm256_storeu_si256((__m256i_u *)lanes, _mm256_sad_epu8(counts, _mm256_setzero_si256()));
	return (size_t)(lanes[0] + lanes[1] + lanes[2] + lanes[3]);
}

AVX2 static size_t
scan_avx2(const struct scan *s, struct scan_text t, size_t *newlines)
{
	const __m256i newline = _mm256_set1_epi8('\n');
	struct tables tables;
	size_t at = t.from, found = t.n, lines = 0;

	for (int i = 0; i < SCAN_WINDOW; i++) {
		tables.low[i] = twice(s->low[i]);
		tables.high[i] = twice(s->high[i]);
	}
	while (found == t.n && t.n - at >= READS) {
		__m256i counts = _mm256_setzero_si256();

		for (int run = 0; run < RUN && t.n - at >= READS; run++, at += STEP) {
			const char *p = t.p + at;
			__m256i first = candidates(&tables, p);
			__m256i second = candidates(&tables, p + HALF);
			__m256i any = _mm256_or_si256(first, second);

			if (!_mm256_testz_si256(any, any) &&
			    (found = look_closer(s, t, at, first, second)) < t.n)
				break;
			/* A comparison that holds gives -1. */
			counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(load(p), newline));
			counts =
			    _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(load(p + HALF), newline));
		}
		lines += sum_bytes(counts);
	}
	if (found == t.n)
		found = scan_walk(s, t, at, t.n);
	/* A literal may begin before the step that holds its window. */
	if (found >= at)
		lines += scan_newlines(t.p + at, found - at);
	else
		lines -= scan_newlines(t.p + found, at - found);
	*newlines += lines;
	return found;
}

scan_engine *
scan_vector(void)
{
	return __builtin_cpu_supports("avx2") ? scan_avx2 : NULL;
}
