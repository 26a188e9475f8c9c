/* Games in normal form: payoffs, deviations, best responses, and pure Nash equilibria (Nash, PNAS 36:48, 1950; a
 * profile in which no player gains by leaving alone).  Payoffs are compared exactly: equal numbers are ties. */
#include "study/game.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status no_memory(pl_error *error) { return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory"); }

/* ---- games -------------------------------------------------------------------------------------------- */

static pl_status count_profiles(const pl_player *players, int count, long *profiles, pl_error *error) {
    if (count < 1) return pl_error_set(error, PL_INVALID, NULL, 0, 0, "a game needs at least one player");
    *profiles = 1;
    for (int i = 0; i < count; i++) {
        if (players[i].strategy_count < 1)
            return pl_error_set(error, PL_INVALID, NULL, 0, 0, "player '%s' has no strategy", players[i].name);
        if (*profiles > INT32_MAX / players[i].strategy_count)
            return pl_error_set(error, PL_INVALID, NULL, 0, 0, "the game has more than %d profiles", INT32_MAX);
        *profiles *= players[i].strategy_count;
    }
    return PL_OK;
}

static const char *copy_text(pl_arena *arena, const char *text) { return pl_arena_text(arena, text, strlen(text)); }

static void copy_players(pl_game *g, const pl_player *players) {
    g->players = PL_ARRAY(&g->arena, g->player_count, pl_player);
    for (int i = 0; i < g->player_count; i++) {
        pl_player *to = &g->players[i];
        to->name = copy_text(&g->arena, players[i].name);
        to->strategy_count = players[i].strategy_count;
        to->strategies = PL_ARRAY(&g->arena, to->strategy_count, const char *);
        for (int k = 0; k < to->strategy_count; k++)
            to->strategies[k] = copy_text(&g->arena, players[i].strategies[k]);
    }
    long stride = 1;
    g->stride = PL_ARRAY(&g->arena, g->player_count, long);
    for (int i = g->player_count - 1; i >= 0; i--) {
        g->stride[i] = stride;
        stride *= g->players[i].strategy_count;
    }
    g->payoffs = PL_ARRAY(&g->arena, (size_t)g->player_count * (size_t)g->profile_count, double);
}

pl_status pl_game_new(const pl_player *players, int player_count, pl_game **game, pl_error *error) {
    *game = NULL;
    long profiles = 0;
    pl_status status = count_profiles(players, player_count, &profiles, error);
    if (status != PL_OK) return status;
    pl_game *g = pl_allocate(sizeof *g);
    if (!g) return no_memory(error);
    jmp_buf back;
    g->arena.out_of_memory = leave;
    g->arena.context = &back;
    g->player_count = player_count;
    g->profile_count = profiles;
    if (setjmp(back)) {
        pl_game_free(g);
        return no_memory(error);
    }
    copy_players(g, players);
    g->arena.out_of_memory = NULL;
    *game = g;
    return PL_OK;
}

void pl_game_free(pl_game *game) {
    if (!game) return;
    pl_arena_free(&game->arena);
    pl_release(game);
}

int pl_game_strategy(const pl_game *game, long profile, int player) {
    return (int)(profile / game->stride[player] % game->players[player].strategy_count);
}

long pl_game_deviate(const pl_game *game, long profile, int player, int strategy) {
    return profile + (strategy - pl_game_strategy(game, profile, player)) * game->stride[player];
}

double pl_game_regret(const pl_game *game, long profile, int player) {
    double own = pl_game_payoff(game, player, profile), best = own;
    for (int k = 0; k < game->players[player].strategy_count; k++) {
        double other = pl_game_payoff(game, player, pl_game_deviate(game, profile, player, k));
        if (other > best) best = other;
    }
    return best - own;
}

double pl_game_profile_regret(const pl_game *game, long profile) {
    double most = 0;
    for (int i = 0; i < game->player_count; i++) {
        double regret = pl_game_regret(game, profile, i);
        if (regret > most) most = regret;
    }
    return most;
}

long pl_game_nearest_miss(const pl_game *game) {
    long nearest = -1;
    double least = 0;
    for (long p = 0; p < game->profile_count; p++) {
        double regret = pl_game_profile_regret(game, p);
        if (regret > 0 && (nearest < 0 || regret < least)) {
            nearest = p;
            least = regret;
        }
    }
    return nearest;
}

/* Whether a player's strategy in a profile is a best response, and whether it is the only one. */
static bool is_best(const pl_game *game, long profile, int player, bool *only) {
    double own = pl_game_payoff(game, player, profile);
    int own_strategy = pl_game_strategy(game, profile, player);
    *only = true;
    for (int k = 0; k < game->players[player].strategy_count; k++) {
        if (k == own_strategy) continue;
        double other = pl_game_payoff(game, player, pl_game_deviate(game, profile, player, k));
        if (other > own) return *only = false;
        if (other == own) *only = false;
    }
    return true;
}

/* ---- mixtures ----------------------------------------------------------------------------------------- */

/* The probability that the players other than one choose as in a profile. */
static double others(const pl_game *game, double *const *mixture, long profile, int player) {
    double p = 1;
    for (int i = 0; i < game->player_count && p != 0; i++)
        if (i != player) p *= mixture[i][pl_game_strategy(game, profile, i)];
    return p;
}

void pl_game_values(const pl_game *game, double *const *mixture, int player, double *values) {
    for (int k = 0; k < game->players[player].strategy_count; k++) values[k] = 0;
    for (long p = 0; p < game->profile_count; p++)
        values[pl_game_strategy(game, p, player)] +=
            others(game, mixture, p, player) * pl_game_payoff(game, player, p);
}

double pl_game_expected(const pl_game *game, double *const *mixture, int player) {
    double sum = 0;
    for (long p = 0; p < game->profile_count; p++)
        sum += others(game, mixture, p, player) * mixture[player][pl_game_strategy(game, p, player)] *
               pl_game_payoff(game, player, p);
    return sum;
}

/* ---- responses ---------------------------------------------------------------------------------------- */

pl_response pl_game_response(const pl_game *game, int player, int strategy) {
    pl_response response = {0, 0, 0};
    for (long p = 0; p < game->profile_count; p++) {
        if (pl_game_strategy(game, p, player) != strategy) continue;
        bool only;
        response.combinations++;
        response.best += is_best(game, p, player, &only);
        response.only += only;
    }
    return response;
}
