/* The conditions of an equilibrium on a support: those who mix are indifferent between what they mix. */
#ifndef PL_INDIFFERENCE_H
#define PL_INDIFFERENCE_H
#include "study/game.h"

typedef struct pl_indifference {
    const pl_game *game;
    bool **used;   /* [player][strategy] the support; at least one of each player */
    int count;     /* unknowns: the probabilities of the strategies used */
    int *player, *strategy; /* [count] what each is */
    double *scale; /* [player] the range of its payoffs; 1 where all are the same */
    double *pairs, *work, *matrix, *residual;
    int *pivot;
} pl_indifference;

/* Makes room in the arena; the support is empty. */
void pl_indifference_new(pl_arena *arena, const pl_game *game, pl_indifference *system);
/* Takes up what `used` says now. */
void pl_indifference_set(pl_indifference *system);
/* The equations at a mixture and their derivatives, both divided by the player's scale: the first used strategy of each
 * player stands for "probabilities sum to 1", each further one for "as good as the first". */
void pl_indifference_linearize(pl_indifference *system, double *const *mixture);
/* Newton's method from a mixture, whose probabilities outside the support become 0. false: it did not converge or the
 * derivatives are singular. Probabilities may leave [0, 1]. */
bool pl_indifference_solve(pl_indifference *system, double **mixture);
/* The largest less the least payoff of a player. */
double pl_game_range(const pl_game *game, int player);
#endif
