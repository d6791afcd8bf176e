/* What the user named as what is read one after the other. */
#ifndef OOMWHY_CLI_READINGS_H
#define OOMWHY_CLI_READINGS_H

#include "cli/options.h"
#include "ingest/expand.h"

struct reading {
	const struct source_set *set;
	const char *label;
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
