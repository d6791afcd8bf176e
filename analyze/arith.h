/*
 * Whole numbers that a hostile log cannot overflow: results stick at the ends
 * of the range, and what is UNKNOWN stays unknown.
 */
#ifndef OOMWHY_ANALYZE_ARITH_H
#define OOMWHY_ANALYZE_ARITH_H

#include "base/str.h"

static inline int64_t
plus(int64_t a, int64_t b)
{
	int64_t r;

	if (!known(a) || !known(b))
		return UNKNOWN;
	if (__builtin_add_overflow(a, b, &r) || !known(r))
		return a > 0 ? INT64_MAX : INT64_MIN + 1;
	return r;
}

static inline int64_t
minus(int64_t a, int64_t b)
{
	return known(b) ? plus(a, -b) : UNKNOWN;
}

static inline int64_t
times(int64_t a, int64_t b)
{
	int64_t r;

	if (!known(a) || !known(b))
		return UNKNOWN;
	if (__builtin_mul_overflow(a, b, &r) || !known(r))
		return (a > 0) == (b > 0) ? INT64_MAX : INT64_MIN + 1;
	return r;
}

/* a * mul / div, truncated towards zero as C and the kernel do; div > 0. */
static inline int64_t
scaled(int64_t a, int64_t mul, int64_t div)
{
	if (!known(a) || !known(div))
		return UNKNOWN;
	return plus(times(a / div, mul), times(a % div, mul) / div);
}

/* The least n with n * div >= a * mul; a, mul >= 0, div > 0. */
static inline int64_t
scaled_up(int64_t a, int64_t mul, int64_t div)
{
	if (!known(a) || !known(div))
		return UNKNOWN;
	return plus(times(a / div, mul), plus(times(a % div, mul), div - 1) / div);
}

static inline int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static inline int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? minus(a, b) : minus(b, a);
}

#endif
