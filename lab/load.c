/*
 * load OPTION...: a process that takes memory, under a name of its choice.
 *
 * Runs in the guests of the lab, where it plays the database, the web server and the leak.
 * Options act in the order given; what comes before --workers holds for the workers too.
 *
 *	--comm NAME	the name in the task table; \xNN is a byte
 *	--adj N		oom_score_adj
 *	--cgroup DIR	join this control group
 *	--uid N		run as this user
 *	--go FILE	go on only when FILE is there
 *	--anon MIB	take this much memory of its own
 *	--shared MIB	take this much memory that the workers share
 *	--delay MS	rest so long after each MiB
 *	--thread NAME	a thread of this name takes the memory that follows
 *	--workers N	leave N processes that go on with the options behind this one
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

struct load {
	long delay_ms;
	const char *thread;
	const char *shared; /* memory that the workers share, or NULL */
	size_t shared_mib;
};

static void
fail(const char *what)
{
	fprintf(stderr, "load[%d]: %s: %s\n", (int)getpid(), what, strerror(errno));
	_exit(1);
}

static void
rest(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

static void
write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1 || write(fd, text, strlen(text)) == -1)
		fail(path);
	close(fd);
}

/* The kernel keeps 15 bytes. */
static void
set_comm(const char *s)
{
	char name[16] = "";

	for (size_t n = 0; *s != '\0' && n < sizeof(name) - 1; n++) {
		if (s[0] == '\\' && s[1] == 'x' && s[2] != '\0' && s[3] != '\0') {
			const char hex[] = { s[2], s[3], '\0' };

			name[n] = (char)strtol(hex, NULL, 16);
			s += 4;
		} else {
			name[n] = *s++;
		}
	}
	prctl(PR_SET_NAME, name);
}

static void
join(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	write_to(path, "0");
}

static void
become(const char *uid)
{
	const uid_t id = (uid_t)strtoul(uid, NULL, 10);

	if (setgroups(0, NULL) != 0 || setgid(id) != 0 || setuid(id) != 0)
		fail("setuid");
}

static void
wait_for(const char *path)
{
	while (access(path, F_OK) != 0)
		rest(20);
}

/* Every page is written: only then is it held. */
static char *
take(size_t mib, int sharing, long delay_ms)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	/* More than there is: the heuristic of vm.overcommit_memory=0 would refuse it. */
	char *p = mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE,
	    sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		fail("mmap");
	madvise(p, mib * MIB, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < mib * MIB; at += page) {
		p[at] = 1;
		if (at % MIB == 0 && delay_ms > 0)
			rest(delay_ms);
	}
	return p;
}

/* A fork does not inherit the page tables of shared memory. */
static void
touch_shared(const struct load *load)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const volatile char *p = load->shared;

	for (size_t at = 0; at < load->shared_mib * MIB; at += page)
		(void)p[at];
}

struct thread_job {
	const struct load *load;
	size_t mib;
};

static void *
take_in_thread(void *arg)
{
	const struct thread_job *job = arg;

	set_comm(job->load->thread);
	take(job->mib, MAP_PRIVATE, job->load->delay_ms);
	return NULL;
}

static void
take_anon(const struct load *load, size_t mib)
{
	struct thread_job job = { load, mib };
	pthread_t thread;

	if (load->thread == NULL) {
		take(mib, MAP_PRIVATE, load->delay_ms);
		return;
	}
	if (pthread_create(&thread, NULL, take_in_thread, &job) != 0)
		fail("pthread_create");
	pthread_join(thread, NULL);
}

/* The parent stays as it is; its children go on. */
static void
be_workers(const struct load *load, long n)
{
	for (long i = 0; i < n; i++) {
		switch (fork()) {
		case -1:
			fail("fork");
			break;
		case 0:
			if (load->shared != NULL)
				touch_shared(load);
			return;
		default:
			break;
		}
	}
	for (;;)
		pause();
}

static int
act(struct load *load, const char *option, const char *value)
{
	const long n = strtol(value, NULL, 10);

	if (strcmp(option, "--comm") == 0)
		set_comm(value);
	else if (strcmp(option, "--adj") == 0)
		write_to("/proc/self/oom_score_adj", value);
	else if (strcmp(option, "--cgroup") == 0)
		join(value);
	else if (strcmp(option, "--uid") == 0)
		become(value);
	else if (strcmp(option, "--go") == 0)
		wait_for(value);
	else if (strcmp(option, "--anon") == 0)
		take_anon(load, (size_t)n);
	else if (strcmp(option, "--shared") == 0)
		load->shared = take(load->shared_mib = (size_t)n, MAP_SHARED, load->delay_ms);
	else if (strcmp(option, "--delay") == 0)
		load->delay_ms = n;
	else if (strcmp(option, "--thread") == 0)
		load->thread = value;
	else if (strcmp(option, "--workers") == 0)
		be_workers(load, n);
	else
		return -1;
	return 0;
}

int
main(int argc, char **argv)
{
	struct load load = { 0 };

	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc || act(&load, argv[i], argv[i + 1]) != 0) {
			fprintf(stderr, "load: what is %s?\n", argv[i]);
			return 2;
		}
	}
	for (;;)
		pause();
}
