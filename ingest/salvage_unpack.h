/* Fields of a journal that are compressed: each by itself. */
#ifndef OOMWHY_INGEST_SALVAGE_UNPACK_H
#define OOMWHY_INGEST_SALVAGE_UNPACK_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct salvage_unpacker; /* keeps the libraries' decoders; ended by salvage_unpacker_free() */

struct salvage_unpacker *salvage_unpacker_new(struct err *); /* NULL: no memory */
void salvage_unpacker_free(struct salvage_unpacker *);	     /* NULL is fine */

/* OBJECT_COMPRESSED_ of journal-def.h @ v252: one of those that are known. */
bool salvage_is_packing(unsigned flags);
/* Up to `cap` bytes of it; 0: it is damaged, or its library is not there. */
size_t salvage_unpack(
    struct salvage_unpacker *, unsigned flags, struct str packed, char *to, size_t cap);

#endif
