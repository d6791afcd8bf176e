/* Bytes and objects of a file that is not to be trusted: nothing outside of it is ever read. */
#ifndef OOMWHY_INGEST_SALVAGE_FILE_H
#define OOMWHY_INGEST_SALVAGE_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum object_type { OBJECT_DATA = 1, OBJECT_ENTRY = 3, OBJECT_DATA_TABLE = 4, OBJECT_LAST = 7 };

enum { OBJECT_HEAD = 16 }; /* struct ObjectHeader */

struct object {
	int64_t at, size; /* all of it lies inside the file */
	unsigned type, flags;
};

struct salvage_page;

struct salvage_file {
	int fd, error; /* error: of a read that failed; what it should have given is missing */
	int64_t size;  /* when it was opened */
	struct salvage_page *pages;
};

int salvage_file_open(struct salvage_file *, const char *path, struct err *);
void salvage_file_close(struct salvage_file *);

uint64_t salvage_le64(const unsigned char *);
/* False: the file ends before. */
bool salvage_take(struct salvage_file *, int64_t at, void *to, size_t n);
/* Whether an object can begin there, by its header. */
bool salvage_object(struct salvage_file *, int64_t at, struct object *ret);
int64_t salvage_object_end(const struct object *); /* where the next one begins */
/* at, or behind the hole of the file in which it lies: zeros that were never written. */
int64_t salvage_past_hole(const struct salvage_file *, int64_t at);

#endif
