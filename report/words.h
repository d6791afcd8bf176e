/* Numbers and names as people read them. */
#ifndef OOMWHY_REPORT_WORDS_H
#define OOMWHY_REPORT_WORDS_H

#include "model/event.h"

#include <stdio.h>

/* By value, so that a call can stand among the arguments of printf: words_kb(n).s */
struct words {
	char s[64];
};

struct words words_kb(int64_t kb);  /* "90.8 MiB"; "unknown" if it is */
struct words words_number(int64_t); /* "23251"; "?" if unknown */
/* "1 process", "21 processes". */
struct words words_count(int64_t n, const char *one, const char *many);
/* "mysqld (pid 106)"; what is unknown is left out. */
void put_name(FILE *, struct str comm, int64_t pid);
void put_victim_name(FILE *, const struct victim *); /* its name, or that of its cgroup or unit */
/* "mysqld[106]", and then blanks up to `width` columns. */
void put_tag(FILE *, struct str comm, int64_t pid, int width);
/* Escaped, broken at blanks, each line indented; ends with a newline. */
struct report;
void put_wrapped(struct report *, struct str, int indent);
/* Columns that text takes once escaped: every character counts as one. */
int width_of(struct str);
/* Pages as kB; UNKNOWN if either is unknown or the product is too large. */
int64_t pages_kb(const struct event *, int64_t pages);

#endif
