/*
 * Long lines in docker's json-file: the daemon reads 16 KiB at a time (defaultBufSize,
 * daemon/logger/copier.go), and what ends there without a newline goes on in the next
 * entry of the same stream.
 */
#ifndef OOMWHY_INGEST_DOCKER_H
#define OOMWHY_INGEST_DOCKER_H

#include "ingest/entry.h"

enum { DOCKER_PIECE = 16 << 10, DOCKER_STREAMS = 2 };

/* Zero-initialise. */
struct docker {
	struct docker_line {
		struct entry_buffer text; /* n == 0: no line is open */
		struct stamp stamp;	  /* of its first piece */
		int64_t line;
	} open[DOCKER_STREAMS];
};

/* Whether the raw object may be a piece or end a line, so that it has to be read. */
bool docker_may_join(const struct docker *, struct str raw);
/*
 * Shorter texts without a newline are those of programs that strip it.  ENTRY_READY: *e is
 * whole, its text good until the next call; ENTRY_MORE: it goes on; ENTRY_ERROR: no memory.
 */
enum entry_status docker_join(struct docker *, struct str stream, struct entry *e, struct err *);
/* At the end: a line that was not finished; false when there is none. */
bool docker_flush(struct docker *, struct entry *ret);
void docker_done(struct docker *);

#endif
