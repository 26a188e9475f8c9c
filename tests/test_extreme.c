/* Equilibria of two-player games that are known: from the literature, or worked out by hand beside the game. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "study/solution.h"

enum { MOST = 64 };

static pl_game *make(int rows, int columns, const double *first, const double *second) {
    static const char *names[MOST];
    for (int k = 0; k < MOST; k++) names[k] = "s";
    pl_player players[2] = {{"row", rows, names}, {"column", columns, names}};
    pl_game *game;
    assert_int_equal(pl_game_new(players, 2, &game, NULL), PL_OK);
    for (int k = 0; k < rows * columns; k++) {
        game->payoffs[k] = first[k];
        game->payoffs[rows * columns + k] = second[k];
    }
    return game;
}

static pl_solution *solve(const pl_game *game, const char *solver) {
    pl_solution *solution;
    assert_int_equal(pl_game_solve(game, solver, NULL, &solution, NULL), PL_OK);
    return solution;
}

/* "1/3 2/3 | 1 0" */
static void write_equilibrium(const pl_game *game, const pl_equilibrium *e, char *out, size_t room) {
    out[0] = 0;
    for (int i = 0; i < game->player_count; i++)
        for (int k = 0; k < game->players[i].strategy_count; k++) {
            size_t used = strlen(out);
            snprintf(out + used, room - used, "%s%s", k ? " " : i ? " | " : "", e->exact[i][k]);
        }
}

/* The equilibria in the order in which they are listed, one in each text; frees the game. */
static void expect(pl_game *game, int count, const char *const *wanted, int components) {
    pl_solution *s = solve(game, "extreme");
    assert_true(s->complete);
    assert_int_equal(s->count, count);
    for (int i = 0; i < count; i++) {
        char found[400];
        write_equilibrium(game, &s->equilibria[i], found, sizeof found);
        assert_string_equal(found, wanted[i]);
        assert_true(s->equilibria[i].certified);
        assert_true(s->equilibria[i].regret == 0);
    }
    assert_int_equal(s->component_count, components);
    pl_solution_free(s);
    pl_game_free(game);
}
#define EXPECT(components, game, ...)                                                        \
    expect(game, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),        \
           (const char *[]){__VA_ARGS__}, components)
#define NUMBERS(...) ((const double[]){__VA_ARGS__})

/* Osborne, An Introduction to Game Theory, 2.3-2.5 and 4.1: dilemma, pennies, battle of the sexes (there 2, 1). */
static void games_of_textbooks(void **state) {
    (void)state;
    EXPECT(1, make(2, 2, NUMBERS(2, 0, 3, 1), NUMBERS(2, 3, 0, 1)), "0 1 | 0 1");
    EXPECT(1, make(2, 2, NUMBERS(1, -1, -1, 1), NUMBERS(-1, 1, 1, -1)), "1/2 1/2 | 1/2 1/2");
    EXPECT(3, make(2, 2, NUMBERS(2, 0, 0, 1), NUMBERS(1, 0, 0, 2)), "1 0 | 1 0", "0 1 | 0 1", "2/3 1/3 | 1/3 2/3");
    EXPECT(1, make(3, 3, NUMBERS(0, -1, 1, 1, 0, -1, -1, 1, 0), NUMBERS(0, 1, -1, -1, 0, 1, 1, -1, 0)),
           "1/3 1/3 1/3 | 1/3 1/3 1/3");
}

/* Shapley, Some topics in two-person games, 1964: where fictitious play goes round, the one equilibrium is even. */
static void shapleys_game(void **state) {
    (void)state;
    EXPECT(1, make(3, 3, NUMBERS(0, 0, 1, 1, 0, 0, 0, 1, 0), NUMBERS(0, 1, 0, 0, 0, 1, 1, 0, 0)),
           "1/3 1/3 1/3 | 1/3 1/3 1/3");
}

/* O'Neill, PNAS 84:2106, 1987: the joker is played with 2/5, each other card with 1/5. The row player wins (1, else -1)
 * where both play the joker, or different cards. */
static void oneills_game(void **state) {
    (void)state;
    double first[16], second[16];
    for (int k = 0; k < 16; k++) {
        int a = k / 4, b = k % 4;
        first[k] = (a == 3 && b == 3) || (a < 3 && b < 3 && a != b) ? 1 : -1;
        second[k] = -first[k];
    }
    EXPECT(1, make(4, 4, first, second), "1/5 1/5 1/5 2/5 | 1/5 1/5 1/5 2/5");
}

