/*
 * A file of our own: for what a library wants to map, and we have as a stream.  It has a name
 * until it is opened: libsystemd refuses files without one (journal_file_fstat() says EIDRM),
 * and so memfd_create(2) does not do.
 */
#ifndef OOMWHY_INGEST_SPOOL_H
#define OOMWHY_INGEST_SPOOL_H

#include "base/err.h"
#include "ingest/lines.h"

#include <stdint.h>

/* Bytes a file may have; zeros take no room.  journald's own files end at 128 MiB
 * (journald.conf(5), SystemMaxFileSize=) where nobody says otherwise. */
enum { SPOOL_MAX = 1 << 29, SPOOL_PATH = 512 };

struct spool {
	int fd;
	char path[SPOOL_PATH];
};

/*
 * All that is to be read, in a new file that only we may read.  hole() tells for how many zeros
 * the byte stands that was read last; 0: for itself.  0, or -1 and *err.
 */
int spool_fill(struct spool *, lines_read *, int64_t (*hole)(void *ctx), void *ctx, struct err *);
void spool_done(struct spool *); /* it goes when nobody has it open any more */

#endif
