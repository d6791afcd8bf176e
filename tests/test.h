/* cmocka wants these before itself, in this order; no other file includes it. */
#ifndef OOMWHY_TESTS_TEST_H
#define OOMWHY_TESTS_TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"

/* The whole slice, compared with a C string. */
#define assert_str(s, want)                                                                        \
	do {                                                                                       \
		struct str got_ = (s), want_ = str_from(want);                                     \
		if (!str_eq(got_, want_))                                                          \
			fail_msg("got '%.*s', want '%.*s'", STR_ARG(got_), STR_ARG(want_));        \
	} while (0)

#endif