/* Von Stengel, in Nisan et al., Algorithmic Game Theory, 2007, (3.3) and example 3.3's degenerate form: where the
 * second player's payoffs of the first row tie, the first row goes with all y from (1, 0) to (2/3, 1/3). */
static void von_stengels_game(void **state) {
    (void)state;
    const double *first = NUMBERS(3, 3, 2, 5, 0, 6);
    EXPECT(3, make(3, 2, first, NUMBERS(3, 2, 2, 6, 3, 1)), "1 0 0 | 1 0", "4/5 1/5 0 | 2/3 1/3",
           "0 1/3 2/3 | 1/3 2/3");
    EXPECT(2, make(3, 2, first, NUMBERS(3, 3, 2, 6, 3, 1)), "1 0 0 | 1 0", "1 0 0 | 2/3 1/3", "0 1/3 2/3 | 1/3 2/3");
}

/* The handbook's example (von Stengel 2002, sec. 2): rows give 6 y2, 2 + 3 y2 and 3. They tie at y2 = 2/3 (the first
 * two, worth 4) and y2 = 1/3 (the last two). Where the third row's payoffs of the column player tie (4, 4 instead of 4,
 * 3), the third row goes with all y2 from 0 to 1/3. */
static void the_handbooks_game(void **state) {
    (void)state;
    const double *first = NUMBERS(0, 6, 2, 5, 3, 3);
    EXPECT(3, make(3, 2, first, NUMBERS(1, 0, 0, 2, 4, 3)), "0 0 1 | 1 0", "2/3 1/3 0 | 1/3 2/3",
           "0 1/3 2/3 | 2/3 1/3");
    EXPECT(2, make(3, 2, first, NUMBERS(1, 0, 0, 2, 4, 4)), "0 0 1 | 1 0", "0 0 1 | 2/3 1/3", "2/3 1/3 0 | 1/3 2/3");
}

/* Where all is equal each pair of pure strategies is an extreme equilibrium, and all of them are one Nash subset. */
static void constant_games(void **state) {
    (void)state;
    double zero[15 * 15] = {0};
    for (int rows = 1; rows <= 15; rows += 7)
        for (int columns = 1; columns <= 15; columns += 7) {
            pl_game *game = make(rows, columns, zero, zero);
            pl_solution *s = solve(game, "extreme");
            assert_true(s->complete);
            assert_int_equal(s->count, rows * columns);
            assert_int_equal(s->component_count, 1);
            assert_int_equal(s->components[0].count, rows * columns);
            assert_int_equal(s->components[0].subset_count, 1);
            pl_solution_free(s);
            pl_game_free(game);
        }
}

/* An equal column may take any part of its twin's probability. */
static void twins(void **state) {
    (void)state;
    EXPECT(1, make(2, 3, NUMBERS(1, -1, -1, -1, 1, 1), NUMBERS(-1, 1, 1, 1, -1, -1)), "1/2 1/2 | 1/2 1/2 0",
           "1/2 1/2 | 1/2 0 1/2");
}

/* Both get 1 unless both choose their second strategy. The equilibria make two sides of a square: a component of two
 * Nash subsets that share a corner. */
static void subsets_that_touch(void **state) {
    (void)state;
    pl_game *game = make(2, 2, NUMBERS(1, 1, 1, 0), NUMBERS(1, 1, 1, 0));
    pl_solution *s = solve(game, "extreme");
    assert_int_equal(s->count, 3); /* 1: both first; 2: column second; 3: row second */
    assert_int_equal(s->component_count, 1);
    assert_int_equal(s->components[0].subset_count, 2);
    int times[3] = {0};
    for (int k = 0; k < 2; k++) {
        const pl_nash_subset *subset = &s->components[0].subsets[k];
        assert_int_equal(subset->count, 2);
        for (int i = 0; i < subset->count; i++) times[subset->equilibria[i]]++;
    }
    assert_true(times[0] == 2 && times[1] == 1 && times[2] == 1);
    pl_solution_free(s);
    pl_game_free(game);
}

/* Kohlberg and Mertens, Econometrica 54:1003, 1986, fig. 1: the equilibria are the six sides of a hexagon. */
static void a_hexagon_of_equilibria(void **state) {
    (void)state;
    pl_game *game = make(3, 3, NUMBERS(1, 0, -1, -1, 0, -1, 1, 0, -2), NUMBERS(1, -1, 1, 0, 0, 0, -1, -1, -2));
    pl_solution *s = solve(game, "extreme");
    assert_int_equal(s->component_count, 1);
    assert_int_equal(s->components[0].subset_count, 6);
    assert_int_equal(s->count, 6);
    int times[6] = {0};
    for (int k = 0; k < 6; k++) {
        assert_int_equal(s->components[0].subsets[k].count, 2);
        for (int i = 0; i < 2; i++) times[s->components[0].subsets[k].equilibria[i]]++;
    }
    for (int k = 0; k < 6; k++) assert_int_equal(times[k], 2);
    pl_solution_free(s);
    pl_game_free(game);
}

