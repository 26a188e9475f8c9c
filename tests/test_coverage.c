/* Whether the 95 % upper bound of a regret holds in 95 of 100 samples: games whose true mean payoffs are known, payoffs
 * with noise in each future, the equilibrium of the sample's mean game by its closed form, and its true regret in the
 * true game.  With the argument `long` 1,000 samples of each, else 200 with wider limits.  All draws are addressed: the
 * outcome is always the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/philox.h"
#include "ensemble/situation.h"
#include "study/resample.h"

enum { MOST = 3, SEED = 20260401 };
static int samples = 200;
static double slack = 0.03; /* how far beside 93-97 % the smaller test may fall: twice its standard error */

typedef enum noise { NORMAL, SKEWED } noise;

typedef struct trial {
    const char *name;
    int size;                        /* strategies of each of two players */
    double truth[2][MOST * MOST];    /* [player][profile] */
    double sd[2][MOST * MOST], common; /* of the noise of a cell, and of what all cells of a future share */
    noise kind;
    int futures;
    uint64_t stream;
} trial;

/* ---- samples ------------------------------------------------------------------------------------------- */

/* With mean 0 and variance 1; skewed: exponential, whose skewness is 2. */
static double draw(const trial *t, long sample, long future, int cell) {
    uint64_t key = pl_stream_key(SEED, t->stream);
    double u = pl_uniform_at(key, (uint64_t)sample * 100 + (uint64_t)cell, (uint64_t)future);
    return t->kind == NORMAL ? pl_normal_quantile(u) : -log(u) - 1;
}

/* columns[player][profile][future], and their means into the game. */
static void fill(const trial *t, long sample, double *columns, pl_game *game) {
    int profiles = t->size * t->size;
    for (int c = 0; c < 2 * profiles; c++) {
        double *column = columns + (size_t)c * (size_t)t->futures, sum = 0;
        int player = c / profiles, profile = c % profiles;
        for (int f = 0; f < t->futures; f++) {
            column[f] = t->truth[player][profile] + t->sd[player][profile] * draw(t, sample, f, c) +
                        t->common * draw(t, sample, f, 99);
            sum += column[f];
        }
        game->payoffs[c] = sum / t->futures;
    }
}

static pl_game *new_game(int size) {
    static const char *names[] = {"a", "b", "c"};
    pl_player players[2] = {{"one", size, names}, {"two", size, names}};
    pl_game *game;
    assert_int_equal(pl_game_new(players, 2, &game, NULL), PL_OK);
    return game;
}

/* ---- closed forms -------------------------------------------------------------------------------------- */

/* x with the same value sum_k x_k m[k][j] for all j, and sum 1, by Cramer's rule; whether all are positive. */
static int equalise(int size, double m[MOST][MOST], double *x) {
    if (size == 2) {
        double a = m[0][0] - m[0][1], b = m[1][0] - m[1][1];
        x[0] = -b / (a - b), x[1] = 1 - x[0];
        return x[0] > 0 && x[0] < 1;
    }
    double d[2][3], sum = 0; /* two equations in three unknowns: their cross product */
    for (int j = 0; j < 2; j++)
        for (int k = 0; k < 3; k++) d[j][k] = m[k][j] - m[k][j + 1];
    for (int k = 0; k < 3; k++) {
        int p = (k + 1) % 3, q = (k + 2) % 3;
        sum += x[k] = d[0][p] * d[1][q] - d[0][q] * d[1][p];
    }
    for (int k = 0; k < 3; k++) x[k] /= sum;
    return x[0] > 0 && x[1] > 0 && x[2] > 0;
}

/* The equilibrium in which both mix all strategies. */
static int mix(const pl_game *g, int size, double *const *mixture) {
    double one[MOST][MOST], two[MOST][MOST];
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            one[j][i] = pl_game_payoff(g, 0, i * size + j); /* what two's mixture must make the same for each i */
            two[i][j] = pl_game_payoff(g, 1, i * size + j);
        }
    return equalise(size, two, mixture[0]) && equalise(size, one, mixture[1]);
}

/* The pure equilibrium, the first if there are several. */
static int choose_pure(const pl_game *g, int size, double *const *mixture) {
    for (long p = 0; p < g->profile_count; p++) {
        if (pl_game_profile_regret(g, p) > 0) continue;
        for (int i = 0; i < 2; i++)
            for (int k = 0; k < size; k++) mixture[i][k] = k == pl_game_strategy(g, p, i);
        return 1;
    }
    return 0;
}

static double true_regret(const pl_game *truth, double *const *mixture) {
    double most = 0, values[MOST];
    for (int i = 0; i < 2; i++) {
        double own = pl_game_expected(truth, mixture, i);
        pl_game_values(truth, mixture, i, values);
        for (int k = 0; k < truth->players[i].strategy_count; k++) most = fmax(most, values[k] - own);
    }
    return most;
}

