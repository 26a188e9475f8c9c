/* Tables and games from an ensemble.  The expected numbers are closed forms: order statistics, binomial probabilities,
 * standard errors; each test says which. */
#include "fake_ensemble.h"

#include <jansson.h>

#include "study/play.h"
#include "study/statistics.h"
#include "study/table.h"

enum { FUTURES = 101 };

/* ---- statistics --------------------------------------------------------------------------------------- */

/* Type 7 of Hyndman and Fan on 1..10, as R's quantile gives it. */
static void quantiles_are_of_type_7(void **state) {
    (void)state;
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    assert_true(fabs(pl_quantile(x, 10, 0.05) - 1.45) < 1e-12);
    assert_true(fabs(pl_quantile(x, 10, 0.25) - 3.25) < 1e-12);
    assert_true(pl_quantile(x, 10, 0.5) == 5.5);
    assert_true(fabs(pl_quantile(x, 10, 0.95) - 9.55) < 1e-12);
    assert_true(pl_quantile(x, 1, 0.95) == 1);
    assert_true(isnan(pl_quantile(x, 0, 0.5)));
}

/* Ranks of the 95 % interval of a median from the binomial distribution with p = 1/2:
 * P(X <= l - 1) <= 0.025 < P(X <= l).
 * For n = 10: P(X <= 1) = 11/1024 = 0.0107, P(X <= 2) = 56/1024 = 0.0547, so l = 2; and so on. */
static void ranks_of_the_median(void **state) {
    (void)state;
    const long known[][2] = {{5, 0}, {6, 1}, {8, 1}, {9, 2}, {10, 2}, {20, 6}, {50, 18}, {100, 40}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(pl_median_rank(known[i][0]), known[i][1]);
    double middle = 5000, sd = sqrt(10000 * 0.25); /* many: about n/2 - 1.96 sd */
    assert_true(fabs((double)pl_median_rank(10000) - (middle - 1.96 * sd)) < 2);
}

/* ---- the table ---------------------------------------------------------------------------------------- */

/* Under `push` every future is 5 above the base, whatever its own value: the difference has no spread at all. */
static void differences_are_paired(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("pairs"), FUTURES);
    for (long f = 0; f < FUTURES; f++) {
        fake_measure(e, 0, 0)[f] = (double)((f * 37) % FUTURES);
        fake_measure(e, 0, 2)[f] = fake_measure(e, 0, 0)[f] + 5;
    }
    pl_comparison *c;
    assert_int_equal(pl_ensemble_compare(e, 0, &c, NULL), PL_OK);
    assert_int_equal(pl_comparison_rows(c), 2);
    assert_int_equal(pl_comparison_columns(c), 2);
    const pl_cell *base = pl_comparison_cell(c, 0, 0), *push = pl_comparison_cell(c, 1, 0);
    assert_true(base->value.median.estimate == 50 && base->value.low == 5 && base->value.high == 95);
    long rank = pl_median_rank(FUTURES); /* the values are 0..100, so the k-th smallest is k - 1 */
    assert_true(base->value.median.low == (double)(rank - 1));
    assert_true(base->value.median.high == (double)(FUTURES - rank));
    assert_true(base->difference.median.estimate == 0 && base->difference.high == 0);
    assert_true(push->value.median.estimate == 55);
    assert_true(push->difference.median.estimate == 5 && push->difference.low == 5 && push->difference.high == 5);
    pl_comparison_free(c);
    assert_int_equal(pl_ensemble_compare(e, 1, &c, NULL), PL_OK);
    assert_int_equal(pl_comparison_rows(c), 4);
    pl_comparison_free(c);
    pl_ensemble_free(e);
}

static void missing_runs_are_counted(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("gaps"), FUTURES);
    for (long f = 0; f < FUTURES; f++) fake_measure(e, 0, 2)[f] = f < 3 ? NAN : 1;
    fake_measure(e, 0, 0)[50] = NAN; /* missing in the base: no difference there either */
    pl_comparison *c;
    assert_int_equal(pl_ensemble_compare(e, 0, &c, NULL), PL_OK);
    const pl_cell *push = pl_comparison_cell(c, 1, 0);
    assert_int_equal(push->missing, 3);
    assert_int_equal(push->value.count, FUTURES - 3);
    assert_int_equal(push->difference.count, FUTURES - 4);
    char *text;
    assert_int_equal(pl_comparison_print(c, PL_FORMAT_TEXT, &text, NULL), PL_OK);
    assert_non_null(strstr(text, "3 missing"));
    pl_text_free(text);
    pl_comparison_free(c);
    pl_ensemble_free(e);
}

/* Replicates r = 0..9 of a design have the median r: mean 4.5, sd sqrt(55/6), and t(0.975, 9) = 2.262157 (tables of
 * Student's t) give a half width of 2.262157 * 3.02765 / sqrt(10) = 2.165852. */
