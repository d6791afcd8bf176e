/*
 * Journal files that libsystemd does not read, or shall not: their entries in the order of
 * time, from all of them.
 */
#ifndef OOMWHY_INGEST_JOURNAL_RESCUE_H
#define OOMWHY_INGEST_JOURNAL_RESCUE_H

#include "base/arena.h"
#include "ingest/salvage.h"

struct rescued {
	const char *path, *name; /* name: what people are told */
	struct salvage *file;	 /* NULL: it is not open now */
	struct salvage_entry entry;
	int64_t given, counted, broken;
	int64_t unread;	    /* of those given: their message is damaged */
	const char *failed; /* why there is no more of it; NULL: it was read to its end */
};

/* Zero-initialise. */
struct rescue {
	struct arena mem;
	struct rescued *v;
	size_t n, cap;
	size_t *heap; /* those of v that have an entry, the oldest at the top */
	size_t waiting, heap_cap;
};

/* 1: it has entries; 0 and *err: there is none to be had; -1 and *err: no memory. */
int rescue_add(struct rescue *, const char *path, const char *name, struct err *);
/* Of all files the one with the oldest entry, which may not be open; NULL: no more. */
struct rescued *rescue_first(const struct rescue *);
/* Open that one: its entry may be asked for fields then.  False: it has changed or become
 * unreadable, and another one may be the first now. */
bool rescue_open(struct rescue *);
/* The entry of the first was given, or could not be read: go on in its file. */
void rescue_advance(struct rescue *, bool was_read);
int64_t rescue_given(const struct rescue *);
/* What is lost of those that were read to their end: says so, or *to is empty. */
void rescue_tell(const struct rescue *, char *to, size_t size);
void rescue_done(struct rescue *);

#endif
