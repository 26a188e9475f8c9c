/* Boxes in words: what a PRIM box says, in English and Spanish. */
#ifndef PL_BOXES_H
#define PL_BOXES_H
#include "report/text.h"
#include "study/discover.h"

/* One limit: "“title” is high (0.42 or more)". High and low are thirds of the factor's range over all cases. */
void pl_prim_limit_words(pl_text *out, const pl_discovery *d, const pl_prim_box *box, int factor, pl_language language);
/* The whole box as plain text: the condition, what it depends on, coverage and density. */
void pl_prim_words(pl_text *out, const pl_discovery *d, const pl_prim_box *box, double coverage, double density,
                   pl_language language);
/* The factors that a box limits, courses first, then the most limited; into list[factor_count]. Returns how many. */
int pl_prim_limited(const pl_discovery *d, const pl_prim_box *box, int *list);
/* "75 %" */
void pl_prim_percent(pl_text *out, double share);
#endif
