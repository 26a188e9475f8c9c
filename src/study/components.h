/* What the extreme equilibria of a two-player game span: components.c. */
#ifndef PL_COMPONENTS_H
#define PL_COMPONENTS_H
#include <stdint.h>

#include "study/solution.h"

/* An extreme equilibrium as a pair of vertices of the players' polytopes. */
typedef struct pl_extreme_pair {
    int vertex[2];
    uint64_t used[2]; /* the strategies that have probability, as bits */
    int equilibrium;  /* its index in the solution */
} pl_extreme_pair;

/* Adds the connected components of all the equilibria, and their maximal Nash subsets, to a solution; `vertices` is how
 * many each player has. What is needed only meanwhile is taken from `scratch`. */
void pl_solution_join(pl_solution *solution, const pl_extreme_pair *pairs, int count, const int vertices[2],
                      pl_arena *scratch);
#endif
