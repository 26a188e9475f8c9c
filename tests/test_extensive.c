/* Games in extensive form whose equilibria are published; each test names where.  The trees are written here from those
 * publications. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "study/behaviour.h"
#include "study/gamefile.h"

typedef struct solved {
    pl_game_file *file;
    pl_tree_solution *s;
} solved;

static solved solve_with(const char *text, const char *solver, double lambda) {
    solved v = {0};
    pl_error error;
    pl_solve_options options = {.lambda = lambda};
    if (pl_game_file_parse(text, strlen(text), "game", &v.file, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    if (pl_game_file_solve(v.file, solver, &options, &v.s, &error) != PL_OK) fail_msg("%s", error.message);
    for (int e = 0; e < v.s->count; e++)
        for (int i = 0; i < v.file->tree->player_count; i++)
            if (v.s->equilibria[e].exact) assert_int_equal(mpq_sgn(v.s->equilibria[e].regrets[i]), 0);
    return v;
}

static solved solve(const char *text, const char *solver) { return solve_with(text, solver, 0); }

static void free_solved(solved v) {
    pl_tree_solution_free(v.s);
    pl_game_file_free(v.file);
}

/* The place of an action, by player from 1, the set's label and the action's. */
static int place_of(const pl_tree *t, int player, const char *set, const char *action) {
    for (int h = 0; h < t->set_count; h++) {
        const pl_information_set *s = &t->sets[h];
        if (s->player != player - 1 || strcmp(s->label, set) != 0) continue;
        for (int k = 0; k < s->action_count; k++)
            if (strcmp(s->actions[k], action) == 0) return s->first + k;
    }
    fail_msg("no %s at %s", action, set);
    return -1;
}

static bool is_number(mpq_t value, const char *expected) {
    mpq_t number;
    mpq_init(number);
    assert_true(pl_rational_parse(expected, number));
    bool same = mpq_equal(number, value);
    mpq_clear(number);
    return same;
}

static bool plays(const solved *v, int e, int player, const char *set, const char *action, const char *probability) {
    return is_number(v->s->equilibria[e].probabilities[place_of(v->file->tree, player, set, action)], probability);
}

static void expect_payoffs(const solved *v, int e, const char *first, const char *second) {
    assert_true(is_number(v->s->equilibria[e].payoffs[0], first));
    assert_true(is_number(v->s->equilibria[e].payoffs[1], second));
}

/* ---- perfect information ------------------------------------------------------------------------------- */

/* Rosenthal's centipede (Journal of Economic Theory 25:92, 1981) with 100 moves: each takes at once. */
static void centipede(void **state) {
    (void)state;
    static char text[20000];
    size_t used = (size_t)sprintf(text, "EFG 2 R \"\" { \"A\" \"B\" } \"\"\n");
    for (int k = 1; k <= 100; k++)
        used += (size_t)sprintf(text + used, "p \"\" %d %d \"\" { \"take\" \"pass\" } 0\nt \"\" %d \"\" { %d %d }\n",
                                2 - k % 2, k, k, k % 2 ? k + 1 : k - 1, k % 2 ? k - 1 : k + 1);
    sprintf(text + used, "t \"\" 101 \"\" { 101 100 }\n");
    solved v = solve(text, NULL);
    assert_int_equal(v.s->count, 1);
    assert_true(v.s->complete);
    for (int h = 0; h < v.file->tree->set_count; h++) {
        assert_true(is_number(v.s->equilibria[0].probabilities[v.file->tree->sets[h].first], "1"));
        assert_int_equal(v.s->equilibria[0].reached[h], h == 0);
    }
    expect_payoffs(&v, 0, "2", "0");
    free_solved(v);
}

/* Ultimatum over 2: refusing nothing costs nothing.  With 0 accepted half the time, offers of 0 and of 1 may be mixed:
 * equilibria beside the two in pure strategies, so these are not all.  With a tie that is nobody's matter they are. */
static void ties_that_matter_to_others(void **state) {
    (void)state;
    static const char format[] = "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"0\" \"1\" } 0\n"
                                 "p \"\" 2 1 \"\" { \"yes\" \"no\" } 0\nt \"\" 1 \"\" { 2 0 }\nt \"\" 2 \"\" { %d 0 }\n"
                                 "p \"\" 2 2 \"\" { \"yes\" \"no\" } 0\nt \"\" 3 \"\" { 1 1 }\nt \"\" 4 \"\" { 0 0 }\n";
    for (int refused = 0; refused <= 2; refused += 2) {
        char text[500];
        sprintf(text, format, refused);
        solved v = solve(text, NULL);
        assert_int_equal(v.s->count, 2);
        assert_int_equal(v.s->complete, refused == 2);
        free_solved(v);
    }
}

