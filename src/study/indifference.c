/* Equilibria on a given support, as a system of as many equations as unknowns, and Newton's method for it. */
#include "study/indifference.h"

#include <math.h>
#include <string.h>

#include "study/marginals.h"
#include "study/matrix.h"

double pl_game_range(const pl_game *game, int player) {
    double least = INFINITY, most = -INFINITY;
    for (long p = 0; p < game->profile_count; p++) {
        least = fmin(least, pl_game_payoff(game, player, p));
        most = fmax(most, pl_game_payoff(game, player, p));
    }
    return most - least;
}

void pl_indifference_new(pl_arena *arena, const pl_game *game, pl_indifference *s) {
    int total = 0, most = 0;
    s->game = game;
    s->used = PL_ARRAY(arena, game->player_count, bool *);
    s->scale = PL_ARRAY(arena, game->player_count, double);
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        s->used[i] = PL_ARRAY(arena, count, bool);
        total += count;
        if (count > most) most = count;
        double range = pl_game_range(game, i);
        s->scale[i] = range > 0 ? range : 1;
    }
    s->player = PL_ARRAY(arena, total, int);
    s->strategy = PL_ARRAY(arena, total, int);
    s->pivot = PL_ARRAY(arena, total, int);
    s->pairs = PL_ARRAY(arena, most * most, double);
    s->work = PL_ARRAY(arena, game->profile_count, double);
    s->matrix = PL_ARRAY(arena, total * total, double);
    s->residual = PL_ARRAY(arena, total, double);
}

void pl_indifference_set(pl_indifference *s) {
    s->count = 0;
    for (int i = 0; i < s->game->player_count; i++)
        for (int k = 0; k < s->game->players[i].strategy_count; k++)
            if (s->used[i][k]) {
                s->player[s->count] = i;
                s->strategy[s->count++] = k;
            }
}

/* The rows of one player against one other: derivatives by the other's probabilities, and (once) the values. */
static void put_pair(pl_indifference *s, double *const *mixture, int first, int last, int other, bool values) {
    int i = s->player[first], width = s->game->players[other].strategy_count, n = s->count;
    pl_game_pairs(s->game, mixture, i, other, s->work, s->pairs);
    const double *base = s->pairs + s->strategy[first] * width;
    for (int r = first + 1; r < last; r++) {
        const double *own = s->pairs + s->strategy[r] * width;
        for (int c = 0; c < n; c++)
            if (s->player[c] == other) s->matrix[r * n + c] = (own[s->strategy[c]] - base[s->strategy[c]]) / s->scale[i];
        for (int l = 0; l < width && values; l++) s->residual[r] += mixture[other][l] * (own[l] - base[l]) / s->scale[i];
    }
}

void pl_indifference_linearize(pl_indifference *s, double *const *mixture) {
    int n = s->count;
    memset(s->matrix, 0, (size_t)n * (size_t)n * sizeof *s->matrix);
    memset(s->residual, 0, (size_t)n * sizeof *s->residual);
    for (int first = 0, last; first < n; first = last) {
        int i = s->player[first];
        s->residual[first] = -1;
        for (last = first; last < n && s->player[last] == i; last++) {
            s->matrix[first * n + last] = 1;
            s->residual[first] += mixture[i][s->strategy[last]];
        }
        bool values = true;
        for (int j = 0; j < s->game->player_count && last > first + 1; j++) {
            if (j == i) continue;
            put_pair(s, mixture, first, last, j, values);
            values = false;
        }
    }
}

static void restrict_to_support(const pl_indifference *s, double **mixture) {
    for (int i = 0; i < s->game->player_count; i++)
        for (int k = 0; k < s->game->players[i].strategy_count; k++)
            if (!s->used[i][k]) mixture[i][k] = 0;
}

bool pl_indifference_solve(pl_indifference *s, double **mixture) {
    enum { MOST_STEPS = 40 };
    restrict_to_support(s, mixture);
    double before = INFINITY;
    for (int step = 0; step < MOST_STEPS; step++) {
        pl_indifference_linearize(s, mixture);
        if (!pl_matrix_factor(s->matrix, s->pivot, s->count)) return false;
        pl_matrix_solve(s->matrix, s->pivot, s->count, s->residual);
        double size = 0;
        for (int k = 0; k < s->count; k++) {
            mixture[s->player[k]][s->strategy[k]] -= s->residual[k];
            size = fmax(size, fabs(s->residual[k]));
        }
        if (!(size < 1e6)) return false;
        if (size < 1e-14 || (size < 1e-10 && size >= before)) return true;
        before = size;
    }
    return false;
}
