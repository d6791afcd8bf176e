/* The kernel's buffer of this machine: what is in it, and then what comes. */
#include "ingest/kmsg.h"

#include "base/escape.h"
#include "base/mem.h"
#include "ingest/kind.h"
#include "ingest/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum {
	/* CONSOLE_EXT_LOG_MAX is 8192 up to 6.1, less later.  What does not fit is consumed all the
	 * same and answered with EINVAL (devkmsg_read). */
	RECORD_MAX = 16 * 1024,
	DRIFT_PPM = 100,    /* sched_clock is not slewed; 72 were measured */
	PROMPT_US = 10000,  /* read so soon after it was written */
	STALE_US = 1000000, /* later than this we had been stopped */
	MAX_TRIES = 64,	    /* interruptions and overruns in a row */
};

struct kmsg {
	struct source source;
	struct kmsg_setting about;
	int fd;
	bool follow, drained; /* all that was in the buffer was read once */
	char host[256], boot_id[33];
	int64_t lag_us;	  /* this machine's monotonic clock less the kernel's stamps */
	int64_t next_seq; /* UNKNOWN: none read yet */
	int64_t skip_to;  /* records before this one were taken in an earlier run */
	struct str rest;  /* lines left of a record that holds several */
	struct record record;
	struct source_stats stats;
	char raw[RECORD_MAX], text[RECORD_MAX];
};

extern const struct source_kind source_kmsg;

/* The kernel's stamp as wall-clock time.  A stamp of a record that we waited for is as good as
 * our own clock; of an older one we know what the clocks may have drifted since boot. */
static void
tell_time(struct kmsg *k, struct record *r)
{
	int64_t real, mono, suspended, age;

	k->about.clock(&real, &mono, &suspended);
	age = mono - r->mono_us;
	if (k->drained && age - k->lag_us < STALE_US && age - k->lag_us > -STALE_US) {
		k->lag_us = age;
		r->real_us = real;
		r->real_error_us = PROMPT_US;
		r->real_source = TIME_RECORD;
		return;
	}
	r->real_us = real - (age - k->lag_us);
	r->real_source = TIME_BOOT_OFFSET;
	r->real_error_us =
	    suspended + PROMPT_US + (r->mono_us > mono ? r->mono_us : mono) / 1000000 * DRIFT_PPM;
}

static void
note_stats(struct source_stats *st, const struct record *r)
{
	st->lines++;
	st->records++;
	st->lost_records += r->lost_before;
	if (!known(st->first_us))
		st->first_us = r->real_us, st->first_mono_us = r->mono_us;
	st->last_us = r->real_us, st->last_mono_us = r->mono_us;
}

static bool
next_line(struct kmsg *k, struct record *ret)
{
	if (!str_cut_line(&k->rest, &k->record.text))
		return false;
	*ret = k->record;
	k->record.fragment = true;
	k->record.lost_before = 0;
	return true;
}

/* false: not a record, or one taken before. */
static bool
take_record(struct kmsg *k, struct str raw)
{
	struct prefix p;
	struct record *r = &k->record;
	struct prefix_memory memory = { 0 };
	size_t at;

	/* " SUBSYSTEM=..." lines follow; a record that was cut has no newline at all. */
	if (str_chr(raw, '\n', &at))
		raw = str_head(raw, at);
	prefix_begin(&p, raw);
	if (!prefix_kmsg(&p, &memory) || p.seq == INT64_MAX)
		return false;
	if (p.seq < k->skip_to)
		return false;
	if (!known(k->next_seq))
		k->next_seq = k->skip_to > 0 ? k->skip_to : p.seq;
	*r = (struct record){ .text = { k->text, escape_undo(p.text, k->text) },
		.raw = raw,
		.host = str_from(k->host),
		.boot_id = k->boot_id[0] == '\0' ? STR_NONE : str_from(k->boot_id),
		.ident = p.kernel_known ? STR("kernel") : STR_NONE,
		.caller = p.caller,
		.path = str_from(k->about.name),
		.line = p.seq,
		.mono_us = p.mono_us,
		.seq = p.seq,
		.facility = p.facility,
		.level = p.level,
		.lost_before = p.seq > k->next_seq ? p.seq - k->next_seq : 0,
		.kernel_known = p.kernel_known,
		.fragment = p.fragment };
	tell_time(k, r);
	k->next_seq = p.seq + 1;
	note_stats(&k->stats, r);
	k->rest = r->text;
	return true;
}

