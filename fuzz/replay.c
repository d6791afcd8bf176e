/*
 * replay FOLDER...: give every file in them to a fuzz target, with any compiler, so that
 * what was once found stays mended.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1024 * 1024, PATH_LEN = 4096 };

static int
replay_file(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX);
	FILE *in = fopen(path, "rb");
	size_t n = data != NULL && in != NULL ? fread(data, 1, INPUT_MAX, in) : 0;
	int failed = data == NULL || in == NULL || ferror(in);

	if (failed) {
		fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
	} else {
		/* Said before, so that a crash has a name. */
		printf("%s, %zu bytes\n", path, n);
		fflush(stdout);
		LLVMFuzzerTestOneInput(data, n);
	}
	if (in != NULL)
		fclose(in);
	free(data);
	return failed ? -1 : 0;
}

static int
replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int status = 0;

	if (dir == NULL) {
		fprintf(stderr, "replay: %s: %s\n", folder, strerror(errno));
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		char path[PATH_LEN];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (replay_file(path) == -1)
			status = -1;
	}
	closedir(dir);
	return status;
}

int
main(int argc, char **argv)
{
	int status = EXIT_SUCCESS;

	for (int i = 1; i < argc; i++)
		if (replay_folder(argv[i]) == -1)
			status = EXIT_FAILURE;
	return status;
}
