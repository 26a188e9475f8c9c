/* All Nash equilibria of a game by subdivision of its mixtures: each box is excluded, or shown to hold exactly one, or
 * said to be undecided. */
#ifndef PL_SUBDIVISION_H
#define PL_SUBDIVISION_H
#include "study/bounds.h"
#include "study/solution.h"

/* An equilibrium: the only solution, in a box around it, of the equations of its support. */
typedef struct pl_root {
    double *mixture; /* [strategy of all players] */
    double radius;   /* the solution lies within this of each probability; 0: pure, and exact */
    bool strict;     /* every probability of the support is surely positive, every other strategy surely worse */
} pl_root;

/* Equilibria that are not isolated, or not known to be: none outside these boxes was missed. */
typedef struct pl_cluster {
    double *low, *high; /* [strategy of all players] the hull of boxes that touch */
    double *member;     /* one equilibrium of it */
    bool found;         /* member is there */
} pl_cluster;

typedef struct pl_subdivision {
    pl_root *roots;
    int root_count, root_room;
    pl_cluster *clusters;
    int cluster_count, cluster_room;
    bool finished; /* no box is left; false: the operations were used up */
} pl_subdivision;

/* What the solution says to be strictly dominated is left out. Everything allocates in the solution's scratch arena,
 * and spends the solution's operations. */
void pl_game_subdivide(const pl_game *game, pl_solution *solution, pl_subdivision *found);
#endif
