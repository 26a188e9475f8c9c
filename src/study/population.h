/* One run of the search, as a machine that is asked for candidates and told how they did: epsilon-NSGA-II (Kollat and
 * Reed, Adv. Water Resour. 29:792, 2006) with the adaptive operators and restarts of Borg (Hadka and Reed, Evol.
 * Comput. 21:231, 2013), generation by generation, so that a whole generation is one ensemble. */
#ifndef PL_POPULATION_H
#define PL_POPULATION_H
#include <stdint.h>

#include "study/archive.h"
#include "study/operators.h"

typedef struct pl_population pl_population;
typedef struct pl_population_options {
    pl_extent extent;
    const double *epsilon; /* [objectives] */
    uint64_t seed;         /* with `number` the key of every random number */
    int number;            /* of this run, from 0 */
    long evaluations;
} pl_population_options;

/* PL_MEMORY. */
pl_status pl_population_new(const pl_population_options *options, pl_population **population);
void pl_population_free(pl_population *population);
/* The next candidates, whose x are given and whose f and violation are to be filled in; *count 0: it is over. They
 * belong to the population. PL_MEMORY. */
pl_status pl_population_ask(pl_population *population, pl_candidate **candidates, int *count);
/* Takes in what was asked for. PL_MEMORY. */
pl_status pl_population_tell(pl_population *population);

const pl_archive *pl_population_archive(const pl_population *population);
long pl_population_evaluations(const pl_population *population);
int pl_population_restarts(const pl_population *population);
int pl_population_size(const pl_population *population); /* its size now */
/* The probability with which an operator is chosen now, and how many candidates it has made. */
double pl_population_probability(const pl_population *population, pl_operator kind);
long pl_population_made(const pl_population *population, pl_operator kind);
#endif
