/* The files of a journal: which there are, and which of them cannot be read. */
#ifndef OOMWHY_INGEST_JOURNAL_SYSTEMD_H
#define OOMWHY_INGEST_JOURNAL_SYSTEMD_H

#include "base/arena.h"
#include "ingest/journal_rescue.h"
#include "ingest/systemd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The run of entries that the header of a file tells of. */
struct journal_run {
	unsigned char numbering[16]; /* whose numbers the next are */
	uint64_t first, last;
	int64_t entries;
};

struct journal_files {
	struct arena mem;
	const char *label;     /* what the one file is called; NULL: each by its path */
	struct rescue *rescue; /* takes files that the library refuses; NULL: they are left */
	bool thorough;	       /* it takes all files */
	const char **path;     /* ends with NULL */
	size_t n, cap;
	int64_t entries; /* that the headers of these files count */
	struct journal_run *run;
	size_t run_cap; /* of n */
	bool copies;	/* some entries stand in two files, and are given once */
	size_t refused; /* files that are there and cannot be read; */
	char why[256];	/* the first of them, with the reason */
};

bool journal_is_head(struct str head); /* a file that begins so is a journal */
bool journal_is_name(const char *);    /* one that is called so is meant to be */
/* A file, a directory of files, or of directories of them. */
int journal_list(struct journal_files *, const struct systemd *, const char *where, struct err *);
/* Those of this machine, which is called `where`. */
int journal_list_local(
    struct journal_files *, const struct systemd *, const char *where, struct err *);
void journal_files_done(struct journal_files *);

#endif
