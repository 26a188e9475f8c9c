/* Series over time for fan charts, under some profiles, in the first futures of an ensemble: the series that the results
 * keep; where they keep none, the variables that the measures look at, whose runs are made again. */
#ifndef PL_FAN_H
#define PL_FAN_H
#include "ensemble/ensemble.h"

enum { PL_FAN_POINTS = 61, PL_FAN_QUANTILES = 5, PL_FAN_MEDIAN = 2 };
extern const double pl_fan_levels[PL_FAN_QUANTILES]; /* 5, 25, 50, 75, 95 % */

typedef struct pl_fan { /* one variable under one profile */
    double *paths;      /* [point][future]; NaN where the run has no number */
    double *quantiles;  /* [level][point] */
} pl_fan;

typedef struct pl_fans {
    pl_arena arena;
    int variable_count, profile_count, point_count, futures;
    pl_output *variables; /* [variable] each once, in the order of the series or of the measures */
    double *times;        /* [point] */
    double act_from;      /* when courses begin to act */
    pl_fan *fans;         /* [variable][profile] */
} pl_fans;

static inline const pl_fan *pl_fan_of(const pl_fans *f, int variable, int profile) {
    return &f->fans[variable * f->profile_count + profile];
}

/* The fans of profiles (combinations of courses), from the results where these keep them, else from runs. */
pl_status pl_fans_make(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_fans **fans,
                      pl_error *error);
/* The variables that fans show, under the profiles, ready to be compiled; an ensemble's are always the same. PL_MEMORY. */
pl_status pl_fans_choose(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_traces **traces,
                         pl_error *error);
void pl_fans_free(pl_fans *fans);
#endif
