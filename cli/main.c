/* oomwhy: why did the OOM killer kill that? */
#include "base/mem.h"
#include "base/str.h"
#include "cli/cmd.h"
#include "cli/message.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct cmd *const cmds[] = { &cmd_explain, &cmd_parse, &cmd_ingest, &cmd_list,
	&cmd_timeline, &cmd_report, &cmd_export, &cmd_check, &cmd_store, &cmd_whatif, &cmd_compare,
	&cmd_next, &cmd_doctor };

static void
help(FILE *out)
{
	fputs("usage: oomwhy                      explain the newest OOM kills of this machine\n"
	      "       oomwhy FILE...              explain the OOM kills in kernel logs\n"
	      "       oomwhy COMMAND [OPTION...]\n\ncommands:\n",
	    out);
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
		fprintf(out, "  %s %s\n", cmds[i]->name, cmds[i]->args);
	fputs(
	    "\noomwhy COMMAND --help tells about one.  oomwhy --version tells the version.\n", out);
}

/* A closed stdout must fail when written to, and not become the number of the log's file. */
static int
fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 ? -1 : close(fd);
}

static enum exit_code
run(int argc, char **argv)
{
	if (argc < 2)
		return cmd_explain.run(&cmd_explain, argc, argv);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("oomwhy " OOMWHY_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		if (strcmp(argv[1], cmds[i]->name) == 0)
			return cmds[i]->run(cmds[i], argc - 1, argv + 1);
	}
	return cmd_explain.run(&cmd_explain, argc, argv);
}

int
main(int argc, char **argv)
{
	enum exit_code code;

	/* Who closes the pipe has seen enough; a parent may have had it ignored. */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN); /* a file too large is an error with a name, not our end */
	if (fill_standard_files() != 0)
		return EXIT_FAILED;
	json_set_alloc_funcs(mem_alloc, mem_free);
	code = run(argc, argv);
	if (fclose(stdout) != 0 && code == EXIT_DONE) {
		message("cannot write the answer: %s", strerror(errno));
		code = EXIT_FAILED;
	}
	return code;
}
