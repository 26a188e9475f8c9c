/* Differential evolution: the global search for the point of the unit cube at which a function is largest.
 *
 * Independent populations go through their generations together, so that one call of the function gets all their
 * candidates.  A candidate is current-to-pbest/1/bin (Zhang and Sanderson, JADE, IEEE Trans. Evol. Comput. 13:945, 2009,
 * without archive) with step and crossover of its own that are drawn anew now and then (Brest et al., jDE, 10:646, 2006).
 * Every random number is addressed by the key, the generation and the member. */
#ifndef PL_EVOLUTION_H
#define PL_EVOLUTION_H
#include <stdint.h>

#include "parley.h"

/* Gives values[count] at points[count][dimensions]; -infinity where there is none. A status other than PL_OK ends the
 * search, which returns it. */
typedef pl_status pl_point_function(void *context, const double *points, long count, double *values);

typedef struct pl_evolution {
    int dimensions, populations, size, generations; /* size of each population: 5 or more */
    uint64_t key;
    pl_point_function *value;
    void *context;
} pl_evolution;

/* points[populations][size][dimensions] and values[populations][size] are the last generation. start (may be NULL)
 * [dimensions] is a member of each first generation. *generations is how many there were: a search ends early where in
 * each population all values are the same to 1e-8. PL_MEMORY. */
pl_status pl_evolve(const pl_evolution *search, const double *start, double *points, double *values, int *generations);
#endif
