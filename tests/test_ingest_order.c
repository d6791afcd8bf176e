#include "tests/test.h"

#include "ingest/member.h"
#include "ingest/order.h"
#include "ingest/unpack.h"

#include <stdlib.h>

static int
by_order(const void *a, const void *b)
{
	struct order_name x = order_name_of(str_from(*(const char *const *)a)),
			  y = order_name_of(str_from(*(const char *const *)b));

	return order_compare(&x, &y);
}

static void
names_that_are_no_rotation(void **state)
{
	static const char *const names[] = { "", "/", "messages", ".1", "a.99999", "app-1.2.3-rc",
		"20260101", "x-2026", "x-20261301", "x-20260132", "a/", ".gz",
		"console-12345678901" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct order_name o = order_name_of(str_from(names[i]));

		if (o.suffix != SUFFIX_NONE)
			fail_msg("'%s' was taken for a rotated log", names[i]);
	}
}

static void
as_written(void **state)
{
	static const char *const want[] = { "l/kern-20260101.log", "l/kern.log.10.gz",
		"l/kern.log.2.xz", "l/kern.log.1", "l/kern.log", "l/messages-20251231.gz",
		"l/messages-20260101-06.zst", "l/messages-2026-01-02", "l/messages.1", "l/messages",
		"m/messages.1" };
	const char *got[ARRAY_LEN(want)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		got[i] = want[(i * 5 + 3) % ARRAY_LEN(want)];
	qsort(got, ARRAY_LEN(got), sizeof(*got), by_order);
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_string_equal(got[i], want[i]);
}

static void
one_log(void **state)
{
	struct order_name a = order_name_of(STR("d/kern-20260101.log.gz")),
			  b = order_name_of(STR("d/kern.log")),
			  c = order_name_of(STR("e/kern.log"));

	(void)state;
	assert_true(order_same_log(&a, &b));
	assert_false(order_same_log(&b, &c));
}

static void
members(void **state)
{
	struct member_facts f = { .boot_us = UNKNOWN };

	(void)state;
	assert_int_equal(member_kind_of(STR("")), MEMBER_OTHER);
	assert_int_equal(member_kind_of(STR("etc/passwd")), MEMBER_OTHER);
	assert_int_equal(member_kind_of(STR("./sosreport-a/etc/passwd")), MEMBER_PASSED);
	assert_int_equal(
	    member_kind_of(STR("sosreport-a/sos_commands/kernel/dmesg_-T")), MEMBER_DMESG);
	assert_int_equal(member_kind_of(STR("sosreport-a/var/log/messages.1")), MEMBER_OTHER);
	assert_int_equal(
	    member_kind_of(STR("sosreport-a/sos_commands/logs/journalctl_--no-pager")), MEMBER_LOG);
	member_learn(&f, MEMBER_HOST, STR("a b\n"));
	member_learn(&f, MEMBER_HOST, STR("\x1b[2J\n"));
	member_learn(&f, MEMBER_BTIME, STR("btime -1\nbtime 99999999999999999999\n"));
	assert_string_equal(f.host, "");
	assert_false(known(f.boot_us));
	member_learn(&f, MEMBER_UNAME, STR("Linux web.example.com 6.1.0 #1\n"));
	member_learn(&f, MEMBER_BTIME, STR("cpu 1\nbtime 5\n"));
	assert_string_equal(f.host, "web");
	assert_int_equal(f.boot_us, 5000000);
}

static void
contents(void **state)
{
	char zeros[UNPACK_SNIFF] = { 0 };

	(void)state;
	assert_int_equal(unpack_sniff((struct str){ zeros, sizeof(zeros) }), UNPACK_NONE);
	assert_int_equal(unpack_sniff(STR("BZhello, world")), UNPACK_NONE);
	assert_int_equal(unpack_sniff(STR("PK\x03\x04")), UNPACK_ZIP);
	assert_int_equal(unpack_sniff(STR("\x1f\x8b")), UNPACK_NONE);
	assert_int_equal(member_content_of((struct str){ zeros, sizeof(zeros) }), CONTENT_TEXT);
	assert_int_equal(member_content_of(STR("\033[32mgreen\033[0m\r\n")), CONTENT_TEXT);
	assert_int_equal(member_content_of(STR("\x7f"
					       "ELF\x02\x01\x01\0\0\0\0")),
	    CONTENT_BINARY);
	assert_int_equal(member_content_of(STR("LPKSHHRH")), CONTENT_JOURNAL);
}

static void
hosts_of_reports(void **state)
{
	static const struct {
		const char *top, *host;
	} rows[] = {
		{ "sosreport-", "" },
		{ "sosreport-web", "" },
		{ "sosreport-2026-01-01-abcdefg", "" },
		{ "sosreport--2026-01-01-abcdefg", "" },
		{ "sosreport-a b-2026-01-01-abcdefg", "" },
		{ "sosreport-web-2026-1-01-abcdefg", "" },
		{ "sos-collector-x-2026-01-01-abcdefg", "" },
		{ "sosreport-web-2026-01-01-abcdefg", "web" },
		{ "sosreport-web-01-2026-01-01-abcdefg", "web-01" },
		{ "sosreport-web-01-03456789-2026-01-01-abcdefg", "web-01" },
		{ "sosreport-web-01.example.com-20260101120000", "web-01" },
		{ "sosreport-web.03456789-20260101120000", "web" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct member_facts f = { .boot_us = UNKNOWN };

		member_learn_report(&f, str_from(rows[i].top));
		assert_string_equal(f.host, rows[i].host);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_no_rotation),
		cmocka_unit_test(as_written),
		cmocka_unit_test(one_log),
		cmocka_unit_test(members),
		cmocka_unit_test(contents),
		cmocka_unit_test(hosts_of_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
