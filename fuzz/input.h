/* The bytes of a fuzz input as something that can be opened like a file. */
#ifndef OOMWHY_FUZZ_INPUT_H
#define OOMWHY_FUZZ_INPUT_H

#include "ingest/source.h"

#include <stddef.h>
#include <stdint.h>

struct input {
	int fd;
	char path[32];
};

/* Never fails: a machine that cannot do it ends the run. */
struct input input_open(const uint8_t *data, size_t size);
void input_close(struct input *);
/* The same clock and zone every time: a finding must come back. */
struct source_opts input_opts(void);

#endif
