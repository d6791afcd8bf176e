/* What somebody saw who was there when it happened, in sentences: every format has the same. */
#ifndef OOMWHY_REPORT_WITNESS_H
#define OOMWHY_REPORT_WITNESS_H

#include "report/report.h"

enum { WITNESS_SENTENCES = 5 };

/* Escaped; to be freed one by one.  Returns how many there are; none where nobody was there. */
size_t witness_sentences(const struct finding *, char *ret[static WITNESS_SENTENCES]);

#endif
