/* What pl_ensemble_play found: the game of the actors, its solution, and how sure both are. */
#ifndef PL_PLAY_H
#define PL_PLAY_H
#include "ensemble/ensemble.h"
#include "study/solution.h"

struct pl_play {
    pl_arena arena;
    const pl_ensemble *ensemble; /* not owned: the play ends before it */
    pl_game *game;               /* players are the actors, strategies their courses */
    pl_solution *solution;
    long futures;                /* those in which every profile has its payoffs */
    int replicates;              /* 0 where there is one future, which has no intervals and shares: they are NaN */
    pl_interval *payoffs;        /* [actor][profile] means over the futures */
    double *share;               /* [equilibrium] of the replicates in which it is one; NaN where it is mixed */
    double none;                 /* the share of replicates with no pure equilibrium */
    long nearest_miss;           /* the profile of the smallest regret that is no equilibrium, or -1 */
};
#endif
