/* The extreme rays of a pointed cone {v : rows v >= 0}, exactly, by the double description method (Motzkin, Raiffa,
 * Thompson and Thrall, Contributions to the Theory of Games II, 1953) with the combinatorial test of adjacency (Fukuda
 * and Prodon, Lecture Notes in Computer Science 1120:91, 1996). */
#ifndef PL_CONE_H
#define PL_CONE_H
#include <stdint.h>

#include "study/rational.h"

typedef struct pl_cone {
    int dimension, row_count;
    mpz_t *rows;   /* [row][dimension] */
    long budget;   /* word operations that may be spent */
    pl_arena *arena;
    pl_rationals *rationals;
} pl_cone;

/* ray[count]: vectors of whole numbers without a common factor, one for each extreme ray, in no order. */
typedef struct pl_rays {
    mpz_t **vectors;
    int count;
} pl_rays;
/* False: the cone is not pointed, or the budget was not enough. */
bool pl_cone_rays(const pl_cone *cone, pl_rays *rays);
#endif
