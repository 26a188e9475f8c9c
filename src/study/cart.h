/* A classification tree (CART: Breiman, Friedman, Olshen and Stone 1984) of the same cases, as a second opinion on where
 * those of interest lie: splits by Gini's impurity, down to leaves that are pure or could only be split below the least
 * mass, never pruned, as the EMA workbench grows it with scikit-learn.  A category is split off alone.
 *
 * Of equal splits the first counts: numbers before categories, in the table's order, the lower threshold first (the
 * reference takes one of them at random). */
#ifndef PL_CART_H
#define PL_CART_H
#include "study/prim.h"

typedef struct pl_cart {
    pl_prim_box *leaves; /* [count] from the left; count and hits are the tree's own */
    int count;
    int *leaf;      /* [case] in which it ends */
} pl_cart;

/* prim: begun, with its initial box and its room to count in; what it holds of a box found is lost. */
void pl_cart_grow(pl_cart *cart, pl_prim *prim);
#endif
