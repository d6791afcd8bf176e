/* What the kills before tell, in sentences: every format has the same. */
#ifndef OOMWHY_REPORT_TREND_H
#define OOMWHY_REPORT_TREND_H

#include "report/report.h"

enum { TREND_SENTENCES = 5 };

/* Escaped; to be freed one by one.  Returns how many there are; none where f->trend is NULL. */
size_t trend_sentences(const struct finding *f, char *ret[static TREND_SENTENCES]);

#endif
