/* The last steps to a maximum: NLopt's SLSQP (Kraft 1988, a quasi-Newton method with bounds) on differences of a
 * function that is given for many points at once. */
#ifndef PL_POLISH_H
#define PL_POLISH_H
#include "study/evolution.h"

typedef struct pl_polish {
    int dimensions, held; /* held: a dimension that stays as it is, or -1 */
    int calls;            /* at most, of the function */
    double enough;        /* ends where a step gains less */
    pl_point_function *value;
    void *context;
} pl_polish;

/* Moves point[dimensions] in the unit cube to a place that is no worse; *value is what it is there. Returns the
 * function's status, or PL_MEMORY. */
pl_status pl_polish_point(const pl_polish *polish, double *point, double *value);
#endif
