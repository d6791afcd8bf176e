/*
 * The entries of a journal file that is damaged: read object by object, without the indexes that
 * lead libsystemd through it, so that what is broken costs no more than itself.
 *
 * The layout is systemd's src/libsystemd/sd-journal/journal-def.h @ v252 (JOURNAL_FILE_FORMAT.md):
 * objects one after the other, each with a header and at a multiple of 8; an entry names the
 * objects of its fields by their place.  Numbers are little endian.
 */
#ifndef OOMWHY_INGEST_SALVAGE_H
#define OOMWHY_INGEST_SALVAGE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct salvage; /* opaque: made by salvage_open, ended by salvage_close */

struct salvage_entry {
	uint64_t seqnum, real_us, mono_us;
	unsigned char boot_id[16];
	int64_t at;	/* in the file */
	uint32_t items; /* fields */
	/* It is one of the file.  Behind damage the end of an object is guessed, and a message may
	 * hold what looks like an entry, which anybody could have written: until an object comes
	 * that the file's own table of hashes leads to. */
	bool sure;
};

/* NULL and *err: it cannot be opened, or is of a layout that is not known. */
struct salvage *salvage_open(const char *path, struct err *);
/* 1, 0 no more, -1 and *err: the file cannot be read. */
int salvage_next(struct salvage *, struct salvage_entry *ret, struct err *);
/*
 * The i-th field as "NAME=value", cut at LINES_MAX bytes; good until the next call.  1; 0: it is
 * damaged; -1 and *err.
 */
int salvage_field(
    struct salvage *, const struct salvage_entry *, uint32_t i, struct str *ret, struct err *);
int64_t salvage_counted(const struct salvage *); /* entries that its header tells of; UNKNOWN */
int64_t salvage_broken(const struct salvage *);	 /* places where an object was none */
void salvage_close(struct salvage *);		 /* NULL is fine */

#endif