/* The second player's first action is dominant, and the first answers it, however different their units: where lambda
 * cannot be followed until it is large for both, no limit is given rather than another. */
static void agents_count_in_units_of_their_own(void **state) {
    (void)state;
    static const char *units[] = {"", "00", "00000"};
    for (int k = 0; k < 3; k++) {
        char text[500];
        sprintf(text,
                "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"l\" \"r\" } 0\n"
                "p \"\" 2 1 \"\" { \"l\" \"r\" } 0\nt \"\" 1 \"\" { 0 1 }\nt \"\" 2 \"\" { 30%s 0 }\n"
                "p \"\" 2 1 \"\" { \"l\" \"r\" } 0\nt \"\" 3 \"\" { 10%s 1 }\nt \"\" 4 \"\" { 0 0 }\n",
                units[k], units[k]);
        solved v = solve(text, NULL);
        assert_int_equal(v.s->count, 1);
        sprintf(text, "10%s", units[k]);
        expect_payoffs(&v, 0, text, "1");
        assert_true(v.s->limit == 0 || (k == 2 && v.s->logit_count == 0));
        free_solved(v);
    }
}

/* Selten's chain store with one market (Theory and Decision 9:127, 1978): one perfect equilibrium, and the threat to
 * fight is Nash: with the probability of fighting at least 1/2 (payoffs 2,2 in, 0,0 fight, 1,5 out) nobody enters. */
static const char chain_store[] =
    "EFG 2 R \"\" { \"entrant\" \"store\" } \"\"\np \"\" 1 1 \"\" { \"in\" \"out\" } 0\n"
    "p \"\" 2 1 \"\" { \"yield\" \"fight\" } 0\nt \"\" 1 \"\" { 2 2 }\nt \"\" 2 \"\" { 0 0 }\nt \"\" 3 \"\" { 1 5 }\n";

static void chain(void **state) {
    (void)state;
    solved v = solve(chain_store, NULL);
    assert_int_equal(v.s->count, 1);
    assert_true(plays(&v, 0, 1, "1", "in", "1") && plays(&v, 0, 2, "1", "yield", "1"));
    assert_int_equal(v.s->subgames, 2);
    free_solved(v);
    v = solve(chain_store, "sequence"); /* the extreme ones: in-yield; out with fight 1/2 and with fight 1 */
    assert_int_equal(v.s->count, 3);
    assert_true(plays(&v, 0, 1, "1", "in", "1") && plays(&v, 0, 2, "1", "yield", "1"));
    assert_true(plays(&v, 1, 1, "1", "out", "1") && plays(&v, 1, 2, "1", "fight", "1/2"));
    assert_true(plays(&v, 2, 1, "1", "out", "1") && plays(&v, 2, 2, "1", "fight", "1"));
    assert_int_equal(v.s->component_count, 2);
    free_solved(v);
}

/* The ultimatum game over 4 coins (Osborne, An Introduction to Game Theory, 6.1): two perfect equilibria, as the other
 * takes nothing or refuses it. */
static void ultimatum(void **state) {
    (void)state;
    char text[2000];
    size_t used = (size_t)
        sprintf(text, "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"0\" \"1\" \"2\" \"3\" \"4\" } 0\n");
    for (int k = 0; k <= 4; k++)
        used += (size_t)sprintf(text + used,
                                "p \"\" 2 %d \"\" { \"yes\" \"no\" } 0\nt \"\" %d \"\" { %d %d }\nt \"\" 0\n", k + 1,
                                k + 1, 4 - k, k);
    solved v = solve(text, NULL);
    assert_int_equal(v.s->count, 2);
    assert_int_equal(v.s->ties, 1);
    assert_true(plays(&v, 0, 1, "1", "0", "1") && plays(&v, 0, 2, "1", "yes", "1"));
    assert_true(plays(&v, 1, 1, "1", "1", "1") && plays(&v, 1, 2, "1", "no", "1"));
    free_solved(v);
}

/* ---- hidden information -------------------------------------------------------------------------------- */

