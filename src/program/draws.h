/* The distributions of draws within a run.  One row adds one: its id is that of its function (functions.h), whose
 * arguments without the seed, which is the last, are the parameters of the draw:
 *
 *   PLAIN  shapes                                the draw is what the sampler gives
 *   CUT    least, most, shapes                   ... drawn again until it lies within the limits
 *   MOVED  least, most, shapes, shift, stretch   shift + stretch x what the sampler gives, within the limits
 *
 * A sampler takes as many uniform numbers as it needs, each by its number. */
#ifndef PL_DRAWS_H
#define PL_DRAWS_H
#include <stdint.h>

#include "model/functions.h"

/* X(function, sampler, shapes, form) */
#define PL_DRAWS(X)                                          \
    X(RANDOM_0_1, uniform, 0, PLAIN)                         \
    X(RANDOM_UNIFORM, uniform_between, 2, PLAIN)             \
    X(RANDOM_NORMAL, normal, 0, MOVED)                       \
    X(RANDOM_EXPONENTIAL, exponential, 0, MOVED)             \
    X(RANDOM_BETA, beta, 2, MOVED)                           \
    X(RANDOM_BINOMIAL, binomial, 2, MOVED)                   \
    X(RANDOM_GAMMA, gamma_of_order, 1, MOVED)                \
    X(RANDOM_LOOKUP, tabled, 0, MOVED)                       \
    X(RANDOM_NEGATIVE_BINOMIAL, negative_binomial, 2, MOVED) \
    X(RANDOM_POISSON, poisson, 1, MOVED)                     \
    X(RANDOM_TRIANGULAR, triangular, 3, CUT)                 \
    X(RANDOM_WEIBULL, weibull_of_mean_1, 1, MOVED)           \
    X(DRAW_BERNOULLI, bernoulli, 1, CUT)                     \
    X(DRAW_GAMMA, gamma_of_shape, 1, MOVED)                           \
    X(DRAW_GEOMETRIC, geometric, 1, CUT)                     \
    X(DRAW_LOGISTIC, logistic, 0, MOVED)                     \
    X(DRAW_LOGNORMAL, lognormal, 2, CUT)                     \
    X(DRAW_PARETO, pareto, 1, MOVED)                         \
    X(DRAW_WEIBULL, weibull, 1, MOVED)

enum { PL_MOST_REDRAWS = 1000 }; /* tries to fall within the limits; after them the limit nearest to the last */

/* Where a draw's uniform numbers come from: each is a function of this address and its number alone. */
typedef struct pl_draw_source {
    uint64_t key, future; /* the key of seed and name; the number of the future */
    int step, call;
    unsigned taken;       /* numbers taken so far */
    const double *table;  /* RANDOM LOOKUP: xs, then ys; NULL for the others */
    int points;
} pl_draw_source;

/* One draw; p: its parameters in the order above. */
double pl_draw_take(int function, pl_draw_source *source, const double *p);
/* How many parameters a function's draw has, -1 where it is no draw. */
int pl_draw_parameters(int function);
/* log Gamma(x), x >= 1 */
double pl_log_gamma(double x);
#endif
