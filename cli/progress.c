#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SECOND_US = 1000000, EACH_US = 200000 };

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

static void
show(struct progress *p, int64_t now)
{
	double seconds = (double)(now - p->begin_us) / SECOND_US;
	double mib = (double)p->done / (1 << 20);
	const char *kills = *p->events == 1 ? "event" : "events";

	fprintf(stderr, "\r\033[K%.0f MiB, %.0f MiB/s, %lld %s", mib, mib / seconds,
	    (long long)*p->events, kills);
	if (p->total > 0 && p->done > 0 && p->done <= p->total)
		fprintf(stderr, ", %.0f %%, %.0f s left",
		    100.0 * (double)p->done / (double)p->total,
		    seconds * (double)(p->total - p->done) / (double)p->done);
	fflush(stderr);
	p->shown = true;
}

static void
tick(void *ctx, size_t bytes)
{
	struct progress *p = ctx;
	int64_t now = now_us();

	p->done += (int64_t)bytes;
	if (now < p->next_us)
		return;
	p->next_us = now + EACH_US;
	show(p, now);
}

void
progress_begin(
    struct progress *p, const struct readings *r, const int64_t *events, struct source_opts *opts)
{
	const char *term = getenv("TERM");
	struct stat st;

	*p = (struct progress){ .on = isatty(STDERR_FILENO) && term != NULL &&
				      strcmp(term, "dumb") != 0,
		.events = events,
		.begin_us = now_us() };
	if (!p->on)
		return;
	p->next_us = p->begin_us + SECOND_US;
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < r->v[i].set->n; k++) {
			if (stat(r->v[i].set->paths[k], &st) != 0 || !S_ISREG(st.st_mode))
				p->total = UNKNOWN;
			else if (known(p->total))
				p->total += st.st_size;
		}
	}
	opts->tick = tick;
	opts->tick_ctx = p;
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
