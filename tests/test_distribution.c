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
        assert_true(pl_design_probability(&few, 42, 0, f) == pl_design_probability(&many, 42, 0, f));
    assert_true(pl_design_probability(&few, 42, 0, 3) == pl_uniform_at(pl_stream_key(7, 42), 3, 0));
    assert_true(pl_design_probability(&few, 42, 0, 3) != pl_design_probability(&few, 43, 0, 3));
    few.seed = 8;
    assert_true(pl_design_probability(&few, 42, 0, 3) != pl_design_probability(&many, 42, 0, 3));
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
        pl_design design = {.kind = PL_DESIGN_LATIN, .seed = 5, .futures = futures};
        for (uint64_t hash = 0; hash < 3; hash++) {
            unsigned char filled[10][256] = {{0}};
            for (long f = 0; f < futures; f++) {
                pl_replicate r = pl_design_replicate(futures, f);
                double u = pl_design_probability(&design, hash, 0, f);
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
    pl_design design = {.kind = PL_DESIGN_LATIN, .seed = 11, .futures = 1000};
    double sum = 0;
    for (long f = 0; f < 1000; f++)
        sum += (pl_design_probability(&design, 1, 0, f) - 0.5) * (pl_design_probability(&design, 2, 0, f) - 0.5);
    assert_true(fabs(sum * 12 / 1000) < 0.13);
}

static void normal_probabilities(void **state) {
    (void)state;
    for (double z = -37; z <= 8; z += 0.0625) { /* the C library has erfc; z^2 / 2 is rounded before exp */
        double expected = 0.5 * erfc(-z / sqrt(2.0));
        assert_true(fabs(pl_normal_probability(z) - expected) <= (4e-14 + 1.2e-16 * z * z) * expected);
    }
    for (double u = 0x1p-50; u < 1; u = u < 0.25 ? u * 2 : u + 0.01)
        near(u, pl_normal_probability(pl_normal_quantile(u)), 1e-13);
}

/* A Halton design of b^k futures in each replicate has as many in each of the b^k equal shares, for every place; and
 * two places fill the boxes of their bases evenly: 2^3 x 3^2 boxes hold one of 72 points each. */
static void halton_points_are_even(void **state) {
    (void)state;
    int bases[8];
    pl_design_primes(bases, 8);
    static const int primes[8] = {2, 3, 5, 7, 11, 13, 17, 19};
    assert_memory_equal(bases, primes, sizeof primes);
    pl_design design = {.kind = PL_DESIGN_HALTON, .seed = 3, .futures = 720, .dimensions = 4, .bases = bases};
    int boxes[10][72] = {{0}};
    for (long f = 0; f < 720; f++) {
        double x = pl_design_probability(&design, 11, 0, f), y = pl_design_probability(&design, 12, 1, f);
        boxes[f / 72][(int)(8 * x) * 9 + (int)(9 * y)]++;
    }
    for (int r = 0; r < 10; r++)
        for (int box = 0; box < 72; box++) assert_int_equal(boxes[r][box], 1);
    /* The mean of f(u) = prod (1 + (u_i - 1/2)) over 4 places is 1; the error of 720 independent draws has the standard
     * deviation sqrt(((13/12)^4 - 1) / 720) = 0.0230. */
    double sum = 0;
    for (long f = 0; f < 720; f++) {
        double product = 1;
        for (int i = 0; i < 4; i++) product *= 0.5 + pl_design_probability(&design, 20 + (uint64_t)i, i, f);
        sum += product;
    }
    near(1, sum / 720, 0.0230 / 4);
}

enum { D = 5 };

/* The probabilities of all places in the futures from `first` on. */
static void fill(const pl_design *d, long first, int count, double u[][D]) {
    for (int f = 0; f < count; f++)
        for (int i = 0; i < D; i++) u[f][i] = pl_design_probability(d, (uint64_t)i + 1, i, first + f);
}

static void experiments_move_what_they_should(void **state) {
    (void)state;
    int bases[2 * D];
    pl_design_primes(bases, 2 * D);
    pl_design d = {.seed = 9, .dimensions = D, .bases = bases};
    double u[2 * D + 2][D];
    d.kind = PL_DESIGN_MORRIS, d.futures = 20 * (D + 1);
    for (long t = 0; t < 20; t++) {
        fill(&d, t * (D + 1), D + 1, u);
        bool moved[D] = {false};
        for (int f = 1; f <= D; f++) {
            int changes = 0;
            for (int i = 0; i < D; i++) {
                if (u[f][i] == u[f - 1][i]) continue;
                assert_true(fabs(fabs(u[f][i] - u[f - 1][i]) - 2.0 / 3) < 1e-15 && !moved[i]);
                moved[i] = true;
                changes++;
            }
            assert_int_equal(changes, 1);
        }
    }
    d.kind = PL_DESIGN_SALTELLI, d.futures = 8 * (2 * D + 2);
    for (long block = 0; block < 8; block++) {
        fill(&d, block * (2 * D + 2), 2 * D + 2, u);
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++) {
                assert_true(u[2 + j][i] == (i == j ? u[1][i] : u[0][i]));
                assert_true(u[2 + D + j][i] == (i == j ? u[0][i] : u[1][i]));
            }
    }
    d.kind = PL_DESIGN_FACTORIAL, d.futures = 243;
    int seen[243] = {0};
    for (long f = 0; f < 243; f++) {
        int cell = 0;
        fill(&d, f, 1, u);
        for (int i = 0; i < D; i++) cell = 3 * cell + (int)(3 * u[0][i]);
        seen[cell]++;
    }
    for (int i = 0; i < 243; i++) assert_int_equal(seen[i], 1);
    d.kind = PL_DESIGN_ONE_AT_A_TIME, d.futures = 2 * D + 1;
    fill(&d, 0, 2 * D + 1, u);
    for (int f = 0; f <= 2 * D; f++)
        for (int i = 0; i < D; i++)
            assert_true(u[f][i] == (f == 1 + 2 * i ? 0.05 : f == 2 + 2 * i ? 0.95 : 0.5));
}

static void designs_say_what_they_take(void **state) {
    (void)state;
    char why[300];
    assert_true(pl_design_takes(PL_DESIGN_RANDOM, 3, 17, why, sizeof why));
    assert_true(pl_design_takes(PL_DESIGN_FACTORIAL, 3, 125, why, sizeof why));
    assert_false(pl_design_takes(PL_DESIGN_FACTORIAL, 3, 100, why, sizeof why));
    assert_string_equal(why,
                        "the design 'factorial' of 3 uncertainties takes L^d, L from 2 futures, not 100: 64 would do");
    assert_true(pl_design_takes(PL_DESIGN_MORRIS, 3, 40, why, sizeof why));
    assert_false(pl_design_takes(PL_DESIGN_SALTELLI, 67, 1000, why, sizeof why));
    assert_string_equal(why,
                        "the design 'saltelli' of 67 uncertainties takes N (2 d + 2) futures, not 1000: 952 would do");
    assert_false(pl_design_takes(PL_DESIGN_FACTORIAL, 67, 1000, why, sizeof why));
    assert_non_null(strstr(why, "here that cannot be"));
    assert_true(pl_design_takes(PL_DESIGN_ONE_AT_A_TIME, 3, 7, why, sizeof why));
    assert_false(pl_design_takes(PL_DESIGN_ONE_AT_A_TIME, 3, 14, why, sizeof why));
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
        cmocka_unit_test(normal_probabilities),
        cmocka_unit_test(halton_points_are_even),
        cmocka_unit_test(experiments_move_what_they_should),
        cmocka_unit_test(designs_say_what_they_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
