/* Games whose equilibria are known from textbooks (Osborne, An Introduction to Game Theory, ch. 2; Fudenberg and
 * Tirole, Game Theory, ch. 1), with their payoffs written out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "study/solution.h"
#include "study/support.h"

static pl_game *make(int players, const int *strategies, const double *payoffs) {
    static const char *names[] = {"a", "b", "c", "d"};
    pl_player player[4];
    for (int i = 0; i < players; i++) player[i] = (pl_player){names[i], strategies[i], names};
    pl_game *game;
    assert_int_equal(pl_game_new(player, players, &game, NULL), PL_OK);
    for (long k = 0; k < players * game->profile_count; k++) game->payoffs[k] = payoffs[k];
    return game;
}

static void expect_pure(pl_game *game, const long *profiles, int count) {
    pl_solution *solution;
    assert_int_equal(pl_game_solve(game, "pure", NULL, &solution, NULL), PL_OK);
    assert_int_equal(solution->count, count);
    for (int i = 0; i < count; i++) {
        const pl_equilibrium *e = &solution->equilibria[i];
        assert_int_equal(e->profile, profiles[i]);
        assert_true(e->regret == 0);
        for (int p = 0; p < game->player_count; p++) {
            assert_true(e->payoffs[p] == pl_game_payoff(game, p, profiles[i]));
            assert_true(e->mixture[p][pl_game_strategy(game, profiles[i], p)] == 1);
        }
    }
    assert_false(solution->complete);
    pl_solution_free(solution);
}

static const int two[] = {2, 2}, three[] = {2, 2, 2};

static void prisoners_dilemma(void **state) {
    (void)state;
    pl_game *game = make(2, two, (double[]){2, 0, 3, 1, /* column */ 2, 3, 0, 1});
    expect_pure(game, (long[]){3}, 1); /* both defect */
    assert_true(pl_game_regret(game, 0, 0) == 1);
    assert_true(pl_game_profile_regret(game, 0) == 1);
    assert_int_equal(pl_game_nearest_miss(game), 0);
    pl_response defect = pl_game_response(game, 0, 1), silent = pl_game_response(game, 0, 0);
    assert_int_equal(defect.combinations, 2);
    assert_int_equal(defect.only, 2); /* strictly dominant */
    assert_int_equal(silent.best, 0);
    pl_game_free(game);
}

static void matching_pennies(void **state) {
    (void)state;
    pl_game *game = make(2, two, (double[]){1, -1, -1, 1, -1, 1, 1, -1});
    expect_pure(game, NULL, 0);
    assert_true(pl_game_profile_regret(game, pl_game_nearest_miss(game)) == 2);
    pl_game_free(game);
}

static void battle_of_the_sexes(void **state) {
    (void)state;
    pl_game *game = make(2, two, (double[]){2, 0, 0, 1, 1, 0, 0, 2});
    expect_pure(game, (long[]){0, 3}, 2);
    pl_game_free(game);
}

/* Three players choose A or B and get 1 each where all agree, else 0: all A and all B are equilibria; where one
 * disagrees with two, that one gains by joining them. */
static void agreement_of_three(void **state) {
    (void)state;
    double payoffs[24] = {0};
    for (int p = 0; p < 3; p++) payoffs[8 * p] = payoffs[8 * p + 7] = 1;
    pl_game *game = make(3, three, payoffs);
    expect_pure(game, (long[]){0, 7}, 2);
    assert_int_equal(pl_game_deviate(game, 0, 0, 1), 4); /* the last player is fastest */
    assert_int_equal(pl_game_deviate(game, 0, 2, 1), 1);
    assert_int_equal(pl_game_strategy(game, 6, 1), 1);
    pl_game_free(game);
}

/* Three players, majority of two with a cost: a good worth 3 to
 * each comes about where at least two contribute, a contribution costs 1. Nobody, and each pair, are equilibria. */
static void public_good_of_three(void **state) {
    (void)state;
    double payoffs[24];
    for (int profile = 0; profile < 8; profile++) {
        int gives[3] = {profile >> 2 & 1, profile >> 1 & 1, profile & 1};
        for (int p = 0; p < 3; p++)
            payoffs[8 * p + profile] = (gives[0] + gives[1] + gives[2] >= 2 ? 3 : 0) - gives[p];
    }
    pl_game *game = make(3, three, payoffs);
    expect_pure(game, (long[]){0, 3, 5, 6}, 4);
    pl_game_free(game);
}

static void ties_are_equilibria(void **state) {
    (void)state;
    double zero[8] = {0};
    pl_game *game = make(2, two, zero);
    expect_pure(game, (long[]){0, 1, 2, 3}, 4);
    assert_int_equal(pl_game_nearest_miss(game), -1);
    pl_response response = pl_game_response(game, 1, 0);
    assert_int_equal(response.best, 2);
    assert_int_equal(response.only, 0);
    pl_game_free(game);
}