/* Kuhn poker (Contributions to the Theory of Games I, 1950): value -1/18 to the first player, whose solutions are those
 * with a bluff from 0 to 1/3 and a bet on the king three times as often; the second's is unique. */
static char *write_kuhn(void) {
    static char text[8000];
    static const char *cards[] = {"J", "Q", "K"};
    size_t used = (size_t)sprintf(text, "EFG 2 R \"Kuhn\" { \"A\" \"B\" } \"\"\n"
                                        "c \"\" 1 \"\" { \"JQ\" 1/6 \"JK\" 1/6 \"QJ\" 1/6 \"QK\" 1/6 \"KJ\" 1/6 "
                                        "\"KQ\" 1/6 } 0\n");
    for (int a = 0, n = 1; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            if (a == b) continue;
            int sign = a > b ? 1 : -1;
            used += (size_t)sprintf(text + used,
                "p \"\" 1 %d \"%s\" { \"check\" \"bet\" } 0\np \"\" 2 %d \"%s after check\" { \"check\" \"bet\" } 0\n"
                "t \"\" %d \"\" { %d %d }\n"
                "p \"\" 1 %d \"%s after bet\" { \"fold\" \"call\" } 0\nt \"\" %d \"\" { -1 1 }\n"
                "t \"\" %d \"\" { %d %d }\n"
                "p \"\" 2 %d \"%s after bet\" { \"fold\" \"call\" } 0\nt \"\" %d \"\" { 1 -1 }\n"
                "t \"\" %d \"\" { %d %d }\n",
                a + 1, cards[a], b + 1, cards[b], n, sign, -sign, a + 4, cards[a], n + 1, n + 2, 2 * sign, -2 * sign,
                b + 4, cards[b],
                n + 3, n + 4, 2 * sign, -2 * sign);
            n += 5;
        }
    return text;
}

static void kuhn_poker(void **state) {
    (void)state;
    static const char *solvers[] = {NULL, "sequence", "lp", "lemke"};
    for (int k = 0; k < 4; k++) {
        solved v = solve(write_kuhn(), solvers[k]);
        assert_int_equal(v.s->count, k < 2 ? 2 : 1);
        for (int e = 0; e < v.s->count; e++) {
            expect_payoffs(&v, e, "-1/18", "1/18");
            assert_true(plays(&v, e, 2, "J after check", "bet", "1/3"));
            assert_true(plays(&v, e, 2, "Q after bet", "call", "1/3"));
            assert_true(plays(&v, e, 1, "Q", "bet", "0"));
        }
        if (k < 2) {
            assert_true(plays(&v, 0, 1, "J", "bet", "0") && plays(&v, 0, 1, "K", "bet", "0"));
            assert_true(plays(&v, 0, 1, "Q after bet", "call", "1/3"));
            assert_true(plays(&v, 1, 1, "J", "bet", "1/3") && plays(&v, 1, 1, "K", "bet", "1"));
            assert_true(plays(&v, 1, 1, "Q after bet", "call", "2/3"));
            assert_int_equal(v.s->component_count, 1);
        }
        free_solved(v);
    }
}

/* Myerson's card game (Game Theory: Analysis of Conflict, 1991, 2.1 and 4.1): bluff 1/3, meet 2/3, worth 1/3. */
static void card_game(void **state) {
    (void)state;
    static const char text[] =
        "EFG 2 R \"\" { \"A\" \"B\" } \"\"\nc \"\" 1 \"\" { \"red\" 1/2 \"black\" 1/2 } 0\n"
        "p \"\" 1 1 \"red\" { \"raise\" \"fold\" } 0\np \"\" 2 1 \"\" { \"meet\" \"pass\" } 0\n"
        "t \"\" 1 \"\" { 2 -2 }\nt \"\" 2 \"\" { 1 -1 }\nt \"\" 2\n"
        "p \"\" 1 2 \"black\" { \"raise\" \"fold\" } 0\np \"\" 2 1 0\nt \"\" 3 \"\" { -2 2 }\nt \"\" 2\n"
        "t \"\" 4 \"\" { -1 1 }\n";
    static const char *solvers[] = {NULL, "lp", "lemke", "normal"};
    for (int k = 0; k < 4; k++) {
        solved v = solve(text, solvers[k]);
        assert_int_equal(v.s->count, 1);
        assert_true(plays(&v, 0, 1, "black", "raise", "1/3") && plays(&v, 0, 2, "1", "meet", "2/3"));
        expect_payoffs(&v, 0, "1/3", "-1/3");
        free_solved(v);
    }
}

