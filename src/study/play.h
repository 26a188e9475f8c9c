/* What pl_ensemble_play found: the game of the actors, its solution, how sure both are, and what happens in the single
 * futures. */
#ifndef PL_PLAY_H
#define PL_PLAY_H
#include "ensemble/ensemble.h"
#include "study/deviation.h"
#include "study/frontier.h"
#include "study/outlook.h"
#include "study/resample.h"
#include "study/solution.h"

/* Where best responses lead: from each profile the first actor in the situation's order that gains goes to its best
 * course, and so on. */
typedef struct pl_paths {
    long *next; /* [profile] the profile that follows; itself where no actor gains */
    long *end;  /* [profile] the equilibrium where its path ends; -1: it comes back to where it was, for ever */
} pl_paths;

struct pl_play {
    pl_arena arena;
    const pl_ensemble *ensemble; /* not owned: the play ends before it */
    pl_game *game;               /* players are the actors, strategies their courses */
    pl_solution *solution;
    pl_sample sample;            /* the futures in which every profile has its payoffs */
    long futures;                /* how many these are */
    int replicates;              /* 0 where there is one future, which has no intervals and shares: they are NaN */
    pl_interval *payoffs;        /* [actor][profile] means over the futures */
    pl_interval *expected;       /* [equilibrium][actor] the same of equilibria */
    /* [equilibrium] of the replicates in which it stays one, or (mixed) its support carries one; NaN: not asked */
    double *share;
    double *bound;               /* [equilibrium] 95 % upper bound of its true regret; NaN: too few futures */
    double none;                 /* the share of replicates with no pure equilibrium */
    long nearest_miss;           /* the profile of the smallest regret that is no equilibrium, or -1 */
    long best_joint;             /* the profile with the highest sum of payoffs */
    pl_paths paths;
    pl_outlook outlook;
    pl_deviations *deviations;   /* NULL: of no profile */
    pl_frontier *frontier;       /* NULL: not asked for */
};

/* The game between the actors of a situation, payoffs all 0; names' arrays are the arena's, which leaves. */
pl_status pl_situation_game(const pl_situation *situation, pl_arena *arena, pl_game **game, pl_error *error);
#endif
