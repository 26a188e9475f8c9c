/* Normal-form games of n players with named strategies.
 *
 * A profile is one strategy for each player, numbered with the last player fastest; payoffs are [player][profile].
 * What solvers find of them is in solution.h. */
#ifndef PL_GAME_H
#define PL_GAME_H
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

typedef struct pl_player {
    const char *name;
    int strategy_count;
    const char **strategies; /* [strategy_count] */
} pl_player;

struct pl_game {
    pl_arena arena;
    int player_count;
    pl_player *players;
    long profile_count;
    long *stride;    /* [player] how far apart in profiles two neighbouring strategies of the player lie */
    double *payoffs; /* [player][profile]; higher is better */
    /* [player][profile] the same as rational numbers ("1/3", "-2", "0.25"), for solvers that are exact; NULL: each
     * payoff is the shortest decimal that reads back as its double, which is how it is printed and written. */
    const char **exact;
};

/* A game with its strategies' names copied and payoffs all 0. PL_INVALID: no player, a player without a strategy, or
 * more profiles than memory has addresses for. */
pl_status pl_game_new(const pl_player *players, int player_count, pl_game **game, pl_error *error);

static inline double pl_game_payoff(const pl_game *g, int player, long profile) {
    return g->payoffs[(size_t)player * (size_t)g->profile_count + (size_t)profile];
}
/* The strategy of a player in a profile; the profile in which the player does something else instead. */
int pl_game_strategy(const pl_game *game, long profile, int player);
long pl_game_deviate(const pl_game *game, long profile, int player, int strategy);
/* The most that the player gains by another strategy while the others stay: 0 where none is better. */
double pl_game_regret(const pl_game *game, long profile, int player);
/* The largest regret of any player: 0 exactly at the pure Nash equilibria. */
double pl_game_profile_regret(const pl_game *game, long profile);
/* The profile of the smallest such regret that is no equilibrium (the first of them); -1 where all are. */
long pl_game_nearest_miss(const pl_game *game);

/* For a mixture[player][strategy]: the payoff of a player, and what each of the player's strategies would give against
 * the others' (values has room for the player's strategies). */
double pl_game_expected(const pl_game *game, double *const *mixture, int player);
void pl_game_values(const pl_game *game, double *const *mixture, int player, double *values);

/* A strategy of a player against every combination of the others: in how many it is a best response, in how many the
 * only one. */
typedef struct pl_response {
    long combinations, best, only;
} pl_response;
pl_response pl_game_response(const pl_game *game, int player, int strategy);
#endif
