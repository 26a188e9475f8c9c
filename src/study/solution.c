/* Solutions of games: the table of solvers, and how they add what they find. */
#include "study/solution.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "study/rational.h"

const pl_solver pl_solvers[PL_SOLVER_COUNT] = {
#define X(id, name, function, most, text) {name, function, most, text},
    PL_SOLVERS(X)
#undef X
};

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status no_memory(pl_error *error) { return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory"); }

/* ---- what solvers find --------------------------------------------------------------------------------- */

double **pl_mixture_new(pl_arena *arena, const pl_game *game) {
    double **mixture = PL_ARRAY(arena, game->player_count, double *);
    for (int i = 0; i < game->player_count; i++)
        mixture[i] = PL_ARRAY(arena, game->players[i].strategy_count, double);
    return mixture;
}

static bool is_same(const pl_game *game, double *const *a, double *const *b, double tolerance) {
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            if (fabs(a[i][k] - b[i][k]) > tolerance) return false;
    return true;
}

long pl_mixture_profile(const pl_game *game, double *const *mixture) {
    long profile = 0;
    for (int i = 0; i < game->player_count; i++) {
        int k = 0, count = game->players[i].strategy_count;
        while (k < count && mixture[i][k] != 1) k++;
        if (k == count) return -1;
        profile += k * game->stride[i];
    }
    return profile;
}

static void set_payoffs(const pl_game *game, pl_equilibrium *e) {
    for (int i = 0; i < game->player_count; i++) {
        double values[game->players[i].strategy_count];
        pl_game_values(game, e->mixture, i, values);
        double best = values[0];
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            e->payoffs[i] += e->mixture[i][k] * values[k];
            if (values[k] > best) best = values[k];
        }
        e->regrets[i] = best > e->payoffs[i] ? best - e->payoffs[i] : 0;
        if (e->regrets[i] > e->regret) e->regret = e->regrets[i];
    }
}

pl_equilibrium *pl_solution_append(pl_solution *s, const pl_game *game) {
    s->equilibria = pl_arena_grow(&s->arena, s->equilibria, s->count, &s->room, s->count + 1, sizeof *s->equilibria);
    pl_equilibrium *e = &s->equilibria[s->count];
    *e = (pl_equilibrium){.profile = -1};
    e->mixture = PL_ARRAY(&s->arena, game->player_count, double *);
    e->payoffs = PL_ARRAY(&s->arena, game->player_count, double);
    e->regrets = PL_ARRAY(&s->arena, game->player_count, double);
    s->count++;
    return e;
}

static int compare_exactly(const pl_game *game, int player, long a, long b) {
    const char *const *exact = game->exact + player * game->profile_count;
    int sign = 0;
    mpq_t x, y;
    if (strcmp(exact[a], exact[b]) == 0) return 0;
    mpq_inits(x, y, NULL);
    if (pl_rational_parse(exact[a], x) && pl_rational_parse(exact[b], y)) sign = mpq_cmp(x, y);
    mpq_clears(x, y, NULL);
    return sign;
}

/* Whether nobody gains by leaving a profile, by the payoffs as rational numbers. */
static bool is_exact(const pl_game *game, long profile) {
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            if (compare_exactly(game, i, pl_game_deviate(game, profile, i, k), profile) > 0) return false;
    return true;
}

int pl_solution_add(pl_solution *s, const pl_game *game, double *const *mixture, double tolerance) {
    for (int i = 0; i < s->count; i++)
        if (is_same(game, s->equilibria[i].mixture, mixture, tolerance)) return i;
    pl_equilibrium *e = pl_solution_append(s, game);
    double **copy = pl_mixture_new(&s->arena, game);
    for (int i = 0; i < game->player_count; i++)
        memcpy(copy[i], mixture[i], (size_t)game->players[i].strategy_count * sizeof(double));
    e->mixture = copy;
    e->profile = pl_mixture_profile(game, mixture);
    set_payoffs(game, e);
    /* Where nothing is mixed, payoffs are compared as they are. */
    e->certified = e->profile >= 0 && e->regret <= 0 && (!game->exact || is_exact(game, e->profile));
    return s->count - 1;
}

/* ---- solving -------------------------------------------------------------------------------------------- */

static void run(const pl_solver *row, const pl_game *game, const pl_solve_options *options, pl_solution *solution) {
    solution->left = options->budget > 0 ? options->budget : PL_SOLVE_BUDGET;
    row->solve(game, options, solution);
    pl_arena_free(&solution->scratch);
}

void pl_solve_auto(const pl_game *g, const pl_solve_options *o, pl_solution *s) {
#define X(id, when) \
    if (when) run(&pl_solvers[PL_SOLVER_##id], g, o, s);
    PL_PLAN(X)
#undef X
}

static const pl_solver *find_solver(const char *name) {
    for (int i = 0; i < PL_SOLVER_COUNT; i++)
        if (strcmp(name, pl_solvers[i].name) == 0) return &pl_solvers[i];
    return NULL;
}

static pl_status no_solver(const char *name, pl_error *error) {
    char list[300] = "";
    for (int i = 0; i < PL_SOLVER_COUNT; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s'%s'", i ? ", " : "", pl_solvers[i].name);
    }
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no solver '%.60s'; the solvers are %s", name, list);
}

static bool is_finite(const pl_game *game) {
    size_t cells = (size_t)game->player_count * (size_t)game->profile_count;
    for (size_t c = 0; c < cells; c++)
        if (!isfinite(game->payoffs[c])) return false;
    return true;
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static pl_status solve_with(const pl_solver *row, const pl_game *game, const pl_solve_options *options,
                            pl_solution **solution, pl_error *error) {
    pl_solution *s = pl_allocate(sizeof *s);
    if (!s) return no_memory(error);
    jmp_buf back;
    s->arena.out_of_memory = s->scratch.out_of_memory = leave;
    s->arena.context = s->scratch.context = &back;
    if (setjmp(back)) {
        pl_solution_free(s);
        return no_memory(error);
    }
    run(row, game, options, s);
    s->arena.out_of_memory = s->scratch.out_of_memory = NULL;
    *solution = s;
    return PL_OK;
}

pl_status pl_game_solve(const pl_game *game, const char *solver, const pl_solve_options *options,
                        pl_solution **solution, pl_error *error) {
    static const pl_solve_options usual = {0};
    *solution = NULL;
    const pl_solver *row = solver ? find_solver(solver) : &pl_solvers[PL_SOLVER_AUTO];
    if (!row) return no_solver(solver, error);
    if (row->most_players && game->player_count > row->most_players)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the solver '%s' takes at most %d players, the game has %d",
                            row->name, row->most_players, game->player_count);
    if (!is_finite(game)) return pl_error_set(error, PL_INVALID, NULL, 0, 0, "a payoff of the game is not finite");
    pl_solve_options own = options ? *options : usual;
    if (row == &pl_solvers[PL_SOLVER_LOGIT] && own.lambda <= 0) own.branch = 1;
    return solve_with(row, game, &own, solution, error);
}

void pl_solution_free(pl_solution *solution) {
    if (!solution) return;
    pl_arena_free(&solution->scratch);
    pl_arena_free(&solution->arena);
    pl_release(solution);
}