/* SOURCE_RECORD: k->raw holds *ret_n bytes. */
static enum source_status
read_one(struct kmsg *k, size_t *ret_n, struct err *err)
{
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		ssize_t n = k->about.read(k->fd, k->raw, sizeof(k->raw));

		if (n > 0) {
			*ret_n = (size_t)n;
			k->stats.bytes += n;
			return SOURCE_RECORD;
		}
		if (n == 0)
			return SOURCE_END;
		if (errno == EAGAIN) {
			k->drained = true;
			return k->follow ? SOURCE_AGAIN : SOURCE_END;
		}
		/* EPIPE: our record was overwritten; the next read gives the oldest there is, and
		 * its number tells how many are lost.  EINVAL: a record larger than any. */
		if (errno != EINTR && errno != EPIPE && errno != EINVAL)
			break;
	}
	err_set(err, "%s: %s", k->about.name, strerror(errno));
	return SOURCE_ERROR;
}

static enum source_status
kmsg_next(struct source *src, const struct scan *wanted, struct record *ret, struct err *err)
{
	struct kmsg *k = (struct kmsg *)src;
	enum source_status st;
	size_t n;

	(void)wanted; /* a buffer holds some thousand records: the parser is as fast as a filter */
	if (next_line(k, ret))
		return SOURCE_RECORD;
	while ((st = read_one(k, &n, err)) == SOURCE_RECORD) {
		if (take_record(k, (struct str){ k->raw, n }) && next_line(k, ret))
			return SOURCE_RECORD;
	}
	return st;
}

/* "BOOT:SEQ" of an earlier run: of this boot it says what was taken, of another one nothing. */
static void
resume(struct kmsg *k, const char *from)
{
	struct str s = str_from(from), boot;
	int64_t seq;

	if (from != NULL && k->boot_id[0] != '\0' && str_cut(&s, STR(":"), &boot) &&
	    str_eq_z(boot, k->boot_id) && str_eat_i64(&s, &seq) && s.n == 0 && seq >= 0)
		k->skip_to = seq;
}

static void
copy(char *to, size_t n, struct str s)
{
	s = str_head(s, n - 1);
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
}

struct source *
kmsg_open(int fd, const struct kmsg_setting *about, const struct source_opts *opts, struct err *err)
{
	struct kmsg *k = mem_alloc(sizeof(*k));

	if (k == NULL) {
		err_no_memory(err);
		return NULL;
	}
	*k = (struct kmsg){ .source = { &source_kmsg },
		.about = *about,
		.fd = fd,
		.follow = opts->follow,
		.next_seq = UNKNOWN,
		.stats = { .first_us = UNKNOWN,
		    .last_us = UNKNOWN,
		    .first_mono_us = UNKNOWN,
		    .last_mono_us = UNKNOWN,
		    .format = "kmsg" } };
	copy(k->host, sizeof(k->host), about->host);
	copy(k->boot_id, sizeof(k->boot_id), about->boot_id);
	resume(k, opts->resume);
	return &k->source;
}

