/* The answer of `whatif`, for people and for programs. */
#ifndef OOMWHY_REPORT_WHATIF_H
#define OOMWHY_REPORT_WHATIF_H

#include "analyze/whatif.h"
#include "report/report.h"

enum { WHATIF_ROWS = 5 /* of the ranking, unless all are asked for */ };

void whatif_text(struct report *, const struct finding *, const struct whatif *);
/* oomwhy.whatif/1.  -1: no memory. */
int whatif_json(FILE *, const struct finding *, const struct whatif *, const struct whatif_ask *);

#endif