static void other_designs_use_their_replicates(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("latin"), 50);
    e->situation->design = "latin";
    for (long f = 0; f < 50; f++) fake_measure(e, 0, 0)[f] = (double)(f / 5);
    pl_comparison *c;
    assert_int_equal(pl_ensemble_compare(e, 0, &c, NULL), PL_OK);
    pl_interval median = pl_comparison_cell(c, 0, 0)->value.median;
    assert_true(median.estimate == 4.5);
    assert_true(fabs(median.high - median.estimate - 2.165852) < 1e-5);
    assert_true(fabs(median.estimate - median.low - 2.165852) < 1e-5);
    pl_comparison_free(c);
    pl_ensemble_free(e);
}

static void the_table_prints(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("print"), FUTURES);
    for (long f = 0; f < FUTURES; f++) fake_measure(e, 1, 2)[f] = 0.1;
    pl_comparison *c;
    char *text;
    assert_int_equal(pl_ensemble_compare(e, 0, &c, NULL), PL_OK);
    assert_int_equal(pl_comparison_print(c, PL_FORMAT_CSV, &text, NULL), PL_OK);
    assert_non_null(strstr(text, "\npush,\"mean, of all\",101,0,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1\n"));
    pl_text_free(text);
    assert_int_equal(pl_comparison_print(c, PL_FORMAT_TEXT, &text, NULL), PL_OK);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) assert_true(strlen(line) <= 100);
    pl_text_free(text);
    assert_int_equal(pl_comparison_print(c, PL_FORMAT_JSON, &text, NULL), PL_OK);
    json_t *tree = json_loads(text, 0, NULL), *rows = json_object_get(tree, "profiles");
    json_t *measures = json_object_get(json_array_get(rows, 1), "measures");
    json_t *cell = json_object_get(measures, "mean, of all");
    json_t *median = json_object_get(json_object_get(cell, "difference"), "median");
    assert_true(json_number_value(json_array_get(median, 0)) == 0.1);
    assert_string_equal(json_string_value(json_object_get(tree, "base")), "start");
    json_decref(tree);
    pl_text_free(text);
    pl_comparison_free(c);
    pl_ensemble_free(e);
}

/* ---- the game ----------------------------------------------------------------------------------------- */

static pl_play *play_of(const pl_ensemble *e, int replicates) {
    pl_play *play;
    pl_play_options options = {.replicates = replicates};
    assert_int_equal(pl_ensemble_play(e, &options, &play, NULL), PL_OK);
    return play;
}

/* The prisoner's dilemma in every future, plus noise that is the same for all profiles: it cancels in regrets. */
static void fill_dilemma(pl_ensemble *e) {
    const double row[] = {2, 0, 3, 1}, column[] = {2, 3, 0, 1};
    for (long p = 0; p < 4; p++)
        for (long f = 0; f < e->futures; f++) {
            double noise = (double)((f * 53) % e->futures) - (double)(e->futures - 1) / 2;
            fake_payoff(e, 0, p)[f] = row[p] + noise;
            fake_payoff(e, 1, p)[f] = column[p] - noise;
        }
}

static void a_dilemma_with_noise(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("dilemma"), FUTURES);
    fill_dilemma(e);
    pl_play *play = play_of(e, 0);
    assert_int_equal(play->solution->count, 1);
    assert_int_equal(play->solution->equilibria[0].profile, 3);
    assert_true(fabs(play->solution->equilibria[0].payoffs[0] - 1) < 1e-12);
    assert_true(play->solution->equilibria[0].regret == 0);
    assert_true(play->share[0] == 1 && play->none == 0);
    assert_int_equal(play->replicates, 1000);
    assert_true(play->solution->complete);
    pl_play_free(play);
    pl_ensemble_free(e);
}

/* The noise is uniform over -50..50 with sd 29.155: the mean's standard error is 2.901, its 95 % interval about 1.96
 * times that on each side. The bootstrap's own error with 1000 replicates is some 5 %. */
static void intervals_of_payoffs(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("intervals"), FUTURES);
    fill_dilemma(e);
    pl_play *play = play_of(e, 1000), *again = play_of(e, 1000);
    pl_interval payoff = play->payoffs[3];
    double half = 1.96 * 29.155 / sqrt(FUTURES);
    assert_true(fabs(payoff.estimate - 1) < 1e-12);
    assert_true(fabs((payoff.high - payoff.estimate) / half - 1) < 0.15);
    assert_true(fabs((payoff.estimate - payoff.low) / half - 1) < 0.15);
    assert_true(payoff.low == again->payoffs[3].low && payoff.high == again->payoffs[3].high);
    pl_play_free(again);
    pl_play_free(play);
    pl_ensemble_free(e);
}

static double binomial_above(int n, double p, int least) {
    double sum = 0;
    for (int k = least; k <= n; k++)
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p));
    return sum;
}

/* The row gains 1 by `right` in 6 of 11 futures and loses 1 in the others; the column cares for nothing. `right` is
 * best in a resample where at least 6 of the 11 futures drawn are of the first kind: a binomial probability. */
