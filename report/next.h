/* The answer of `next`, for people and for programs. */
#ifndef OOMWHY_REPORT_NEXT_H
#define OOMWHY_REPORT_NEXT_H

#include "analyze/next.h"
#include "report/report.h"

enum { NEXT_ROWS = 10 /* of the ranking, unless all are asked for */ };

void next_text(struct report *, const struct next *);
/* One line, for a log: "postgres (pid 812), 23251 pages, leads java (pid 900) by 19574". */
void next_brief(FILE *, const struct next *);
/* oomwhy.next/1.  taken_us: when it was read.  -1: no memory. */
int next_json(FILE *, const struct next *, int64_t taken_us);

#endif