/* Beer and quiche (Cho and Kreps, Quarterly Journal of Economics 102:179, 1987): the weak with probability 1/10; both
 * kinds drink beer, or both eat quiche, and who deviates is challenged with probability at least 1/2. */
static void beer_and_quiche(void **state) {
    (void)state;
    static const char text[] = "EFG 2 R \"\" { \"A\" \"B\" } \"\"\nc \"\" 1 \"\" { \"weak\" 1/10 \"strong\" 9/10 } 0\n"
        "p \"\" 1 1 \"weak\" { \"beer\" \"quiche\" } 0\n"
        "p \"\" 2 1 \"beer\" { \"duel\" \"not\" } 0\nt \"\" 1 \"\" { 0 1 }\nt \"\" 2 \"\" { 2 0 }\n"
        "p \"\" 2 2 \"quiche\" { \"duel\" \"not\" } 0\nt \"\" 3 \"\" { 1 1 }\nt \"\" 4 \"\" { 3 0 }\n"
        "p \"\" 1 2 \"strong\" { \"beer\" \"quiche\" } 0\n"
        "p \"\" 2 1 0\nt \"\" 5 \"\" { 1 0 }\nt \"\" 6 \"\" { 3 1 }\n"
        "p \"\" 2 2 0\nt \"\" 7 \"\" { 0 0 }\nt \"\" 8 \"\" { 2 1 }\n";
    solved v = solve(text, NULL);
    assert_int_equal(v.s->component_count, 2);
    assert_int_equal(v.s->count, 4);
    for (int e = 0; e < 4; e++) {
        const char *same = e < 2 ? "beer" : "quiche", *other = e < 2 ? "quiche" : "beer";
        assert_true(plays(&v, e, 1, "weak", same, "1") && plays(&v, e, 1, "strong", same, "1"));
        assert_true(plays(&v, e, 2, same, "not", "1"));
        assert_true(plays(&v, e, 2, other, "duel", "1/2") || plays(&v, e, 2, other, "duel", "1"));
    }
    free_solved(v);
}

/* Bagwell (Games and Economic Behavior 8:271, 1995): commitment seen with noise 1/100 has the value of none in the only
 * pure equilibrium, and there are two mixed ones (van Damme and Hurkens, 21:282, 1997). */
static void noisy_commitment(void **state) {
    (void)state;
    static const char text[] =
        "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"S\" \"C\" } 0\n"
        "c \"\" 1 \"\" { \"s\" 99/100 \"c\" 1/100 } 0\np \"\" 2 1 \"s\" { \"S\" \"C\" } 0\nt \"\" 1 \"\" { 5 2 }\n"
        "t \"\" 2 \"\" { 3 1 }\n"
        "p \"\" 2 2 \"c\" { \"S\" \"C\" } 0\nt \"\" 1\nt \"\" 2\n"
        "c \"\" 2 \"\" { \"s\" 1/100 \"c\" 99/100 } 0\np \"\" 2 1 0\nt \"\" 3 \"\" { 6 3 }\nt \"\" 4 \"\" { 4 4 }\n"
        "p \"\" 2 2 0\nt \"\" 3\nt \"\" 4\n";
    solved v = solve(text, NULL);
    int pure = 0;
    assert_int_equal(v.s->count, 3);
    for (int e = 0; e < 3; e++)
        pure += plays(&v, e, 1, "1", "C", "1") && plays(&v, e, 2, "s", "C", "1") && plays(&v, e, 2, "c", "C", "1");
    assert_int_equal(pure, 1);
    /* B is indifferent after a signal where the odds of S are those of the signals: 99 to 1, or 1 to 99 */
    assert_true(plays(&v, 0, 1, "1", "S", "99/100") || plays(&v, 1, 1, "1", "S", "99/100"));
    free_solved(v);
}

/* ---- subgames ------------------------------------------------------------------------------------------ */

/* Out, or the battle of the sexes (Osborne and Rubinstein, A Course in Game Theory, example 82.1 and figure 110.1):
 * with outside 2 each of the three equilibria of the subgame gives one. */
