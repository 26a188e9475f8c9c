/* A sample of a density by differential evolution Markov chains: independent ensembles of walkers, whose steps are
 * differences of earlier states of their ensemble (ter Braak and Vrugt, Statistics and Computing 18:435, 2008), in some of
 * the dimensions at a time (Vrugt et al., DREAM, Int. J. Nonlinear Sci. 10:273, 2009); and half of whose steps are of the
 * kind that a normal density with the moments of these states is reversible under, which moves far where the density is
 * near one (preconditioned Crank-Nicolson about a normal approximation: Pinski et al., SIAM J. Sci. Comput. 37:A2733, 2015).
 *
 * The walk goes in rounds, each twice as long as the one before.  The states of a round are the archive from which the next
 * takes its differences and moments; within a round the archive stays as it is, so that each walker is a Markov chain whose stationary
 * density is exactly the one asked for, and only the last round counts.  Every random number is addressed. */
#ifndef PL_CHAINS_H
#define PL_CHAINS_H
#include <stdbool.h>

#include "study/evolution.h"

typedef struct pl_chains {
    int dimensions, ensembles, walkers; /* walkers of each ensemble */
    int first, most; /* steps of the first round, and at most of the last */
    int kept;        /* draws that are kept of each walker, evenly over a round: 4 or more */
    double rhat, size; /* ends with the first round in which all dimensions reach these */
    uint64_t key;
    pl_point_function *log_density; /* on the whole space */
    void *context;
} pl_chains;

typedef struct pl_sampled {
    int chains, count;    /* chains = ensembles x walkers */
    long steps;           /* of each walker, all rounds */
    double acceptance;    /* share of the steps of the last round that were taken */
    double *draws;        /* [dimension][chain][count] */
    struct pl_convergence *convergence; /* [dimension] */
    bool converged;
} pl_sampled;

/* start[ensemble][walker][dimensions] must have a density. PL_MEMORY, or the function's status; pl_sampled_free frees what
 * is in it in any case. */
pl_status pl_chains_run(const pl_chains *chains, const double *start, pl_sampled *sampled);
void pl_sampled_free(pl_sampled *sampled);
#endif
