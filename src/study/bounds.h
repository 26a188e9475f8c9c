/* Boxes of mixtures, and what expected payoffs can be over one.
 *
 * A box holds, for each strategy of each player (one after the other), the least and the largest probability and what is
 * already known of its use.  Bounds hold for every mixture in the box whose probabilities sum to 1 for each player, and
 * are widened by more than the rounding errors of their own computation. */
#ifndef PL_BOUNDS_H
#define PL_BOUNDS_H
#include "study/game.h"

typedef enum pl_use {
    PL_USE_OPEN,   /* may be used or not */
    PL_USE_YES,    /* looked for with a probability above 0: must be a best response */
    PL_USE_NO,     /* looked for with probability 0: must not beat what is used */
    PL_USE_WORSE,  /* a strategy of the same player is better everywhere in a box around this one: probability 0 */
} pl_use;

typedef struct pl_box {
    double *low, *high; /* [strategy of all players] */
    unsigned char *use; /* pl_use */
} pl_box;

typedef struct pl_gain_range {
    double low, high;
} pl_gain_range;

typedef struct pl_bounds {
    const pl_game *game;
    int *first;        /* [player] its first strategy among those of all players */
    int total;         /* strategies of all players */
    double *scale;     /* [player] a power of two: payoff differences times it are at most 1 */
    double slack;      /* more than the rounding error of a bound */
    long long spent;   /* operations so far */
} pl_bounds;

void pl_bounds_new(pl_arena *arena, const pl_game *game, pl_bounds *bounds);
void pl_box_new(pl_arena *arena, const pl_bounds *bounds, pl_box *box); /* everything: each probability in [0, 1] */
void pl_box_copy(const pl_bounds *bounds, const pl_box *from, pl_box *to);
bool pl_box_active(const pl_box *box, int strategy);
/* Probabilities that do not fit to a sum of 1 are cut off; false: nothing is left. */
bool pl_box_tighten(const pl_bounds *bounds, pl_box *box);
double pl_box_width(const pl_bounds *bounds, const pl_box *box, int *widest);

/* What player i can gain by k rather than l, scaled. */
pl_gain_range pl_bounds_gain(pl_bounds *bounds, const pl_box *box, int i, int k, int l);
/* The same while player j plays m rather than o: the derivative of the gain by j's mixture in that direction. `later`
 * holds the mixtures of the players after j: the box again, or a point of it, which makes it the slope from there. */
pl_gain_range pl_bounds_slope(pl_bounds *bounds, const pl_box *box, const pl_box *later, int i, int k, int l, int j, int m,
                              int o);
#endif
