/* Whether what was an equilibrium of one game carries over to another of the same size, as the games of a bootstrap are.
 *
 * An equilibrium in pure strategies stays one where nobody gains by leaving it. A mixed one never stays one to the last
 * digit: its probabilities move with the payoffs. What may stay is its support, the strategies that each player uses:
 * it holds where the other game has an equilibrium in which each player mixes exactly those. */
#ifndef PL_SUPPORT_H
#define PL_SUPPORT_H
#include "study/game.h"

/* What the player gains most by leaving a mixture, and the most of all players: 0 (but for rounding) at equilibria. */
double pl_game_mixture_regret(const pl_game *game, double *const *mixture, double *regrets /* [player] or NULL */);

/* Whether the support of a mixture holds in a game, looked for by Gauss and Newton's method from that mixture. Where it
 * does, the equilibrium that it found is put into `found` (of the game's size; NULL: not wanted). Two players whose
 * equilibrium is isolated: exact but for rounding, for their equations are linear. Otherwise a yes is sure, a no means
 * that none was found near. Allocates in the arena, which may be emptied afterwards. */
bool pl_game_support_holds(const pl_game *game, double *const *mixture, double **found, pl_arena *arena);
#endif
