/* Supports of equilibria: see support.h.  The unknowns are the probabilities of each player's used strategies and the
 * player's payoff; each used strategy must give that payoff, the probabilities must sum to 1.  Payoffs are measured in
 * ranges of the player, so that one tolerance fits all games. */
#include "study/support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "study/solution.h"

enum { STEPS = 50 };
static const double TOLERANCE = 1e-9, DAMPING = 1e-13;

typedef struct system {
    const pl_game *game;
    int *used, *first; /* [player] strategies used; the player's first unknown */
    int **strategies;  /* [player][k] which */
    int unknowns;
    double *scale;     /* [player] range of the payoffs, or 1 */
    double **mixture;
    double *value;     /* [player] payoff, scaled */
    double *residual, *jacobian; /* [unknowns], [unknowns][unknowns]: as many equations as unknowns */
    double *normal, *step;
} system;

double pl_game_mixture_regret(const pl_game *game, double *const *mixture, double *regrets) {
    double most = 0;
    for (int i = 0; i < game->player_count; i++) {
        double values[game->players[i].strategy_count], own = 0;
        pl_game_values(game, mixture, i, values);
        double best = values[0];
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            own += mixture[i][k] * values[k];
            if (values[k] > best) best = values[k];
        }
        double regret = best > own ? best - own : 0;
        if (regrets) regrets[i] = regret;
        if (regret > most) most = regret;
    }
    return most;
}

static double range_of(const pl_game *g, int player) {
    double low = pl_game_payoff(g, player, 0), high = low;
    for (long p = 1; p < g->profile_count; p++) {
        double payoff = pl_game_payoff(g, player, p);
        low = payoff < low ? payoff : low;
        high = payoff > high ? payoff : high;
    }
    return high > low ? fmin(high - low, DBL_MAX) : 1;
}

static void lay_out(system *s, double *const *mixture, pl_arena *arena) {
    const pl_game *g = s->game;
    int n = g->player_count;
    s->used = PL_ARRAY(arena, n, int);
    s->first = PL_ARRAY(arena, n, int);
    s->strategies = PL_ARRAY(arena, n, int *);
    s->scale = PL_ARRAY(arena, n, double);
    s->mixture = PL_ARRAY(arena, n, double *);
    s->value = PL_ARRAY(arena, n, double);
    for (int i = 0; i < n; i++) {
        int count = g->players[i].strategy_count;
        s->strategies[i] = PL_ARRAY(arena, count, int);
        s->mixture[i] = PL_ARRAY(arena, count, double);
        memcpy(s->mixture[i], mixture[i], (size_t)count * sizeof(double));
        s->first[i] = s->unknowns;
        s->scale[i] = range_of(g, i);
        for (int k = 0; k < count; k++)
            if (mixture[i][k] > 0) s->strategies[i][s->used[i]++] = k;
        s->unknowns += s->used[i] + 1;
    }
    size_t size = (size_t)s->unknowns;
    s->residual = PL_ARRAY(arena, size, double);
    s->step = PL_ARRAY(arena, size, double);
    s->jacobian = PL_ARRAY(arena, size * size, double);
    s->normal = PL_ARRAY(arena, size * size, double);
}

/* The product of the probabilities of a choice of used strategies, but for two players (who may be the same). */
static double others(const system *s, const int *choice, int a, int b) {
    double p = 1;
    for (int i = 0; i < s->game->player_count; i++)
        if (i != a && i != b) p *= s->mixture[i][s->strategies[i][choice[i]]];
    return p;
}

/* The next choice of used strategies; false after the last. */
static bool next_choice(const system *s, int *choice) {
    for (int i = s->game->player_count - 1; i >= 0; i--) {
        if (++choice[i] < s->used[i]) return true;
        choice[i] = 0;
    }
    return false;
}

/* Adds what one profile of used strategies contributes to the payoffs and their derivatives. */
static void add_profile(system *s, const int *choice) {
    const pl_game *g = s->game;
    long profile = 0;
    for (int i = 0; i < g->player_count; i++) profile += s->strategies[i][choice[i]] * g->stride[i];
    for (int i = 0; i < g->player_count; i++) {
        int row = s->first[i] + choice[i];
        double payoff = pl_game_payoff(g, i, profile) / s->scale[i];
        s->residual[row] += others(s, choice, i, i) * payoff;
        for (int j = 0; j < g->player_count; j++)
            if (j != i) s->jacobian[row * s->unknowns + s->first[j] + choice[j]] += others(s, choice, i, j) * payoff;
    }
}

