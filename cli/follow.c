#include "cli/follow.h"

#include "cli/capture.h"
#include "cli/collect.h"
#include "cli/message.h"
#include "cli/notify.h"
#include "cli/rules.h"
#include "cli/stored.h"
#include "ingest/expand_pstore.h"

#include <errno.h>
#include <linux/capability.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	MAX_SOURCES = 4,
	BUSY_MS = 1000,	    /* another writer is waited for so long, */
	RETRY_US = 5000000, /* and asked again after this */
};
/* How often it is stored that somebody listens: 'check' asks for it. */
#define ALIVE_US (3600 * INT64_C(1000000))

struct follower {
	struct options *opts;
	struct capture captures[MAX_SOURCES];
	size_t n;
	struct backlog backlog;
	struct bystander bystander;
	struct store *st;
	struct hooks hooks;
	struct notify *notify;
	int signals;
	int64_t retry_us; /* UNKNOWN: nothing failed */
	int64_t told_us;  /* the watchdog */
	int64_t alive_us; /* when it was last stored that we are here; UNKNOWN: not yet */
	int64_t stored;
	bool stop;
};

/* One that no setting of the wall clock moves. */
static int64_t
running_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return !known(a) ? b : !known(b) || a < b ? a : b;
}

/* The rights that opened the sources are of no use any more. */
static int
drop_rights(struct err *err)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
	    syscall(SYS_capset, &head, none) != 0)
		return err_set(err, "cannot drop privileges: %s", strerror(errno));
	return 0;
}

