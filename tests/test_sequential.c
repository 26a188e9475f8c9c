/* Play in an order, against closed forms: quantities of firms on grids that hold them (von Stackelberg 1934; Cournot
 * 1838), with inverse demand 100 - Q and unit cost 10. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "games.h"

enum { GRID = 13 };
static const double STEP = 7.5; /* 0, 7.5, ... 90 */

static double profit(double own, double all) { return own * (100 - all - 10); }

/* Firms that choose quantities on the grid. */
static pl_game *firms(int count) {
    int sizes[3] = {GRID, GRID, GRID};
    pl_player player[3];
    static const char *names[GRID] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"};
    for (int i = 0; i < count; i++) player[i] = (pl_player){names[i], sizes[i], names};
    pl_game *game = NULL;
    assert_int_equal(pl_game_new(player, count, &game, NULL), PL_OK);
    for (long p = 0; p < game->profile_count; p++) {
        double all = 0;
        for (int i = 0; i < count; i++) all += STEP * pl_game_strategy(game, p, i);
        for (int i = 0; i < count; i++)
            game->payoffs[i * game->profile_count + p] = profit(STEP * pl_game_strategy(game, p, i), all);
    }
    return game;
}

static pl_solution *solve(const pl_game *game, const int *stage) {
    pl_solution *solution = NULL;
    pl_solve_options options = {.stage = stage};
    assert_int_equal(pl_game_solve(game, "sequential", &options, &solution, NULL), PL_OK);
    return solution;
}

/* The leader makes 45, the follower 22.5; profits 1012.5 and 506.25. The follower answers q with (90 - q) / 2. */
static void stackelberg_duopoly(void **state) {
    (void)state;
    pl_game *game = firms(2);
    pl_solution *solution = solve(game, (int[]){4, 9});
    const pl_sequence *s = &solution->sequences[0];
    assert_true(s->mixture[0][6] == 1 && s->mixture[1][3] == 1);
    assert_true(s->payoffs[0] == 1012.5 && s->payoffs[1] == 506.25);
    assert_int_equal(s->stage[0], 0);
    assert_int_equal(s->stage[1], 1);
    for (int q = 0; q < GRID; q += 2) /* where the answer is on the grid */
        assert_true(s->reactions[1][game->stride[0] * q * GRID + (GRID - 1 - q) / 2] == 1);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* All at once it is Cournot's game: 30 each, profits of 900. */
static void cournot_duopoly(void **state) {
    (void)state;
    pl_game *game = firms(2);
    pl_solution *solution = solve(game, (int[]){0, 0});
    assert_true(fabs(solution->sequences[0].payoffs[0] - 900) < 1e-9);
    assert_true(fabs(solution->sequences[0].mixture[1][4] - 1) < 1e-12);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* A game worked by hand, whose follower ties after one of the leader's moves. */
static void a_follower_that_ties_mixes(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){3, 0, 2, 2, /* follower */ 1, 1, 0, 5});
    pl_solution *solution = solve(game, (int[]){0, 1});
    /* After the first strategy the follower ties: by logit limits the leader expects 1.5 there and 2 below; by the
     * highest sum, and by the leader's best, the follower plays the first and the leader gets 3. */
    assert_int_equal(solution->sequence_count, 4);
    const pl_sequence *limit = &solution->sequences[0], *joint = &solution->sequences[1];
    assert_int_equal(limit->several, 1);
    assert_true(limit->reactions[1][0] == 0.5 && limit->mixture[0][1] == 1 && limit->payoffs[0] == 2);
    assert_true(limit->payoffs[1] == 5);
    assert_true(joint->mixture[0][0] == 1 && joint->payoffs[0] == 3 && joint->payoffs[1] == 1);
    assert_true(solution->sequences[2].payoffs[0] == 3);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* A leader, then two who play matching pennies if it says so: the value of that is 0, the leader gets 1 from it. */
static void later_stages_may_mix(void **state) {
    (void)state;
    pl_game *game = make_game(3, two_by_two_by_two,
                              (double[]){0,
                                         0,
                                         0,
                                         0,
                                         2,
                                         0,
                                         0,
                                         2,
                                         /* second */ 3,
                                         3,
                                         3,
                                         3,
                                         1,
                                         -1,
                                         -1,
                                         1,
                                         /* third */ 3,
                                         3,
                                         3,
                                         3,
                                         -1,
                                         1,
                                         1,
                                         -1});
    pl_solution *solution = solve(game, (int[]){0, 1, 1});
    const pl_sequence *s = &solution->sequences[0];
    assert_true(s->mixture[0][1] == 1);
    assert_true(fabs(s->mixture[1][0] - 0.5) < 1e-12 && fabs(s->mixture[2][1] - 0.5) < 1e-12);
    assert_true(fabs(s->payoffs[0] - 1) < 1e-12 && fabs(s->payoffs[1]) < 1e-12);
    pl_solution_free(solution);
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stackelberg_duopoly),
        cmocka_unit_test(cournot_duopoly),
        cmocka_unit_test(a_follower_that_ties_mixes),
        cmocka_unit_test(later_stages_may_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
