/* Densities of parts of a sample against their definition, the sum over the part of Gaussian kernels with
 * Silverman's width: parts of all widths, of samples with light and heavy tails, with two heaps, with ties and with
 * missing values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/philox.h"
#include "study/density.h"

enum { VALUES = 400, PART = 60 };

static double uniform(int stream, int k) { return pl_uniform_at(7, (uint64_t)k, (uint64_t)stream); }

/* Normal draws by Box and Muller's formula; their cubes have heavy tails. */
static double normal(int k) { return sqrt(-2 * log(uniform(0, k))) * cos(6.283185307179586 * uniform(1, k)); }

static double light(int k) { return 1e6 + 3 * normal(k); }
static double heavy(int k) { return pow(normal(k), 9); }
static double heaps(int k) { return 1e-3 * normal(k) + (k % 3 ? 5 : -5); }
static double tied(int k) { return floor(4 * uniform(0, k)); }
static double holed(int k) { return k % 7 ? uniform(0, k) : (double)NAN; }

/* By the definition. */
static void add_up(const double *values, const int *which, const double *weights, int used, double least, double step,
                   double points[PL_DENSITY_POINTS]) {
    double n = 0, mean = 0, squares = 0;
    for (int i = 0; i < used; i++) n += weights[i], mean += weights[i] * values[which[i]];
    mean /= n;
    for (int i = 0; i < used; i++) squares += weights[i] * (values[which[i]] - mean) * (values[which[i]] - mean);
    double b = sqrt(squares / (n - 1)) * pow(0.75 * n, -0.2);
    for (int k = 0; k < PL_DENSITY_POINTS; k++) {
        points[k] = 0;
        for (int i = 0; i < used; i++) {
            double t = (least + k * step - values[which[i]]) / b;
            points[k] += weights[i] * exp(-0.5 * t * t) / (n * b * sqrt(2 * 3.14159265358979324));
        }
    }
}

/* The part nearest to a centre: the smaller it is among the values, the narrower. */
static int take_part(const double *values, double centre, double width, int *which, double *weights) {
    int used = 0;
    for (int i = 0; i < VALUES && used < PART; i++) {
        if (!(fabs(values[i] - centre) <= width)) continue;
        which[used] = i, weights[used++] = i % 5 == 0 ? 2 : i % 11 == 0 ? 0.5 : 1;
    }
    return used;
}

static void densities_are_sums_of_kernels(void **state) {
    (void)state;
    double (*const samples[])(int) = {light, heavy, heaps, tied, holed};
    int by_waves = 0, by_kernels = 0;
    for (size_t s = 0; s < sizeof samples / sizeof *samples; s++) {
        double values[VALUES], weights[PART], found[PL_DENSITY_POINTS], expected[PL_DENSITY_POINTS];
        int which[PART];
        pl_density d;
        for (int i = 0; i < VALUES; i++) values[i] = samples[s](i);
        assert_int_equal(pl_density_start(&d, values, VALUES, s == 1 ? VALUES : PART), 0);
        for (double width = d.step * 200; width > d.step / 4; width /= 2) {
            int used = take_part(values, values[1], width, which, weights);
            if (!pl_density_estimate(&d, which, weights, used, found)) continue;
            add_up(values, which, weights, used, d.least, d.step, expected);
            double most = 0;
            for (int k = 0; k < PL_DENSITY_POINTS; k++) most = fmax(most, expected[k]);
            for (int k = 0; k < PL_DENSITY_POINTS; k++)
                if (!(fabs(found[k] - expected[k]) <= 1e-9 * most)) fail_msg("sample %zu width %g at %d", s, width, k);
            if (d.waves) by_waves++;
            else by_kernels++;
        }
        pl_density_free(&d);
    }
    assert_true(by_waves > 5 && by_kernels > 2); /* both ways were taken */
}

static void what_does_not_vary_has_none(void **state) {
    (void)state;
    const double same[4] = {2, 2, 2, 2}, some[4] = {1, 2, 2, 5}, weights[2] = {1, 1};
    const int twos[2] = {1, 2};
    double points[PL_DENSITY_POINTS];
    pl_density d;
    assert_int_equal(pl_density_start(&d, same, 4, 4), 0);
    assert_true(d.step == 0);
    pl_density_free(&d);
    assert_int_equal(pl_density_start(&d, some, 4, 4), 0);
    assert_false(pl_density_estimate(&d, twos, weights, 2, points));
    for (int k = 0; k < PL_DENSITY_POINTS; k++) assert_true(points[k] == 0);
    pl_density_free(&d);
}

static void lacking_memory_is_told(void **state) {
    (void)state;
    double values[VALUES];
    pl_density d;
    for (int i = 0; i < VALUES; i++) values[i] = light(i);
    for (long n = 1; n <= 2; n++) {
        pl_allocation_fail_after(n);
        assert_int_equal(pl_density_start(&d, values, VALUES, PART), PL_MEMORY);
        pl_allocation_fail_after(0);
        pl_density_free(&d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(densities_are_sums_of_kernels),
        cmocka_unit_test(what_does_not_vary_has_none),
        cmocka_unit_test(lacking_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
