/* The frontier: what can be reached of several measures at each limit of another, without weights.  A profile is on it
 * where no other is at least as good in the means of all of them and better in one (Pareto, Cours d'economie politique,
 * 1896; the limit taken in turn at each value is Haimes' epsilon constraint, IEEE Transactions on Systems, Man and
 * Cybernetics 1:296, 1971). */
#ifndef PL_FRONTIER_H
#define PL_FRONTIER_H
#include "ensemble/ensemble.h"
#include "study/resample.h"

typedef struct pl_goal {
    int measure;
    int sign; /* 1: more is better; -1: less is */
} pl_goal;

typedef struct pl_frontier_point {
    long profile;
    pl_interval *value; /* [goal] means over the futures */
    double share;       /* of the resamples in which it is on the frontier; NaN where there is one future */
} pl_frontier_point;

typedef struct pl_frontier_step { /* what is the best of each goal where the limited measure is no worse than here */
    double limit;
    long *best; /* [goal but the last] the profile */
} pl_frontier_step;

typedef struct pl_frontier {
    pl_goal *goals; /* the last is the one that is limited */
    int goal_count;
    long futures;   /* in which all of them have values in every profile */
    pl_frontier_point *points; /* from the strictest limit on */
    int point_count;
    pl_frontier_step *steps;   /* likewise; those where a better value can be reached than before */
    int step_count;
    double *means;  /* [goal][profile] */
} pl_frontier;

/* goals: names of measures with commas between, limit: one. A name may have "less " or "more " before it; else the sign
 * of the weights of those who want it tells. PL_USAGE where there is no such measure, or the weights do not tell;
 * PL_INVALID where no future has them all. Leaves by the arena's out_of_memory. */
pl_status pl_frontier_make(pl_frontier *frontier, pl_arena *arena, const pl_ensemble *ensemble, const char *goals,
                           const char *limit, int replicates, pl_error *error);
#endif