static void share_of_replicates(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("share"), 11);
    for (long f = 0; f < 11; f++)
        for (long p = 2; p < 4; p++) fake_payoff(e, 0, p)[f] = f < 6 ? 1 : -1;
    const int replicates = 20000;
    pl_play *play = play_of(e, replicates);
    assert_int_equal(play->solution->count, 2); /* (right, up) and (right, down): the column is indifferent */
    double expected = binomial_above(11, 6.0 / 11, 6), error = sqrt(expected * (1 - expected) / replicates);
    assert_true(fabs(play->share[0] - expected) < 4 * error);
    assert_true(play->share[0] == play->share[1]);
    assert_true(play->none == 0); /* one of the rows is best in each */
    pl_play_free(play);
    pl_ensemble_free(e);
}

/* Pennies where the row gets a where both show the first side: its support holds while a > -1 (tests/test_game.c). a is
 * 3 in 6 of 11 futures and -4 in the others: the mean over a resample with k of the first kind is (7 k - 44) / 11,
 * above -1 where k is at least 5. */
static void share_of_a_mixed_equilibrium(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("mixed"), 11);
    for (long f = 0; f < 11; f++)
        for (long p = 0; p < 4; p++) {
            fake_payoff(e, 0, p)[f] = p == 0 ? (f < 6 ? 3 : -4) : p == 3 ? 1 : -1;
            fake_payoff(e, 1, p)[f] = p == 0 || p == 3 ? -1 : 1;
        }
    const int replicates = 20000;
    pl_play *play = play_of(e, replicates);
    assert_int_equal(play->solution->count, 1);
    assert_int_equal(play->solution->equilibria[0].profile, -1);
    double expected = binomial_above(11, 6.0 / 11, 5), error = sqrt(expected * (1 - expected) / replicates);
    assert_true(fabs(play->share[0] - expected) < 4 * error);
    pl_play_free(play);
    pl_ensemble_free(e);
}

static void futures_without_payoffs_are_left_out(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("missing"), FUTURES);
    fill_dilemma(e);
    fake_payoff(e, 1, 2)[17] = NAN;
    pl_play *play = play_of(e, 10);
    assert_int_equal(play->futures, FUTURES - 1);
    pl_play_free(play);
    for (long f = 0; f < FUTURES; f++) fake_payoff(e, 0, 1)[f] = NAN;
    pl_error error;
    assert_int_equal(pl_ensemble_play(e, NULL, &play, &error), PL_INVALID);
    assert_string_equal(error.message, "there is no future in which every profile has its payoffs");
    pl_ensemble_free(e);
}

static void the_game_prints(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("print"), FUTURES);
    fill_dilemma(e);
    pl_play *play = play_of(e, 50);
    char *text;
    assert_int_equal(pl_play_print(play, PL_FORMAT_TEXT, &text, NULL), PL_OK);
    assert_non_null(strstr(text, "\n1. The row: right; column: down\n"));
    pl_text_free(text);
    assert_int_equal(pl_play_print(play, PL_FORMAT_JSON, &text, NULL), PL_OK);
    json_t *tree = json_loads(text, 0, NULL), *found = json_array_get(json_object_get(tree, "equilibria"), 0);
    json_t *strategies = json_object_get(found, "strategies"), *row = json_object_get(strategies, "row");
    assert_true(json_is_true(json_object_get(tree, "complete")));
    assert_true(json_number_value(json_object_get(row, "right")) == 1);
    assert_true(json_number_value(json_object_get(row, "left")) == 0);
    assert_true(json_number_value(json_object_get(found, "regret")) == 0);
    json_decref(tree);
    pl_text_free(text);
    pl_play_free(play);
    pl_ensemble_free(e);
}

/* Every allocation fails once: a status, and nothing leaked (the sanitizers' business). */
static void out_of_memory_is_a_status(void **state) {
    (void)state;
    pl_ensemble *e = fake_ensemble(FAKE_SITUATION("memory"), 20);
    fill_dilemma(e);
    int refused = 0;
    for (long n = 1; n < 40; n++) {
        pl_play *play = NULL;
        pl_comparison *comparison = NULL;
        pl_play_options options = {.replicates = 5};
        pl_allocation_fail_after(n);
        pl_status first = pl_ensemble_play(e, &options, &play, NULL);
        pl_status second = first == PL_OK ? pl_ensemble_compare(e, 1, &comparison, NULL) : PL_OK;
        pl_allocation_fail_after(0);
        refused += first == PL_MEMORY || second == PL_MEMORY;
        assert_true(first == PL_OK || first == PL_MEMORY);
        pl_play_free(play);
        pl_comparison_free(comparison);
    }
    assert_true(refused > 5);
    pl_ensemble_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_of_type_7),
        cmocka_unit_test(ranks_of_the_median),
        cmocka_unit_test(differences_are_paired),
        cmocka_unit_test(missing_runs_are_counted),
        cmocka_unit_test(other_designs_use_their_replicates),
        cmocka_unit_test(the_table_prints),
        cmocka_unit_test(a_dilemma_with_noise),
        cmocka_unit_test(intervals_of_payoffs),
        cmocka_unit_test(share_of_replicates),
        cmocka_unit_test(share_of_a_mixed_equilibrium),
        cmocka_unit_test(futures_without_payoffs_are_left_out),
        cmocka_unit_test(the_game_prints),
        cmocka_unit_test(out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
