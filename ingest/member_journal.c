#include "ingest/member_journal.h"

#include "ingest/spool.h"

#include <string.h>

/* libsystemd maps files: it gets a copy. */
struct source *
member_journal_open(lines_read *read, int64_t (*hole)(void *ctx), void *ctx, const char *label,
    const struct source_opts *of_archive, struct err *err)
{
	struct source_opts opts = *of_archive;
	struct source_part part;
	struct source *ret = NULL;
	struct spool copy;

	if (spool_fill(&copy, read, hole, ctx, err) == 0) {
		part = (struct source_part){ .fd = copy.fd, .end = SPOOL_MAX };
		opts.kind = "journal";
		opts.part = &part;
		opts.follow = false;
		opts.resume = NULL;
		ret = source_open(label, &opts, err);
		spool_done(&copy);
	}
	if (ret == NULL && strncmp(err->msg, label, strlen(label)) != 0)
		err_prefix(err, "%s", label);
	return ret;
}
