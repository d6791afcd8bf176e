/*
 * How log text reaches a terminal, a page or a JSON string without doing harm,
 * and how the kernel's own escapes are undone on the way in.
 *
 * Control bytes, C1 controls, direction and line-breaking controls, bytes that
 * are not UTF-8 and the backslash become \xNN, as /dev/kmsg prints them; all
 * other UTF-8 stays.  The result is valid UTF-8, is one line, and can be undone.
 */
#ifndef OOMWHY_BASE_ESCAPE_H
#define OOMWHY_BASE_ESCAPE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How many bytes at the front need no escape: s.n if none does. */
size_t escape_plain(struct str s);
/* Write s escaped; a failed write shows in ferror().  Unknown writes nothing. */
void str_put_escaped(FILE *, struct str s);
/* A NUL-terminated escaped copy.  Unknown stays unknown; on no memory .p is NULL. */
struct str escape_dup(struct arena *, struct str s);

/*
 * Undo \xNN: write s to `to`, which has room for s.n bytes and may be where s
 * stands already.  Returns the length, never more than s.n.  A backslash that
 * begins no whole escape stays as it is.
 */
size_t escape_undo(struct str s, char *to);

#endif
