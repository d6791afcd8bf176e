#include "test.h"

#include "tree.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
tree_make(struct tree *t)
{
	const char *tmp = getenv("TMPDIR");
	struct err err;

	snprintf(t->path, sizeof(t->path), "%s/oomwhy-tree.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(t->path));
	assert_int_equal(root_open(&t->root, t->path, &err), 0);
	assert_false(t->root.live);
}

/* All directories on the way to a path. */
static void
parents(const char *path)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s", path);
	for (char *p = dir + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(dir, 0755);
		*p = '/';
	}
}

static void
full(const struct tree *t, const char *path, char *to)
{
	assert_true(snprintf(to, PATH_MAX, "%s/%s", t->path, path) < PATH_MAX);
	parents(to);
}

void
tree_put(const struct tree *t, const char *path, const char *text)
{
	char name[PATH_MAX];
	FILE *f;

	full(t, path, name);
	f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

void
tree_dir(const struct tree *t, const char *path)
{
	char name[PATH_MAX];

	full(t, path, name);
	assert_int_equal(mkdir(name, 0755), 0);
}

void
tree_link(const struct tree *t, const char *path, const char *to)
{
	char name[PATH_MAX];

	full(t, path, name);
	assert_int_equal(symlink(to, name), 0);
}

void
tree_process(const struct tree *t, int pid, const char *name, int rss_kb, int swap_kb, int adj)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "proc/%d/status", pid);
	snprintf(text, sizeof(text),
	    "Name:\t%s\nState:\tS (sleeping)\nTgid:\t%d\nPid:\t%d\nPPid:\t1\n"
	    "Uid:\t1000\t1000\t1000\t1000\nVmSize:\t%8d kB\nVmRSS:\t%8d kB\nVmPTE:\t      40 kB\n"
	    "VmSwap:\t%8d kB\nHugetlbPages:\t       0 kB\nThreads:\t1\n"
	    "CapEff:\t0000000000000000\n",
	    name, pid, pid, rss_kb * 2, rss_kb, swap_kb);
	tree_put(t, path, text);
	snprintf(path, sizeof(path), "proc/%d/statm", pid);
	snprintf(text, sizeof(text), "%d %d 0 0 0 0 0\n", rss_kb / 2, rss_kb / 4);
	tree_put(t, path, text);
	snprintf(path, sizeof(path), "proc/%d/oom_score_adj", pid);
	snprintf(text, sizeof(text), "%d\n", adj);
	tree_put(t, path, text);
	snprintf(path, sizeof(path), "proc/%d/comm", pid);
	snprintf(text, sizeof(text), "%s\n", name);
	tree_put(t, path, text);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

void
tree_remove(struct tree *t)
{
	root_close(&t->root);
	nftw(t->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
