/* Sensitivity as text (sense.c), and as CSV and JSON (sense_json.c). */
#ifndef PL_REPORT_SENSE_H
#define PL_REPORT_SENSE_H
#include "report/json.h"
#include "study/sense.h"

pl_status pl_sense_csv(const pl_sense *sense, char **text, size_t *length);
pl_status pl_sense_json(const pl_sense *sense, char **text, size_t *length);
#endif
