/* The numeric tools of the studies against closed forms and published values: distribution functions, least squares,
 * ranks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "study/least_squares.h"
#include "study/probability.h"
#include "study/statistics.h"

static const double pi = 3.14159265358979323846;

static void near(double found, double expected, double relative) {
    if (!(fabs(found - expected) <= relative * fabs(expected))) fail_msg("%.17g is not %.17g", found, expected);
}

/* ---- distribution functions ------------------------------------------------------------------------------ */

/* I_x(a, 1) = x^a; I_x(1, b) = 1 - (1 - x)^b; I_x(1/2, 1/2) = 2/pi asin sqrt x (Abramowitz and Stegun 26.5). */
static void beta_has_its_closed_forms(void **state) {
    (void)state;
    for (double x = 0.05; x < 1; x += 0.1) {
        near(pl_beta_probability(x, 7.5, 1), pow(x, 7.5), 1e-12);
        near(pl_beta_probability(x, 1, 3), 1 - pow(1 - x, 3), 1e-12);
        near(pl_beta_probability(x, 0.5, 0.5), 2 / pi * asin(sqrt(x)), 1e-12);
        near(pl_beta_quantile(pl_beta_probability(x, 2, 1.5), 2, 1.5), x, 1e-11);
    }
    assert_true(pl_beta_probability(0, 2, 2) == 0 && pl_beta_probability(1, 2, 2) == 1);
    assert_true(isnan(pl_beta_probability(0.5, 0, 1)) && isnan(pl_beta_quantile(1.5, 1, 1)));
}

/* With 1 degree of freedom Cauchy's; with 2, 1/2 + t / (2 sqrt(2 + t^2)); tables: Abramowitz and Stegun 26.10. */
static void student_is_as_in_tables(void **state) {
    (void)state;
    for (double t = -6; t <= 6; t += 0.7) {
        near(pl_t_probability(t, 1), 0.5 + atan(t) / pi, 1e-12);
        near(pl_t_probability(t, 2), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-12);
    }
    near(pl_t_quantile(0.975, 1), 12.706, 1e-4);
    near(pl_t_quantile(0.975, 9), 2.262, 1e-3);
    near(pl_t_quantile(0.95, 30), 1.697, 1e-3);
    near(pl_t_quantile(0.005, 5), -4.032, 1e-3);
    assert_true(fabs(pl_t_quantile(0.5, 7)) < 1e-7);
}

/* Sums of the terms themselves; far out, a single term: P(X >= n) = p^n. */
static void binomials_are_sums_of_terms(void **state) {
    (void)state;
    const double p = 0.3;
    double term = pow(1 - p, 20), below = 0;
    for (long k = 0; k <= 20; k++) {
        assert_true(fabs(pl_binomial_at_least(k, 20, p) - (1 - below)) < 1e-14);
        below += term;
        near(pl_binomial_at_most(k, 20, p), below, 1e-12);
        term *= (double)(20 - k) / (double)(k + 1) * p / (1 - p);
    }
    near(pl_binomial_at_least(300, 300, 0.5), pow(0.5, 300), 1e-10);
    assert_true(pl_binomial_at_least(21, 20, p) == 0 && pl_binomial_at_most(-1, 20, p) == 0);
}

/* ---- least squares --------------------------------------------------------------------------------------- */

/* Longley's data, with the certified values of the NIST Statistical Reference Datasets (StRD, "Longley"). */
enum { YEARS = 16, COLUMNS = 7 };
static const double longley[COLUMNS][YEARS] = {
    {60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551},
    {83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9},
    {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601,
     518173, 554894},
    {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007},
    {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827},
    {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368,
     127852, 130081},
    {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962}};
static const double coefficients[COLUMNS] = {-3482258.63459582, 15.0618722713733,  -0.358191792925910E-01,
                                             -2.02022980381683, -1.03322686717359, -0.511041056535807E-01,
                                             1829.15146461355};
static const double errors[COLUMNS] = {890420.383607373,  84.9149257747669,  0.334910077722432E-01, 0.488399681651699,
                                       0.214274163161675, 0.226073200069370, 455.478499142212};

static void least_squares_meet_certified_values(void **state) {
    (void)state;
    double x[COLUMNS + 1][YEARS], y[2][YEARS], coefficient[2][COLUMNS + 1], scale[COLUMNS + 1], residual[2];
    for (int i = 0; i < YEARS; i++) {
        x[0][i] = 1;
        for (int c = 1; c < COLUMNS; c++) x[c][i] = longley[c][i];
        x[COLUMNS][i] = longley[1][i] - 2 * longley[3][i]; /* says nothing new */
        y[0][i] = longley[0][i];
        y[1][i] = 3 + longley[6][i];
    }
    pl_least_squares fit = {.columns = COLUMNS + 1, .responses = 2, .coefficient = coefficient[0], .scale = scale,
                            .residual = residual};
    assert_int_equal(pl_least_squares_fit(x[0], y[0], YEARS, &fit), PL_OK);
    assert_int_equal(fit.rank, COLUMNS);
    double error = sqrt(residual[0] / (YEARS - COLUMNS)), squares = 0;
    memcpy(y[0], longley[0], sizeof y[0]);
    squares = pl_centre(y[0], YEARS);
    near(1 - residual[0] / squares, 0.995479004577296, 1e-12);
    for (int c = 0; c < COLUMNS; c++) {
        near(coefficient[0][c], coefficients[c], 1e-7); /* condition number 5e9 */
        near(scale[c] * error, errors[c], 1e-7);
    }
    assert_true(isnan(coefficient[0][COLUMNS]) && isnan(scale[COLUMNS]));
    near(coefficient[1][0], 3, 1e-4), near(coefficient[1][6], 1, 1e-7); /* its own exact line */
}

static void ranks_of_ties_are_their_mean(void **state) {
    (void)state;
    const double values[] = {3, 1, NAN, 3, 2, 3}, expected[] = {4, 1, NAN, 4, 2, 4};
    double ranks[6], sorted[6];
    pl_ranks(values, 6, ranks, sorted);
    for (int i = 0; i < 6; i++) assert_true(isnan(expected[i]) ? isnan(ranks[i]) : ranks[i] == expected[i]);
}

/* ---- scores ----------------------------------------------------------------------------------------------- */

/* Of a normal forecast at z = (x - mean) / sd: sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt pi) (Gneiting and others,
 * Monthly Weather Review 133:1098, 2005, eq. 5), here of its quantiles; of one value the distance; of 0 and 1 about 0:
 * 1/2 - 1/4. */
static void scores_have_closed_forms(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    static double x[COUNT];
    for (int i = 0; i < COUNT; i++) x[i] = 10 + 2 * pl_normal_quantile((i + 0.5) / COUNT);
    near(pl_crps(x, COUNT, 10), 2 * (2 / sqrt(2 * pi) - 1 / sqrt(pi)), 1e-3);
    near(pl_crps(x, COUNT, 13), 2 * (1.5 * (2 * 0.93319279873114191 - 1) + 2 * 0.12951759566589174 - 1 / sqrt(pi)),
         1e-3);
    near(pl_crps((const double[]){3}, 1, 5), 2, 1e-15);
    near(pl_crps((const double[]){0, 1}, 2, 0), 0.25, 1e-15);
    assert_true(isnan(pl_crps(x, 0, 1)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beta_has_its_closed_forms),           cmocka_unit_test(student_is_as_in_tables),
        cmocka_unit_test(binomials_are_sums_of_terms),         cmocka_unit_test(least_squares_meet_certified_values),
        cmocka_unit_test(ranks_of_ties_are_their_mean),        cmocka_unit_test(scores_have_closed_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
