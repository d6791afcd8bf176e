/*
 * How far a file was read, and what it looked like: by name it may be another one
 * tomorrow, and this one may have another name, or be a copy.
 */
#ifndef OOMWHY_MODEL_CHECKPOINT_H
#define OOMWHY_MODEL_CHECKPOINT_H

#include "base/str.h"

enum { PRINT_BYTES = 1024, PRINT_PIECES = 32 };

/* A hash of the first PRINT_BYTES (fewer of a short file), and one of PRINT_PIECES pieces of
 * that size between them and `offset`, the last just before it. */
struct file_print {
	int64_t offset;
	int64_t head, tail;
};

/* A place of a log where reading can begin as if all before it had just been read. */
struct log_place {
	int64_t offset;	  /* of the first byte of a line */
	int64_t lines;	  /* in front of it */
	struct str known; /* what they told that later lines need; STR_NONE: nothing, at 0 */
};

struct checkpoint {
	struct str path;
	int64_t device, inode;
	int64_t mtime_ns;
	struct file_print print; /* up to where it was read */
	struct log_place place;	 /* before the oldest report that was still open there */
	struct str reading;	 /* how it was understood: options that change what is read */
	int64_t number;		 /* in the store */
};

#endif
