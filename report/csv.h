/* Comma-separated values as RFC 4180 has them. */
#ifndef OOMWHY_REPORT_CSV_H
#define OOMWHY_REPORT_CSV_H

#include "base/str.h"

#include <stdio.h>

/* Log text, escaped and quoted; a spreadsheet shall not compute it. */
void csv_put(FILE *, struct str);

#endif
