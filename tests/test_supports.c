/* All equilibria of games of several players, against published lists and by their definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "games.h"
#include "study/subdivision.h"

static pl_solution *solve(const pl_game *game) {
    pl_solution *solution = NULL;
    assert_int_equal(pl_game_solve(game, "supports", NULL, &solution, NULL), PL_OK);
    for (int e = 0; e < solution->count; e++) assert_true(solution->equilibria[e].regret < 1e-12);
    return solution;
}

/* expected: the probabilities of the first of two strategies, by equilibrium and player, in any order. */
static void expect_all(const pl_game *game, const double *expected, int count) {
    pl_solution *solution = solve(game);
    assert_true(solution->complete);
    assert_int_equal(solution->count, count);
    for (int k = 0; k < count; k++) {
        int found = 0;
        for (int e = 0; e < count; e++) {
            bool same = true;
            for (int i = 0; i < game->player_count; i++)
                same = same &&
                       fabs(solution->equilibria[e].mixture[i][0] - expected[k * game->player_count + i]) < 1e-12;
            found += same;
        }
        assert_int_equal(found, 1);
    }
    pl_solution_free(solution);
}

/* McKelvey and McLennan, Handbook of Computational Economics 1:87, 1996: nine, two of them in full support. */
static void nine_of_three_players(void **state) {
    (void)state;
    pl_game *game = make_game(3, two_by_two_by_two, mckelvey_mclennan);
    expect_all(game, (double[]){1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0.25, 1.0 / 3, 1.0 / 3, 1, 0.25, 0.5, 0.5, 1,
                                0.4, 0.5, 1.0 / 3, 0.5, 0.4, 0.25}, 9);
    pl_game_free(game);
}

/* A game of four players with three equilibria that other programs find too. */
static void three_of_four_players(void **state) {
    (void)state;
    static const double payoffs[64] = {
        1.131, 2.326, 1.223, 5.255, 4.452, 2.747, 4.564, 5.634, 4.225, 1.478, 4.483, 4.383, 7.566, 1.759, 7.247, 4.642,
        1.21,  2.422, 1.358, 5.334, 4.549, 2.243, 4.326, 5.675, 5.277, 2.544, 5.764, 1.436, 4.655, 2.705, 4.943, 1.897,
        2.426, 3.222, 2.234, 2.643, 1.655, 3.518, 1.762, 2.455, 4.837, 1.973, 4.995, 4.864, 7.076, 1.735, 7.362, 4.042,
        2.429, 3.024, 2.238, 2.873, 1.347, 3.062, 1.576, 6.523, 5.645, 7.486, 5.754, 5.267, 4.423, 4.043, 4.382, 3.83};
    pl_game *game = make_game(4, two_four_times, payoffs);
    expect_all(game, (double[]){1, 1, 1, 0, 0, 1, 0, 1, 0.10038188761593, 0, 0, 0.26993197278911585}, 3);
    pl_game_free(game);
}

/* Almost every game has an odd number of equilibria (Wilson, SIAM Journal on Applied Mathematics 21:80, 1971); games of
 * random payoffs are such. */
static void random_games_have_an_odd_number(void **state) {
    (void)state;
    static const int sizes[][4] = {{2, 2, 2, 0}, {3, 3, 2, 0}, {3, 3, 3, 0}, {2, 2, 2, 2}, {4, 3, 2, 0}, {5, 4, 0, 0}};
    for (uint64_t seed = 0; seed < 48; seed++) {
        const int *size = sizes[seed % 6];
        int players = size[2] == 0 ? 2 : size[3] == 0 ? 3 : 4;
        pl_game *game = make_game(players, size, NULL);
        for (long k = 0; k < players * game->profile_count; k++) game->payoffs[k] = pl_uniform_at(5, seed, (uint64_t)k);
        pl_solution *solution = solve(game);
        assert_true(solution->complete);
        assert_int_equal(solution->count % 2, 1);
        pl_solution_free(solution);
        pl_game_free(game);
    }
}

/* Two players: the same equilibria as by the vertices of polytopes, an exact method of its own. */
static void two_players_agree_with_vertices(void **state) {
    (void)state;
    static const int sizes[] = {4, 5};
    for (uint64_t seed = 0; seed < 20; seed++) {
        pl_game *game = make_game(2, sizes, NULL);
        for (long k = 0; k < 40; k++) game->payoffs[k] = pl_uniform_at(6, seed, (uint64_t)k);
        pl_solution *solution = solve(game), *vertices = NULL;
        assert_int_equal(pl_game_solve(game, "extreme", NULL, &vertices, NULL), PL_OK);
        assert_int_equal(solution->count, vertices->count);
        for (int e = 0; e < vertices->count; e++)
            assert_true(pl_solution_add(solution, game, vertices->equilibria[e].mixture, 1e-9) < vertices->count);
        pl_solution_free(vertices);
        pl_solution_free(solution);
        pl_game_free(game);
    }
}

/* Three who want to agree on one of two: all a, all b, and all at one half; one who mixes wants the others to be as
 * likely to agree on either, so if any does all do. */
static void agreement(void **state) {
    (void)state;
    double payoffs[24] = {0};
    for (int i = 0; i < 3; i++) payoffs[8 * i] = payoffs[8 * i + 7] = 1;
    pl_game *game = make_game(3, two_by_two_by_two, payoffs);
    pl_solution *solution = solve(game);
    double half[2] = {0.5, 0.5}, *mixture[3] = {half, half, half};
    assert_int_equal(pl_solution_add(solution, game, mixture, 1e-9), solution->count - 1); /* it is there */
    assert_int_equal(solution->continuum_count, 0);
    assert_true(solution->complete);
    assert_int_equal(solution->count, 3);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* The third player's payoffs tie: (a, a, x) is an equilibrium for every x, and nothing else is. */
static void a_continuum_is_said(void **state) {
    (void)state;
    double payoffs[24];
    for (int p = 0; p < 8; p++) {
        payoffs[p] = (p >> 2 & 1) ? 0 : 1;
        payoffs[8 + p] = (p >> 1 & 1) ? 0 : 1;
        payoffs[16 + p] = 7;
    }
    pl_game *game = make_game(3, two_by_two_by_two, payoffs);
    pl_solution *solution = solve(game);
    assert_false(solution->complete);
    assert_int_equal(solution->continuum_count, 1);
    const pl_continuum *c = &solution->continua[0];
    assert_true(c->low[0][0] == 1 && c->low[1][0] == 1);
    assert_true(c->low[2][0] < 0.01 && c->high[2][0] > 0.99);
    assert_int_equal(solution->count, 2); /* its two pure ones */
    pl_solution_free(solution);
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nine_of_three_players),           cmocka_unit_test(three_of_four_players),
        cmocka_unit_test(random_games_have_an_odd_number), cmocka_unit_test(two_players_agree_with_vertices),
        cmocka_unit_test(agreement),                       cmocka_unit_test(a_continuum_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