static int64_t
clock_us(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
clock_now(int64_t *ret_real_us, int64_t *ret_mono_us, int64_t *ret_suspended_us)
{
	*ret_real_us = clock_us(CLOCK_REALTIME);
	*ret_mono_us = clock_us(CLOCK_MONOTONIC);
	*ret_suspended_us = clock_us(CLOCK_BOOTTIME) - *ret_mono_us;
}

/* As the journal writes it: without dashes. */
static size_t
read_boot_id(char to[static 33])
{
	char text[64];
	size_t n = 0;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text));

	for (ssize_t i = 0; i < got && n < 32; i++) {
		if (text[i] != '-' && text[i] != '\n')
			to[n++] = text[i];
	}
	if (fd >= 0)
		close(fd);
	to[n] = '\0';
	return n;
}

static const char *
why_not(int error)
{
	switch (error) {
	case EPERM: /* check_syslog_permissions(): dmesg_restrict; or printk.devkmsg=off */
		return "Operation not permitted: it needs CAP_SYSLOG (kernel.dmesg_restrict is 1)";
	case ENOENT:
		return "there is none here: a container has to be given the host's";
	default:
		return strerror(error);
	}
}

static bool
kmsg_is_place(const char *where)
{
	return strncmp(where, "kmsg:", 5) == 0 || strcmp(where, "/dev/kmsg") == 0;
}

/* "kmsg:3" is a descriptor that whoever has the right to open the device handed to us. */
static int
open_device(const char *where, struct err *err)
{
	struct str number = str_from(where);
	int64_t given;
	int fd;

	if (!str_eat(&number, STR("kmsg:")) || number.n == 0)
		fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	else if (!str_eat_i64(&number, &given) || number.n > 0 || given < 0 || given > INT_MAX)
		return err_set(err, "%s: there is kmsg:, and kmsg:N for a descriptor", where);
	else if ((fd = fcntl((int)given, F_DUPFD_CLOEXEC, 3)) >= 0)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd >= 0 ? fd : err_set(err, "/dev/kmsg: %s", why_not(errno));
}

static struct source *
kmsg_open_place(const char *where, const struct source_opts *opts, struct err *err)
{
	struct kmsg_setting about = { .name = where, .clock = clock_now, .read = read };
	struct utsname u;
	char boot_id[33];
	struct source *src;
	int fd = open_device(where, err);

	if (fd < 0)
		return NULL;
	about.boot_id = (struct str){ boot_id, read_boot_id(boot_id) };
	about.host = uname(&u) == 0 ? str_from(u.nodename) : STR_NONE;
	if ((src = kmsg_open(fd, &about, opts, err)) == NULL)
		close(fd);
	return src;
}

static struct source_stats
kmsg_stats(const struct source *src)
{
	return ((const struct kmsg *)src)->stats;
}

static int
kmsg_fd(const struct source *src)
{
	return ((const struct kmsg *)src)->fd;
}

static int
kmsg_position(const struct source *src, char *to, size_t n)
{
	const struct kmsg *k = (const struct kmsg *)src;
	int64_t seq = known(k->next_seq) ? k->next_seq : k->skip_to;

	return snprintf(to, n, "%s:%lld", k->boot_id, (long long)seq) < (int)n ? 0 : -1;
}

static void
kmsg_close(struct source *src)
{
	struct kmsg *k = (struct kmsg *)src;

	close(k->fd);
	mem_free(k);
}

/* A file of such records is text. */
static int
kmsg_bid(const char *where, struct str head)
{
	(void)where, (void)head;
	return 0;
}

static struct source *
kmsg_open_input(struct input *in, const struct source_opts *opts, struct err *err)
{
	(void)opts;
	err_set(err, "%s: only kmsg: is read as the kernel's buffer", input_name(in));
	return NULL;
}

const struct source_kind source_kmsg = {
	.name = "kmsg",
	.bid = kmsg_bid,
	.open = kmsg_open_input,
	.next = kmsg_next,
	.stats = kmsg_stats,
	.close = kmsg_close,
	.is_place = kmsg_is_place,
	.open_place = kmsg_open_place,
	.fd = kmsg_fd,
	.position = kmsg_position,
};
