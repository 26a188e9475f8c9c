/* What designs promise of an ensemble: correlations, weights that are drawn, experiments that are no samples. */
#include "explored.h"

/* ---- correlations, and weights that are drawn ------------------------------------------------------------- */

static const char tied_yaml[] =
    "parley: 1\ntitle: Tied\nmodel: model.mdl\nrun: {futures: 20000, seed: 5}\n"
    "uncertainties:\n  a: {uniform: [0, 1]}\n  alone: {normal: [0, 1]}\n  b: {lognormal: [2, 0.5]}\n"
    "  c: {triangular: [0, 1, 4]}\n"
    "correlations: [[a, b, 0.6], [c, b, -0.3]]\n"
    "measures: {total: {of: sum, take: final}}\n"
    "actors:\n  one:\n    courses: {none: {}}\n    wants: {total: {weight: {uniform: [0.5, 2]}, per: 4}}\n"
    "  two:\n    courses: {none: {}}\n    wants: {total: {weight: {uniform: [0.5, 2]}}}\n";
static const char tied_model[] =
    "{UTF-8}\na = 1 ~~|\nalone = 0 ~~|\nb = 1 ~~|\nc = 1 ~~|\nsum = a + alone + b + c ~~|\nINITIAL TIME = 0 ~~|\n"
    "FINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";

static const double *rank_values;
static int by_value(const void *a, const void *b) {
    double x = rank_values[*(const long *)a], y = rank_values[*(const long *)b];
    return (x > y) - (x < y);
}

static void rank(const double *values, long count, double *ranks) {
    long *order = calloc((size_t)count, sizeof *order);
    for (long i = 0; i < count; i++) order[i] = i;
    rank_values = values;
    qsort(order, (size_t)count, sizeof *order, by_value);
    for (long i = 0; i < count; i++) ranks[order[i]] = (double)i;
    free(order);
}

/* Spearman's correlation: Pearson's of the ranks. */
static double spearman(const double *x, const double *y, long count) {
    double *a = calloc((size_t)count, sizeof *a), *b = calloc((size_t)count, sizeof *b), sum = 0;
    double mean = (double)(count - 1) / 2, variance = ((double)count * (double)count - 1) / 12;
    rank(x, count, a), rank(y, count, b);
    for (long i = 0; i < count; i++) sum += (a[i] - mean) * (b[i] - mean);
    free(a), free(b);
    return sum / (double)count / variance;
}

/* The standard error of Spearman's correlation over 20,000 futures is at most 0.0071; the margin is four of them. */
static void correlations_hold(void **state) {
    (void)state;
    const char *path = make_situation("tied", tied_yaml, tied_model);
    static const char *const designs[] = {"random", "latin", "halton"};
    for (int k = 0; k < 3; k++) {
        pl_explore_options options = {.design = designs[k]};
        pl_ensemble *e = explore_and_read(path, &options);
        long n = e->futures;
        const double *a = e->draws, *alone = e->draws + n, *b = e->draws + 2 * n, *c = e->draws + 3 * n;
        assert_true(fabs(spearman(a, b, n) - 0.6) < 0.03);
        assert_true(fabs(spearman(c, b, n) + 0.3) < 0.03);
        assert_true(fabs(spearman(a, c, n)) < 0.03);
        assert_true(fabs(spearman(a, alone, n)) < 0.03);
        double sum = 0, below = 0; /* the margins stay what they are: medians 2, mean 1/2 */
        for (long f = 0; f < n; f++) sum += a[f], below += b[f] < 2;
        assert_true(fabs(sum / (double)n - 0.5) < 0.009);
        assert_true(fabs(below / (double)n - 0.5) < 0.015);
        pl_ensemble_free(e);
    }
}

/* A correlation changes the later of its uncertainties only, and no other draw. */
static void correlations_change_no_other_draw(void **state) {
    (void)state;
    char text[sizeof tied_yaml];
    memcpy(text, tied_yaml, sizeof text);
    char *from = strstr(text, "correlations"), *to = strstr(text, "measures");
    pl_ensemble *tied = explore_and_read(make_situation("tied", tied_yaml, tied_model), NULL);
    memmove(from, to, strlen(to) + 1);
    pl_ensemble *loose = explore_and_read(make_situation("loose", text, tied_model), NULL);
    size_t n = (size_t)tied->futures;
    for (size_t f = 0; f < n; f++) { /* a is the first of its copula: it only goes to a score and back */
        assert_true(fabs(tied->draws[f] - loose->draws[f]) < 1e-12);
        assert_true(tied->draws[n + f] == loose->draws[n + f]);
    }
    assert_true(tied->draws[2 * n] != loose->draws[2 * n]);
    pl_ensemble_free(tied), pl_ensemble_free(loose);
}

static void weights_are_drawn(void **state) {
    (void)state;
    pl_ensemble *e = explore_and_read(make_situation("tied", tied_yaml, tied_model), NULL);
    double sum = 0, least = 9, most = 0, product = 0;
    for (long f = 0; f < e->futures; f++) {
        double total = pl_ensemble_measure(e, 0, 0)[f];
        double one = pl_ensemble_payoff(e, 0, 0)[f] / total * 4, two = pl_ensemble_payoff(e, 1, 0)[f] / total;
        sum += one, least = fmin(least, one), most = fmax(most, one);
        product += (one - 1.25) * (two - 1.25);
    }
    double n = (double)e->futures, sd = 1.5 / sqrt(12.0); /* of a uniform number from 0.5 to 2 */
    assert_true(fabs(sum / n - 1.25) < 4 * sd / sqrt(n));
    assert_true(least >= 0.5 - 1e-12 && least < 0.501 && most <= 2 + 1e-12 && most > 1.999);
    assert_true(fabs(product / n) < 4 * sd * sd / sqrt(n)); /* each actor's weight is its own */
    pl_ensemble_free(e);
}

/* Experiments are no samples: the results are there, and studies that take shares refuse them. */
static void experiments_are_no_samples(void **state) {
    (void)state;
    char text[sizeof tied_yaml];
    memcpy(text, tied_yaml, sizeof text);
    char *from = strstr(text, "correlations"), *to = strstr(text, "measures");
    memmove(from, to, strlen(to) + 1);
    pl_explore_options options = {.design = "one-at-a-time", .futures = 9};
    pl_ensemble *e = explore_and_read(make_situation("loose", text, tied_model), &options);
    near(e->draws[0], 0.5), near(e->draws[1], 0.05), near(e->draws[2], 0.95), near(e->draws[3], 0.5);
    pl_comparison *comparison;
    pl_play *play;
    pl_error error;
    assert_int_equal(pl_ensemble_compare(e, 1, &comparison, &error), PL_UNSUPPORTED);
    assert_non_null(strstr(error.message, "no sample"));
    assert_int_equal(pl_ensemble_play(e, NULL, &play, &error), PL_UNSUPPORTED);
    pl_ensemble_free(e);
    pl_situation *s = read_situation(make_situation("tied", tied_yaml, tied_model));
    assert_int_equal(pl_explore(s, &options, in_folder("no.nc"), NULL, &error), PL_USAGE);
    assert_string_equal(error.message, "the design 'one-at-a-time' takes no correlations");
    options.futures = 10;
    assert_int_equal(pl_explore(s, &options, in_folder("no.nc"), NULL, &error), PL_USAGE);
    pl_situation_free(s);
}
int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(correlations_hold),
        cmocka_unit_test(correlations_change_no_other_draw),
        cmocka_unit_test(weights_are_drawn),
        cmocka_unit_test(experiments_are_no_samples),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
