/* The weighing that several parts of the report tell of. */
#ifndef PL_ROBUST_H
#define PL_ROBUST_H
#include "report/report.h"
#include "study/weigh.h"

/* Makes it where nobody has; it belongs to the report. NULL where there are no actors, or no payoffs. */
pl_status pl_report_weigh(pl_report *report, const pl_weighing **weighing, pl_error *error);
#endif