static void bad_games_are_refused(void **state) {
    (void)state;
    const char *names[] = {"a"};
    pl_player none = {"nobody", 0, names}, many[4];
    pl_game *game;
    pl_error error;
    assert_int_equal(pl_game_new(&none, 0, &game, &error), PL_INVALID);
    assert_int_equal(pl_game_new(&none, 1, &game, &error), PL_INVALID);
    assert_string_equal(error.message, "player 'nobody' has no strategy");
    for (int i = 0; i < 4; i++) many[i] = (pl_player){"x", 1 << 20, names};
    assert_int_equal(pl_game_new(many, 4, &game, &error), PL_INVALID);
    assert_null(game);
    game = make(2, two, (double[8]){0});
    pl_solution *solution;
    assert_int_equal(pl_game_solve(game, "guess", NULL, &solution, &error), PL_USAGE);
    assert_non_null(strstr(error.message, "there is no solver 'guess'; the solvers are 'auto', 'pure'"));
    pl_game_free(game);
}

/* Matching pennies where one match pays a instead of 1: the row player mixes evenly, the column player plays the first
 * side with 2 / (a + 3) (equal payoffs: a q - (1 - q) = -q + 1 - q). The support holds while a > -1. */
static void supports_hold_while_they_carry_an_equilibrium(void **state) {
    (void)state;
    pl_game *game = make(2, two, (double[]){1, -1, -1, 1, -1, 1, 1, -1});
    double row[] = {0.5, 0.5}, column[] = {0.5, 0.5}, to_row[2], to_column[2];
    double *mixture[] = {row, column}, *found[] = {to_row, to_column};
    pl_arena arena = {0};
    assert_true(pl_game_mixture_regret(game, mixture, NULL) == 0);
    for (int k = -8; k <= 40; k++) {
        double a = k / 4.0, regrets[2];
        game->payoffs[0] = a;
        assert_int_equal(pl_game_support_holds(game, mixture, found, &arena), a > -1);
        if (a <= -1) continue;
        assert_true(fabs(to_column[0] - 2 / (a + 3)) < 1e-9);
        assert_true(fabs(to_row[0] - 0.5) < 1e-9);
        assert_true(pl_game_mixture_regret(game, found, regrets) < 1e-8 && regrets[1] < 1e-8);
    }
    pl_arena_free(&arena);
    pl_game_free(game);
}

static void a_pure_support_holds_without_a_gain(void **state) {
    (void)state;
    pl_game *game = make(2, two, (double[]){2, 0, 0, 1, 1, 0, 0, 2});
    double first[] = {1, 0}, second[] = {0, 1};
    pl_arena arena = {0};
    assert_true(pl_game_support_holds(game, (double *[]){first, first}, NULL, &arena));
    assert_false(pl_game_support_holds(game, (double *[]){first, second}, NULL, &arena));
    game->payoffs[0] = 0; /* a tie is no gain */
    assert_true(pl_game_support_holds(game, (double *[]){first, first}, NULL, &arena));
    game->payoffs[0] = -1;
    assert_false(pl_game_support_holds(game, (double *[]){first, first}, NULL, &arena));
    pl_arena_free(&arena);
    pl_game_free(game);
}

/* Three players: nobody wants to be the odd one out, or in a pair (a game of El Farol's kind): going is worth 1 to one
 * alone and -1 to one in company, staying 0. All mix with p where (1 - p)^2 = 1 / 2. */
static void a_support_of_three_holds(void **state) {
    (void)state;
    double payoffs[24] = {0};
    for (int profile = 0; profile < 8; profile++)
        for (int i = 0; i < 3; i++)
            if (profile >> (2 - i) & 1) payoffs[8 * i + profile] = profile == 1 << (2 - i) ? 1 : -1;
    pl_game *game = make(3, three, payoffs);
    double a[] = {0.6, 0.4}, b[] = {0.6, 0.4}, c[] = {0.6, 0.4}, to[3][2];
    pl_arena arena = {0};
    assert_true(pl_game_support_holds(game, (double *[]){a, b, c}, (double *[]){to[0], to[1], to[2]}, &arena));
    for (int i = 0; i < 3; i++) assert_true(fabs(to[i][0] - sqrt(0.5)) < 1e-9);
    pl_arena_free(&arena);
    pl_game_free(game);
}

/* Every allocation fails once: a status, and nothing leaked (the sanitizers' business). */
static void out_of_memory_is_a_status(void **state) {
    (void)state;
    const char *names[] = {"a", "b"};
    pl_player players[2] = {{"one", 2, names}, {"two", 2, names}};
    bool refused = false;
    for (long n = 1; n < 20; n++) {
        pl_game *game = NULL;
        pl_solution *solution = NULL;
        pl_allocation_fail_after(n);
        pl_status status = pl_game_new(players, 2, &game, NULL);
        if (status == PL_OK) status = pl_game_solve(game, NULL, NULL, &solution, NULL);
        pl_allocation_fail_after(0);
        refused |= status == PL_MEMORY;
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_solution_free(solution);
        pl_game_free(game);
    }
    assert_true(refused);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prisoners_dilemma),    cmocka_unit_test(matching_pennies),
        cmocka_unit_test(battle_of_the_sexes),  cmocka_unit_test(agreement_of_three),
        cmocka_unit_test(public_good_of_three), cmocka_unit_test(ties_are_equilibria),
        cmocka_unit_test(bad_games_are_refused),
        cmocka_unit_test(supports_hold_while_they_carry_an_equilibrium),
        cmocka_unit_test(a_pure_support_holds_without_a_gain),
        cmocka_unit_test(a_support_of_three_holds),
        cmocka_unit_test(out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