static void outside_option(void **state) {
    (void)state;
    static const char text[] =
        "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"enter\" { \"out\" \"in\" } 0\nt \"\" 1 \"\" { 2 2 }\n"
        "p \"\" 1 2 \"sexes\" { \"B\" \"S\" } 0\np \"\" 2 1 \"\" { \"B\" \"S\" } 0\nt \"\" 2 \"\" { 3 1 }\n"
        "t \"\" 3 \"\" { 0 0 }\n"
        "p \"\" 2 1 0\nt \"\" 3\nt \"\" 4 \"\" { 1 3 }\n";
    solved v = solve(text, NULL);
    assert_int_equal(v.s->subgames, 2);
    assert_int_equal(v.s->count, 3);
    int in = 0, mixed = 0;
    for (int e = 0; e < 3; e++) {
        in += plays(&v, e, 1, "enter", "in", "1") && plays(&v, e, 1, "sexes", "B", "1") &&
              plays(&v, e, 2, "1", "B", "1");
        mixed += plays(&v, e, 1, "enter", "out", "1") && plays(&v, e, 1, "sexes", "B", "3/4") &&
                 plays(&v, e, 2, "1", "B", "1/4");
    }
    assert_int_equal(in, 1);
    assert_int_equal(mixed, 1);
    free_solved(v);
}

/* The prisoners' dilemma played twice: both defect always, whatever was done (Luce and Raiffa, Games and Decisions,
 * 5.5). */
static void repeated_dilemma(void **state) {
    (void)state;
    static const int payoff[4][2] = {{2, 2}, {0, 3}, {3, 0}, {1, 1}};
    char text[4000];
    size_t used = (size_t)sprintf(text, "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"C\" \"D\" } 0\n");
    for (int k = 0; k < 4; k++) {
        if (k % 2 == 0) used += (size_t)sprintf(text + used, "p \"\" 2 1 \"\" { \"C\" \"D\" } 0\n");
        used += (size_t)sprintf(text + used, "p \"\" 1 %d \"\" { \"C\" \"D\" } %d \"\" { %d %d }\n", k + 2, k + 1,
                                payoff[k][0], payoff[k][1]);
        for (int j = 0; j < 4; j++) {
            if (j % 2 == 0) used += (size_t)sprintf(text + used, "p \"\" 2 %d \"\" { \"C\" \"D\" } 0\n", k + 2);
            used += (size_t)sprintf(text + used, "t \"\" %d \"\" { %d %d }\n", j + 1, payoff[j][0], payoff[j][1]);
        }
    }
    solved v = solve(text, NULL);
    assert_int_equal(v.s->subgames, 5);
    assert_int_equal(v.s->count, 1);
    for (int h = 0; h < v.file->tree->set_count; h++)
        assert_true(is_number(v.s->equilibria[0].probabilities[v.file->tree->sets[h].first + 1], "1"));
    expect_payoffs(&v, 0, "2", "2");
    free_solved(v);
}

/* ---- three players, and logit -------------------------------------------------------------------------- */

/* Selten's horse (International Journal of Game Theory 4:25, 1975, figure 1): (L,R,R) and the perfect (R,R,L), to which
 * agent logit leads. */
static void horse(void **state) {
    (void)state;
    static const char text[] = "EFG 2 R \"\" { \"1\" \"2\" \"3\" } \"\"\np \"\" 1 1 \"\" { \"R\" \"L\" } 0\n"
                               "p \"\" 2 1 \"\" { \"R\" \"L\" } 0\n"
        "t \"\" 1 \"\" { 1 1 1 }\np \"\" 3 1 \"\" { \"R\" \"L\" } 0\nt \"\" 2 \"\" { 4 4 0 }\nt \"\" 3 \"\" { 0 0 1 }\n"
        "p \"\" 3 1 0\nt \"\" 4 \"\" { 3 2 2 }\nt \"\" 0\n";
    solved v = solve(text, NULL);
    int unreasonable = 0, perfect = -1;
    for (int e = 0; e < v.s->count; e++) {
        unreasonable += plays(&v, e, 1, "1", "L", "1") && plays(&v, e, 2, "1", "R", "1") &&
                        plays(&v, e, 3, "1", "R", "1");
        if (plays(&v, e, 1, "1", "R", "1") && plays(&v, e, 2, "1", "R", "1") && plays(&v, e, 3, "1", "L", "1"))
            perfect = e;
    }
    assert_int_equal(unreasonable, 1);
    assert_true(perfect >= 0);
    assert_int_equal(v.s->limit, perfect);
    assert_false(v.s->equilibria[perfect].reached[2]);
    free_solved(v);
}

