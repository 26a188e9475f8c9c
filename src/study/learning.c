/* Play of large games by learning: iterated best responses, and regret matching.
 *
 * Iterated best response: from the profile of all first strategies players move one after the other, each to its best
 * against the others (of equal ones the first; it stays where none is better). It ends at a pure equilibrium, or comes
 * back to a profile and goes round for ever.
 *
 * Regret matching (Hart and Mas-Colell, Econometrica 68:1127, 2000; in expectation over the others' mixtures, so nothing
 * is drawn): each plays strategies in proportion to how much better each would have done so far. The regret of the
 * average play shrinks like 1 / sqrt(rounds): it is a coarse correlated equilibrium up to the largest regret. */
#include <math.h>
#include <string.h>

#include "study/solution.h"

enum { MOST_ROUNDS = 2000 };

/* ---- iterated best response ----------------------------------------------------------------------------- */

static long best_reply(const pl_game *game, long profile, int player) {
    long best = profile;
    for (int k = 0; k < game->players[player].strategy_count; k++) {
        long other = pl_game_deviate(game, profile, player, k);
        if (pl_game_payoff(game, player, other) > pl_game_payoff(game, player, best)) best = other;
    }
    return best;
}

/* Every player in turn. */
static long move_all(const pl_game *game, pl_solution *solution, long profile) {
    for (int i = 0; i < game->player_count; i++) {
        profile = best_reply(game, profile, i);
        pl_solution_spend(solution, game->players[i].strategy_count);
    }
    return profile;
}

/* The profiles of the cycle that play ends in, each after all players moved once. */
static void keep_cycle(const pl_game *game, pl_solution *solution, long profile, long length) {
    solution->cycle = PL_ARRAY(&solution->arena, length, long);
    for (long k = 0; k < length; k++) {
        solution->cycle[solution->cycle_length++] = profile;
        profile = move_all(game, solution, profile);
    }
}

void pl_solve_responses(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    long *seen = PL_ARRAY(&solution->scratch, game->profile_count, long), profile = 0;
    for (long round = 1; solution->left > 0; round++) {
        if (seen[profile]) {
            keep_cycle(game, solution, profile, round - seen[profile]);
            break;
        }
        seen[profile] = round;
        profile = move_all(game, solution, profile);
    }
    if (solution->cycle_length != 1) return;
    double **mixture = pl_mixture_new(&solution->scratch, game);
    for (int i = 0; i < game->player_count; i++) mixture[i][pl_game_strategy(game, profile, i)] = 1;
    pl_solution_add(solution, game, mixture, 0);
}

/* ---- regret matching ------------------------------------------------------------------------------------ */

static void match(const double *regret, double *mixture, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) sum += fmax(regret[k], 0);
    for (int k = 0; k < count; k++) mixture[k] = sum > 0 ? fmax(regret[k], 0) / sum : 1.0 / count;
}

/* One round: what each got and could have got against the others' mixtures; then all change theirs at once. */
static void play_round(const pl_game *game, double **mixture, double **regret, pl_learned *to, double *values) {
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        double own = 0;
        pl_game_values(game, mixture, i, values);
        for (int k = 0; k < count; k++) own += mixture[i][k] * values[k];
        to->payoffs[i] += own;
        for (int k = 0; k < count; k++) {
            regret[i][k] += values[k] - own;
            to->mixture[i][k] += mixture[i][k];
        }
    }
    for (int i = 0; i < game->player_count; i++) match(regret[i], mixture[i], game->players[i].strategy_count);
}

void pl_solve_matching(const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    (void)options;
    pl_arena *arena = &solution->arena;
    int most = 0;
    for (int i = 0; i < game->player_count; i++)
        if (game->players[i].strategy_count > most) most = game->players[i].strategy_count;
    pl_learned *to = solution->learned = PL_NEW(arena, pl_learned);
    *to = (pl_learned){.mixture = pl_mixture_new(arena, game), .payoffs = PL_ARRAY(arena, game->player_count, double),
                       .regrets = PL_ARRAY(arena, game->player_count, double)};
    double **mixture = pl_mixture_new(&solution->scratch, game), **regret = pl_mixture_new(&solution->scratch, game);
    double *values = PL_ARRAY(&solution->scratch, most, double);
    for (int i = 0; i < game->player_count; i++) match(regret[i], mixture[i], game->players[i].strategy_count);
    long long cost = (long long)game->profile_count * game->player_count * game->player_count * 4;
    do {
        play_round(game, mixture, regret, to, values);
        to->rounds++;
    } while (to->rounds < MOST_ROUNDS && pl_solution_spend(solution, cost));
    for (int i = 0; i < game->player_count; i++) {
        to->payoffs[i] /= (double)to->rounds;
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            to->mixture[i][k] /= (double)to->rounds;
            to->regrets[i] = fmax(to->regrets[i], regret[i][k] / (double)to->rounds);
        }
    }
}
