/* Where the reading of a file begins, and where the next one may: for opts->source.part. */
#ifndef OOMWHY_CLI_RESUME_H
#define OOMWHY_CLI_RESUME_H

#include "cli/pipeline.h"
#include "cli/readings.h"
#include "parse/parser.h"

/* Where it was left the last time, or (by another version of us) at its beginning. */
struct source *resume_open(struct pipeline *, const struct reading *, const struct source_opts *,
    struct parser *, struct err *);
/* Before the parser is given this record. */
void resume_note(
    struct pipeline *, const struct source *, const struct parser *, const struct record *);
/* After the last, before the parser is told so. */
void resume_note_end(struct pipeline *, const struct source *, const struct parser *);

#endif
