/* The answer of `doctor`, for people and for programs. */
#ifndef OOMWHY_REPORT_DOCTOR_H
#define OOMWHY_REPORT_DOCTOR_H

#include "analyze/doctor.h"
#include "report/report.h"

/* opts.verbose: also what is as it should be, and why each matters. */
void doctor_text(struct report *, const struct machine *, const struct doctor *);
/* oomwhy.doctor/1.  reckoning NULL: no log was looked at.  -1: no memory. */
int doctor_json(FILE *, const struct machine *, const struct doctor *, const struct reckoning *,
    int64_t taken_us);

#endif
