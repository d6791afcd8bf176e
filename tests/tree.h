/* A directory that stands for a machine: files of /proc and /sys as a test wants them. */
#ifndef OOMWHY_TESTS_TREE_H
#define OOMWHY_TESTS_TREE_H

#include "system/root.h"

#include <limits.h>

struct tree {
	char path[PATH_MAX];
	struct root root;
};

void tree_make(struct tree *);
void tree_put(const struct tree *, const char *path, const char *text); /* with its directories */
void tree_dir(const struct tree *, const char *path);
void tree_link(const struct tree *, const char *path, const char *to);
/* A process: its name as status escapes it; adj -1000..1000. */
void tree_process(const struct tree *, int pid, const char *name, int rss_kb, int swap_kb, int adj);
void tree_remove(struct tree *);

#endif