/* One player who has no choice, or one alone: the other's best strategies. */
static void one_sided_games(void **state) {
    (void)state;
    EXPECT(1, make(1, 3, NUMBERS(5, 5, 5), NUMBERS(1, 2, 2)), "1 | 0 1 0", "1 | 0 0 1");
    EXPECT(1, make(3, 1, NUMBERS(-1, -3, -2), NUMBERS(0, 0, 0)), "1 0 0 | 1");
    const char *names[] = {"a", "b", "c"};
    pl_player alone = {"alone", 3, names};
    pl_game *game;
    assert_int_equal(pl_game_new(&alone, 1, &game, NULL), PL_OK);
    game->payoffs[1] = game->payoffs[2] = 1;
    pl_solution *s = solve(game, NULL);
    assert_true(s->complete);
    assert_int_equal(s->count, 2);
    assert_int_equal(s->equilibria[0].profile, 1);
    assert_true(s->equilibria[1].payoffs[0] == 1);
    assert_int_equal(s->component_count, 1);
    pl_solution_free(s);
    pl_game_free(game);
}

/* Pennies where one match is worth 1e9 and the other 1e-9: the column player evens them out, 1 : 10^18. */
static void scales_far_apart(void **state) {
    (void)state;
    EXPECT(1, make(2, 2, NUMBERS(1e9, 0, 0, 1e-9), NUMBERS(0, 1, 1, 0)),
           "1/2 1/2 | 1/1000000000000000001 1000000000000000000/1000000000000000001");
    EXPECT(1, make(2, 2, NUMBERS(1e300, 0, 0, 1e300), NUMBERS(-1e-300, 0, 0, -3e-300)), "3/4 1/4 | 1/2 1/2");
}

/* Payoffs are the decimals that they print as: 0.1 + 0.2 is 0.3, although in doubles it is not. The third row gives 0.3
 * as the first two do at the even mixture, where the column player does not mind it: two extreme equilibria that are
 * joined, and the two pure ones. */
static void decimals_tie(void **state) {
    (void)state;
    EXPECT(3, make(3, 2, NUMBERS(0.2, 0.4, 0.4, 0.2, 0.3, 0.3), NUMBERS(0.1, 0.7, 0.8, 0.2, 0.4, 0.4)),
           "1 0 0 | 0 1", "0 1 0 | 1 0", "0 0 1 | 1/2 1/2", "1/2 1/2 0 | 1/2 1/2");
}

/* A game may bring its payoffs as rational numbers: thirds, of which three are one. In doubles the third row would be
 * worse or better than the others by rounding. */
static void rational_payoffs(void **state) {
    (void)state;
    static const char *const exact[] = {"1", "0", "0", "1/3", "1/3", "1/3", "0", "0", "1", "0", "1", "0",
                                        "0", "1", "1/2", "1/2", "1/2", "1/2", "1", "0", "1/2", "1/2", "1/2", "1/2"};
    double first[12], second[12];
    for (int k = 0; k < 24; k++) {
        double value = strtod(exact[k], NULL);
        if (strchr(exact[k], '/')) value /= strtod(strchr(exact[k], '/') + 1, NULL);
        if (k < 12) first[k] = value;
        else second[k - 12] = value;
    }
    pl_game *game = make(4, 3, first, second);
    game->exact = (const char **)exact;
    pl_solution *s = solve(game, "extreme");
    bool found = false;
    for (int i = 0; i < s->count; i++) {
        assert_true(s->equilibria[i].certified);
        found |= strcmp(s->equilibria[i].exact_payoffs[0], "1/3") == 0 && s->equilibria[i].mixture[0][1] == 1;
    }
    assert_true(found); /* the row of thirds, against the even mixture */
    pl_solution_free(s);
    pl_game_free(game);
}

/* Where both get 1 if they choose alike, else 0, every set of strategies carries one equilibrium, evenly mixed:
 * 2^n - 1 of them (Quint and Shubik, International Journal of Game Theory 26:353, 1997). */