/* ---- coverage ------------------------------------------------------------------------------------------ */

static double bound_of(const trial *t, long sample, const double *columns, const pl_game *game,
                       double *const *mixture) {
    enum { REPLICATES = 399 };
    pl_arena arena = {0};
    pl_regret regret;
    pl_sample s = {.count = t->futures, .columns = columns, .units = t->futures,
                   .key = pl_stream_key(SEED, t->stream + 1000 + (uint64_t)sample)};
    double weights[t->futures];
    pl_regret_start(&regret, &arena, &s, game, mixture, REPLICATES);
    for (int r = 0; r < REPLICATES; r++) {
        pl_sample_draw(&s, r, weights);
        pl_regret_draw(&regret, weights, r);
    }
    double bound = pl_regret_bound(&regret);
    pl_arena_free(&arena);
    return bound;
}

/* The share of the samples with such an equilibrium in which its true regret is at most the bound. */
static double cover(const trial *t, int (*find)(const pl_game *, int, double *const *)) {
    pl_game *game = new_game(t->size), *truth = new_game(t->size);
    memcpy(truth->payoffs, t->truth[0], sizeof(double) * (size_t)truth->profile_count);
    memcpy(truth->payoffs + truth->profile_count, t->truth[1], sizeof(double) * (size_t)truth->profile_count);
    double columns[2 * t->size * t->size * t->futures], one[MOST], two[MOST], *mixture[2] = {one, two};
    int found = 0, covered = 0;
    for (long sample = 0; sample < samples; sample++) {
        fill(t, sample, columns, game);
        if (!find(game, t->size, mixture)) continue;
        found++;
        covered += true_regret(truth, mixture) <= bound_of(t, sample, columns, game, mixture);
    }
    pl_game_free(game);
    pl_game_free(truth);
    print_message("  %-34s %5.1f %% of %d\n", t->name, 100.0 * covered / found, found);
    assert_true(found > 9 * samples / 10);
    return (double)covered / found;
}

static void spread_noise(trial *t, double least, double most) {
    int cells = 2 * t->size * t->size;
    for (int c = 0; c < cells; c++)
        t->sd[c / (t->size * t->size)][c % (t->size * t->size)] = least + (most - least) * c / (cells - 1);
}

#define PENNIES {{3, -1, -1, 1}, {-2, 1, 1, -1}}
#define ROCK {{0, -1, 1.5, 1, 0, -1, -1, 1, 0}, {0, 1, -1, -1, 0, 2, 1, -1, 0}}

static void bounds_cover_at_mixed_equilibria(void **state) {
    (void)state;
    trial trials[] = {
        {.name = "2 x 2, normal, 200 futures", .size = 2, .truth = PENNIES, .futures = 200, .stream = 1},
        {.name = "2 x 2, normal, 30 futures", .size = 2, .truth = PENNIES, .futures = 30, .stream = 2},
        {.name = "2 x 2, exponential, 100 "
                 "futures", .size = 2, .truth = PENNIES, .futures = 100, .kind = SKEWED, .stream = 3},
        {.name = "2 x 2, shared noise, 100 "
                 "futures", .size = 2, .truth = PENNIES, .futures = 100, .common = 5, .stream = 4},
        {.name = "3 x 3, normal, 100 futures", .size = 3, .truth = ROCK, .futures = 100, .stream = 5},
        {.name = "3 x 3, exponential, 200 "
                 "futures", .size = 3, .truth = ROCK, .futures = 200, .kind = SKEWED, .stream = 6},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        spread_noise(&trials[i], 0.3, 0.9);
        double share = cover(&trials[i], mix);
        assert_true(share >= 0.93 - slack && share <= 0.97 + slack);
    }
}

static void bounds_cover_at_strict_equilibria(void **state) {
    (void)state;
    trial trials[] = {
        {.name = "dilemma, normal, 100 "
                 "futures", .size = 2, .truth = {{3, 0, 4, 1}, {3, 4, 0, 1}}, .futures = 100, .stream = 7},
        {.name = "dilemma, exponential, 40 futures", .size = 2, .truth = {{3, 0, 4, 1}, {3, 4, 0, 1}}, .futures = 40,
         .kind = SKEWED, .stream = 8},
        {.name = "hardly strict, normal, 100 futures", .size = 2, .truth = {{1, 0, 0.9, 0.1}, {1, 0.9, 0, 0.1}},
         .futures = 100, .stream = 9},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        spread_noise(&trials[i], 0.3, 0.9);
        assert_true(cover(&trials[i], choose_pure) >= 0.95 - slack);
    }
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "long") == 0) samples = 1000, slack = 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_cover_at_mixed_equilibria),
        cmocka_unit_test(bounds_cover_at_strict_equilibria),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
