/* Distributions against closed forms and 60-digit numbers, and the designs that draw from them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "ensemble/design.h"

static void near(double found, double expected, double relative) {
    if (!(fabs(found - expected) <= relative * fabs(expected))) fail_msg("%.17g, expected %.17g", found, expected);
}

static double quantile(pl_distribution_kind kind, int count, double *numbers, double u) {
    pl_distribution d = {kind, count, numbers};
    return pl_distribution_quantile(&d, u);
}

/* Computed with mpmath at 60 digits (the root of the distribution function). */
static const struct {
    double u, z;
} normal[] = {{1e-300, -37.047096299361199237}, {1e-100, -21.273453560965324294}, {1e-20, -9.2623400897984075796},
              {1e-10, -6.3613409024040561991},  {1e-6, -4.7534243088228989573},   {0.001, -3.0902323061678135354},
              {0.02425, -1.9729610513118848376}, {0.07, -1.4757910281791706856},  {0.075, -1.4395314709384559349},
              {0.08, -1.4050715603096325447},   {0.25, -0.6744897501960817432},   {0.4, -0.25334710313579974132},
              {0.4999, -0.00025066283008800749239}, {0.5, 0},                     {0.6, 0.25334710313579974132},
              {0.925, 1.4395314709384562291},   {0.93, 1.475791028179171099},     {0.975, 1.9599639845400538556},
              {0.999, 3.0902323061678132778},   {0.999999, 4.7534243088170877657}};

static void normal_quantiles(void **state) {
    (void)state;
    double standard[] = {0, 1}, shifted[] = {10, 2};
    for (size_t i = 0; i < sizeof normal / sizeof *normal; i++) {
        near(quantile(PL_DIST_NORMAL, 2, standard, normal[i].u), normal[i].z, 1e-15);
        near(quantile(PL_DIST_NORMAL, 2, shifted, normal[i].u), 10 + 2 * normal[i].z, 2e-15);
    }
}

static void quantiles_of_closed_form(void **state) {
    (void)state;
    double uniform[] = {2, 4}, triangular[] = {0, 1, 4}, right[] = {1, 3, 3}, left[] = {1, 1, 3};
    double lognormal[] = {3, 0.5}, loguniform[] = {1, 100};
    near(quantile(PL_DIST_UNIFORM, 2, uniform, 0.25), 2.5, 0);
    near(quantile(PL_DIST_TRIANGULAR, 3, triangular, 0.25), 1, 0);      /* F(mode) = (mode - low) / (high - low) */
    near(quantile(PL_DIST_TRIANGULAR, 3, triangular, 0.0625), 0.5, 0);  /* F(x) = x^2 / 4 */
    near(quantile(PL_DIST_TRIANGULAR, 3, triangular, 11.0 / 12), 3, 1e-15); /* 1 - F(x) = (4 - x)^2 / 12 */
    near(quantile(PL_DIST_TRIANGULAR, 3, right, 0.25), 2, 1e-15);       /* F(x) = (x - 1)^2 / 4 */
    near(quantile(PL_DIST_TRIANGULAR, 3, left, 0.75), 2, 1e-15);        /* 1 - F(x) = (3 - x)^2 / 4 */
    near(quantile(PL_DIST_LOGNORMAL, 2, lognormal, 0.5), 3, 0);
    near(quantile(PL_DIST_LOGNORMAL, 2, lognormal, 0.975), 3 * exp(0.5 * 1.9599639845400538556), 2e-15);
    near(quantile(PL_DIST_LOGUNIFORM, 2, loguniform, 0.5), 10, 1e-15);
    near(quantile(PL_DIST_LOGUNIFORM, 2, loguniform, 0.25), sqrt(10), 1e-15);
}

static void discrete_values(void **state) {
    (void)state;
    double pairs[] = {7, -1, 3, 0.5, 0.2, 0.3};
    near(quantile(PL_DIST_DISCRETE, 3, pairs, 0.499), 7, 0);
    near(quantile(PL_DIST_DISCRETE, 3, pairs, 0.501), -1, 0);
    near(quantile(PL_DIST_DISCRETE, 3, pairs, 0.699), -1, 0);
    near(quantile(PL_DIST_DISCRETE, 3, pairs, 0.701), 3, 0);
    near(quantile(PL_DIST_DISCRETE, 3, pairs, 0x1.fffffffffffffp-1), 3, 0);
}

