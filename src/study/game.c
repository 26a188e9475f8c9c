/* Games in normal form: payoffs, deviations, best responses, and pure Nash equilibria (Nash, PNAS 36:48, 1950; a
 * profile in which no player gains by leaving alone).  Payoffs are compared exactly: equal numbers are ties. */
#include "study/game.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const pl_solver pl_solvers[] = {
#define X(id, name, function, text) {name, function, text},
    PL_SOLVERS(X)
#undef X
};
const int pl_solver_count = (int)(sizeof pl_solvers / sizeof *pl_solvers);

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

/* ---- solutions ---------------------------------------------------------------------------------------- */

static void add_pure(const pl_game *game, pl_solution *s, long profile) {
    s->equilibria = pl_arena_grow(&s->arena, s->equilibria, s->count, &s->room, s->count + 1, sizeof *s->equilibria);
    pl_equilibrium *e = &s->equilibria[s->count++];
    e->profile = profile;
    e->mixture = PL_ARRAY(&s->arena, game->player_count, double *);
    e->payoffs = PL_ARRAY(&s->arena, game->player_count, double);
    e->regrets = PL_ARRAY(&s->arena, game->player_count, double);
    for (int i = 0; i < game->player_count; i++) {
        e->mixture[i] = PL_ARRAY(&s->arena, game->players[i].strategy_count, double);
        e->mixture[i][pl_game_strategy(game, profile, i)] = 1;
        e->payoffs[i] = pl_game_payoff(game, i, profile);
    }
}

void pl_solve_pure(const pl_game *game, pl_solution *solution) {
    for (long p = 0; p < game->profile_count; p++)
        if (pl_game_profile_regret(game, p) <= 0) add_pure(game, solution, p);
    /* With one strategy each there is nothing to mix; otherwise mixed equilibria were not looked for. */
    solution->complete = game->profile_count == 1;
}

static const pl_solver *find_solver(const char *name) {
    for (int i = 0; i < pl_solver_count; i++)
        if (!name || strcmp(name, pl_solvers[i].name) == 0) return &pl_solvers[i];
    return NULL;
}

static pl_status no_solver(const char *name, pl_error *error) {
    char list[200] = "";
    for (int i = 0; i < pl_solver_count; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s'%s'", i ? ", " : "", pl_solvers[i].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no solver '%.60s'; the solvers are %s", name, list);
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static pl_status solve_with(const pl_solver *row, const pl_game *game, pl_solution **solution, pl_error *error) {
    pl_solution *s = pl_allocate(sizeof *s);
    if (!s) return no_memory(error);
    jmp_buf back;
    s->arena.out_of_memory = leave;
    s->arena.context = &back;
    if (setjmp(back)) {
        pl_solution_free(s);
        return no_memory(error);
    }
    row->solve(game, s);
    s->arena.out_of_memory = NULL;
    *solution = s;
    return PL_OK;
}

pl_status pl_game_solve(const pl_game *game, const char *solver, pl_solution **solution, pl_error *error) {
    *solution = NULL;
    const pl_solver *row = find_solver(solver);
    return row ? solve_with(row, game, solution, error) : no_solver(solver, error);
}

void pl_solution_free(pl_solution *solution) {
    if (!solution) return;
    pl_arena_free(&solution->arena);
    pl_release(solution);
}
