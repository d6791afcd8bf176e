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
	bool has_entry; /* that was not given yet */
	int64_t given, counted, broken;
};

/* Zero-initialise. */
struct rescue {
	struct arena mem;
	struct rescued *v;
	size_t n, cap;
};

/* 1: it has entries; 0 and *err: there is none to be had; -1 and *err: no memory. */
int rescue_add(struct rescue *, const char *path, const char *name, struct err *);
/* Of all files the one with the oldest entry, not open; NULL: no more. */
struct rescued *rescue_next(const struct rescue *);
/* Its entry may be asked for fields then.  -1 and *err: it has become unreadable. */
int rescue_open(struct rescued *, struct err *);
/* Its entry was given.  -1 and *err, where the rest of it cannot be read. */
int rescue_advance(struct rescued *, struct err *);
int64_t rescue_given(const struct rescue *);
/* What is lost of those that were read to their end: says so, or *to is empty. */
void rescue_tell(const struct rescue *, char *to, size_t size);
void rescue_done(struct rescue *);

#endif
