/* The kernel's buffer: a socket gives one record a read(), as the device does. */
#include "tests/test.h"

#include "ingest/kmsg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BOOT "0123456789abcdef0123456789abcdef"

enum { REAL_US = 1000000000, MONO_US = 500000000 };

struct device {
	int kernel;
	struct source *src;
};

static void
fixed_clock(int64_t *real, int64_t *mono, int64_t *suspended)
{
	*real = REAL_US;
	*mono = MONO_US;
	*suspended = 0;
}

/* A record that begins with '!' is an error of that number. */
static ssize_t
shim(int fd, void *to, size_t n)
{
	ssize_t got = read(fd, to, n);

	if (got > 1 && *(char *)to == '!') {
		errno = (int)strtol((char *)to + 1, NULL, 10);
		return -1;
	}
	return got;
}

static struct device
device(bool follow, const char *resume)
{
	struct kmsg_setting about = { "kmsg:", STR("vm"), STR(BOOT), fixed_clock, shim };
	struct source_opts opts = { .year = UNKNOWN, .follow = follow, .resume = resume };
	struct err err = { "" };
	struct device d;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	d.kernel = fds[1];
	d.src = kmsg_open(fds[0], &about, &opts, &err);
	assert_non_null(d.src);
	return d;
}

static void
put(const struct device *d, const char *record)
{
	assert_int_equal(send(d->kernel, record, strlen(record), 0), strlen(record));
}

static void
put_error(const struct device *d, int error)
{
	char text[16];

	snprintf(text, sizeof(text), "!%d ", error);
	put(d, text);
}

static enum source_status
next(const struct device *d, struct record *r)
{
	struct err err = { "" };

	return source_next(d->src, NULL, r, &err);
}

static void
expect(const struct device *d, const char *text, int64_t lost)
{
	struct record r;

	assert_int_equal(next(d, &r), SOURCE_RECORD);
	assert_true(str_eq_z(r.text, text));
	assert_int_equal(r.lost_before, lost);
}

static void
done(struct device *d)
{
	source_close(d->src);
	close(d->kernel);
}

static void
test_garbage(void **state)
{
	struct device d = device(false, NULL);
	struct record r;
	(void)state;

	put(&d, "\n");
	put(&d, "nonsense");
	put(&d, "4,1");
	put(&d, "4,18446744073709551615,0,-;beyond any number");
	put(&d, "9999999,1,0,-;a facility that there is not");
	assert_int_equal(next(&d, &r), SOURCE_END);
	done(&d);
}

static void
test_errors(void **state)
{
	struct device d = device(true, NULL);
	struct record r;
	struct err err = { "" };
	(void)state;

	put_error(&d, EINTR);
	put_error(&d, EPIPE);
	put(&d, "4,7,1,-;after an overrun\n");
	expect(&d, "after an overrun", 0); /* of what was before the first nothing is known */
	put_error(&d, EPIPE);
	put(&d, "4,17,2,-;nine are gone\n");
	expect(&d, "nine are gone", 9);
	assert_int_equal(source_stats(d.src).lost_records, 9);
	assert_int_equal(next(&d, &r), SOURCE_AGAIN);
	put_error(&d, ENODEV);
	assert_int_equal(source_next(d.src, NULL, &r, &err), SOURCE_ERROR);
	assert_non_null(strstr(err.msg, "kmsg:"));
	close(d.kernel);
	d.kernel = -1;
	assert_int_equal(next(&d, &r), SOURCE_END);
	done(&d);
}

static void
test_fields(void **state)
{
	struct device d = device(false, NULL);
	struct record r;
	(void)state;

	put(&d,
	    "6,1,1500000,-,caller=T42,new=1;a\\x5cb \\xc3\\xa9\n SUBSYSTEM=pci\n DEVICE=+pci:0\n");
	put(&d, "12,2,1500001,-;written by a program\n");
	put(&d, "4,3,1500002;as of 3.5");
	assert_int_equal(next(&d, &r), SOURCE_RECORD);
	assert_true(str_eq_z(r.text, "a\\b \xc3\xa9"));
	assert_true(str_eq_z(r.caller, "T42"));
	assert_true(str_eq_z(r.host, "vm") && str_eq_z(r.boot_id, BOOT));
	assert_true(r.kernel_known && r.facility == 0 && r.level == 6);
	assert_int_equal(r.mono_us, 1500000);
	assert_int_equal(r.real_us, REAL_US - MONO_US + 1500000);
	assert_int_equal(r.real_source, TIME_BOOT_OFFSET);
	assert_true(r.real_error_us >= 50000); /* 100 ppm of 500 s */
	assert_int_equal(next(&d, &r), SOURCE_RECORD);
	assert_true(!r.kernel_known && r.facility == 1);
	expect(&d, "as of 3.5", 0);
	done(&d);
}

static void
test_lines(void **state)
{
	struct device d = device(true, NULL);
	struct record r;
	(void)state;

	put(&d, "4,1,1,-;active_anon:1\\x0a active_file:2\\x0a\n");
	put(&d, "4,4,1,-;next\n");
	expect(&d, "active_anon:1", 0);
	assert_int_equal(next(&d, &r), SOURCE_RECORD);
	assert_true(str_eq_z(r.text, " active_file:2") && r.fragment);
	expect(&d, "next", 2);
	/* Waited for: our own clock is as good as any. */
	assert_int_equal(next(&d, &r), SOURCE_AGAIN);
	put(&d, "4,5,499999000,-;now\n");
	assert_int_equal(next(&d, &r), SOURCE_RECORD);
	assert_int_equal(r.real_source, TIME_RECORD);
	assert_int_equal(r.real_us, REAL_US);
	done(&d);
}

static void
test_resume(void **state)
{
	char at[SOURCE_POSITION];
	struct device d = device(false, BOOT ":3");
	struct record r;
	(void)state;

	put(&d, "4,1,1,-;known\n");
	put(&d, "4,2,2,-;known too\n");
	put(&d, "4,5,3,-;new\n");
	expect(&d, "new", 2); /* 3 and 4 went while nobody read */
	assert_true(source_position(d.src, at));
	assert_string_equal(at, BOOT ":6");
	assert_int_equal(next(&d, &r), SOURCE_END);
	done(&d);

	d = device(false, "ffffffffffffffffffffffffffffffff:3"); /* another boot */
	put(&d, "4,1,1,-;anew\n");
	expect(&d, "anew", 0);
	done(&d);

	d = device(false, "no position");
	put(&d, "4,1,1,-;anew\n");
	expect(&d, "anew", 0);
	done(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_resume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
