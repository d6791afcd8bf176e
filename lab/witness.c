/*
 * witness DIR DB: the truth about a guest, without a look at what the kernel prints.
 *
 * Samples /proc over and over; whenever /proc/vmstat has counted one more kill it keeps the last
 * sample that was complete before.  Notes when the write-ahead log of DB grew, which is when an
 * event was committed.  At SIGTERM it writes DIR/sample-N.tsv and DIR/commits.tsv and ends.
 * All its memory is locked: it must see what happens when there is none.
 *
 * A sample's rows: pid uid oom_score_adj oom_score total_vm_pages rss_pages swap_kb pte_kb comm
 * cgroup; comm in hex, for it may hold anything.  Times are CLOCK_MONOTONIC, in seconds.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLE_MAX = 96 * 1024, KEPT_MAX = 24, COMMITS_MAX = 1024, PAUSE_MS = 10 };

struct sample {
	double begin, end;
	long kills; /* /proc/vmstat's count when it ended */
	size_t n;
	char text[SAMPLE_MAX];
};

struct witness {
	struct sample ring[2], kept[KEPT_MAX];
	size_t nkept;
	double commits[COMMITS_MAX];
	size_t ncommits;
	off_t wal_size;
	struct timespec wal_time;
};

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The file's bytes with a NUL behind them; 0 if there is none. */
static size_t
read_file(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t got = 0;

	while (fd != -1 && n + 1 < size && (got = read(fd, to + n, size - 1 - n)) > 0)
		n += (size_t)got;
	to[n] = '\0';
	if (fd != -1)
		close(fd);
	return n;
}

static size_t
read_of(const char *pid, const char *name, char *to, size_t size)
{
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	return read_file(path, to, size);
}

static long
number_of(const char *pid, const char *name)
{
	char text[32];

	return read_of(pid, name, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : 0;
}

static long
number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at == NULL ? 0 : strtol(at + strlen(key), NULL, 10);
}

static long
kills(void)
{
	static char text[32 * 1024];

	read_file("/proc/vmstat", text, sizeof(text));
	return number_after(text, "\noom_kill ");
}

static void
add_process(struct sample *s, const char *pid)
{
	char status[4096], statm[128], comm[64], cgroup[1024], hex[129] = "";
	char *rss;
	size_t n;
	long total_vm;

	if (read_of(pid, "status", status, sizeof(status)) == 0 ||
	    strstr(status, "\nVmSize:") == NULL)
		return; /* gone, or the kernel's own */
	read_of(pid, "statm", statm, sizeof(statm));
	total_vm = strtol(statm, &rss, 10);
	n = read_of(pid, "comm", comm, sizeof(comm));
	for (size_t i = 0; i + 1 < n; i++) /* without the newline at the end */
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)comm[i]);
	read_of(pid, "cgroup", cgroup, sizeof(cgroup));
	cgroup[strcspn(cgroup, "\n")] = '\0';
	n = (size_t)snprintf(s->text + s->n, sizeof(s->text) - s->n,
	    "%s\t%ld\t%ld\t%ld\t%ld\t%ld\t%ld\t%ld\t%s\t%s\n", pid, number_after(status, "\nUid:"),
	    number_of(pid, "oom_score_adj"), number_of(pid, "oom_score"), total_vm,
	    strtol(rss, NULL, 10), number_after(status, "\nVmSwap:"),
	    number_after(status, "\nVmPTE:"), hex, cgroup);
	if (s->n + n < sizeof(s->text))
		s->n += n;
}

static void
take_sample(struct sample *s)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;

	s->n = 0;
	s->begin = now();
	while (proc != NULL && (d = readdir(proc)) != NULL) {
		if (isdigit((unsigned char)d->d_name[0]))
			add_process(s, d->d_name);
	}
	if (proc != NULL)
		closedir(proc);
	s->end = now();
	s->kills = kills();
}

static void
look_at_wal(struct witness *w, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0 ||
	    (st.st_size == w->wal_size && st.st_mtim.tv_sec == w->wal_time.tv_sec &&
		st.st_mtim.tv_nsec == w->wal_time.tv_nsec))
		return;
	w->wal_size = st.st_size;
	w->wal_time = st.st_mtim;
	if (w->ncommits < COMMITS_MAX)
		w->commits[w->ncommits++] = now();
}

static void
watch(struct witness *w, const char *wal)
{
	size_t at = 0;
	long before;

	take_sample(&w->ring[at]);
	before = w->ring[at].kills;
	while (!stop) {
		struct sample *last = &w->ring[at], *s = &w->ring[at ^ 1];

		take_sample(s);
		if (s->kills > before && w->nkept < KEPT_MAX)
			w->kept[w->nkept++] = *last;
		before = s->kills;
		at ^= 1;
		for (int i = 0; i < 5; i++) {
			look_at_wal(w, wal);
			poll(NULL, 0, PAUSE_MS / 5);
		}
	}
}

static FILE *
create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "w")) == NULL) {
		perror(path);
		exit(1);
	}
	return f;
}

static void
tell(const struct witness *w, const char *dir)
{
	FILE *f = create(dir, "commits.tsv");

	for (size_t i = 0; i < w->ncommits; i++)
		fprintf(f, "%.6f\n", w->commits[i]);
	fclose(f);
	for (size_t i = 0; i < w->nkept; i++) {
		char name[32];

		snprintf(name, sizeof(name), "sample-%zu.tsv", i + 1);
		f = create(dir, name);
		fprintf(f, "# %.6f %.6f\n", w->kept[i].begin, w->kept[i].end);
		fwrite(w->kept[i].text, 1, w->kept[i].n, f);
		fclose(f);
	}
}

int
main(int argc, char **argv)
{
	static struct witness w;
	struct sigaction term = { .sa_handler = on_term };
	char wal[4096];

	if (argc != 3) {
		fprintf(stderr, "usage: witness DIR DB\n");
		return 2;
	}
	snprintf(wal, sizeof(wal), "%s-wal", argv[2]);
	sigaction(SIGTERM, &term, NULL);
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		perror("mlockall");
	memset(&w, 0, sizeof(w)); /* touched, so that no page of it is missing later */
	watch(&w, wal);
	tell(&w, argv[1]);
	return 0;
}
