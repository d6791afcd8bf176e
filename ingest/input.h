/*
 * The bytes of one thing the user named: a file, a pipe, standard input.  Its
 * first bytes can be looked at before anybody reads them.
 */
#ifndef OOMWHY_INGEST_INPUT_H
#define OOMWHY_INGEST_INPUT_H

#include "base/err.h"
#include "base/str.h"
#include "model/checkpoint.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { INPUT_HEAD = 4096 }; /* bytes that can be looked at */

/* Tells how many bytes were read just now. */
typedef void input_tick(void *ctx, size_t bytes);

/* A file that is open already, or a part of it. */
struct source_part {
	int fd;			/* stays the caller's */
	struct log_place place; /* where to begin */
	int64_t end;		/* what is behind it is not read, nor is its growth */
};

struct input; /* opaque: made by input_open, ended by input_close */

/* NULL and *err for what cannot be read as a file.  "-" is standard input.
 * `where` must outlive the input.  part: of a file that is open already; NULL: all of it. */
struct input *input_open(const char *where, const struct source_part *part, struct err *);
const char *input_name(const struct input *);
struct str input_head(const struct input *);  /* nothing of it is taken */
int64_t input_mtime_us(const struct input *); /* UNKNOWN for a pipe */
/* Have each read told; NULL: none. */
void input_watch(struct input *, input_tick *, void *ctx);
/* As read(2), but only 0 at the end and -1 with *err: interruptions are not seen. */
ssize_t input_read(void *input, char *to, size_t n, struct err *);
void input_close(void *input); /* NULL is fine */

#endif
