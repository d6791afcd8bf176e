/* The bytes of a fuzz input as something that can be opened like a file. */
#ifndef OOMWHY_FUZZ_FILE_H
#define OOMWHY_FUZZ_FILE_H

#include "ingest/source.h"

#include <stddef.h>
#include <stdint.h>

struct fuzz_file {
	int fd;
	char path[32];
};

/* Never fails: a machine that cannot do it ends the run. */
struct fuzz_file fuzz_file_open(const uint8_t *data, size_t size);
void fuzz_file_close(struct fuzz_file *);
/* The same clock and zone every time: a finding must come back. */
struct source_opts fuzz_source_opts(void);

#endif
