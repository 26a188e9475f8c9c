/* Games for tests, written out: strategies per player and payoffs by player, the last player fastest. */
#ifndef GAMES_H
#define GAMES_H
#include "study/solution.h"

enum { MOST_TEST_PLAYERS = 8, MOST_TEST_STRATEGIES = 12 };

static inline pl_game *make_game(int players, const int *strategies, const double *payoffs) {
    static const char *names[MOST_TEST_STRATEGIES] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    pl_player player[MOST_TEST_PLAYERS];
    for (int i = 0; i < players; i++) player[i] = (pl_player){names[i], strategies[i], names};
    pl_game *game = NULL;
    if (pl_game_new(player, players, &game, NULL) != PL_OK) return NULL;
    for (long k = 0; payoffs && k < players * game->profile_count; k++) game->payoffs[k] = payoffs[k];
    return game;
}

static const int two_by_two[] = {2, 2}, two_by_two_by_two[] = {2, 2, 2}, two_four_times[] = {2, 2, 2, 2};

/* McKelvey and McLennan (Handbook of Computational Economics 1:87, 1996): three players, nine equilibria. */
static const double mckelvey_mclennan[24] = {9, 0, 0, 3, 0, 3, 9, 0, /* second */ 8, 0, 0, 4, 0, 4, 8, 0,
                                             /* third */ 12, 0, 0, 6, 0, 6, 2, 0};
#endif
