/* Logit quantal responses: against a table made with another tool (lambda, then the probabilities of the first
 * strategies; restated from the project's reference cases), against closed forms, and against their definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "games.h"

static pl_solution *solve(const pl_game *game, double lambda) {
    pl_solution *solution = NULL;
    pl_solve_options options = {.lambda = lambda};
    assert_int_equal(pl_game_solve(game, "logit", &options, &solution, NULL), PL_OK);
    return solution;
}

/* The probabilities of all players' strategies, one after the other. */
static void expect_logit(const pl_game *game, double lambda, const double *probabilities) {
    pl_solution *solution = solve(game, lambda);
    assert_int_equal(solution->logit_count, 1);
    assert_true(solution->logit[0].lambda == lambda);
    for (int i = 0, at = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            assert_true(fabs(solution->logit[0].mixture[i][k] - probabilities[at++]) < 1e-8);
    pl_solution_free(solution);
}

/* By definition: in proportion to exp(lambda x expected payoff). */
static void expect_definition(const pl_game *game, const pl_logit *q) {
    for (int i = 0; i < game->player_count; i++) {
        int count = game->players[i].strategy_count;
        double values[MOST_TEST_STRATEGIES], sum = 0, best = -INFINITY;
        pl_game_values(game, q->mixture, i, values);
        for (int k = 0; k < count; k++) best = fmax(best, values[k]);
        for (int k = 0; k < count; k++) sum += exp(q->lambda * (values[k] - best));
        for (int k = 0; k < count; k++)
            assert_true(fabs(q->mixture[i][k] - exp(q->lambda * (values[k] - best)) / sum) < 1e-9 + 1e-15 * q->lambda);
    }
}

static void expect_limit(const pl_game *game, const double *probabilities) {
    pl_solution *solution = solve(game, 0);
    const pl_equilibrium *e = solution->limit;
    assert_non_null(e);
    for (int i = 0, at = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++)
            assert_true(fabs(e->mixture[i][k] - probabilities[at++]) < 1e-9);
    for (int k = 0; k < solution->logit_count; k++) expect_definition(game, &solution->logit[k]);
    assert_true(solution->logit[0].lambda == 0);
    pl_solution_free(solution);
}

/* Where own payoffs do not hang on the other, the choice is plain logit. */
static void a_dominant_strategy_has_a_closed_form(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){9, 0, 10, 1, /* column */ 9, 10, 0, 1});
    static const double lambdas[] = {0.1, 1, 5};
    for (int k = 0; k < 3; k++) {
        double p = 1 / (1 + exp(lambdas[k])), expected[] = {p, 1 - p, p, 1 - p};
        expect_logit(game, lambdas[k], expected);
    }
    expect_limit(game, (double[]){0, 1, 0, 1});
    pl_game_free(game);
    int one = 3;
    game = make_game(1, &one, (double[]){log(2), 0, log(5)});
    expect_logit(game, 1, (double[]){2.0 / 8, 1.0 / 8, 5.0 / 8});
    pl_game_free(game);
}

static void a_table_of_another_tool(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){2, 0, 0, 1, /* column */ 0, 1, 1, 0});
    expect_logit(game, 0.1, (double[]){0.512450735311, 0.487549264689, 0.499377463556, 0.500622536444});
    expect_logit(game, 1, (double[]){0.590248647246, 0.409751352754, 0.454997788366, 0.545002211634});
    expect_logit(game, 10, (double[]){0.533649701417, 0.466350298583, 0.337826752281, 0.662173247719});
    expect_limit(game, (double[]){0.5, 0.5, 1.0 / 3, 2.0 / 3}); /* its only equilibrium */
    pl_game_free(game);
    /* O'Neill (PNAS 84:2106, 1987) with the first player's joker last in its own order of winning. */
    static const double first[16] = {1, -1, -1, -1, -1, -1, 1, 1, -1, 1, -1, 1, -1, 1, 1, -1};
    static const int four[] = {4, 4};
    double payoffs[32];
    for (int k = 0; k < 16; k++) payoffs[16 + k] = -(payoffs[k] = first[k]);
    game = make_game(2, four, payoffs);
    double a = 0.207671605558, b = 0.194037521275;
    expect_logit(game, 10, (double[]){0.376985183325, a, a, a, 0.417887436176, b, b, b});
    expect_limit(game, (double[]){0.4, 0.2, 0.2, 0.2, 0.4, 0.2, 0.2, 0.2});
    pl_game_free(game);
}

/* Three players: the first two stay at one half by symmetry, past a pitchfork, where the third's choice is plain logit
 * between 5 and 4 (12/4 + 2 x 6/4 ... each of its strategies against evenly mixed others). */
