/* Iterated best responses and regret matching, against what is known of the games. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "games.h"

static pl_solution *solve(const pl_game *game, const char *solver) {
    pl_solution *solution = NULL;
    assert_int_equal(pl_game_solve(game, solver, NULL, &solution, NULL), PL_OK);
    return solution;
}

/* Matching pennies has no pure equilibrium: the players chase each other. With moves in turn each turn of both leaves
 * the column player content, and the row player then changes. */
static void pennies_go_round(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){1, -1, -1, 1, -1, 1, 1, -1});
    pl_solution *solution = solve(game, "responses");
    assert_int_equal(solution->cycle_length, 2);
    assert_int_equal(solution->count, 0);
    for (int k = 0; k < 2; k++) assert_true(pl_game_payoff(game, 1, solution->cycle[k]) == 1);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* Cournot's duopoly on a grid of 7.5 (closed form: 30 each is the fourth): best responses settle. */
static void cournot_settles(void **state) {
    (void)state;
    static const int sizes[] = {7, 7};
    pl_game *game = make_game(2, sizes, NULL);
    for (long p = 0; p < 49; p++)
        for (int i = 0; i < 2; i++) {
            double q[2] = {7.5 * pl_game_strategy(game, p, 0), 7.5 * pl_game_strategy(game, p, 1)};
            game->payoffs[i * 49 + p] = q[i] * (90 - q[0] - q[1]);
        }
    pl_solution *solution = solve(game, "responses");
    assert_int_equal(solution->cycle_length, 1);
    assert_int_equal(solution->count, 1);
    assert_true(solution->equilibria[0].regret == 0);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* Hart and Mas-Colell: with payoffs in a range R and m strategies the regret after t rounds is at most R sqrt(m / t).
 * In a game of two players whose payoffs sum to 0 the average play of both then is close to optimal, here (1/3,
 * 2/3). */
static void regret_vanishes(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){2, 0, 0, 1, -2, 0, 0, -1});
    pl_solution *solution = solve(game, "matching");
    const pl_learned *l = solution->learned;
    double bound = 2 * sqrt(2.0 / (double)l->rounds);
    for (int i = 0; i < 2; i++) assert_true(l->regrets[i] >= 0 && l->regrets[i] <= bound);
    assert_true(fabs(l->payoffs[0] - 2.0 / 3) <= bound && l->payoffs[1] == -l->payoffs[0]);
    assert_true(fabs(l->mixture[0][0] - 1.0 / 3) < 0.1 && fabs(l->mixture[1][0] - 1.0 / 3) < 0.1);
    pl_solution_free(solution);
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pennies_go_round),
        cmocka_unit_test(cournot_settles),
        cmocka_unit_test(regret_vanishes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
