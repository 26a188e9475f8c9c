/* The Pareto front: an option is on it where no other is at least as good in all goals and better in one (Pareto, Cours
 * d'economie politique, 1896).  Goals are means over the futures; how often an option is on it is asked of resamples
 * of the futures, the same for all options. */
#ifndef PL_PARETO_H
#define PL_PARETO_H
#include <stdbool.h>

#include "base/arena.h"
#include "study/resample.h"

/* Whether another option is at least as good in all goals, and better in one. means[goal][option]; sign: 1 more is
 * better, -1 less is. */
bool pl_is_dominated(const double *means, const int *sign, int goals, long options, long option);

typedef struct pl_front {
    int goals;
    long options;
    double *means; /* [goal][option] */
    bool *on;      /* [option] */
    double *share; /* [option] of the resamples in which it is on the front; NaN: no resamples */
    long count;    /* on it */
} pl_front;

/* columns[goal][option][future of the sample]. Leaves by the arena's out_of_memory. */
void pl_front_make(pl_front *front, pl_arena *arena, const double *columns, const int *sign, int goals, long options,
                   const pl_sample *sample, int replicates);
#endif
