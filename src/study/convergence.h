/* Have chains of a Markov chain Monte Carlo mixed, and how much are their draws worth?  The rank-normalised, split
 * R-hat and the effective sample sizes of Vehtari, Gelman, Simpson, Carpenter and Buerkner (Bayesian Analysis 16:667,
 * 2021). */
#ifndef PL_CONVERGENCE_H
#define PL_CONVERGENCE_H
#include "parley.h"

typedef struct pl_convergence {
    double rhat;      /* the larger of that of the draws and that of their distance from the median; NaN: all draws equal */
    double bulk, tail; /* effective sample sizes: of the ranks; the smaller of those of the 5 % and the 95 % quantile */
} pl_convergence;

/* Of draws[chain][draw], four draws or more in each chain. PL_MEMORY. */
pl_status pl_convergence_of(const double *draws, int chains, int count, pl_convergence *convergence);
#endif
