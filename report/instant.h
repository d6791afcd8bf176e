/* Points in time as text. */
#ifndef OOMWHY_REPORT_INSTANT_H
#define OOMWHY_REPORT_INSTANT_H

#include "report/report.h"

struct instant_text {
	char s[64];
};

/* "2026-11-22T22:46:01.001513Z"; false: unknown, or not within the years 0 to 9999. */
bool instant_rfc3339(int64_t us, struct instant_text *ret);
/* "2026-11-22 22:46:01 UTC", or local time with its offset where opts has a zone. */
bool instant_human(const struct report_opts *, int64_t us, struct instant_text *ret);
/* "8.684 s", "3 min 12 s", "2 h 5 min", "4 days 3 h": how long something took. */
struct instant_text duration_human(int64_t us);

#endif