/* Where each set has one node agent logit is a recursion from the end: each plays in proportion to exp(lambda x value),
 * and hands on the mean. */
static void logit_recursion(void **state) {
    (void)state;
    static const char text[] =
        "EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"take\" \"pass\" } 0\nt \"\" 1 \"\" { 4 1 }\n"
        "p \"\" 2 1 \"\" { \"take\" \"pass\" } 0\nt \"\" 2 \"\" { 2 8 }\np \"\" 1 2 \"\" { \"take\" \"pass\" } 0\n"
        "t \"\" 3 \"\" { 16 4 }\nt \"\" 4 \"\" { 8 32 }\n";
    double lambda = 0.3, third = 1 / (1 + exp(lambda * (8 - 16)));
    double a = third * 16 + (1 - third) * 8, b = third * 4 + (1 - third) * 32, second = 1 / (1 + exp(lambda * (b - 8)));
    double first = 1 / (1 + exp(lambda * (second * 2 + (1 - second) * a - 4)));
    solved v = solve_with(text, "logit", lambda);
    assert_int_equal(v.s->logit_count, 1);
    const double *p = v.s->logit[0].probabilities;
    assert_true(fabs(p[place_of(v.file->tree, 1, "1", "take")] - first) < 1e-10);
    assert_true(fabs(p[place_of(v.file->tree, 2, "1", "take")] - second) < 1e-10);
    assert_true(fabs(p[place_of(v.file->tree, 1, "2", "take")] - third) < 1e-10);
    free_solved(v);
}

/* ---- recall -------------------------------------------------------------------------------------------- */

/* The absent-minded driver (Piccione and Rubinstein, Games and Economic Behavior 20:3, 1997): of the two pure
 * strategies going on is the better one, worth 1. */
static void absent_minded(void **state) {
    (void)state;
    solved v = solve("EFG 2 R \"\" { \"A\" } \"\"\np \"\" 1 1 \"\" { \"exit\" \"on\" } 0\nt \"\" 0\np \"\" 1 1 0\n"
                     "t \"\" 1 \"\" { 4 }\nt \"\" 2 \"\" { 1 }\n", NULL);
    assert_int_equal(v.file->tree->absent_minded, 0);
    assert_non_null(v.s->mixed);
    assert_int_equal(v.s->mixed->count, 1);
    assert_true(v.s->mixed->equilibria[0].payoffs[0] == 1);
    free_solved(v);
}

/* A set of one action that play meets twice decides nothing, and its player forgets nothing. */
static void no_choice(void **state) {
    (void)state;
    solved v = solve("EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"\" { \"on\" } 0\n"
                     "p \"\" 2 1 \"\" { \"l\" \"r\" } 0\np \"\" 1 1 0\n"
                     "p \"\" 1 2 \"\" { \"L\" \"R\" } 0\nt \"\" 1 \"\" { 1 2 }\nt \"\" 0\np \"\" 1 1 0\np \"\" 1 2 0\n"
                     "t \"\" 0\nt \"\" 2 \"\" { 2 1 }\n", NULL);
    assert_int_equal(v.file->tree->absent_minded, -1);
    assert_int_equal(v.file->tree->forgetful, -1);
    assert_int_equal(v.s->count, 3); /* the battle of the sexes: two pure ones and a mixed one */
    assert_true(plays(&v, 0, 1, "1", "on", "1"));
    free_solved(v);
}

/* A player who forgets her own move before she matches it: a mixed strategy can match always, no behaviour can. */
static void forgetful(void **state) {
    (void)state;
    solved v = solve("EFG 2 R \"\" { \"A\" } \"\"\np \"\" 1 1 \"\" { \"l\" \"r\" } 0\n"
                     "p \"\" 1 2 \"\" { \"l\" \"r\" } 0\nt \"\" 1 \"\" { 1 }\nt \"\" 0\n"
                     "p \"\" 1 2 0\nt \"\" 0\nt \"\" 1\n", NULL);
    assert_int_equal(v.file->tree->forgetful, 1);
    assert_int_equal(v.file->tree->absent_minded, -1);
    assert_int_equal(v.s->mixed->count, 2); /* l-l and r-r */
    free_solved(v);
}

/* ---- files that lie beside the project ----------------------------------------------------------------- */

