/* Patterns of bytes: '*' is any run, '?' any one.  No locale, no NUL, linear in practice. */
#ifndef OOMWHY_ANALYZE_GLOB_H
#define OOMWHY_ANALYZE_GLOB_H

#include "base/str.h"

bool glob_match(struct str pattern, struct str text);
/* The same for the name of a process, of which the kernel keeps 15 bytes: a name that
 * long may be the beginning of the one that the pattern means. */
bool glob_match_comm(struct str pattern, struct str comm);

#endif
