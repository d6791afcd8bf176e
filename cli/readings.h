/*
 * What the user named as what is read one after the other: files, directories walked, the
 * files of a rotated log as one, the files of the pstore as one.
 */
#ifndef OOMWHY_CLI_READINGS_H
#define OOMWHY_CLI_READINGS_H

#include "cli/options.h"
#include "ingest/expand.h"

enum reading_kind { READING_FILE, READING_PSTORE, READING_ROTATED };

struct reading {
	enum reading_kind kind;
	const char *label;
	const char *const *paths;
	size_t n;
	const char *failed; /* why it cannot be read; NULL: it was not tried yet */
};

struct readings {
	struct reading *v;
	size_t n;
	struct source_list list; /* what v points into */
};

/* 0, or -1 and *err; readings_done() in any case. */
int readings_make(struct readings *, const struct options *, struct err *);
/* One that is this set, which must outlive it. */
int readings_of_set(struct readings *, const struct source_set *, struct err *);
/* NULL and *err if it cannot be opened. */
struct source *reading_open(const struct reading *, const struct source_opts *, struct err *);
void readings_done(struct readings *);

#endif