/* A file of $PARLEY_SHARED/cases/games, solved; false where it is not there. */
static bool solve_shared(const char *name, solved *v) {
    const char *folder = getenv("PARLEY_SHARED");
    char path[1024];
    pl_error error;
    snprintf(path, sizeof path, "%s/cases/games/%s", folder ? folder : "../shared", name);
    if (pl_game_file_read(path, &v->file, NULL, &error) != PL_OK) {
        if (error.status != PL_FILE) fail_msg("%s: %s", name, error.message);
        printf("%s is not there: skipped\n", path);
        return false;
    }
    assert_int_equal(pl_game_file_solve(v->file, NULL, NULL, &v->s, &error), PL_OK);
    return true;
}

/* The answers that the folder's README gives. */
static void shared_games(void **state) {
    (void)state;
    solved v;
    if (solve_shared("kuhn_poker.efg", &v)) {
        for (int e = 0; e < v.s->count; e++) expect_payoffs(&v, e, "-1/18", "1/18");
        free_solved(v);
    }
    if (solve_shared("stripped_down_poker.efg", &v)) {
        assert_int_equal(v.s->count, 1);
        assert_true(plays(&v, 0, 1, "Alice has Queen", "Bet", "1/3") &&
                    plays(&v, 0, 2, "Bob's response", "Call", "2/3"));
        free_solved(v);
    }
    if (solve_shared("cent6.efg", &v)) {
        assert_int_equal(v.s->count, 1);
        for (int h = 0; h < v.file->tree->set_count; h++)
            assert_true(is_number(v.s->equilibria[0].probabilities[v.file->tree->sets[h].first], "1"));
        free_solved(v);
    }
    if (solve_shared("journals_ijgt_selten1975_fig1.efg", &v)) {
        int both = 0;
        for (int e = 0; e < v.s->count; e++) {
            both += plays(&v, e, 1, "1", "L", "1") && plays(&v, e, 2, "1", "R", "1") && plays(&v, e, 3, "1", "R", "1");
            if (!plays(&v, e, 1, "1", "R", "1") || !plays(&v, e, 2, "1", "R", "1") || !plays(&v, e, 3, "1", "L", "1"))
                continue;
            both++;
            assert_int_equal(v.s->limit, e);
        }
        assert_int_equal(both, 2);
        free_solved(v);
    }
}

static void refusals(void **state) {
    (void)state;
    pl_game_file *file;
    pl_tree_solution *s;
    pl_error error;
    assert_int_equal(pl_game_file_parse(chain_store, sizeof chain_store - 1, "t", &file, NULL, NULL), PL_OK);
    assert_int_equal(pl_game_file_solve(file, "magic", NULL, &s, &error), PL_USAGE);
    assert_int_equal(pl_game_file_solve(file, "lp", NULL, &s, &error), PL_UNSUPPORTED); /* not zero-sum */
    assert_null(s);
    pl_game_file_free(file);
}

static void out_of_memory(void **state) {
    (void)state;
    pl_game_file *file;
    const char *text = write_kuhn();
    assert_int_equal(pl_game_file_parse(text, strlen(text), "t", &file, NULL, NULL), PL_OK);
    pl_status status = PL_MEMORY;
    for (long n = 1; status == PL_MEMORY; n += 1 + n / 8) {
        pl_tree_solution *s = NULL;
        pl_allocation_fail_after(n);
        status = pl_game_file_solve(file, NULL, NULL, &s, NULL);
        pl_allocation_fail_after(0);
        pl_tree_solution_free(s);
    }
    assert_int_equal(status, PL_OK);
    pl_game_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(centipede),
        cmocka_unit_test(ties_that_matter_to_others),
        cmocka_unit_test(agents_count_in_units_of_their_own),
        cmocka_unit_test(chain),
        cmocka_unit_test(ultimatum),
        cmocka_unit_test(kuhn_poker),
        cmocka_unit_test(card_game),
        cmocka_unit_test(beer_and_quiche),
        cmocka_unit_test(noisy_commitment),
        cmocka_unit_test(outside_option),
        cmocka_unit_test(repeated_dilemma),
        cmocka_unit_test(horse),
        cmocka_unit_test(logit_recursion),
        cmocka_unit_test(absent_minded),
        cmocka_unit_test(shared_games),
        cmocka_unit_test(forgetful),
        cmocka_unit_test(no_choice),
        cmocka_unit_test(refusals),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