static void a_symmetric_branch_goes_straight_on(void **state) {
    (void)state;
    pl_game *game = make_game(3, two_by_two_by_two, mckelvey_mclennan);
    expect_logit(game, 1, (double[]){0.5, 0.5, 0.5, 0.5, 0.622459331202, 0.377540668798});
    expect_logit(game, 10, (double[]){0.5, 0.5, 0.5, 0.5, 0.993307149076, 0.006692850924});
    expect_limit(game, (double[]){0.5, 0.5, 0.5, 0.5, 1, 0});
    pl_game_free(game);
    /* Coordination of two on one of two: the pitchfork of the symmetric branch lies at lambda = 2. */
    game = make_game(2, two_by_two, (double[]){1, 0, 0, 1, 1, 0, 0, 1});
    expect_logit(game, 2, (double[]){0.5, 0.5, 0.5, 0.5});
    expect_limit(game, (double[]){0.5, 0.5, 0.5, 0.5});
    /* A little more for the first strategy breaks the tie: the branch leads to the risk-dominant equilibrium. */
    game->payoffs[0] = game->payoffs[4] = 1.0001;
    expect_limit(game, (double[]){1, 0, 1, 0});
    game->payoffs[0] = game->payoffs[4] = 0.9999;
    expect_limit(game, (double[]){0, 1, 0, 1});
    pl_game_free(game);
}

/* A branch that turns back: three quantal responses at one lambda, each one by its definition. */
static void turning_points_are_followed(void **state) {
    (void)state;
    pl_game *game = make_game(3, two_by_two_by_two,
                              (double[]){6,
                                         5,
                                         4,
                                         6,
                                         4,
                                         8,
                                         6,
                                         4,
                                         /* second */ 9,
                                         6,
                                         7,
                                         4,
                                         3,
                                         7,
                                         4,
                                         8,
                                         /* third */ 6,
                                         2,
                                         9,
                                         0,
                                         1,
                                         9,
                                         2,
                                         0});
    pl_solution *solution = solve(game, 1.14);
    assert_int_equal(solution->logit_count, 3);
    for (int k = 0; k < 3; k++) {
        assert_true(solution->logit[k].lambda == 1.14);
        expect_definition(game, &solution->logit[k]);
        for (int l = 0; l < k; l++)
            assert_true(fabs(solution->logit[k].mixture[0][0] - solution->logit[l].mixture[0][0]) > 0.01);
    }
    pl_solution_free(solution);
    expect_limit(game, (double[]){1, 0, 1, 0, 1, 0});
    pl_game_free(game);
}

/* lambda counts in the user's payoffs: a thousand times larger payoffs need a thousandth of it. */
static void payoffs_may_have_any_size(void **state) {
    (void)state;
    double payoffs[8] = {2e9, 0, 0, 1e9, 0, 1e9, 1e9, 0};
    for (int k = 0; k < 8; k++) payoffs[k] += 7e9;
    pl_game *game = make_game(2, two_by_two, payoffs);
    expect_logit(game, 1e-9, (double[]){0.590248647246, 0.409751352754, 0.454997788366, 0.545002211634});
    expect_limit(game, (double[]){0.5, 0.5, 1.0 / 3, 2.0 / 3});
    pl_game_free(game);
    game = make_game(2, two_by_two, NULL); /* nobody has anything to choose between */
    expect_logit(game, 3, (double[]){0.5, 0.5, 0.5, 0.5});
    expect_limit(game, (double[]){0.5, 0.5, 0.5, 0.5});
    pl_game_free(game);
}

/* The limit is one of every player, in whatever units each counts. Where lambda cannot be followed so far no limit is
 * given. And payoffs may share an amount beside which they differ little. */
static void players_count_in_units_of_their_own(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){1e4, 0, 9e3, 2e3, /* column */ 0, 0.5, 0, 0.5});
    expect_limit(game, (double[]){0, 1, 0, 1});
    pl_game_free(game);
    game = make_game(3, two_by_two_by_two,
                     (double[]){0,
                                1e9,
                                1e9,
                                0,
                                1e9,
                                0,
                                0,
                                1e9,
                                /* second */ 0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                /* third */ 0,
                                1,
                                0,
                                1,
                                0,
                                1,
                                0,
                                1});
    pl_solution *solution = solve(game, 0);
    for (int e = 0; e < solution->count; e++) assert_true(solution->equilibria[e].mixture[2][0] <= 0);
    assert_null(solution->limit);
    pl_solution_free(solution);
    pl_game_free(game);
    double payoffs[8] = {2, 0, 0, 1, /* column */ 0, 1, 1, 0};
    for (int k = 0; k < 8; k++) payoffs[k] += 1e9;
    game = make_game(2, two_by_two, payoffs);
    solution = solve(game, 0);
    assert_non_null(solution->limit);
    assert_true(fabs(solution->limit->mixture[0][0] - 0.5) < 1e-9);
    assert_true(fabs(solution->limit->mixture[1][0] - 1.0 / 3) < 1e-9);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* The second player is free at the limit, where the first never plays what tells its strategies apart. */
static void a_limit_inside_a_continuum(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){1, 1, 0, 1, /* column */ 1, 1, 2, 1});
    expect_limit(game, (double[]){1, 0, 0.5, 0.5});
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dominant_strategy_has_a_closed_form), cmocka_unit_test(a_table_of_another_tool),
        cmocka_unit_test(a_symmetric_branch_goes_straight_on),   cmocka_unit_test(turning_points_are_followed),
        cmocka_unit_test(payoffs_may_have_any_size),             cmocka_unit_test(a_limit_inside_a_continuum),
        cmocka_unit_test(players_count_in_units_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
