/* What was observed beside what the model gives, of which several parts of the report tell. */
#ifndef PL_REPORT_HISTORY_H
#define PL_REPORT_HISTORY_H
#include "report/report.h"

/* Runs it where nobody has; it belongs to the report. NULL where the situation is not at hand or has no data. */
pl_status pl_report_history(pl_report *report, const pl_history **history, pl_error *error);
#endif
