/* The renderers of a period, one file each.  Private to report/period_*.c. */
#ifndef OOMWHY_REPORT_PERIOD_FORMATS_H
#define OOMWHY_REPORT_PERIOD_FORMATS_H

#include "report/period.h"

extern const struct period_format period_csv, period_html, period_json, period_markdown,
    period_text;

#endif
