/*
 * The bytes of one thing the user named: a file, a pipe, standard input.  Its
 * first bytes can be looked at before anybody reads them.
 */
#ifndef OOMWHY_INGEST_INPUT_H
#define OOMWHY_INGEST_INPUT_H

#include "base/err.h"
#include "base/str.h"
#include "ingest/source.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { INPUT_HEAD = 4096 }; /* bytes that can be looked at */

struct input; /* opaque: made by input_open, ended by input_close */

/* NULL and *err for what cannot be read as a file.  "-" is standard input.
 * `where` must outlive the input.  part: of a file that is open already; NULL: all of it. */
struct input *input_open(const char *where, const struct source_part *part, struct err *);
const char *input_name(const struct input *);
struct str input_head(const struct input *);  /* nothing of it is taken */
int64_t input_mtime_us(const struct input *); /* UNKNOWN for a pipe */
/* As read(2), but only 0 at the end and -1 with *err: interruptions are not seen. */
ssize_t input_read(void *input, char *to, size_t n, struct err *);
void input_close(void *input); /* NULL is fine */

#endif
