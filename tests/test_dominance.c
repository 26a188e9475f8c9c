/* Dominance, against games worked in textbooks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "games.h"

static pl_solution *solve(const pl_game *game) {
    pl_solution *solution = NULL;
    assert_int_equal(pl_game_solve(game, "dominance", NULL, &solution, NULL), PL_OK);
    return solution;
}

static const pl_dominated *find(const pl_solution *s, int player, int strategy) {
    for (int k = 0; k < s->dominated_count; k++)
        if (s->dominated[k].player == player && s->dominated[k].strategy == strategy) return &s->dominated[k];
    return NULL;
}

/* Silence is dominated by defection for both. */
static void prisoners_dilemma(void **state) {
    (void)state;
    pl_game *game = make_game(2, two_by_two, (double[]){2, 0, 3, 1, /* column */ 2, 3, 0, 1});
    pl_solution *solution = solve(game);
    assert_int_equal(solution->dominated_count, 2);
    for (int i = 0; i < 2; i++) assert_true(find(solution, i, 0)->by[1] == 1 && !find(solution, i, 0)->weak);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* Osborne and Rubinstein, A Course in Game Theory, figure 61.1: the row B is dominated only by T and M mixed; then L by
 * R, and T by M. What is left is (M, R). */
static void a_mixture_dominates(void **state) {
    (void)state;
    static const int sizes[] = {3, 2};
    pl_game *game = make_game(2, sizes, (double[]){3, 0, 0, 3, 1, 1, /* column */ 0, 1, 0, 1, 1, 0});
    pl_solution *solution = solve(game);
    const pl_dominated *bottom = find(solution, 0, 2), *left = find(solution, 1, 0), *top = find(solution, 0, 0);
    assert_non_null(bottom);
    assert_true(3 * bottom->by[0] > 1 && 3 * bottom->by[1] > 1 && bottom->by[2] == 0);
    assert_true(fabs(bottom->by[0] + bottom->by[1] - 1) < 1e-12);
    assert_true(left && left->by[1] == 1 && !left->weak);
    assert_true(top && top->by[1] == 1 && top->round > bottom->round);
    assert_int_equal(solution->dominated_count, 3);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* Half of each other row gives exactly what the third does: a tie, not dominance, also where halves are not exact. */
static void ties_are_not_eliminated(void **state) {
    (void)state;
    static const int sizes[] = {3, 2};
    double payoffs[12] = {0.3, 0.1, 0.1, 0.3, 0.2, 0.2};
    pl_game *game = make_game(2, sizes, payoffs);
    pl_solution *solution = solve(game);
    assert_int_equal(solution->dominated_count, 0);
    pl_solution_free(solution);
    pl_game_free(game);
    /* Weak dominance is reported and changes nothing: both equilibria stay. */
    game = make_game(2, two_by_two, (double[]){1, 0, 0, 0, 1, 0, 0, 0});
    solution = solve(game);
    assert_int_equal(solution->dominated_count, 2);
    assert_true(find(solution, 0, 1)->weak && find(solution, 1, 1)->weak);
    pl_solution_free(solution);
    assert_int_equal(pl_game_solve(game, NULL, NULL, &solution, NULL), PL_OK);
    assert_int_equal(solution->count, 2);
    pl_solution_free(solution);
    pl_game_free(game);
}

/* Moulin's beauty contest (Game Theory for the Social Sciences, 1986) of three who guess 0, 1, 2, 3 and are paid by how
 * near they are to a fifth of the sum of the others' guesses: round by round only 0 is left. */
static void guesses_shrink(void **state) {
    (void)state;
    static const int sizes[] = {4, 4, 4};
    pl_game *game = make_game(3, sizes, NULL);
    for (long p = 0; p < 64; p++)
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++) sum += j == i ? 0 : pl_game_strategy(game, p, j);
            game->payoffs[i * 64 + p] = -fabs(pl_game_strategy(game, p, i) - sum / 5);
        }
    pl_solution *solution = solve(game);
    int last = 0;
    for (int i = 0; i < 3; i++)
        for (int k = 1; k < 4; k++) {
            assert_true(find(solution, i, k) && !find(solution, i, k)->weak);
            if (find(solution, i, k)->round > last) last = find(solution, i, k)->round;
        }
    assert_true(last > 1);
    pl_solution_free(solution);
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prisoners_dilemma),
        cmocka_unit_test(a_mixture_dominates),
        cmocka_unit_test(ties_are_not_eliminated),
        cmocka_unit_test(guesses_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
