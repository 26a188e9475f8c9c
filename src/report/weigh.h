/* What the texts of a weighing share. */
#ifndef PL_REPORT_WEIGH_H
#define PL_REPORT_WEIGH_H
#include "report/measures.h"
#include "study/weigh.h"

pl_status pl_weighing_json(const pl_weighing *weighing, char **text, size_t *length); /* weigh_json.c */
pl_status pl_weighing_csv(const pl_weighing *weighing, char **text, size_t *length);
#endif