static int
catch_signals(struct follower *f, struct err *err)
{
	static const int which[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(which); i++)
		sigaddset(&set, which[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (f->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		return err_set(err, "signals: %s", strerror(errno));
	return 0;
}

static int
add_source(struct follower *f, const char *where, struct err *err)
{
	struct source_opts opts = f->opts->source;
	struct arena mem = { 0 };
	struct str from = STR_NONE;
	int rc;

	if (f->n == MAX_SOURCES)
		return err_set(err, "no more than %d sources are followed", MAX_SOURCES);
	rc = store_position(f->st, where, &mem, &from, err) < 0 ? -1 : 0;
	opts.follow = true;
	opts.resume = from.p;
	if (rc == 0)
		rc = capture_open(
		    &f->captures[f->n++], where, &opts, &f->backlog, &f->bystander, err);
	arena_done(&mem);
	return rc;
}

static int
start(struct follower *f, struct err *err)
{
	if (catch_signals(f, err) != 0 || bystander_open(&f->bystander, err) != 0 ||
	    (f->st = stored_open(f->opts, STORE_WRITE, err)) == NULL)
		return -1;
	if (collect_pstore(f->st, &f->bystander.root, f->opts, err) != 0)
		return -1;
	for (int i = 0; i < f->opts->npaths; i++) {
		if (!pstore_is_named(f->opts->paths[i]) &&
		    add_source(f, f->opts->paths[i], err) != 0)
			return -1;
	}
	if ((f->n == 0 && add_source(f, "kmsg:", err) != 0) || drop_rights(err) != 0)
		return -1;
	f->notify = notify_open();
	/* When the kernel kills, our own pages must not have to come from the disk.  Not those to
	 * come: where RLIMIT_MEMLOCK ends, allocations would fail.  Without the right to lock we go
	 * on as others do. */
	if (mlockall(MCL_CURRENT | MCL_ONFAULT) != 0)
		errno = 0;
	return 0;
}

/* The store may be locked, the disk full: what was caught is kept, and tried again. */
static void
store_backlog(struct follower *f, int64_t now)
{
	struct backlog_mark marks[MAX_SOURCES];
	struct err err = { "" };
	size_t n = f->backlog.n;

	for (size_t i = 0; i < f->n; i++)
		marks[i] = f->captures[i].mark;
	if (f->st == NULL)
		f->st = stored_open_soon(f->opts, STORE_WRITE, BUSY_MS, &err);
	if (f->st == NULL ||
	    backlog_store(&f->backlog, f->st, f->opts, marks, f->n, &f->hooks, &err) != 0) {
		if (!known(f->retry_us))
			message("%s; %zu events are kept, and tried again", err.msg, n);
		notify_say(f->notify, "STATUS=Cannot write the store; events are kept in memory");
		store_close(f->st);
		f->st = NULL;
		f->retry_us = now + RETRY_US;
		return;
	}
	for (size_t i = 0; i < f->n; i++)
		f->captures[i].mark.gap.lost = 0;
	f->retry_us = UNKNOWN;
	f->stored += (int64_t)n;
	notify_say(f->notify, "STATUS=Waiting; the newest event is in the store");
	malloc_trim(0); /* a report may have been large, and the next is days away */
}

/* What fails here shows by itself: the store is not said to be fresh. */
static void
note_alive(struct follower *f, int64_t now)
{
	struct err err = { "" };

	if (f->st == NULL || (known(f->alive_us) && now < f->alive_us + ALIVE_US))
		return;
	f->alive_us = now;
	if (store_begin(f->st, &err) == 0 &&
	    (store_note_alive(f->st, &err) != 0 || store_commit(f->st, &err) != 0))
		store_rollback(f->st);
}

/* Who moved the store away wants it made anew; who wrote other names of services, them. */
static void
reload(struct follower *f)
{
	struct service_rules rules = { .n = 0 };
	struct err err = { "" };

	store_close(f->st);
	f->st = NULL;
	if (rules_load(f->opts->rules_file, &rules, &err) != 0) {
		message("%s; the names of before are kept", err.msg);
		return;
	}
	arena_done(&f->opts->rules.mem);
	f->opts->rules = rules;
}

static void
take_signals(struct follower *f)
{
	struct signalfd_siginfo info;

	while (read(f->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			hook_reap(&f->hooks);
		} else if (info.ssi_signo == SIGHUP) {
			reload(f);
		} else {
			f->stop = true;
		}
	}
}

/* -1: sleep until somebody says something. */
static int
how_long(const struct follower *f, int64_t now, int64_t watchdog_us)
{
	int64_t at = earlier(f->retry_us, f->st == NULL ? UNKNOWN : f->alive_us + ALIVE_US);

	for (size_t i = 0; i < f->n; i++)
		at = earlier(at, capture_deadline(&f->captures[i]));
	if (watchdog_us > 0)
		at = earlier(at, f->told_us + watchdog_us / 2);
	if (!known(at))
		return -1;
	return at <= now ? 0 : (int)((at - now) / 1000 + 1);
}

static bool
has_news(const struct follower *f)
{
	bool gap = false;

	for (size_t i = 0; i < f->n; i++)
		gap |= f->captures[i].mark.gap.lost > 0;
	return f->backlog.n > 0 || gap;
}

static int
sleep_and_read(struct follower *f, int64_t watchdog_us, struct err *err)
{
	struct pollfd fds[MAX_SOURCES + 1] = { { .fd = f->signals, .events = POLLIN } };
	int64_t now = running_us();

	for (size_t i = 0; i < f->n; i++)
		/* Backpressure: the kernel and the journal keep what we cannot take. */
		fds[i + 1] = (struct pollfd){ backlog_full(&f->backlog) || f->captures[i].ended
						  ? -1
						  : source_fd(f->captures[i].src),
			POLLIN, 0 };
	if (poll(fds, f->n + 1, how_long(f, now, watchdog_us)) < 0 && errno != EINTR)
		return err_set(err, "poll: %s", strerror(errno));
	take_signals(f);
	now = running_us();
	for (size_t i = 0; i < f->n; i++) {
		/* An overrun shows as POLLERR, and reading clears it (devkmsg_poll). */
		if (fds[i + 1].revents != 0 && capture_read(&f->captures[i], now, err) != 0)
			return -1;
		if (capture_settle(&f->captures[i], now, err) != 0)
			return -1;
	}
	if (watchdog_us > 0 && now >= f->told_us + watchdog_us / 2) {
		notify_say(f->notify, "WATCHDOG=1");
		f->told_us = now;
	}
	return 0;
}

static bool
all_ended(const struct follower *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!f->captures[i].ended)
			return false;
	}
	return true;
}

static int
run(struct follower *f, struct err *err)
{
	int64_t watchdog_us = notify_watchdog_us(f->notify);
	int rc = 0;

	for (size_t i = 0; i < f->n && rc == 0; i++)
		rc = capture_read(&f->captures[i], running_us(), err);
	notify_say(f->notify, "READY=1\nSTATUS=Waiting");
	while (rc == 0 && !f->stop && !all_ended(f)) {
		int64_t now = running_us();

		if (has_news(f) && (!known(f->retry_us) || now >= f->retry_us))
			store_backlog(f, now);
		note_alive(f, now);
		rc = sleep_and_read(f, watchdog_us, err);
	}
	notify_say(f->notify, "STOPPING=1");
	for (size_t i = 0; i < f->n; i++) {
		struct err late = { "" };

		if (capture_end(&f->captures[i], rc == 0 ? err : &late) != 0)
			rc = -1;
	}
	store_backlog(f, running_us());
	return known(f->retry_us) ? err_set(err, "what was caught last is not in the store") : rc;
}

enum exit_code
follow(struct options *o)
{
	struct follower f = { .opts = o,
		.bystander.root.fd = -1,
		.signals = -1,
		.retry_us = UNKNOWN,
		.alive_us = UNKNOWN,
		.hooks.program = o->exec };
	struct err err = { "" };
	int rc = start(&f, &err);

	if (rc == 0)
		rc = run(&f, &err);
	if (rc != 0)
		message("%s", err.msg);
	for (size_t i = 0; i < f.n; i++)
		capture_close(&f.captures[i]);
	backlog_done(&f.backlog);
	bystander_close(&f.bystander);
	store_close(f.st);
	notify_close(f.notify);
	if (f.signals >= 0)
		close(f.signals);
	return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}
