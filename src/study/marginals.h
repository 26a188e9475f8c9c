/* Expected payoffs by pairs of players: what a player gets by each of its strategies against each of another's, while
 * all the others mix.  The derivatives of all conditions of equilibrium are made of these. */
#ifndef PL_MARGINALS_H
#define PL_MARGINALS_H
#include "study/game.h"

/* table[k x strategies of j + l]: the payoff of player i who plays k while j (not i) plays l. work has room for
 * profile_count numbers. */
void pl_game_pairs(const pl_game *game, double *const *mixture, int i, int j, double *work, double *table);
/* The operations that one table takes, about. */
long long pl_game_pairs_cost(const pl_game *game);
#endif
