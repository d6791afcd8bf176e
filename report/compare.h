/* The answer of `compare`, for people and for programs. */
#ifndef OOMWHY_REPORT_COMPARE_H
#define OOMWHY_REPORT_COMPARE_H

#include "analyze/compare.h"
#include "report/report.h"

enum { COMPARE_ROWS = 8 /* of memory and services, unless all are asked for */ };

void compare_text(
    struct report *, const struct finding *, const struct finding *, const struct compare *);
/* oomwhy.compare/1.  -1: no memory. */
int compare_json(FILE *, const struct finding *, const struct finding *, const struct compare *);

#endif