static void evaluate(system *s) {
    const pl_game *g = s->game;
    int choice[g->player_count];
    memset(choice, 0, sizeof choice);
    memset(s->residual, 0, (size_t)s->unknowns * sizeof(double));
    memset(s->jacobian, 0, (size_t)s->unknowns * (size_t)s->unknowns * sizeof(double));
    do add_profile(s, choice);
    while (next_choice(s, choice));
    for (int i = 0; i < g->player_count; i++) {
        int last = s->first[i] + s->used[i];
        s->residual[last] = -1;
        for (int k = 0; k < s->used[i]; k++) {
            int at = s->first[i] + k;
            s->residual[at] -= s->value[i];
            s->jacobian[at * s->unknowns + last] = -1;
            s->residual[last] += s->mixture[i][s->strategies[i][k]];
            s->jacobian[last * s->unknowns + at] = 1;
        }
    }
}

/* Cholesky's factor of the damped normal equations in place, and the step from it. */
static void solve_step(system *s) {
    int n = s->unknowns;
    double *a = s->normal;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = i == j ? DAMPING : 0;
            for (int k = 0; k < n; k++) sum += s->jacobian[k * n + i] * s->jacobian[k * n + j];
            for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? sqrt(fmax(sum, DAMPING)) : sum / a[j * n + j];
        }
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < n; k++) sum -= s->jacobian[k * n + i] * s->residual[k];
        for (int k = 0; k < i; k++) sum -= a[i * n + k] * s->step[k];
        s->step[i] = sum / a[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) s->step[i] -= a[k * n + i] * s->step[k];
        s->step[i] /= a[i * n + i];
    }
}

static void take_step(system *s) {
    for (int i = 0; i < s->game->player_count; i++) {
        for (int k = 0; k < s->used[i]; k++) s->mixture[i][s->strategies[i][k]] += s->step[s->first[i] + k];
        s->value[i] += s->step[s->first[i] + s->used[i]];
    }
}

static double largest(const double *values, int count) {
    double most = 0;
    for (int k = 0; k < count; k++) most = fabs(values[k]) > most ? fabs(values[k]) : most;
    return most;
}

/* Each used strategy has probability, and nobody gains by leaving. */
static bool is_equilibrium(system *s) {
    const pl_game *g = s->game;
    double regrets[g->player_count];
    for (int i = 0; i < g->player_count; i++)
        for (int k = 0; k < s->used[i]; k++)
            if (!(s->mixture[i][s->strategies[i][k]] > TOLERANCE)) return false;
    pl_game_mixture_regret(g, s->mixture, regrets);
    for (int i = 0; i < g->player_count; i++)
        if (!(regrets[i] <= TOLERANCE * s->scale[i])) return false;
    return true;
}

static bool converges(system *s) {
    for (int k = 0; k < STEPS; k++) {
        evaluate(s);
        double size = largest(s->residual, s->unknowns);
        if (size <= TOLERANCE / 1000) return true;
        if (!(size < 1e6)) return false;
        solve_step(s);
        take_step(s);
    }
    return largest(s->residual, s->unknowns) <= TOLERANCE;
}

static void copy(const pl_game *game, double *const *mixture, double **to) {
    for (int i = 0; to && i < game->player_count; i++)
        memcpy(to[i], mixture[i], (size_t)game->players[i].strategy_count * sizeof(double));
}

bool pl_game_support_holds(const pl_game *game, double *const *mixture, double **found, pl_arena *arena) {
    system s = {.game = game};
    long profile = pl_mixture_profile(game, mixture);
    if (profile >= 0) {
        copy(game, mixture, found);
        return pl_game_profile_regret(game, profile) <= 0;
    }
    lay_out(&s, mixture, arena);
    if (!converges(&s) || !is_equilibrium(&s)) return false;
    copy(game, s.mixture, found);
    return true;
}