/* The mean is the integral of the quantile over (0, 1), here by the midpoint rule. */
static void means(void **state) {
    (void)state;
    double numbers[PL_DIST_COUNT][6] = {[PL_DIST_UNIFORM] = {2, 5},        [PL_DIST_TRIANGULAR] = {-1, 0, 4},
                                        [PL_DIST_NORMAL] = {3, 2},         [PL_DIST_LOGNORMAL] = {2, 0.5},
                                        [PL_DIST_LOGUNIFORM] = {1, 50},
                                        [PL_DIST_DISCRETE] = {7, -1, 3, 0.5, 0.2, 0.3}};
    enum { CELLS = 200000 };
    for (int kind = 0; kind < PL_DIST_COUNT; kind++) {
        pl_distribution d = {(pl_distribution_kind)kind, 3, numbers[kind]};
        double sum = 0;
        for (int i = 0; i < CELLS; i++) sum += pl_distribution_quantile(&d, (i + 0.5) / CELLS);
        near(pl_distribution_mean(&d), sum / CELLS, 2e-5);
    }
}

static void random_draws_do_not_depend_on_the_number_of_futures(void **state) {
    (void)state;
    pl_design few = {.seed = 7, .futures = 10}, many = {.seed = 7, .futures = 100000};
    for (long f = 0; f < 10; f++)
        assert_true(pl_design_probability(&few, 42, f) == pl_design_probability(&many, 42, f));
    assert_true(pl_design_probability(&few, 42, 3) == pl_uniform_at(pl_stream_key(7, 42), 3, 0));
    assert_true(pl_design_probability(&few, 42, 3) != pl_design_probability(&few, 43, 3));
    few.seed = 8;
    assert_true(pl_design_probability(&few, 42, 3) != pl_design_probability(&many, 42, 3));
}

static void replicates_differ_by_one_at_most(void **state) {
    (void)state;
    static const long sizes[] = {1, 9, 10, 11, 99, 512, 1000, 1003};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        long count[10] = {0};
        for (long f = 0; f < sizes[i]; f++) {
            pl_replicate r = pl_design_replicate(sizes[i], f);
            assert_in_range(f, r.first, r.first + r.size - 1);
            count[r.number]++;
            assert_true(r.size == sizes[i] / 10 || r.size == sizes[i] / 10 + 1);
        }
        long sum = 0;
        for (int k = 0; k < 10; k++) sum += count[k];
        assert_int_equal(sum, sizes[i]);
    }
}

/* In each replicate of a Latin hypercube every stratum of every uncertainty holds exactly one future. */
static void latin_strata_are_filled_once(void **state) {
    (void)state;
    for (long futures = 1; futures < 2000; futures = futures * 3 + 1) {
        pl_design design = {.latin = true, .seed = 5, .futures = futures};
        for (uint64_t hash = 0; hash < 3; hash++) {
            unsigned char filled[10][256] = {{0}};
            for (long f = 0; f < futures; f++) {
                pl_replicate r = pl_design_replicate(futures, f);
                double u = pl_design_probability(&design, hash, f);
                assert_true(u > 0 && u < 1);
                filled[r.number][(int)(u * (double)r.size)]++;
            }
            for (long f = 0; f < futures; f++) {
                pl_replicate r = pl_design_replicate(futures, f);
                assert_int_equal(filled[r.number][f - r.first], 1);
            }
        }
    }
}

/* Two uncertainties of a Latin hypercube are not tied to each other: Spearman's correlation over 1,000 futures has a
 * standard deviation of about 0.03. */
static void latin_uncertainties_are_independent(void **state) {
    (void)state;
    pl_design design = {.latin = true, .seed = 11, .futures = 1000};
    double sum = 0;
    for (long f = 0; f < 1000; f++)
        sum += (pl_design_probability(&design, 1, f) - 0.5) * (pl_design_probability(&design, 2, f) - 0.5);
    assert_true(fabs(sum * 12 / 1000) < 0.13);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles),
        cmocka_unit_test(quantiles_of_closed_form),
        cmocka_unit_test(discrete_values),
        cmocka_unit_test(means),
        cmocka_unit_test(random_draws_do_not_depend_on_the_number_of_futures),
        cmocka_unit_test(replicates_differ_by_one_at_most),
        cmocka_unit_test(latin_strata_are_filled_once),
        cmocka_unit_test(latin_uncertainties_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
