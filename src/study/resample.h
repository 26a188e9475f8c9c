/* Resampling futures: how far to trust means over them.  Futures are drawn with replacement, the same ones for all
 * profiles and actors, so that what they share stays paired; every draw is addressed by the ensemble's seed.  Under a
 * design whose futures are not independent its replicates are what is drawn.
 *
 * The bound of a regret is a studentised bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 12.5) of all
 * the gains at once: with d the mean gains of every deviation and s their standard errors, each resample gives
 * t = (d* - d) / s*, and the bound is the 95 % quantile of max(d - s t), or 0 where that is less. */
#ifndef PL_RESAMPLE_H
#define PL_RESAMPLE_H
#include "ensemble/ensemble.h"
#include "study/game.h"

/* Numbers by profile and future (payoffs of the actors, or measures), packed: the futures in which none is missing. */
typedef struct pl_sample {
    long count;            /* futures */
    const long *future;    /* [count] their numbers */
    const double *columns; /* [row][profile][count] */
    const int *unit;       /* [count] the replicate of the design that each belongs to; NULL: each stands for itself */
    long units;            /* how many are drawn in a resample: futures, or replicates of the design */
    uint64_t key;          /* of the stream of draws */
} pl_sample;

/* Packs rows[row_count], each [profile][future of the ensemble]. text names the stream of draws. */
void pl_sample_make(pl_sample *sample, pl_arena *arena, const pl_ensemble *ensemble, const double *const *rows,
                    int row_count, const char *text);
static inline const double *pl_sample_column(const pl_sample *s, long profiles, int row, long profile) {
    return s->columns + ((size_t)row * (size_t)profiles + (size_t)profile) * (size_t)s->count;
}
/* How often each unit counts in a resample: weights[units]. */
void pl_sample_draw(const pl_sample *sample, long replicate, double *weights);
/* The same by future: weights[count], which may count for nothing where all that was drawn lacks payoffs; then all
 * count once. Returns their sum. */
double pl_sample_spread(const pl_sample *sample, const double *unit_weights, double *weights);
/* Sum of weight x value, in a fixed order. */
double pl_weighted_sum(const double *weights, const double *values, long count);

/* What one mixture brings and what leaving it would gain, future by future, and what resamples say of that. */
typedef struct pl_regret {
    const pl_sample *sample;
    int gains, actors, replicates;
    double *gain;    /* [gain][units] of each strategy of each player over the mixture, in the mean of the unit */
    double *payoff;  /* [actor][units] */
    double *mean, *error; /* [gain] and its standard error */
    double *most;    /* [replicate] the largest of d - s t */
    double *payoffs; /* [actor][replicate] */
} pl_regret;

enum { PL_LEAST_UNITS = 8 }; /* with fewer units drawn there are no bounds */

void pl_regret_start(pl_regret *regret, pl_arena *arena, const pl_sample *sample, const pl_game *game,
                     double *const *mixture, int replicates);
void pl_regret_draw(pl_regret *regret, const double *unit_weights, int replicate);
/* After all replicates: the one-sided 95 % upper bound of the true regret; NaN where there are too few units. */
double pl_regret_bound(pl_regret *regret);
/* The percentile interval of an actor's payoff; the estimate is left to the caller. */
pl_interval pl_regret_payoff(pl_regret *regret, int actor);
#endif