static void coordination(void **state) {
    (void)state;
    for (int n = 1; n <= 9; n++) {
        double payoffs[81] = {0};
        for (int k = 0; k < n; k++) payoffs[k * n + k] = 1;
        pl_game *game = make(n, n, payoffs, payoffs);
        pl_solution *s = solve(game, "extreme");
        assert_true(s->complete);
        assert_int_equal(s->count, (1 << n) - 1);
        assert_int_equal(s->component_count, (1 << n) - 1);
        pl_solution_free(s);
        pl_game_free(game);
    }
}

/* Von Stengel, Discrete and Computational Geometry 21:557, 1999: a 6 x 6 game from two dual cyclic polytopes, with 75
 * equilibria, the most of any that is known; as Gambit's examples have it. */
static void seventy_five(void **state) {
    (void)state;
    static const double first[36] = {
        9504, -660, 19976, -20526, 1776, -8976, -111771, 31680, -130944, 168124, -8514, 52764,
        397584, -113850, 451176, -586476, 29216, -178761, 171204, -45936, 208626, -263076, 14124,
        -84436, 1303104, -453420, 1227336, -1718376, 72336, -461736, 737154, -227040, 774576,
        -1039236, 48081, -300036};
    static const double second[36] = {
        72336, 48081, 29216, 14124, 1776, -8514, -461736, -300036, -178761, -84436, -8976, 52764,
        1227336, 774576, 451176, 208626, 19976, -130944, -1718376, -1039236, -586476, -263076,
        -20526, 168124, 1303104, 737154, 397584, 171204, 9504, -111771, -453420, -227040, -113850,
        -45936, -660, 31680};
    pl_game *game = make(6, 6, first, second);
    pl_solution *s = solve(game, "extreme");
    assert_int_equal(s->count, 75);
    assert_int_equal(s->component_count, 75);
    for (int i = 0; i < s->count; i++) assert_true(s->equilibria[i].certified);
    pl_solution_free(s);
    pl_game_free(game);
}

/* Over 15 strategies the budget rules: too little of it gives what was found, and says that there may be more. */
static void the_budget_ends_large_games(void **state) {
    (void)state;
    double payoffs[16 * 16] = {0};
    for (int k = 0; k < 16; k++) payoffs[k * 16 + k] = 1;
    pl_game *game = make(16, 16, payoffs, payoffs);
    pl_solve_options options = {.budget = 100000};
    pl_solution *s;
    assert_int_equal(pl_game_solve(game, NULL, &options, &s, NULL), PL_OK);
    assert_false(s->complete);
    assert_true(s->count >= 16); /* all pure ones are there */
    for (int i = 0; i < 16; i++) {
        int found = 0;
        for (int k = 0; k < s->count; k++) found += s->equilibria[k].profile == 17 * i;
        assert_int_equal(found, 1);
    }
    pl_solution_free(s);
    pl_game_free(game);
}

/* ---- correlated equilibria ------------------------------------------------------------------------------ */

static const pl_correlated *correlated(const pl_solution *s, int index) {
    assert_int_equal(s->correlated_count, 2);
    const pl_correlated *c = &s->correlated[index];
    assert_true(fabs(c->bound - c->welfare) < 1e-9);
    assert_true(c->regret < 1e-9);
    return c;
}

/* Chicken with 6, 2, 7, 0 (Aumann 1974): told (1, 1) half of the time, each of the two others a quarter, both get 21/4;
 * no correlated equilibrium has more. By hand: with p on (1, 1), q on each of (1, 2) and (2, 1), r on (2, 2), one told
 * 1 obeys where 6p + 2q >= 7p, one told 2 where 7q >= 6q + 2r; 12p + 18q is largest at p = 2q, r = 0. The lowest is at
 * r = q/2, p = 0: 18q with 5q/2 = 1, 36/5. */
static void chicken(void **state) {
    (void)state;
    pl_game *game = make(2, 2, NUMBERS(6, 2, 7, 0), NUMBERS(6, 7, 2, 0));
    pl_solution *s = solve(game, "correlated");
    const pl_correlated *high = correlated(s, 0), *low = correlated(s, 1);
    assert_true(fabs(high->welfare - 10.5) < 1e-12 && fabs(high->payoffs[0] - 5.25) < 1e-12);
    const double wanted[] = {0.5, 0.25, 0.25, 0};
    for (int k = 0; k < 4; k++) assert_true(fabs(high->probability[k] - wanted[k]) < 1e-12);
    assert_true(fabs(low->welfare - 7.2) < 1e-12);
    pl_solution_free(s);
    pl_game_free(game);
}

