/*
 * A look at the machine at the moment of a kill, for a program that follows its log.
 *
 *	struct witness w;
 *	witness_take(&root, &w);
 *	witness_write(file, &w);
 *
 * It opens files and reads them into a few kilobytes of the stack: it allocates nothing, and
 * cannot fail.  What could not be read is unknown.
 */
#ifndef OOMWHY_SYSTEM_WITNESS_H
#define OOMWHY_SYSTEM_WITNESS_H

#include "model/witness.h"
#include "system/root.h"

enum { WITNESS_PIDS = 65536 /* processes that are looked at */ };

void witness_take(const struct root *, struct witness *ret);

#endif
