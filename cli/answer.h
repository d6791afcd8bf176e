/*
 * What explain and parse have in common: options, output, pipeline, exit code.
 * They differ in the renderer, and in whether events are told one by one as they
 * are found or as incidents at the end.
 */
#ifndef OOMWHY_CLI_ANSWER_H
#define OOMWHY_CLI_ANSWER_H

#include "cli/options.h"
#include "cli/pipeline.h"

/* stream: tell each event at once and keep nothing. */
enum exit_code answer(const struct options *, const char *format, bool stream);
/* The same of what another than pipeline_run() finds. */
enum exit_code answer_from(
    const struct options *, const char *format, bool stream, pipeline_fn *find);
/* How the program ends when all was told. */
enum exit_code answer_code(const struct pipeline *);
/* With --redact the names of the sources too: 0, or -1: no memory. */
int answer_redact(const struct options *, const struct searched *);
struct report_opts answer_opts(const struct options *, FILE *out);
/* The command line understood; false: there is nothing more to do but end with *ret. */
bool options_take(struct options *, const struct cmd *, int argc, char **argv, enum exit_code *ret);
/* Complain about the command line. */
enum exit_code usage_error(const struct cmd *, const char *why);

#endif