/* In a game of nothing but conflict every correlated equilibrium is worth the value: pennies 0; a dominant pair stands
 * alone; where all is equal, all is worth the same, and so is a game of one profile that nobody can leave. */
static void correlated_equilibria_of_plain_games(void **state) {
    (void)state;
    double one[144];
    for (int k = 0; k < 144; k++) one[k] = 1;
    pl_game *pennies = make(2, 2, NUMBERS(1, -1, -1, 1), NUMBERS(-1, 1, 1, -1)), *equal = make(12, 12, one, one);
    pl_game *dilemma = make(2, 2, NUMBERS(2, 0, 3, 1), NUMBERS(2, 3, 0, 1));
    pl_solution *s = solve(pennies, "correlated"), *t = solve(equal, "correlated"), *u = solve(dilemma, "correlated");
    for (int k = 0; k < 2; k++) {
        for (int p = 0; p < 4; p++) assert_true(fabs(correlated(s, k)->probability[p] - 0.25) < 1e-12);
        assert_true(fabs(correlated(t, k)->welfare - 2) < 1e-12);
        assert_true(correlated(u, k)->probability[3] == 1);
    }
    pl_solution_free(s);
    pl_solution_free(t);
    pl_solution_free(u);
    pl_game_free(pennies);
    pl_game_free(equal);
    pl_game_free(dilemma);
}

/* Three players get 1 each where exactly one of them goes, told by a coin of three sides. */
static void correlation_of_three(void **state) {
    (void)state;
    const char *names[] = {"stay", "go"};
    pl_player players[3] = {{"a", 2, names}, {"b", 2, names}, {"c", 2, names}};
    pl_game *game;
    assert_int_equal(pl_game_new(players, 3, &game, NULL), PL_OK);
    for (int p = 0; p < 8; p++)
        for (int i = 0; i < 3; i++) game->payoffs[8 * i + p] = p == 1 || p == 2 || p == 4;
    pl_solution *s = solve(game, "correlated");
    assert_true(fabs(correlated(s, 0)->welfare - 3) < 1e-12);
    assert_true(correlated(s, 1)->welfare < 3);
    pl_solution_free(s);
    pl_game_free(game);
}

/* ---- memory --------------------------------------------------------------------------------------------- */

static void out_of_memory_is_a_status(void **state) {
    (void)state;
    static const char *const solvers[] = {"extreme", "correlated", "auto"};
    pl_game *game = make(3, 2, NUMBERS(3, 3, 2, 5, 0, 6), NUMBERS(3, 3, 2, 6, 3, 1));
    for (int k = 0; k < 3; k++) {
        pl_status status = PL_MEMORY;
        for (long n = 1; status == PL_MEMORY; n++) {
            pl_solution *s = NULL;
            pl_allocation_fail_after(n);
            status = pl_game_solve(game, solvers[k], NULL, &s, NULL);
            pl_allocation_fail_after(0);
            assert_true(status == PL_OK || status == PL_MEMORY);
            assert_true(n > 1 || status == PL_MEMORY);
            pl_solution_free(s);
        }
    }
    pl_game_free(game);
}

static void numbers_that_are_none_are_refused(void **state) {
    (void)state;
    pl_game *game = make(1, 2, NUMBERS(0, NAN), NUMBERS(0, 0));
    pl_solution *s;
    pl_error error;
    assert_int_equal(pl_game_solve(game, NULL, NULL, &s, &error), PL_INVALID);
    assert_string_equal(error.message, "a payoff of the game is not finite");
    assert_null(s);
    pl_game_free(game);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(games_of_textbooks),
        cmocka_unit_test(shapleys_game),
        cmocka_unit_test(oneills_game),
        cmocka_unit_test(von_stengels_game),
        cmocka_unit_test(the_handbooks_game),
        cmocka_unit_test(constant_games),
        cmocka_unit_test(twins),
        cmocka_unit_test(subsets_that_touch),
        cmocka_unit_test(a_hexagon_of_equilibria),
        cmocka_unit_test(one_sided_games),
        cmocka_unit_test(scales_far_apart),
        cmocka_unit_test(decimals_tie),
        cmocka_unit_test(rational_payoffs),
        cmocka_unit_test(coordination),
        cmocka_unit_test(seventy_five),
        cmocka_unit_test(the_budget_ends_large_games),
        cmocka_unit_test(chicken),
        cmocka_unit_test(correlated_equilibria_of_plain_games),
        cmocka_unit_test(correlation_of_three),
        cmocka_unit_test(out_of_memory_is_a_status),
        cmocka_unit_test(numbers_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
