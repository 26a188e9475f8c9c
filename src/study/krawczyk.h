/* The interval Newton step on a box in which the support is decided: contracts it, or shows that it holds exactly one
 * solution of the equations of indifference, or none. */
#ifndef PL_KRAWCZYK_H
#define PL_KRAWCZYK_H
#include "study/bounds.h"

typedef enum pl_step {
    PL_STEP_EMPTY,  /* no solution in the box */
    PL_STEP_UNIQUE, /* exactly one, in what the box became */
    PL_STEP_NONE,   /* neither is shown; the box may have become smaller */
} pl_step;

typedef struct pl_krawczyk {
    pl_bounds *bounds;
    int count;                   /* unknowns: the active strategies but one of each player */
    int *player, *strategy, *at; /* [count]; at: among those of all players */
    int *rest;                   /* [player] the strategy that takes what the others leave */
    double *low, *high;          /* [count][count] slopes or derivatives over the box */
    double *middle, *inverse;
    double *center, *values;     /* [count] a point of the box, the equations there */
    int *pivot;
    pl_box point;
} pl_krawczyk;

void pl_krawczyk_new(pl_arena *arena, pl_bounds *bounds, pl_krawczyk *k);
/* Contracts the box: no solution in it is lost. */
pl_step pl_krawczyk_contract(pl_krawczyk *k, pl_box *box);
/* After pl_krawczyk_contract: the strategy whose probability, over its width, moves the equations most (Kearfott,
 * Rigorous Global Search, 1996, ch. 4: the largest smear). */
int pl_krawczyk_widest(const pl_krawczyk *k, const pl_box *box);
/* PL_STEP_UNIQUE: the box, which may reach beyond [0, 1], holds exactly one solution. */
pl_step pl_krawczyk_verify(pl_krawczyk *k, pl_box *box);
#endif
