#include "cli/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* All of it before the program starts: nobody has to write while it reads. */
static int
write_event(int fd, const struct finding *f, struct err *err)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	struct report rep = { .out = copy < 0 ? NULL : fdopen(copy, "w") };
	int rc;

	if (rep.out == NULL) {
		if (copy >= 0)
			close(copy);
		return err_set(err, "%s", strerror(errno));
	}
	renderer_find("ndjson")->event(&rep, f);
	rc = report_finish(&rep, err);
	fclose(rep.out);
	if (rc == 0 && lseek(fd, 0, SEEK_SET) != 0)
		rc = err_set(err, "%s", strerror(errno));
	return rc;
}

static _Noreturn void
become(const struct hooks *h, int event)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGXFSZ, SIG_DFL);
	dup2(event, STDIN_FILENO);
	setpgid(0, 0);
	alarm(HOOK_SECONDS); /* outlives execve(2) */
	execlp(h->program, h->program, (char *)NULL);
	_exit(127);
}

int
hook_run(struct hooks *h, const struct finding *f, struct err *err)
{
	size_t place = 0;
	int fd, rc;
	pid_t pid = -1;

	if (h->program == NULL)
		return 0;
	while (place < HOOKS_AT_ONCE && h->running[place] != 0)
		place++;
	if (place == HOOKS_AT_ONCE)
		return err_set(err, "%s is still busy with %d events: this one was not told",
		    h->program, HOOKS_AT_ONCE);
	if ((fd = memfd_create("event", MFD_CLOEXEC)) < 0)
		return err_set(err, "%s: %s", h->program, strerror(errno));
	rc = write_event(fd, f, err);
	if (rc == 0 && (pid = fork()) == 0)
		become(h, fd);
	if (rc == 0 && pid < 0)
		rc = err_set(err, "%s: %s", h->program, strerror(errno));
	if (rc == 0)
		h->running[place] = pid;
	close(fd);
	return rc;
}

void
hook_reap(struct hooks *h)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (size_t i = 0; i < HOOKS_AT_ONCE; i++) {
			if (h->running[i] == pid)
				h->running[i] = 0;
		}
	}
}
