/* Whom the kernel would kill now. */
#include "cli/answer.h"
#include "cli/message.h"
#include "cli/output.h"
#include "report/instant.h"
#include "report/next.h"
#include "system/machine.h"
#include "system/process.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* One look at the machine. */
struct look {
	struct machine machine;
	struct next next;
	int64_t taken_us;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int
look_at(struct look *l, const struct root *r, const struct options *o, struct err *err)
{
	l->next = (struct next){ .ev = NULL };
	l->taken_us = now_us();
	if (machine_read(&l->machine, r, PART_PROCESSES | PART_GROUPS, err) != 0 ||
	    next_make(&l->machine, str_from(o->cgroup), r->live ? process_shares : NULL, &l->next,
		err) != 0)
		return -1;
	return 0;
}

static void
look_done(struct look *l)
{
	next_done(&l->next);
	machine_done(&l->machine);
}

static int
tell(const struct look *l, const struct options *o, FILE *out, struct err *err)
{
	struct report rep = { .out = out, .opts = answer_opts(o, out) };

	if (o->format == NULL || strcmp(o->format, "text") == 0)
		next_text(&rep, &l->next);
	else if (next_json(out, &l->next, l->taken_us) != 0)
		return err_no_memory(err);
	return report_finish(&rep, err);
}

/* What could not be seen is named; the ranking of the rest is told all the same. */
static bool
seen_all(const struct machine *m)
{
	for (size_t i = 0; i < m->nunread; i++)
		message("%.*s: %.*s", STR_ARG(m->unread[i].path), STR_ARG(m->unread[i].why));
	if (m->processes.unreadable > 0)
		message("%zu processes cannot be read by this user", m->processes.unreadable);
	return m->nunread == 0 && m->processes.unreadable == 0;
}

static enum exit_code
once(const struct root *r, const struct options *o, FILE *out, struct err *err)
{
	struct look l;
	enum exit_code code = EXIT_FAILED;

	if (look_at(&l, r, o, err) == 0 && tell(&l, o, out, err) == 0)
		code = seen_all(&l.machine) ? EXIT_DONE : EXIT_PARTLY;
	look_done(&l);
	return code;
}

static bool
pause_ms(int64_t ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	return clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL) == 0;
}

/* Lines of the terminal; what does not fit must not scroll it. */
static int
screen_lines(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row - 1
									     : INT_MAX;
}

/*
 * The whole answer in one write, from the top left, each line cleared to its end: nothing is
 * ever blank, so nothing flickers.  Lines are cut at the margin and not folded.
 */
static int
redraw(const struct look *l, const struct options *o, FILE *out, struct err *err)
{
	char *text = NULL;
	size_t n = 0;
	FILE *mem = open_memstream(&text, &n);
	struct str rest, line;
	int rc = mem == NULL ? err_no_memory(err) : tell(l, o, mem, err);

	if (mem != NULL && fclose(mem) != 0 && rc == 0)
		rc = err_no_memory(err);
	rest = (struct str){ text, n };
	if (rc == 0)
		fputs("\033[?7l\033[H", out);
	for (int left = screen_lines(out); rc == 0 && left > 0 && str_cut_line(&rest, &line);
	     left--)
		fprintf(out, "%.*s\033[K\n", STR_ARG(line));
	if (rc == 0)
		fputs("\033[J\033[?7h", out);
	free(text);
	return rc == 0 && fflush(out) != 0 ? err_set(err, "cannot write: %s", strerror(errno)) : rc;
}

/* In a pipe: a line whenever another process has become the first. */
static int
log_change(const struct look *l, int64_t *first, FILE *out, struct err *err)
{
	int64_t pid = l->next.first == NULL ? 0 : l->next.first->p->pid;
	struct instant_text when;

	if (pid == *first)
		return 0;
	*first = pid;
	if (instant_rfc3339(l->taken_us, &when))
		fprintf(out, "%s ", when.s);
	next_brief(out, &l->next);
	return fflush(out) == 0 ? 0 : err_set(err, "cannot write: %s", strerror(errno));
}

static enum exit_code
watch(const struct root *r, const struct options *o, FILE *out, struct err *err)
{
	bool terminal = isatty(fileno(out)) != 0, json = o->format != NULL && *o->format == 'j';
	int64_t first = UNKNOWN;
	int rc = 0;

	if (terminal && !json)
		fputs("\033[2J", out);
	do {
		struct look l;

		rc = look_at(&l, r, o, err);
		if (rc == 0 && json)
			rc = tell(&l, o, out, err);
		else if (rc == 0)
			rc = terminal ? redraw(&l, o, out, err) : log_change(&l, &first, out, err);
		look_done(&l);
	} while (rc == 0 && pause_ms(o->watch_ms));
	return rc == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code
next(const struct options *o)
{
	struct output out;
	struct root r;
	struct err err = { "" };
	enum exit_code code = EXIT_FAILED;

	if (root_open(&r, o->root != NULL ? o->root : "/", &err) != 0) {
		message("%s", err.msg);
		return EXIT_FAILED;
	}
	if (output_open(&out, o->output, &err) == 0) {
		code = o->watch ? watch(&r, o, out.f, &err) : once(&r, o, out.f, &err);
		if (code != EXIT_FAILED && output_commit(&out, &err) != 0)
			code = EXIT_FAILED;
		output_discard(&out);
	}
	if (code == EXIT_FAILED)
		message("%s", err.msg);
	root_close(&r);
	return code;
}

static enum exit_code
run_next(const struct cmd *cmd, int argc, char **argv)
{
	struct options o;
	enum exit_code code;

	if (!options_take(&o, cmd, argc, argv, &code))
		return code;
	if (o.npaths > 0)
		return usage_error(cmd, "next takes only options");
	if (o.watch && o.output != NULL)
		return usage_error(cmd, "--watch writes no file");
	return next(&o);
}

const struct cmd cmd_next = { "next", "[OPTION...]",
	"Rank the processes of this machine as the kernel would if memory ran out now, by its own\n"
	"arithmetic: who would be killed, by which margin, and what would change that.",
	CMD_NEXT, run_next };
