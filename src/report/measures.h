/* Measures in words, for tables and figures. */
#ifndef PL_MEASURES_H
#define PL_MEASURES_H
#include "ensemble/ensemble.h"
#include "report/text.h"

/* The title of a measure in a language, or its name. */
const char *pl_measure_title(const pl_measure *measure, pl_language language);
const char *pl_actor_title(const pl_actor *actor, pl_language language);
const char *pl_course_title(const pl_course *course, pl_language language);
/* "mean of homicides per year, 2030 to 2036", in English or Spanish. */
void pl_measure_describe(pl_text *out, const pl_measure *measure, pl_language language);
#endif
